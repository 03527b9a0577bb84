/*
 * Owns what one run has fetched until it is handed over. Runs in a thread of its own, on its
 * own connection; memory does not grow with the number of people but for what known.c holds.
 */
#include "config.h"

#include "sync/kombo/fetch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/digest.h"
#include "store/record.h"
#include "sync/kombo/client.h"
#include "sync/kombo/decode.h"
#include "sync/kombo/integration.h"
#include "sync/kombo/known.h"
#include "sync/kombo/split.h"
#include "sync/step.h"

#define FETCH_OVERLAP	(5 * CLOCK_MINUTE)	/* kombo/api.md §7.1 */
#define FETCH_RESTARTS	2			/* a refused cursor begins the model again */
#define FETCH_PROBLEMS	1000			/* named one by one; more are counted only */

enum fetch_model { MODEL_ENTITIES, MODEL_LOCATIONS, MODEL_GROUPS, MODEL_EMPLOYEES, MODEL_N };

static const struct {
	const char	*name;
	const char	*path;
	enum unit_model	 unit;
	enum step	 step;
} fetch_models[MODEL_N] = {
	[MODEL_ENTITIES] = { "legal-entities", "/hris/legal-entities", UNIT_ENTITY,
	    STEP_ENTITIES },
	[MODEL_LOCATIONS] = { "locations", "/hris/locations", UNIT_LOCATION, STEP_LOCATIONS },
	[MODEL_GROUPS] = { "groups", "/hris/groups", UNIT_GROUP, STEP_GROUPS },
	[MODEL_EMPLOYEES] = { "employees", "/hris/employees", UNIT_ENTITY, STEP_EMPLOYEES },
};

struct fetch {
	const struct fetch_order	*order;
	struct fetched			*out;
	struct kombo			*kombo;
	struct db			*db;		/* NULL when there is none yet */
	struct known			*known;
	struct decoder			 decoder;
	struct integration		 integration;
	struct arena			*arena;		/* of one page */
	struct page			 page;
	int64_t				 pages;
};

static void
fetch_problem(struct fetch *fetch, enum fetch_model model, const char *kombo,
    const char *code, const char *detail)
{
	struct fetched *out = fetch->out;
	struct problem_row *row;

	if (out->problem_count >= FETCH_PROBLEMS)
		return;
	row = mem_grow(&out->problems, out->problem_count++, &out->problem_room,
	    sizeof(*out->problems));
	*row = (struct problem_row){
		.model = fetch_models[model].name,
		.kombo = arena_dup(out->arena, kombo),
		.code = code,
		.detail = arena_dup(out->arena, detail),
	};
}

/* ---- one employee ----------------------------------------------------------------- */

/* Puts the stored value in place of each that could not be read or is not available. */
static int
fetch_keep_values(struct fetch *fetch, const struct known_record *known,
    struct employee *employee, struct err *err)
{
	struct employee stored;
	uint32_t bits;
	size_t i;
	int result;

	bits = employee->invalid | fetch->integration.unavailable;
	if (bits == 0 || !known->stored)
		return (0);
	result = employee_get(fetch->db, known->id, fetch->arena, &stored, err);
	if (result <= 0)
		return (result);
	for (i = 0; i < FIELD_N; i++)
		if ((bits & UINT32_C(1) << i) != 0)
			employee->value[i] = stored.value[i];
	return (0);
}

static int
fetch_stage_deleted(struct fetch *fetch, const struct known_record *known,
    struct employee *employee, struct err *err)
{
	if (known->id == 0 || known->gone || !fetch->out->healthy)
		return (0);
	employee->record = known->id;
	employee->gone = true;
	return (stage_put(fetch->out->stage, employee, err));
}

static void
fetch_report_invalid(struct fetch *fetch, const struct employee *employee)
{
	char detail[128];
	size_t i;

	for (i = 0; i < FIELD_N; i++) {
		if ((employee->invalid & UINT32_C(1) << i) == 0)
			continue;
		(void)snprintf(detail, sizeof(detail), "%s cannot be read",
		    field_get((enum field_id)i)->name);
		fetch_problem(fetch, MODEL_EMPLOYEES, employee->kombo, "invalid-value", detail);
	}
}

