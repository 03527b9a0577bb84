/*
 * The request that shows what would be: under another configuration, on another day, or with
 * what a source delivers now. It is worked out by a trial (sync/trial.h); nothing is applied.
 */
#include "config.h"

#include <string.h>

#include "sync/kombo/fetch.h"
#include "sync/request/progress.h"
#include "sync/request/request.h"
#include "sync/request/show.h"
#include "sync/trial.h"

struct preview {
	struct request			*request;
	struct request_progress		 progress;
	const struct trial_source	*source;	/* whose records are shown */
	uint32_t			 state;		/* reasons that its state adds */
	json_int_t			 included;
	json_int_t			 excluded;
	json_int_t			 kinds[TRIAL_KINDS];
	json_t				*erasures;
	struct err			*err;
};

/* ---- what is asked ----------------------------------------------------------------------------- */

static void
preview_progress(void *context, const char *source, const char *model, int64_t records)
{
	struct preview *preview = context;

	if (preview->progress.source == NULL ||
	    strcmp(preview->progress.source, source) != 0) {
		preview->progress = (struct request_progress){ .source = source };
		request_expect(preview->request, &preview->progress, true);
	}
	request_tell(&preview->progress, model, 0, records);
}

int
request_conf(struct request *request, struct conf **conf, struct err *err)
{
	const char *text;

	*conf = NULL;
	text = request_text(request, "configuration");
	if (text == NULL)
		return (0);
	if (conf_load_text(text, conf, err) < 0)
		return (err_context(err, "the configuration that was sent"));
	return (0);
}

static int
preview_day(struct request *request, day_number *day, struct err *err)
{
	const char *text;

	*day = DAY_NONE;
	text = request_text(request, "date");
	if (text == NULL)
		return (0);
	if (strlen(text) != 10 || !day_parse(text, day))
		return (err_set(err, ERR_USAGE, "\"%s\" is no date: write it like 2026-12-31",
		    text));
	return (0);
}

/* ---- records ------------------------------------------------------------------------------------- */

static int
preview_item(void *context, const struct plan_item *item)
{
	struct preview *preview = context;
	json_t *row;

	/* Others may be judged because this source's records touch them: they are not its. */
	if (item->record->source->conf != preview->source->conf)
		return (0);
	if (item->included)
		preview->included++;
	else
		preview->excluded++;
	row = show_item(preview->request->arena, item,
	    preview->state);
	return (request_row(preview->request, row, preview->err));
}

static int
preview_source(struct preview *preview, struct trial *trial, json_t *list, struct err *err)
{
	const struct trial_source *source = preview->source;
	struct arena *whole = preview->request->arena;
	json_int_t included = preview->included, excluded = preview->excluded;
	json_t *problems;
	size_t i;
	int result;

	/* What the rows need is given back with each source. */
	preview->request->arena = arena_open();
	result = trial_each(trial, source, preview_item, preview, err);
	arena_close(&preview->request->arena);
	preview->request->arena = whole;
	if (result < 0)
		return (-1);
	problems = json_array();
	for (i = 0; i < source->fetched->problem_count; i++)
		(void)json_array_append_new(problems, show_problem(&source->fetched->problems[i]));
	return (json_array_append_new(list, json_pack(
	    "{s:s, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "source", source->conf->name,
	    "approved", source->row.approved != 0, "enabled", source->row.enabled, "seen",
	    (json_int_t)source->fetched->seen, "refused",
	    (json_int_t)source->fetched->refused, "included", preview->included - included,
	    "excluded", preview->excluded - excluded, "unlisted",
	    (json_int_t)source->fetched->unlisted, "doubt",
	    request_string(source->fetched->doubt), "problems", problems)));
}

/* ---- the difference ---------------------------------------------------------------------------------- */

/* Lists come a line each. */
static json_t *
preview_list(struct arena *arena, const char *lines)
{
	const char *end;
	json_t *list;

	list = json_array();
	for (; lines != NULL && *lines != '\0'; lines = *end == '\n' ? end + 1 : end) {
		end = strchrnul(lines, '\n');
		(void)json_array_append_new(list, json_string(arena_dup_len(arena, lines,
		    (size_t)(end - lines))));
	}
	return (list);
}

static json_t *
preview_value(struct arena *arena, const char *name, const char *value)
{
	enum field_id id;

	if (strcmp(name, "views") == 0 || strcmp(name, "groups") == 0)
		return (preview_list(arena, value));
	id = field_find(name);
	return (request_string(id != FIELD_N ? show_plain(arena, id, value) : value));
}

static json_t *
preview_parts(struct arena *arena, const struct trial_change *change)
{
	const struct trial_part *part;
	json_t *list;
	size_t i;

	list = json_array();
	for (i = 0; i < change->part_count; i++) {
		part = &change->parts[i];
		(void)json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "what",
		    part->name, "before", preview_value(arena, part->name, part->before), "after",
		    preview_value(arena, part->name, part->after)));
	}
	return (list);
}

