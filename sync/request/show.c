/*
 * Owns nothing.
 */
#include "config.h"

#include "sync/request/show.h"

#include <string.h>

#include "base/place.h"
#include "rules/gate.h"
#include "store/incoming.h"

#define SHOW_LINES 32	/* of one reason */

/* Settings that stand behind a reason without being a filter. */
static const struct {
	enum reason	reason;
	enum conf_key	key;
} show_settings[] = {
	{ REASON_NOT_RELEASED, CONF_RELEASE },
	{ REASON_BEFORE_RELEASE, CONF_RELEASE },
	{ REASON_DEPARTED, CONF_END_DATE_IS },
};

json_t *
show_views(const struct book *book, uint32_t views)
{
	json_t *list;
	size_t i;

	list = json_array();
	for (i = 0; i < book->view_count; i++)
		if ((views & UINT32_C(1) << i) != 0)
			(void)json_array_append_new(list,
			    json_string(book->views[i].conf->name));
	return (list);
}

const char *
show_dn(struct arena *arena, const struct conf *conf, const char *uid)
{
	return (arena_printf(arena, "uid=%s,ou=people,%s", uid,
	    conf_view_suffix(conf, "ldap")));
}

static void
show_add_line(struct arena *arena, json_t *lines, const struct conf_item *item)
{
	if (item->line != 0)
		(void)json_array_append_new(lines, json_string(arena_printf(arena, "%s:%u",
		    item->file, item->line)));
}

static json_t *
show_lines(struct arena *arena, const struct plan_item *item, enum reason reason)
{
	const struct conf_item *items[SHOW_LINES];
	const struct conf_list *list;
	json_t *lines;
	size_t count, i;

	lines = json_array();
	count = scope_explain(item->record->source->scope, &item->record->facts, reason, items,
	    SHOW_LINES);
	for (i = 0; i < count && i < SHOW_LINES; i++)
		show_add_line(arena, lines, items[i]);
	for (i = 0; i < sizeof(show_settings) / sizeof(show_settings[0]); i++) {
		if (show_settings[i].reason != reason)
			continue;
		list = conf_list(&item->record->source->conf->set, show_settings[i].key);
		if (list->count > 0)
			show_add_line(arena, lines, &list->items[0]);
	}
	return (lines);
}

json_t *
show_reasons(struct arena *arena, const struct plan_item *item, uint32_t source)
{
	uint32_t reasons;
	json_t *list;
	size_t i;

	list = json_array();
	reasons = item->reasons | (item->included ? 0 : source);
	for (i = 0; i < REASON_N; i++) {
		if ((reasons & REASON_BIT(i)) == 0)
			continue;
		(void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "code",
		    reason_code((enum reason)i), "text", reason_text((enum reason)i), "advice",
		    reason_advice((enum reason)i), "lines",
		    show_lines(arena, item, (enum reason)i)));
	}
	return (list);
}

json_t *
show_item(struct arena *arena, const struct plan_item *item, uint32_t source)
{
	const struct verdict *verdict = item->verdict;
	const char *dn;

	dn = item->uid != NULL && item->included ? show_dn(arena, item->book->conf, item->uid) :
	    NULL;
	return (json_pack("{s:s, s:o, s:s, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "record", item->record->now->kombo, "name",
	    request_string(verdict->value[FIELD_DISPLAY_NAME]), "source",
	    item->record->source->conf->name, "mail",
	    request_string(verdict->value[FIELD_WORK_EMAIL]), "employee_number",
	    request_string(item->record->now->value[FIELD_EMPLOYEE_NUMBER]), "status",
	    status_name(verdict->status), "verdict", item->included ? "Included" : "Excluded",
	    "reasons", show_reasons(arena, item, source), "conditions",
	    json_string(conditions_join(arena, verdict->conditions)), "views",
	    show_views(item->book, verdict->views), "uid", request_string(item->uid), "dn",
	    request_string(dn), "id", item->included ? request_uuid(item->uuid) : json_null()));
}

json_t *
show_class(const struct hold_class *class)
{
	const enum gate_class id = gate_class_find(class->class);

	return (json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:s}", "source", class->source,
	    "class", class->class, "subject", class->subject, "number",
	    (json_int_t)class->number, "allowance", (json_int_t)class->allowance, "earlier",
	    (json_int_t)class->earlier, "text", id == GATE_N ? "" : gate_class_text(id),
	    "advice", id == GATE_N ? "" : gate_class_advice(id)));
}

json_t *
show_problem(const struct problem_row *row)
{
	return (json_pack("{s:s, s:s, s:s, s:s}", "model", row->model, "record", row->kombo,
	    "code", row->code, "detail", row->detail));
}

const char *
show_plain(struct arena *arena, enum field_id id, const char *value)
{
	enum field_kind kind = field_get(id)->kind;
	struct place place;
	const char *lines;

	if (mode_veiled(value))
		return ("(not kept)");
	if (value == NULL || (kind != KIND_PLACE && kind != KIND_ADDRESS))
		return (value);
	place_split(arena, value, &place);
	lines = place_lines(arena, &place);
	if (place.part[PLACE_NAME] == NULL)
		return (lines);
	return (lines == NULL ? place.part[PLACE_NAME] :
	    arena_printf(arena, "%s, %s", place.part[PLACE_NAME], lines));
}

uint32_t
show_source_reasons(struct db *db, const struct source_row *row, const struct conf *conf)
{
	struct incoming_row incoming;
	struct err ignored = ERR_INIT;
	struct arena *arena;
	uint32_t reasons;

	reasons = !row->enabled || conf_source(conf, row->name) == NULL ?
	    REASON_BIT(REASON_DISABLED) : 0;
	arena = arena_open();
	if (row->id != 0 && incoming_get(db, row->id, arena, &incoming, &ignored) == 1)
		reasons |= REASON_BIT(REASON_HELD);
	arena_close(&arena);
	return (reasons);
}