static int
fetch_employee(struct fetch *fetch, struct decoded *decoded, struct err *err)
{
	struct employee *employee = &decoded->employee;
	struct known_record known;

	if (known_find(fetch->known, employee->kombo, employee->remote, &known, err) < 0)
		return (-1);
	if (decoded->deleted && !known.stored)
		fetch->out->unlisted++;
	if (decoded->deleted)
		return (fetch_stage_deleted(fetch, &known, employee, err));
	if (employee->invalid != 0)
		fetch_report_invalid(fetch, employee);
	if (fetch_keep_values(fetch, &known, employee, err) < 0)
		return (-1);
	employee->record = known.id;
	employee->hash = employee_hash(employee);
	if (known.stored && !known.moved && known.hash == employee->hash &&
	    !fetch->order->stage_all)
		return (0);
	return (stage_put(fetch->out->stage, employee, err));
}

/* ---- one element, one page ------------------------------------------------------------ */

/*
 * A record that cannot be decoded costs itself: it is named, keeps its last good state and
 * never counts as absent.
 */
static int
fetch_refuse(struct fetch *fetch, enum fetch_model model, size_t at,
    const struct slice *element, const struct err *why, struct err *err)
{
	struct known_record known;
	const char *id;

	fetch->out->refused++;
	fetch->out->live += model == MODEL_EMPLOYEES;
	id = decode_id(fetch->arena, element);
	fetch_problem(fetch, model, id != NULL ? id : arena_printf(fetch->arena,
	    "page %" PRId64 ", item %zu", fetch->pages, at + 1), "refused", why->text);
	if (model != MODEL_EMPLOYEES) {
		fetch->out->model_whole[model] = false;
		return (0);
	}
	if (id != NULL)
		return (known_find(fetch->known, id, NULL, &known, err));
	fetch->out->healthy = false;
	fetch->out->doubt = "a record could not even be told by its id: nobody is removed";
	return (0);
}

static int
fetch_element(struct fetch *fetch, enum fetch_model model, size_t at, struct err *err)
{
	const struct slice *element = &fetch->page.elements[at];
	struct err why = ERR_INIT;
	struct decoded decoded;
	int result;

	result = model == MODEL_EMPLOYEES ?
	    decode_employee(fetch->arena, &fetch->decoder, element, &decoded, &why) :
	    decode_unit(fetch->arena, &fetch->decoder, fetch_models[model].unit, element,
	    &decoded, &why);
	if (result < 0)
		return (fetch_refuse(fetch, model, at, element, &why, err));
	if (decoded.changed_at > fetch->out->upstream_at)
		fetch->out->upstream_at = decoded.changed_at;
	if (model == MODEL_EMPLOYEES) {
		fetch->out->seen++;
		fetch->out->live += !decoded.deleted;
		return (fetch_employee(fetch, &decoded, err));
	}
	if (decoded.unit.gone && !fetch->out->healthy)
		return (0);
	return (stage_put_unit(fetch->out->stage, &decoded.unit, err));
}

static int
fetch_page(struct fetch *fetch, enum fetch_model model, const struct buf *body,
    const char **next, struct err *err)
{
	size_t i;

	fetch->pages++;
	if (page_split(body->data, body->len, &fetch->page, err) < 0)
		return (err_context(err, "%s, page %" PRId64, fetch_models[model].path,
		    fetch->pages));
	for (i = 0; i < fetch->page.count; i++)
		if (fetch_element(fetch, model, i, err) < 0)
			return (-1);
	*next = decode_string(fetch->arena, &fetch->page.next);
	if (fetch->order->progress != NULL)
		fetch->order->progress(fetch->order->context, fetch_models[model].name,
		    fetch->pages, fetch->out->seen);
	return (0);
}

/* ---- all pages of a model --------------------------------------------------------------- */

static const char *
fetch_query(struct arena *arena, const struct fetch *fetch, const char *cursor)
{
	char since[CLOCK_TEXT_SIZE];
	const char *query;

	query = "page_size=250&include_deleted=true";
	if (!fetch->out->complete)
		query = arena_printf(arena, "%s&updated_after=%s", query, kombo_escape(arena,
		    clock_format(fetch->order->watermark - FETCH_OVERLAP, 3, since)));
	if (cursor != NULL)
		query = arena_printf(arena, "%s&cursor=%s", query, kombo_escape(arena, cursor));
	return (query);
}

