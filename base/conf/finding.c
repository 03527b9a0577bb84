/*
 * Owns the findings of one reading: a list, and an arena for their texts.
 */
#include "config.h"

#include "base/conf/finding.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define TEXT_COLUMNS 400	/* what somebody wrote may be of any length */

static const char *const severities[CONF_SEVERITY_N] = {
	[CONF_ERROR] = "error",
	[CONF_WARNING] = "warning",
	[CONF_NOTE] = "note",
};

void
conf_findings_open(struct conf_findings *findings)
{
	*findings = (struct conf_findings){ .arena = arena_open() };
}

void
conf_findings_close(struct conf_findings *findings)
{
	mem_free(&findings->list);
	arena_close(&findings->arena);
	*findings = (struct conf_findings){ .list = NULL };
}

static void __attribute__((format(printf, 3, 0)))
finding_add(struct conf_findings *findings, struct conf_finding finding,
    const char *fmt, va_list ap)
{
	struct buf text = BUF_INIT;
	struct conf_finding *slot;
	size_t fit;

	buf_vprintf(&text, fmt, ap);
	fit = text_fit(text.data, TEXT_COLUMNS);
	finding.file = arena_dup(findings->arena, finding.file);
	finding.text = arena_printf(findings->arena, "%.*s%s", (int)fit, text.data,
	    fit < text.len ? "…" : "");
	buf_close(&text);
	slot = mem_grow(&findings->list, findings->count, &findings->room,
	    sizeof(*slot));
	*slot = finding;
	findings->count++;
}

void
conf_finding_error(struct conf_findings *findings, struct conf_at at,
    const char *fmt, ...)
{
	struct conf_finding finding = { .severity = CONF_ERROR, .file = at.file,
		.line = at.line };
	va_list ap;

	va_start(ap, fmt);
	finding_add(findings, finding, fmt, ap);
	va_end(ap);
	findings->errors++;
}

void
conf_finding_warning(struct conf_findings *findings, struct conf_at at,
    const char *code, const char *fmt, ...)
{
	struct conf_finding finding = { .severity = CONF_WARNING, .file = at.file,
		.line = at.line, .code = code };
	va_list ap;

	va_start(ap, fmt);
	finding_add(findings, finding, fmt, ap);
	va_end(ap);
	findings->warnings++;
}

void
conf_finding_note(struct conf_findings *findings, struct conf_at at,
    const char *fmt, ...)
{
	struct conf_finding finding = { .severity = CONF_NOTE, .file = at.file,
		.line = at.line };
	va_list ap;

	va_start(ap, fmt);
	finding_add(findings, finding, fmt, ap);
	va_end(ap);
}

/* The main file comes first: "rollcall.conf" sorts before "sources.d/". */
static int
finding_compare(const void *a, const void *b)
{
	const struct conf_finding *x = a, *y = b;
	int order;

	order = strcmp(x->file, y->file);
	if (order == 0)
		order = (x->line > y->line) - (x->line < y->line);
	if (order == 0)
		order = (int)x->severity - (int)y->severity;
	return (order != 0 ? order : strcmp(x->text, y->text));
}

void
conf_findings_sort(struct conf_findings *findings)
{
	if (findings->count > 1)
		qsort(findings->list, findings->count, sizeof(findings->list[0]),
		    finding_compare);
}

void
conf_finding_format(const struct conf_finding *finding, struct buf *buf)
{
	buf_str(buf, finding->file);
	if (finding->line > 0)
		buf_printf(buf, ":%u", finding->line);
	buf_printf(buf, ": %s: %s", severities[finding->severity], finding->text);
	if (finding->code != NULL)
		buf_printf(buf, " [%s]", finding->code);
}
