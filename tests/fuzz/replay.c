/*
 * Runs a fuzz target over its seeds, tests/fuzz/seeds/NAME for fuzz_NAME, and over the
 * pieces and mutations of each that a fuzzer would try first. One TAP line for each
 * seed: an input that breaks the target ends the program.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tests/fuzz/fuzz.h"

static char *
replay_folder(const char *program)
{
	const char *name, *top;

	name = strrchr(program, '/');
	name = name != NULL ? name + 1 : program;
	if (strncmp(name, "lt-", 3) == 0)
		name += 3;
	top = getenv("top_srcdir");
	return (mem_printf("%s/tests/fuzz/seeds/%s", top != NULL ? top : ".",
	    name + strlen("fuzz_")));
}

static void
replay_read(const char *path, struct buf *content)
{
	FILE *stream;
	size_t len;

	buf_reset(content);
	stream = fopen(path, "re");
	if (stream == NULL)
		return;
	while ((len = fread(buf_reserve(content, 4096), 1, 4096, stream)) > 0)
		content->len += len;
	(void)fclose(stream);
}

/* In memory of its own size, so that reading past the end is noticed. */
static void
replay_once(const char *data, size_t len)
{
	char *copy;

	copy = mem_dup_len(data, len);
	(void)LLVMFuzzerTestOneInput((const uint8_t *)copy, len);
	mem_free(&copy);
}

static void
replay_seed(const struct buf *seed)
{
	static const char odd[] = "\"\\()[].:\xff \x01";
	char *copy;
	size_t i, j;

	replay_once(seed->data, seed->len);
	for (i = 0; i < seed->len; i++)
		replay_once(seed->data, i);
	copy = mem_dup_len(seed->data, seed->len);
	for (i = 0; i < seed->len; i++) {
		for (j = 0; j < sizeof(odd); j++) {
			copy[i] = odd[j];
			replay_once(copy, seed->len);
		}
		copy[i] = seed->data[i];
	}
	mem_free(&copy);
}

static int
replay_visible(const struct dirent *entry)
{
	return (entry->d_name[0] != '.');
}

int
main(int argc, char **argv)
{
	struct buf content = BUF_INIT;
	struct dirent **names;
	char *folder, *path;
	int count, i;

	(void)LLVMFuzzerInitialize(&argc, &argv);
	folder = replay_folder(argv[0]);
	count = scandir(folder, &names, replay_visible, alphasort);
	(void)printf("1..%d\n", count > 0 ? count : 1);
	for (i = 0; i < count; i++) {
		path = mem_printf("%s/%s", folder, names[i]->d_name);
		replay_read(path, &content);
		if (content.len > 0)
			replay_seed(&content);
		(void)printf("ok %d - %s\n", i + 1, names[i]->d_name);
		mem_free(&path);
		free(names[i]);
	}
	if (count <= 0)
		(void)printf("not ok 1 - there are seeds in %s\n", folder);
	else
		free(names);
	mem_free(&folder);
	buf_close(&content);
	return (count > 0 ? 0 : 1);
}
