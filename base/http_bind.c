/*
 * Owns nothing.
 */
#include "config.h"

#include "base/http_bind.h"

#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"

#define UNIX_PREFIX	"unix:"
#define SEND_BUFFER	(192 * 1024)	/* of each connection, which takes it over */
#define SOCKET_FLAGS	(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)

const char *
bind_path(const char *text)
{
	return (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0 ?
	    text + strlen(UNIX_PREFIX) : NULL);
}

static int
bind_fail(const char *text, int error, struct err *err)
{
	return (err_set(err, ERR_SYSTEM, "listen = %s: %s%s", text, strerror(error),
	    error == EADDRINUSE ? ": another program has it" : ""));
}

/* ---- Unix sockets -------------------------------------------------------- */

/* Whether somebody listens on a socket that is already there. */
static bool
unix_is_alive(const struct sockaddr_un *address)
{
	bool alive;
	int fd;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return (false);
	alive = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
	(void)close(fd);
	return (alive);
}

/* Nobody can connect before somebody listens, which is after this. */
static int
unix_own(const char *path, const struct bind_owner *owner, struct err *err)
{
	const struct group *group;

	if (owner->group != NULL) {
		group = getgrnam(owner->group);
		if (group == NULL)
			return (err_set(err, ERR_CONFIG,
			    "there is no group %s on this system", owner->group));
		if (chown(path, (uid_t)-1, group->gr_gid) < 0)
			return (err_set(err, ERR_SYSTEM,
			    "%s cannot be given to group %s: %s: this program's user "
			    "has to be in it", path, owner->group, strerror(errno)));
	}
	if (chmod(path, owner->mode) < 0)
		return (err_set(err, ERR_SYSTEM, "%s: %s", path, strerror(errno)));
	return (0);
}

static int
unix_bind(const char *path, int fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat st;

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode)) {
		if (unix_is_alive(&address)) {
			errno = EADDRINUSE;
			return (-1);
		}
		(void)unlink(path);
	}
	return (bind(fd, (const struct sockaddr *)&address, sizeof(address)));
}

static int
unix_listen(const char *text, const struct bind_owner *owner, int *fd, struct err *err)
{
	const char *path = bind_path(text);
	int error;

	*fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
	if (*fd < 0 || unix_bind(path, *fd) < 0)
		return (bind_fail(text, errno, err));
	if (unix_own(path, owner, err) == 0) {
		if (listen(*fd, SOMAXCONN) == 0)
			return (0);
		error = errno;
		(void)bind_fail(text, error, err);
	}
	(void)unlink(path);
	return (-1);
}

/* ---- IPv4 and IPv6 ------------------------------------------------------- */

/* "127.0.0.1:8443" or "[::1]:8443". */
static struct addrinfo *
inet_resolve(const char *text)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV |
		AI_PASSIVE, .ai_socktype = SOCK_STREAM };
	struct addrinfo *info;
	const char *colon;
	char *host;
	size_t len;
	int result;

	colon = strrchr(text, ':');
	if (colon == NULL)
		return (NULL);
	len = (size_t)(colon - text);
	host = *text == '[' && len > 2 ? mem_dup_len(text + 1, len - 2) :
	    mem_dup_len(text, len);
	result = getaddrinfo(host, colon + 1, &hints, &info);
	mem_free(&host);
	return (result == 0 ? info : NULL);
}

static int
inet_listen(const char *text, int *fd, struct err *err)
{
	struct addrinfo *info;
	int error, one = 1;

	info = inet_resolve(text);
	if (info == NULL)
		return (bind_fail(text, EADDRNOTAVAIL, err));
	error = 0;
	*fd = socket(info->ai_family, SOCKET_FLAGS, 0);
	if (*fd < 0 ||
	    setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 ||
	    (info->ai_family == AF_INET6 && setsockopt(*fd, IPPROTO_IPV6,
	    IPV6_V6ONLY, &one, sizeof(one)) < 0) ||
	    bind(*fd, info->ai_addr, info->ai_addrlen) < 0 || listen(*fd, SOMAXCONN) < 0)
		error = errno;
	freeaddrinfo(info);
	return (error != 0 ? bind_fail(text, error, err) : 0);
}

int
bind_listen(const char *text, const struct bind_owner *owner, int *fd, struct err *err)
{
	const int size = SEND_BUFFER;
	int result;

	result = bind_path(text) != NULL ? unix_listen(text, owner, fd, err) :
	    inet_listen(text, fd, err);
	/* Else the kernel would keep megabytes for whoever does not read. */
	if (result == 0)
		(void)setsockopt(*fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (result < 0 && *fd >= 0) {
		(void)close(*fd);
		*fd = -1;
	}
	return (result);
}
