/*
 * base/secret.h: references, files and their modes (spec/config.md §4.4).
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/secret.h"

static char folder[] = "/tmp/rollcall-secret-XXXXXX";

static int
folder_make(void **state __attribute__((unused)))
{
	(void)umask(0);
	return (mkdtemp(folder) != NULL ? 0 : -1);
}

static int
folder_remove(void **state __attribute__((unused)))
{
	return (rmdir(folder));
}

/* A file of the test's folder; the path is valid until the next call. */
static const char *
file_make(const char *name, const char *content, size_t len, mode_t mode)
{
	static char path[128];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(content, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
	return (path);
}

/* Reads "file:PATH"; NULL when it is refused. */
static char *
file_secret(const char *path, struct err *err)
{
	char *reference, *secret;

	reference = mem_printf("file:%s", path);
	if (secret_read(reference, &secret, err) < 0)
		assert_null(secret);
	mem_free(&reference);
	return (secret);
}

static void
secret_parse_splits_references(void **state __attribute__((unused)))
{
	static const struct {
		const char		*reference;
		bool			 ok;
		enum secret_kind	 kind;
		const char		*name;
	} rows[] = {
		{ "cred:kombo-fr", true, SECRET_CRED, "kombo-fr" },
		{ "file:/etc/key", true, SECRET_FILE, "/etc/key" },
		{ "env:KEY", true, SECRET_ENV, "KEY" },
		{ "literal:a:b", true, SECRET_LITERAL, "a:b" },
		{ "literal: x", true, SECRET_LITERAL, " x" },
		{ "cred:", false, 0, NULL }, { "literal:", false, 0, NULL },
		{ "hunter2", false, 0, NULL }, { "", false, 0, NULL },
		{ "CRED:x", false, 0, NULL }, { " cred:x", false, 0, NULL },
	};
	enum secret_kind kind;
	const char *name;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		assert_row(i, secret_parse(rows[i].reference, &kind, &name) ==
		    rows[i].ok);
		assert_row(i, !rows[i].ok || (kind == rows[i].kind &&
		    strcmp(name, rows[i].name) == 0));
	}
}

static void
secret_files_must_be_private(void **state __attribute__((unused)))
{
	static const struct {
		mode_t	mode;
		bool	ok;
	} rows[] = {
		{ 0600, true }, { 0400, true }, { 0640, true }, { 0440, true },
		{ 0700, true }, { 0644, false }, { 0604, false }, { 0602, false },
		{ 0660, false }, { 0620, false }, { 0666, false },
	};
	struct err err = ERR_INIT;
	const char *path;
	char *secret;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		path = file_make("key", "hunter2\n", 8, rows[i].mode);
		secret = file_secret(path, &err);
		assert_row(i, (secret != NULL) == rows[i].ok);
		assert_row(i, secret == NULL || strcmp(secret, "hunter2") == 0);
		assert_row(i, secret != NULL || strstr(err.text, "chmod") != NULL);
		secret_free(&secret);
		assert_null(secret);
		assert_int_equal(unlink(path), 0);
	}
}

static void
secret_files_must_hold_a_secret(void **state __attribute__((unused)))
{
	static char large[65537];
	static const struct {
		const char	*content;
		size_t		 len;
		const char	*secret;	/* NULL: refused */
	} rows[] = {
		{ "x", 1, "x" }, { "x\r\n", 3, "x" }, { " x \n\n", 5, " x " },
		{ "a\nb\n", 4, "a\nb" }, { "\xff", 1, "\xff" },
		{ "", 0, NULL }, { "\n", 1, NULL }, { "\r\n\n", 3, NULL },
		{ "a\0b", 3, NULL }, { "a\0", 2, NULL },
		{ large, sizeof(large), NULL },
	};
	struct err err = ERR_INIT;
	const char *path;
	char *secret;
	size_t i;

	memset(large, 'x', sizeof(large));
	for (i = 0; i < ROWS(rows); i++) {
		path = file_make("key", rows[i].content, rows[i].len, 0600);
		secret = file_secret(path, &err);
		assert_row(i, (secret == NULL) == (rows[i].secret == NULL));
		assert_row(i, secret == NULL || strcmp(secret, rows[i].secret) == 0);
		secret_free(&secret);
		assert_int_equal(unlink(path), 0);
	}
}

static void
secret_files_must_be_files(void **state __attribute__((unused)))
{
	struct err err = ERR_INIT;
	const char *path;
	char other[128];

	assert_null(file_secret(folder, &err));
	assert_non_null(strstr(err.text, "not a regular file"));
	path = file_make("key", "hunter2", 7, 0600);
	(void)snprintf(other, sizeof(other), "%s/link", folder);
	assert_int_equal(symlink(path, other), 0);
	assert_null(file_secret(other, &err));
	assert_non_null(strstr(err.text, "symbolic link"));
	assert_int_equal(unlink(other), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(other, 0600), 0);
	assert_null(file_secret(other, &err));
	assert_int_equal(unlink(other), 0);
	assert_null(file_secret(other, &err));
	assert_non_null(strstr(err.text, "No such file"));
	assert_int_equal(err.code, ERR_SECRET);
}

static void
secret_comes_from_the_environment(void **state __attribute__((unused)))
{
	struct err err = ERR_INIT;
	const char *path;
	char *secret;

	(void)unsetenv("RC_KEY");
	(void)unsetenv("RC_KEY_FILE");
	assert_int_equal(secret_read("env:RC_KEY", &secret, &err), -1);
	assert_non_null(strstr(err.text, "RC_KEY_FILE"));
	path = file_make("key", "from a file\n", 12, 0600);
	(void)setenv("RC_KEY_FILE", path, 1);
	assert_int_equal(secret_read("env:RC_KEY", &secret, &err), 0);
	assert_string_equal(secret, "from a file");
	secret_free(&secret);
	(void)setenv("RC_KEY", "itself", 1);
	assert_int_equal(secret_read("env:RC_KEY", &secret, &err), 0);
	assert_string_equal(secret, "itself");
	secret_free(&secret);
	assert_int_equal(unlink(path), 0);
}

static void
secret_comes_from_the_service(void **state __attribute__((unused)))
{
	struct err err = ERR_INIT;
	const char *path;
	char *secret;

	(void)unsetenv("CREDENTIALS_DIRECTORY");
	assert_false(secret_has_credentials());
	assert_int_equal(secret_read("cred:key", &secret, &err), -1);
	path = file_make("key", "hunter2\n", 8, 0400);
	(void)setenv("CREDENTIALS_DIRECTORY", folder, 1);
	assert_true(secret_has_credentials());
	assert_int_equal(secret_read("cred:key", &secret, &err), 0);
	assert_string_equal(secret, "hunter2");
	secret_free(&secret);
	assert_int_equal(unlink(path), 0);
	(void)unsetenv("CREDENTIALS_DIRECTORY");
	assert_int_equal(secret_read("literal:hunter2", &secret, &err), 0);
	assert_string_equal(secret, "hunter2");
	secret_free(&secret);
	assert_int_equal(secret_read("hunter2", &secret, &err), -1);
	assert_null(strstr(err.text, "hunter2"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secret_parse_splits_references),
		cmocka_unit_test(secret_files_must_be_private),
		cmocka_unit_test(secret_files_must_hold_a_secret),
		cmocka_unit_test(secret_files_must_be_files),
		cmocka_unit_test(secret_comes_from_the_environment),
		cmocka_unit_test(secret_comes_from_the_service),
	};

	return (cmocka_run_group_tests_name("secret", tests, folder_make,
	    folder_remove));
}
