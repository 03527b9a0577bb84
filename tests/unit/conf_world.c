/*
 * Owns the working directory of the process while the tests of a group run.
 */
#include "config.h"

#include "tests/unit/conf_world.h"

#include "tests/unit/unit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char world_folder[] = "/tmp/rollcall-conf-XXXXXX";

int
world_open(void **state __attribute__((unused)))
{
	(void)umask(0);
	(void)setenv("ROLLCALL_TEST_KEY", WORLD_SECRET, 1);
	(void)unsetenv("CREDENTIALS_DIRECTORY");
	return (mkdtemp(world_folder) != NULL ? chdir(world_folder) : -1);
}

static int
entry_remove(const char *path, const struct stat *st __attribute__((unused)),
    int kind __attribute__((unused)), struct FTW *ftw)
{
	return (ftw->level > 0 ? remove(path) : 0);
}

int
world_clear(void **state __attribute__((unused)))
{
	return (nftw(world_folder, entry_remove, 8, FTW_DEPTH | FTW_PHYS));
}

int
world_close(void **state)
{
	if (world_clear(state) < 0 || chdir("/") < 0)
		return (-1);
	return (rmdir(world_folder));
}

void
world_write(const char *path, const void *bytes, size_t len)
{
	FILE *file;

	if (strchr(path, '/') != NULL)
		(void)mkdir("sources.d", 0750);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0640), 0);
}

void
world_text(const char *path, const char *text)
{
	world_write(path, text, strlen(text));
}

bool
world_read(const char *path, struct buf *content)
{
	FILE *file;
	size_t n;

	file = fopen(path, "r");
	if (file == NULL)
		return (false);
	buf_str(content, "");
	while ((n = fread(buf_reserve(content, 4096), 1, 4096, file)) > 0)
		content->len += n;
	content->data[content->len] = '\0';
	assert_int_equal(fclose(file), 0);
	return (true);
}

char *
world_corpus(const char *path)
{
	const char *top;

	top = getenv("top_srcdir");
	return (mem_printf("%s/tests/unit/conf/%s", top != NULL ? top : ".", path));
}

void
world_format(const struct conf_findings *findings, struct buf *text)
{
	size_t i;

	buf_str(text, "");
	for (i = 0; i < findings->count; i++) {
		conf_finding_format(&findings->list[i], text);
		buf_char(text, '\n');
	}
}

struct conf *
world_load(struct buf *text)
{
	struct conf_findings findings;
	struct err err = ERR_INIT;
	struct conf *conf;
	int result;

	result = conf_load(".", &conf, &findings, &err);
	world_format(&findings, text);
	assert_int_equal(result == 0, findings.errors == 0);
	assert_int_equal(conf != NULL, result == 0);
	assert_int_equal(err.code, result == 0 ? ERR_NONE : ERR_CONFIG);
	conf_findings_close(&findings);
	return (conf);
}

struct conf *
world_good(const char *main_file, const char *source)
{
	struct buf findings = BUF_INIT;
	struct conf *conf;

	world_text(CONF_MAIN_FILE, main_file);
	if (source != NULL)
		world_text("sources.d/fr.conf", source);
	conf = world_load(&findings);
	if (conf == NULL)
		fail_msg("%s", findings.data);
	buf_close(&findings);
	return (conf);
}
