/*
 * Owns nothing. A configuration is held, but fields that it switches off are erased all the same
 * (rulings A19): the old configuration with those fields off comes into force.
 */
#include "config.h"

#include <string.h>

#include "base/conf/lend.h"
#include "base/log.h"
#include "sync/engine_inside.h"

/* Adds the modes that `new` switches off behind the line of [fields] default of its file. */
static void
engine_add_off(const struct conf *old, const struct conf *new, const char *line, size_t len,
    struct buf *text, bool *any)
{
	const struct conf_source *after, *before;
	size_t i, j, n;

	for (i = 0; i < new->source_count; i++) {
		after = &new->sources[i];
		before = conf_source(old, after->name);
		n = strlen(after->file);
		if (before == NULL || len < n || strncmp(line, after->file, n) != 0 ||
		    strncmp(line + n, "\tfields\t", strlen("\tfields\t")) != 0 ||
		    memmem(line, len, "\tdefault\t", strlen("\tdefault\t")) == NULL)
			continue;
		for (j = 0; j < FIELD_N; j++) {
			if (after->mode[j] != MODE_OFF || before->mode[j] == MODE_OFF)
				continue;
			buf_printf(text, "%s\tfields\t%u\t%s\toff\n", after->file,
			    after->mode_line[j], field_get((enum field_id)j)->name);
			*any = true;
		}
	}
}

/* True when the line is the mode of a field that `new` switches off. */
static bool
engine_is_off(const struct conf *new, const char *line, size_t len)
{
	const struct conf_source *source;
	struct buf key = BUF_INIT;
	bool is;
	size_t i, j, n;

	is = false;
	for (i = 0; i < new->source_count && !is; i++) {
		source = &new->sources[i];
		n = strlen(source->file);
		if (len < n || strncmp(line, source->file, n) != 0 ||
		    strncmp(line + n, "\tfields\t", strlen("\tfields\t")) != 0)
			continue;
		for (j = 0; j < FIELD_N && !is; j++) {
			if (source->mode[j] != MODE_OFF)
				continue;
			buf_reset(&key);
			buf_printf(&key, "\t%s\t", field_get((enum field_id)j)->name);
			is = memmem(line, len, key.data, key.len) != NULL;
		}
	}
	buf_close(&key);
	return (is);
}

/* The old configuration with the fields off that the new one switches off; NULL: there are none. */
static struct conf *
engine_old_with_off(const struct conf *old, const struct conf *new, struct err *err)
{
	struct buf text = BUF_INIT, stored = BUF_INIT;
	const char *end, *line;
	struct conf *conf;
	bool any;

	conf = NULL;
	any = false;
	conf_store_text(old, &stored);
	for (line = stored.data; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		if (engine_is_off(new, line, (size_t)(end - line)))
			continue;
		buf_add(&text, line, (size_t)(end - line) + 1);
		engine_add_off(old, new, line, (size_t)(end - line), &text, &any);
	}
	if (any && conf_load_text(text.data, &conf, err) < 0)
		conf = NULL;
	buf_close(&stored);
	buf_close(&text);
	return (conf);
}

int
engine_erase_off(struct engine *engine, const struct engine_trial *held, struct err *err)
{
	struct engine_trial trial = { .before = held->before, .actor = held->actor };
	int result;

	trial.conf = engine_old_with_off(held->before, held->conf, err);
	if (trial.conf == NULL)
		return (err->code != ERR_NONE ? -1 : 0);
	conf_lend(trial.conf, held->before);
	trial.free = true;
	result = engine_try(engine, &trial, err);
	if (result < 0) {
		conf_close(&trial.conf);
		return (-1);
	}
	log_warning("reload.off", "msg=\"the new configuration is held; fields that it switches off "
	    "are erased all the same\"");
	engine_set_conf(engine, trial.conf);
	return (0);
}
