/*
 * Owns nothing.
 */
#include "config.h"

#include "scim/settings.h"

#include <errno.h>
#include <stdio.h>

#include "base/conf/check.h"
#include "base/conf/read.h"
#include "base/conf/rules.h"

#define BLOCK	4096

static int
settings_read(const char *path, struct buf *content, struct err *err)
{
	FILE *stream;
	size_t len;

	stream = fopen(path, "re");
	if (stream == NULL)
		return (err_set_errno(err, ERR_CONFIG, errno, "%s", path));
	while ((len = fread(buf_reserve(content, BLOCK), 1, BLOCK, stream)) > 0)
		content->len += len;
	if (ferror(stream) != 0)
		(void)err_set_errno(err, ERR_CONFIG, errno, "%s", path);
	(void)fclose(stream);
	return (err->code == ERR_NONE ? 0 : -1);
}

int
settings_load(const char *folder, struct conf **conf, struct conf_findings *findings,
    struct err *err)
{
	struct conf_docs docs = { .arena = arena_open(), .findings = findings };
	struct buf content = BUF_INIT;
	int result;
	char *path;

	*conf = NULL;
	conf_findings_open(findings);
	path = mem_printf("%s/%s", folder, CONF_MAIN_FILE);
	result = settings_read(path, &content, err);
	mem_free(&path);
	if (result < 0) {
		arena_close(&docs.arena);
		buf_close(&content);
		return (-1);
	}
	conf_read_bytes(&docs, CONF_MAIN_FILE, content.data, content.len);
	buf_close(&content);
	*conf = conf_check(folder, &docs, false);
	conf_rules_check(*conf, findings);
	conf_findings_sort(findings);
	if (findings->errors == 0)
		return (0);
	conf_close(conf);
	return (err_set(err, ERR_CONFIG,
	    "%s/%s has %zu error%s: run rollcall check-config", folder, CONF_MAIN_FILE,
	    findings->errors, findings->errors > 1 ? "s" : ""));
}