/*
 * Fetches from the first page to the last. 0 done, 1 the model is not to be had, 2 a cursor was
 * refused (begin again), -1 failed.
 */
static int
fetch_pages(struct fetch *fetch, enum fetch_model model, struct err *err)
{
	const char *next, *query;
	const struct buf *body;
	char *cursor;
	int result;

	cursor = NULL;
	fetch->pages = 0;
	do {
		arena_reset(fetch->arena);
		query = fetch_query(fetch->arena, fetch, cursor);
		result = kombo_get(fetch->kombo, fetch_models[model].path, query, &body, err);
		if (result < 0 && cursor != NULL && err->code == ERR_KOMBO_CONFIG)
			result = 2;
		if (result != 0)
			break;
		next = NULL;
		result = fetch_page(fetch, model, body, &next, err);
		if (result < 0 || next == NULL || next[strspn(next, " \t\r\n")] == '\0')
			break;
		if (cursor != NULL && strcmp(cursor, next) == 0) {
			result = err_set(err, ERR_KOMBO_ANSWER, "%s gives the same cursor again: "
			    "the listing would never end", fetch_models[model].path);
			break;
		}
		mem_free(&cursor);
		cursor = mem_dup(next);
	} while (result == 0);
	mem_free(&cursor);
	return (result);
}

static int
fetch_model(struct fetch *fetch, enum fetch_model model, struct err *err)
{
	unsigned int attempt;
	int result;

	if (model != MODEL_EMPLOYEES)
		fetch->out->model_whole[model] = fetch->out->complete && fetch->out->healthy;
	for (attempt = 0;; attempt++) {
		if (model == MODEL_EMPLOYEES)
			fetch->out->seen = fetch->out->live = 0;
		result = fetch_pages(fetch, model, err);
		if (result != 2)
			break;
		if (attempt == FETCH_RESTARTS)
			return (-1);
	}
	if (result == 1 && model == MODEL_EMPLOYEES)
		return (-1);
	if (result == 1) {
		fetch->out->model_whole[model] = false;
		fetch_problem(fetch, model, "", "model-not-available", err->text);
		err_clear(err);
		return (0);
	}
	return (result);
}

/* ---- the run ------------------------------------------------------------------------------ */

static int
fetch_start(struct fetch *fetch, const char *path, struct err *err)
{
	const struct fetch_order *order = fetch->order;
	const struct kombo_options options = {
		.api = conf_text(&order->source->set, CONF_API),
		.key = order->key,
		.integration = conf_text(&order->source->set, CONF_INTEGRATION),
		.timeout = conf_number(&order->conf->set, CONF_TIMEOUT),
		.retry_for = conf_number(&order->conf->set, CONF_RETRY_FOR),
		.cancel = order->cancel,
	};

	fetch->decoder = (struct decoder){ .source = order->source_id,
	    .modes = order->source->mode };
	if (path != NULL && db_open(path, DB_ADMIN, &fetch->db, err) < 0)
		return (-1);
	if (stage_open(&fetch->out->stage, err) < 0 ||
	    kombo_open(&options, &fetch->kombo, err) < 0)
		return (-1);
	return (known_open(order->source_id != 0 ? fetch->db : NULL, order->source_id,
	    fetch->out->complete, &fetch->known, err));
}

static int
fetch_state(struct fetch *fetch, struct err *err)
{
	struct fetched *out = fetch->out;
	const char *id;
	int64_t date;

	id = conf_text(&fetch->order->source->set, CONF_INTEGRATION);
	if (integration_get(fetch->kombo, id, out->arena, &fetch->integration, err) < 0 ||
	    integration_check(&fetch->integration, err) < 0)
		return (-1);
	date = kombo_date(fetch->kombo);
	out->started = date != 0 ? date : clock_now();
	out->dated = date != 0;
	out->skew = date != 0 ? clock_now() - date : 0;
	out->tool = fetch->integration.tool;
	out->unavailable = fetch->integration.unavailable;
	out->doubt = integration_doubt(&fetch->integration);
	out->healthy = out->doubt == NULL;
	return (0);
}

