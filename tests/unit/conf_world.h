/*
 * A folder of configuration files for a test, and the findings on it as one text.
 */
#ifndef ROLLCALL_TESTS_UNIT_CONF_WORLD_H
#define ROLLCALL_TESTS_UNIT_CONF_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/conf.h"

/* A main file and a source without findings; the secret is in the environment. */
#define WORLD_MAIN	"[directory]\nsuffix = dc=example,dc=com\n"
#define WORLD_SOURCE	"[source]\nintegration = lucca:1\n" \
	"api_key = env:ROLLCALL_TEST_KEY\n[fields]\n"
#define WORLD_SECRET	"hunter2"

/* Group fixtures: make the folder, go there, set the environment; and take it away. */
int	world_open(void **state);
int	world_close(void **state);

/* Test fixture: empties the folder again. */
int	world_clear(void **state);

#define WORLD_TEST(f)	cmocka_unit_test_setup_teardown(f, NULL, world_clear)

/* Writes a file below the folder, with mode 0640; "sources.d/" is made when needed. */
void	world_write(const char *path, const void *bytes, size_t len);
void	world_text(const char *path, const char *text);

/* Adds the content of a file, anywhere; false when there is none. */
bool	world_read(const char *path, struct buf *content);

/* The path of a file of the corpus tests/unit/conf/, to be freed with mem_free. */
char	*world_corpus(const char *path);

/* The findings, a line each, for the caller to close. */
void	world_format(const struct conf_findings *findings, struct buf *text);

/* Loads the folder: the configuration, or NULL; `text` gets the findings. */
struct conf *world_load(struct buf *text);

/* Loads a main file and a source that must have no error. `source` may be NULL. */
struct conf *world_good(const char *main_file, const char *source);

#endif
