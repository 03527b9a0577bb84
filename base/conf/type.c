/*
 * Owns nothing; texts go to the caller's arena.
 */
#include "config.h"

#include "base/conf/type.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/conf/form.h"
#include "base/conf/hint.h"
#include "base/net.h"
#include "base/secret.h"
#include "base/text.h"

#define LITERAL		"literal:"
#define SHOWN_COLUMNS	40
#define WORD_SIZE	64
#define SECRET_WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

/* One value being read. */
struct reading {
	const struct conf_types	*types;
	const struct conf_row	*row;
	struct conf_item	*item;
	struct err		*err;
};

static const struct {
	const char	*letter;
	int64_t		 length;
} duration_units[] = {
	/* the largest first; weeks are read, but written as days */
	{ "w", 7 * CLOCK_DAY },
	{ "d", CLOCK_DAY },
	{ "h", CLOCK_HOUR },
	{ "m", CLOCK_MINUTE },
	{ "s", CLOCK_SECOND },
};
#define DURATION_UNITS		(sizeof(duration_units) / sizeof(duration_units[0]))
#define DURATION_WRITTEN	1

static const struct {
	const char	*word;
	bool		 yes;
} bool_words[] = {		/* the first of each is how it is written */
	{ "yes", true }, { "no", false },
	{ "true", true }, { "false", false },
	{ "on", true }, { "off", false },
	{ "1", true }, { "0", false },
};
#define BOOL_WORDS	(sizeof(bool_words) / sizeof(bool_words[0]))

/* Says what is wrong with the value: "\"5x\" " and the reason. Returns -1. */
static int __attribute__((format(printf, 2, 3)))
refuse(const struct reading *r, const char *fmt, ...)
{
	char reason[ERR_TEXT_SIZE];
	const char *text;
	va_list ap;
	size_t len;

	va_start(ap, fmt);
	(void)vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	text = r->item->text;
	len = text_fit(text, SHOWN_COLUMNS);
	return (err_set(r->err, ERR_CONFIG, "\"%.*s%s\" %s", (int)len, text,
	    text[len] != '\0' ? "…" : "", reason));
}

/* ---- numbers and durations, which have a range "low..high" ---- */

/* What does not fit becomes the largest number, which is beyond every range. */
static bool
number_parse(const char *text, int64_t *number)
{
	char *end;

	*number = strtoll(text, &end, 10);
	return (*text >= '0' && *text <= '9' && *end == '\0');
}

static bool
duration_parse(const char *text, int64_t *number)
{
	int64_t count, length;
	size_t i;
	char *end;

	count = strtoll(text, &end, 10);
	if (*text < '0' || *text > '9')
		return (false);
	for (i = 0; i < DURATION_UNITS; i++)
		if (strcmp(end, duration_units[i].letter) == 0)
			break;
	if (i == DURATION_UNITS)
		return (false);
	length = duration_units[i].length;
	*number = count <= INT64_MAX / length ? count * length : INT64_MAX;
	return (true);
}

/* In the largest unit that divides it. */
static const char *
duration_format(struct arena *arena, int64_t number)
{
	size_t i;

	for (i = DURATION_WRITTEN; i < DURATION_UNITS - 1; i++)
		if (number % duration_units[i].length == 0)
			break;
	return (arena_printf(arena, "%" PRId64 "%s", number / duration_units[i].length,
	    duration_units[i].letter));
}

/* Compares with the row's range, whose ends are read as the value was. */
static int
range_check(const struct reading *r, bool (*parse)(const char *, int64_t *))
{
	const char *dots, *range;
	char low_text[WORD_SIZE];
	int64_t high, low;

	range = r->row->range;
	dots = strstr(range, "..");
	if (dots == NULL)
		return (0);
	(void)snprintf(low_text, sizeof(low_text), "%.*s", (int)(dots - range), range);
	if (!parse(low_text, &low) || !parse(dots + 2, &high))
		return (err_set(r->err, ERR_INTERNAL, "conf.def gives %s the range %s",
		    r->row->key, range));
	if (r->item->number >= low && r->item->number <= high)
		return (0);
	if (low == high)
		return (refuse(r, "is not known to this release: it must be %s",
		    low_text));
	return (refuse(r, "is not between %s and %s", low_text, dots + 2));
}