static int
fetch_all(struct fetch *fetch, struct err *err)
{
	size_t i;

	if (fetch_state(fetch, err) < 0)
		return (-1);
	step_done(STEP_STATE);
	for (i = 0; i < MODEL_N; i++) {
		if (fetch_model(fetch, (enum fetch_model)i, err) < 0)
			return (-1);
		step_done(fetch_models[i].step);
	}
	if (fetch->out->complete && fetch->out->healthy)
		known_absent(fetch->known, &fetch->out->absent, &fetch->out->absent_count);
	fetch->out->requests = kombo_requests(fetch->kombo);
	return (0);
}

static void
fetch_finish(struct fetch *fetch)
{
	known_close(&fetch->known);
	kombo_close(&fetch->kombo);
	db_close(&fetch->db);
	page_close(&fetch->page);
	arena_close(&fetch->arena);
}

int
fetch_run(const struct fetch_order *order, const char *path, struct fetched **fetched,
    struct err *err)
{
	struct fetch fetch = { .order = order, .page = PAGE_INIT };
	int result;

	fetch.out = mem_alloc(sizeof(*fetch.out));
	fetch.out->arena = arena_open();
	fetch.out->complete = order->watermark == 0;
	fetch.arena = arena_open();
	result = fetch_start(&fetch, path, err);
	if (result == 0)
		result = fetch_all(&fetch, err);
	fetch_finish(&fetch);
	if (result < 0)
		fetched_close(&fetch.out);
	*fetched = fetch.out;
	return (result);
}

void
fetched_close(struct fetched **fetched)
{
	if (*fetched == NULL)
		return;
	stage_close(&(*fetched)->stage);
	mem_free(&(*fetched)->absent);
	mem_free(&(*fetched)->problems);
	arena_close(&(*fetched)->arena);
	mem_free(fetched);
}

/* ---- source test ---------------------------------------------------------------------------- */

static int
fetch_probe_key(struct fetch *fetch, struct buf *report, struct err *err)
{
	const char *environment;
	const struct buf *body;
	json_t *root;

	if (kombo_get(fetch->kombo, "/check-api-key", "", &body, err) != 0)
		return (-1);
	root = json_loadb(body->data, body->len, 0, NULL);
	environment = json_string_value(json_object_get(json_object_get(root, "data"),
	    "environment_id"));
	buf_printf(report, "API key       accepted%s%s\n", environment != NULL ?
	    ", environment " : "", environment != NULL ? environment : "");
	json_decref(root);
	return (0);
}

static int
fetch_probe_models(struct fetch *fetch, struct buf *report, struct err *err)
{
	const struct buf *body;
	size_t i;
	int result;

	for (i = 0; i < MODEL_N; i++) {
		result = kombo_get(fetch->kombo, fetch_models[i].path, "page_size=1", &body, err);
		if (result < 0)
			return (-1);
		buf_printf(report, "%-13s %s\n", fetch_models[i].name,
		    result == 0 ? "readable" : "not available");
		if (result == 1 && i == MODEL_EMPLOYEES)
			return (-1);
	}
	return (0);
}

int
fetch_probe(const struct fetch_order *order, struct buf *report, struct err *err)
{
	struct fetch fetch = { .order = order, .page = PAGE_INIT };
	int result;

	fetch.out = mem_alloc(sizeof(*fetch.out));
	fetch.out->arena = arena_open();
	fetch.arena = arena_open();
	result = fetch_start(&fetch, NULL, err);
	if (result == 0)
		result = fetch_probe_key(&fetch, report, err);
	if (result == 0)
		result = fetch_state(&fetch, err);
	if (fetch.integration.tool != NULL)
		buf_printf(report, "HR system     %s (%s), %s, setup %s\n",
		    fetch.integration.tool, fetch.integration.organization,
		    fetch.integration.status, fetch.integration.setup);
	if (result == 0) {
		buf_printf(report, "clock         %+.1f s against Kombo's\n",
		    (double)fetch.out->skew / (double)CLOCK_SECOND);
		result = fetch_probe_models(&fetch, report, err);
	}
	if (fetch.out->doubt != NULL)
		buf_printf(report, "attention     %s\n", fetch.out->doubt);
	fetch_finish(&fetch);
	fetched_close(&fetch.out);
	return (result);
}
