/*
 * Owns nothing. One line of text. It is written before replicas are told of a revision, but
 * forced to the disk seldom, since time is reserved ahead.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/given.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define GIVEN_FORM	"rollcall-csn 1 %s %" PRId64 " %016" PRIx64 " %" PRId64 " %" PRId64 \
			" %" PRId64 " %" PRId64 "\n"
#define GIVEN_SIZE	256

char *
given_path(const char *database, const char *view)
{
	const char *slash = strrchr(database, '/');

	return (mem_printf("%.*sslapd-%s-%03x.csn", (int)(slash != NULL ? slash + 1 - database :
	    0), database, view, (unsigned int)slap_serverID));
}

static bool
given_parse(const char *text, struct given *given)
{
	char epoch[UUID_TEXT_SIZE];

	return (sscanf(text, "rollcall-csn 1 %36s %" SCNd64 " %" SCNx64 " %" SCNd64 " %" SCNd64
	    " %" SCNd64 " %" SCNd64, epoch, &given->view, &given->form, &given->stamp,
	    &given->base.floor, &given->base.known, &given->until) == 7 &&
	    uuid_parse(epoch, &given->epoch));
}

int
given_read(const char *path, struct given *given, struct err *err)
{
	char text[GIVEN_SIZE];
	ssize_t count;
	int fd;

	*given = (struct given){ .until = 0 };
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return (0);
	if (fd < 0)
		return (err_set_errno(err, ERR_SYSTEM, errno, "%s", path));
	count = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	text[count > 0 ? count : 0] = '\0';
	if (given_parse(text, given))
		return (1);
	*given = (struct given){ .until = 0 };
	return (err_set(err, ERR_SYSTEM, "%s does not hold what it should: remove it, and let "
	    "replicas that follow this server begin anew", path));
}

static bool
given_write_file(const char *path, const char *text, size_t len, bool lasting)
{
	bool good;
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (fd < 0)
		return (false);
	good = write(fd, text, len) == (ssize_t)len && (!lasting || fdatasync(fd) == 0);
	return (close(fd) == 0 && good);
}

int
given_write(const char *path, const struct given *given, bool lasting, struct err *err)
{
	char epoch[UUID_TEXT_SIZE], text[GIVEN_SIZE], *new;
	int len, result;

	len = snprintf(text, sizeof(text), GIVEN_FORM, uuid_format(&given->epoch, epoch),
	    given->view, given->form, given->stamp, given->base.floor, given->base.known,
	    given->until);
	new = mem_printf("%s.new", path);
	result = 0;
	if (!given_write_file(new, text, (size_t)len, lasting) || rename(new, path) != 0)
		result = err_set_errno(err, ERR_SYSTEM, errno, "%s", path);
	mem_free(&new);
	return (result);
}

void
given_go_on(struct given *given, const struct given *now)
{
	struct given before = *given;
	bool same;

	same = memcmp(before.epoch.bytes, now->epoch.bytes, sizeof(now->epoch.bytes)) == 0 &&
	    before.view == now->view && before.form == now->form && before.stamp <= now->stamp;
	*given = *now;
	given->base = before.base;
	given->until = before.until;
	if (same || before.until == 0)
		return;
	given->base = (struct stamp_base){ .floor = before.until + 1, .known = now->stamp };
	given->until = stamp_latest(&given->base, now->stamp);
}