static int
number_read(const struct reading *r)
{
	if (!number_parse(r->item->text, &r->item->number))
		return (refuse(r, "is not a number"));
	if (range_check(r, number_parse) < 0)
		return (-1);
	r->item->text = arena_printf(r->types->arena, "%" PRId64, r->item->number);
	return (0);
}

static int
duration_read(const struct reading *r)
{
	if (!duration_parse(r->item->text, &r->item->number))
		return (refuse(r, "is not a duration: write a number and one of s, m, "
		    "h, d, w, like 15m"));
	if (range_check(r, duration_parse) < 0)
		return (-1);
	r->item->text = duration_format(r->types->arena, r->item->number);
	return (0);
}

/* "5", "10%" or "5 10%": a count, a percentage, or both. */
static bool
limit_parse(const char *text, int64_t *count, int64_t *percent)
{
	char *end;

	*count = *percent = 0;
	if (*text < '0' || *text > '9')
		return (false);
	*count = strtoll(text, &end, 10);
	if (strcmp(end, "%") == 0) {
		*percent = *count;
		*count = 0;
		return (true);
	}
	if (*end == '\0')
		return (true);
	text = end + strspn(end, " \t");
	if (text == end || *text < '0' || *text > '9')
		return (false);
	*percent = strtoll(text, &end, 10);
	return (strcmp(end, "%") == 0);
}

static int
limit_read(const struct reading *r)
{
	int64_t count, percent;

	if (!limit_parse(r->item->text, &count, &percent))
		return (refuse(r, "is no allowance: write a number, a percentage, or both, "
		    "like 5 10%%"));
	if (percent > 100 || count > CONF_LIMIT_MOST)
		return (refuse(r, "is too much: at most %d 100%%", CONF_LIMIT_MOST));
	r->item->number = count * CONF_LIMIT_SCALE + percent;
	r->item->text = arena_printf(r->types->arena, "%" PRId64 " %" PRId64 "%%", count,
	    percent);
	return (0);
}

/* ---- words ---- */

static int
text_read(const struct reading *r __attribute__((unused)))
{
	return (0);
}

static int
bool_read(const struct reading *r)
{
	size_t i;

	for (i = 0; i < BOOL_WORDS; i++) {
		if (strcmp(r->item->text, bool_words[i].word) == 0) {
			r->item->number = bool_words[i].yes ? 1 : 0;
			r->item->text = bool_words[bool_words[i].yes ? 0 : 1].word;
			return (0);
		}
	}
	return (refuse(r, "is neither yes nor no"));
}

static int
choice_refuse(const struct reading *r)
{
	struct conf_nearest nearest = CONF_NEAREST_INIT;
	char *choice, *choices, *rest;
	struct buf list = BUF_INIT;

	choices = arena_dup(r->types->arena, r->row->range);
	for (choice = strtok_r(choices, "|", &rest); choice != NULL;
	    choice = strtok_r(NULL, "|", &rest)) {
		conf_nearest_try(&nearest, r->item->text, choice);
		buf_printf(&list, "%s%s", list.len > 0 ? ", " : "", choice);
	}
	(void)refuse(r, "is not one of %s%s", list.data,
	    conf_nearest_question(&nearest, r->types->arena));
	buf_close(&list);
	return (-1);
}

static int
choice_read(const struct reading *r)
{
	const char *choice, *text;
	int64_t number;
	size_t len;

	text = r->item->text;
	choice = r->row->range;
	for (number = 0; *choice != '\0'; number++) {
		len = strcspn(choice, "|");
		if (strlen(text) == len && strncmp(choice, text, len) == 0) {
			r->item->number = number;
			return (0);
		}
		choice += len + (choice[len] == '|');
	}
	return (choice_refuse(r));
}

static int
path_read(const struct reading *r)
{
	if (r->item->text[0] != '/')
		return (refuse(r, "is not an absolute path: it must begin with /"));
	return (0);
}

