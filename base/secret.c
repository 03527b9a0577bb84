/*
 * Owns nothing; each secret belongs to its caller.
 */
#include "config.h"

#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define SECRET_LONGEST 65536

static const struct {
	const char		*prefix;
	enum secret_kind	 kind;
} secret_forms[] = {
	{ "cred:", SECRET_CRED },
	{ "file:", SECRET_FILE },
	{ "env:", SECRET_ENV },
	{ "literal:", SECRET_LITERAL },
};

bool
secret_parse(const char *reference, enum secret_kind *kind, const char **name)
{
	size_t i, len;

	for (i = 0; i < sizeof(secret_forms) / sizeof(secret_forms[0]); i++) {
		len = strlen(secret_forms[i].prefix);
		if (strncmp(reference, secret_forms[i].prefix, len) == 0 &&
		    reference[len] != '\0') {
			*kind = secret_forms[i].kind;
			*name = reference + len;
			return (true);
		}
	}
	return (false);
}

void
secret_free(char **secret)
{
	if (*secret != NULL)
		explicit_bzero(*secret, strlen(*secret));
	mem_free(secret);
}

bool
secret_has_credentials(void)
{
	return (getenv("CREDENTIALS_DIRECTORY") != NULL);
}

static int
secret_check_file(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return (err_set_errno(err, ERR_SECRET, errno, "%s", path));
	if (!S_ISREG(st.st_mode))
		return (err_set(err, ERR_SECRET, "%s is not a regular file", path));
	if ((st.st_mode & (S_IWGRP | S_IROTH | S_IWOTH)) != 0)
		return (err_set(err, ERR_SECRET, "%s has mode %04o, so that others can read "
		    "or change it: run chmod 0600 or 0640", path, st.st_mode & 07777));
	if (st.st_size > SECRET_LONGEST)
		return (err_set(err, ERR_SECRET, "%s is larger than a secret can be", path));
	return (0);
}

static int
secret_trim(char *text, size_t len, const char *where, struct err *err)
{
	if (strlen(text) != len)
		return (err_set(err, ERR_SECRET, "%s holds a NUL byte", where));
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		text[--len] = '\0';
	if (len == 0)
		return (err_set(err, ERR_SECRET, "%s is empty", where));
	return (0);
}

static int
secret_read_fd(int fd, const char *path, char **secret, struct err *err)
{
	size_t len;
	ssize_t n;
	char *text;

	if (secret_check_file(fd, path, err) < 0)
		return (-1);
	text = mem_alloc(SECRET_LONGEST + 1);
	len = 0;
	while ((n = read(fd, text + len, SECRET_LONGEST - len)) > 0)
		len += (size_t)n;
	if (n < 0 || secret_trim(text, len, path, err) < 0) {
		if (n < 0)
			(void)err_set_errno(err, ERR_SECRET, errno, "%s", path);
		explicit_bzero(text, len);
		mem_free(&text);
		return (-1);
	}
	*secret = mem_dup(text);
	explicit_bzero(text, len);
	mem_free(&text);
	return (0);
}

static int
secret_read_file(const char *path, char **secret, struct err *err)
{
	int fd, result;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ELOOP)
		return (err_set(err, ERR_SECRET, "%s is a symbolic link: name the file itself",
		    path));
	if (fd < 0)
		return (err_set_errno(err, ERR_SECRET, errno, "%s", path));
	result = secret_read_fd(fd, path, secret, err);
	(void)close(fd);
	return (result);
}

static int
secret_read_cred(const char *name, char **secret, struct err *err)
{
	const char *directory;
	char *path;
	int result;

	directory = getenv("CREDENTIALS_DIRECTORY");
	if (directory == NULL)
		return (err_set(err, ERR_SECRET, "cred:%s can be read by the service only "
		    "(CREDENTIALS_DIRECTORY is not set here)", name));
	path = mem_printf("%s/%s", directory, name);
	result = secret_read_file(path, secret, err);
	mem_free(&path);
	return (result);
}

static int
secret_read_env(const char *name, char **secret, struct err *err)
{
	const char *path, *value;
	char *file_name;

	value = getenv(name);
	if (value != NULL && *value != '\0') {
		*secret = mem_dup(value);
		return (0);
	}
	file_name = mem_printf("%s_FILE", name);
	path = getenv(file_name);
	mem_free(&file_name);
	if (path != NULL && *path != '\0')
		return (secret_read_file(path, secret, err));
	return (err_set(err, ERR_SECRET, "neither %s nor %s_FILE is set in the environment",
	    name, name));
}

int
secret_read(const char *reference, char **secret, struct err *err)
{
	enum secret_kind kind;
	const char *name;

	*secret = NULL;
	if (strcmp(reference, "literal:") == 0)
		return (err_set(err, ERR_SECRET, "a literal: secret is not kept in the database, "
		    "and the files that gave it are not in force: let `rollcall plans` say what "
		    "is held, and approve it or mend the files and reload; file: and cred: "
		    "secrets are read anew"));
	if (!secret_parse(reference, &kind, &name))
		return (err_set(err, ERR_SECRET, "a secret is given as cred:NAME, file:/PATH, "
		    "env:NAME or literal:TEXT"));
	switch (kind) {
	case SECRET_CRED:
		return (secret_read_cred(name, secret, err));
	case SECRET_FILE:
		return (secret_read_file(name, secret, err));
	case SECRET_ENV:
		return (secret_read_env(name, secret, err));
	case SECRET_LITERAL:
		*secret = mem_dup(name);
		return (0);
	}
	return (err_set(err, ERR_INTERNAL, "secret of unknown kind"));
}