static int
preview_change(void *context, const struct trial_change *change)
{
	static const char *const words[] = { [TRIAL_ENTERS] = "enters",
	    [TRIAL_LEAVES] = "leaves", [TRIAL_CHANGES] = "changes" };
	struct preview *preview = context;
	struct arena *arena;
	json_t *shown;

	preview->kinds[change->kind]++;
	arena = arena_open();
	shown = json_pack("{s:s, s:s, s:o, s:s, s:o, s:b, s:o}", "change", words[change->kind],
	    "uid", change->uid, "name", request_string(change->name), "source", change->source,
	    "id", request_uuid(&change->uuid), "erased", change->erased, "parts",
	    preview_parts(arena, change));
	arena_close(&arena);
	return (request_change(preview->request, shown, preview->err));
}

static int
preview_erasure(void *context, const char *source, enum field_id field, int64_t values)
{
	struct preview *preview = context;

	return (json_array_append_new(preview->erasures, json_pack("{s:s, s:s, s:I}", "source",
	    source, "field", field_get(field)->name, "values", (json_int_t)values)));
}

static int
preview_show(struct preview *preview, struct trial *trial, json_t *list, struct err *err)
{
	const struct trial_source *sources;
	size_t count, i;

	sources = trial_sources(trial, &count);
	for (i = 0; i < count; i++) {
		preview->source = &sources[i];
		preview->state = show_source_reasons(trial_before(trial), &sources[i].row,
		    trial_conf(trial));
		if (preview_source(preview, trial, list, err) < 0)
			return (-1);
	}
	if (trial_compare(trial, preview_change, preview, err) < 0)
		return (-1);
	return (trial_erasures(trial, preview_erasure, preview, err));
}

/* What the safeguards would hold. */
static json_t *
preview_holds(const struct trial *trial)
{
	const struct trial_hold *holds;
	json_t *classes, *list;
	size_t count, i, j;

	list = json_array();
	holds = trial_holds(trial, &count);
	for (i = 0; i < count; i++) {
		classes = json_array();
		for (j = 0; j < holds[i].class_count; j++)
			(void)json_array_append_new(classes, show_class(&holds[i].classes[j]));
		(void)json_array_append_new(list, json_pack("{s:o, s:b, s:o}", "source",
		    request_string(*holds[i].source != '\0' ? holds[i].source : NULL),
		    "approvable", holds[i].approvable, "classes", classes));
	}
	return (list);
}

static json_t *
preview_result(const struct preview *preview, const struct trial *trial, json_t *list)
{
	const struct trial_report *report = trial_report(trial);

	return (json_pack("{s:o, s:o, s:O, s:I, s:I, s:{s:I, s:I, s:I, s:I, s:I}, s:O, s:o}",
	    "source", request_string(request_text(preview->request, "source")), "date",
	    request_string(request_text(preview->request, "date")), "sources", list,
	    "included", preview->included, "excluded", preview->excluded, "difference",
	    "enter", preview->kinds[TRIAL_ENTERS], "leave", preview->kinds[TRIAL_LEAVES],
	    "change", preview->kinds[TRIAL_CHANGES], "erase", (json_int_t)report->erased,
	    "overwrite", (json_int_t)report->overwrote, "erasures", preview->erasures, "held",
	    preview_holds(trial)));
}

static int
preview_run(struct preview *preview, const struct conf *conf, day_number day,
    json_t **result, struct err *err)
{
	struct trial_order order = {
		.conf = conf,
		.trusted = request_trusted(preview->request),
		.source = request_text(preview->request, "source"),
		.day = day,
		.weigh = true,
		.progress = preview_progress,
		.context = preview,
	};
	struct csv_input input;
	struct trial *trial;
	json_t *list;
	int status;

	order.input = request_input(preview->request, &input);
	if (order.source == NULL && conf == NULL && day == DAY_NONE)
		return (err_set(err, ERR_USAGE, "say what to preview: a source, --config FOLDER "
		    "or --date DAY"));
	if (trial_open(preview->request->engine, &order, &trial, err) < 0)
		return (-1);
	list = json_array();
	preview->erasures = json_array();
	status = preview_show(preview, trial, list, err);
	if (status == 0)
		*result = preview_result(preview, trial, list);
	json_decref(preview->erasures);
	json_decref(list);
	trial_close(&trial);
	return (status);
}

int
request_preview(struct request *request, json_t **result, struct err *err)
{
	struct preview preview = { .request = request, .err = err };
	struct conf *conf;
	day_number day;
	int status;

	if (preview_day(request, &day, err) < 0 || request_conf(request, &conf, err) < 0)
		return (-1);
	status = preview_run(&preview, conf, day, result, err);
	conf_close(&conf);
	return (status);
}