static int
zone_read(const struct reading *r)
{
	if (zones_get(r->types->zones, r->item->text) == NULL)
		return (refuse(r, "is not a time zone: write one of the IANA names, "
		    "like Europe/Paris"));
	return (0);
}

/* ---- values with a grammar (base/conf/form.h) ---- */

static int
dn_read(const struct reading *r)
{
	struct err reason = ERR_INIT;

	return (conf_form_dn(r->item->text, &reason) < 0 ?
	    refuse(r, "%s", reason.text) : 0);
}

static int
listen_read(const struct reading *r)
{
	struct err reason = ERR_INIT;

	return (conf_form_listen(r->item->text, &reason) < 0 ?
	    refuse(r, "%s", reason.text) : 0);
}

static int
net_read(const struct reading *r)
{
	struct err reason = ERR_INIT;
	char text[NET_TEXT_SIZE];
	struct net net;

	if (net_parse(r->item->text, &net, &reason) < 0)
		return (refuse(r, "%s", reason.text));
	r->item->text = arena_dup(r->types->arena, net_format(&net, text));
	return (0);
}

static int
url_read(const struct reading *r)
{
	struct err reason = ERR_INIT;
	size_t len;

	/* Not the value itself: passwords and tokens stand in URLs. */
	if (conf_form_url(r->item->text, &reason) < 0)
		return (err_set(r->err, ERR_CONFIG, "the URL %s", reason.text));
	len = strlen(r->item->text);
	while (r->item->text[len - 1] == '/')
		len--;
	r->item->text = arena_dup_len(r->types->arena, r->item->text, len);
	return (0);
}

/* ---- secrets ---- */

static bool
secret_name_valid(enum secret_kind kind, const char *name)
{
	switch (kind) {
	case SECRET_CRED:
		return (name[strspn(name, SECRET_WORD "@.-")] == '\0' &&
		    name[0] != '.');
	case SECRET_FILE:
		return (name[0] == '/');
	case SECRET_ENV:
		return (name[strspn(name, SECRET_WORD)] == '\0');
	case SECRET_LITERAL:
		return (true);
	}
	return (false);
}

static int
secret_reference_read(const struct reading *r)
{
	enum secret_kind kind;
	const char *name;

	if (r->types->stored && strcmp(r->item->text, LITERAL) == 0)
		return (0);
	if (secret_parse(r->item->text, &kind, &name) && secret_name_valid(kind, name))
		return (0);
	/* Not the value itself: it may well be the secret. */
	return (err_set(r->err, ERR_CONFIG,
	    "the value is no reference to a secret: write cred:NAME, file:/PATH, "
	    "env:NAME or literal:TEXT"));
}

static bool
secret_is_literal(const char *reference)
{
	return (strncmp(reference, LITERAL, strlen(LITERAL)) == 0);
}

const char *
conf_type_secret_kept(const char *reference)
{
	return (secret_is_literal(reference) ? LITERAL : reference);
}

const char *
conf_type_secret_shown(const char *reference)
{
	return (secret_is_literal(reference) ? LITERAL "********" : reference);
}

/* ---- the table ---- */

static int (*const readers[])(const struct reading *) = {
	[CONF_TYPE_TEXT] = text_read,
	[CONF_TYPE_PATH] = path_read,
	[CONF_TYPE_NUMBER] = number_read,
	[CONF_TYPE_BOOL] = bool_read,
	[CONF_TYPE_DURATION] = duration_read,
	[CONF_TYPE_CHOICE] = choice_read,
	[CONF_TYPE_ZONE] = zone_read,
	[CONF_TYPE_DN] = dn_read,
	[CONF_TYPE_URL] = url_read,
	[CONF_TYPE_LISTEN] = listen_read,
	[CONF_TYPE_NET] = net_read,
	[CONF_TYPE_SECRET] = secret_reference_read,
	[CONF_TYPE_LIMIT] = limit_read,
};

int
conf_type_read(const struct conf_types *types, const struct conf_row *row,
    const char *text, struct conf_item *item, struct err *err)
{
	const struct reading r = { .types = types,
		.row = row,
		.item = item,
		.err = err };

	item->text = text;
	item->number = 0;
	return (readers[row->type](&r));
}
