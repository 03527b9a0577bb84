/*
 * Owns the act of one plan, begun with its first row. Values are told as [privacy] audit_values
 * says; a value that was set by hand, or of a person entered by hand, and is replaced by the HR
 * system's is told whole, so that it can be set again (semantics 3.2), unless none are kept.
 */
#include "config.h"

#include "sync/plan/audit.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "store/audit.h"
#include "store/served.h"

enum audit_values { AUDIT_FULL, AUDIT_MASKED, AUDIT_NONE };	/* conf.def's choices */

struct audit {
	struct plan		*plan;
	struct audit_log	*log;		/* NULL until there is something to tell */
	enum audit_values	 values;
	int64_t			 adopted;	/* values that adoptions overwrote */
	struct buf		 text;		/* of all values of a person */
	struct arena		*arena;		/* of one call */
};

/* A row about a person; what is NULL is not told. */
struct audit_what {
	const char	*what;
	const char	*field;
	const char	*reason;
	const char	*old;
	const char	*new;
};

static const char *
audit_cause(const struct plan_order *order)
{
	if (order->fetched != NULL)
		return ("sync");
	if (order->everybody)
		return ("reload");
	return (order->people_count + order->group_count > 0 ? "decision" : "clock");
}

static const char *
audit_source(const struct plan *plan)
{
	const struct book_source *source;

	if (plan->order->fetched == NULL)
		return (NULL);
	source = book_source(plan->book, plan->order->source);
	return (source != NULL ? source->conf->name : NULL);
}

static int
audit_begin(struct audit *audit, struct err *err)
{
	const struct plan_order *order = audit->plan->order;
	struct audit_act act = {
		.made_at = clock_now(),
		.cause = audit_cause(order),
		.actor = order->actor != NULL ? order->actor : audit_cause(order),
		.source = audit_source(audit->plan),
		.run = order->run,
	};

	memcpy(act.conf, order->conf->digest, sizeof(act.conf));
	return (audit_log_open(audit->plan->db, &act, &audit->log, err));
}

static int
audit_tell(struct audit *audit, const struct mark *mark, const struct audit_what *what,
    struct err *err)
{
	if (audit->log == NULL && audit_begin(audit, err) < 0)
		return (-1);
	return (audit_log_add(audit->log, &(struct audit_row){ .person = mark->person,
	    .uuid = mark->uuid, .what = what->what, .field = what->field,
	    .reason = what->reason, .old = what->old, .new = what->new }, err));
}

/* ---- values ------------------------------------------------------------------------------ */

/* Whose values tell who somebody is, or how to reach her. */
static bool
audit_tells_who(enum field_kind kind)
{
	switch (kind) {
	case KIND_STRING:
	case KIND_EMAIL:
	case KIND_PHONE:
	case KIND_ADDRESS:
		return (true);
	case KIND_DATE:
	case KIND_STATUS:
	case KIND_TYPE:
	case KIND_PLACE:
	case KIND_ENTITY:
	case KIND_PERSON:
	case KIND_GROUP:
	case KIND_GROUPS:
		break;
	}
	return (false);
}

/* The first character, and that there is more. */
static void
audit_add_masked(struct buf *text, const char *value)
{
	size_t len;

	for (len = 1; (value[len] & 0xc0) == 0x80; len++)
		continue;
	buf_add(text, value, len);
	buf_str(text, "…");
}

/* Parts of a place or address in one line. */
static void
audit_add_plain(struct buf *text, const char *value)
{
	bool parted;

	parted = false;
	for (; *value != '\0'; value++) {
		if ((unsigned char)*value < ' ') {
			parted = true;
			continue;
		}
		if (parted && text->len > 0)
			buf_str(text, ", ");
		parted = false;
		buf_char(text, *value);
	}
}

/* A value as the history tells it; NULL for none. In the arena. */
static const char *
audit_value(struct audit *audit, enum field_id id, const char *value, bool whole)
{
	struct buf text = BUF_INIT;
	const char *told;

	if (value == NULL || *value == '\0' || audit->values == AUDIT_NONE)
		return (NULL);
	if (audit->values == AUDIT_MASKED && !whole && audit_tells_who(field_get(id)->kind))
		audit_add_masked(&text, value);
	else
		audit_add_plain(&text, value);
	told = arena_dup(audit->arena, text.data);
	buf_close(&text);
	return (told);
}

static void
audit_add_json(struct buf *text, const char *value)
{
	buf_char(text, '"');
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			buf_char(text, '\\');
		buf_char(text, *value);
	}
	buf_char(text, '"');
}

static void
audit_add_groups(struct audit *audit, const struct verdict *verdict)
{
	size_t i;

	if (verdict->group_count == 0)
		return;
	buf_str(&audit->text, audit->text.len > 1 ? ",\"groups\":[" : "\"groups\":[");
	for (i = 0; i < verdict->group_count; i++) {
		if (i > 0)
			buf_char(&audit->text, ',');
		audit_add_json(&audit->text, verdict->groups[i]->unit.name != NULL ?
		    verdict->groups[i]->unit.name : verdict->groups[i]->unit.kombo);
	}
	buf_char(&audit->text, ']');
}

/* All values of a person as one JSON object. */
static const char *
audit_all_values(struct audit *audit, const struct verdict *verdict)
{
	const char *value;
	size_t i;

	if (audit->values == AUDIT_NONE)
		return (NULL);
	buf_reset(&audit->text);
	buf_char(&audit->text, '{');
	for (i = 0; i < FIELD_N; i++) {
		value = audit_value(audit, (enum field_id)i, verdict->value[i], false);
		if (value == NULL)
			continue;
		buf_str(&audit->text, audit->text.len > 1 ? ",\"" : "\"");
		buf_str(&audit->text, field_get((enum field_id)i)->name);
		buf_str(&audit->text, "\":");
		audit_add_json(&audit->text, value);
	}
	audit_add_groups(audit, verdict);
	buf_char(&audit->text, '}');
	return (audit->text.data);
}

/* ---- differences ------------------------------------------------------------------------------ */

static bool
audit_same(const char *a, const char *b)
{
	return (a == b || (a != NULL && b != NULL && strcmp(a, b) == 0));
}

/* The first HR system of a person entered by hand, or of a file: what was there gives way. */
static bool
audit_adopted_now(const struct loaded *loaded)
{
	return ((loaded->person.flags & PERSON_BY_HAND) != 0 &&
	    (loaded->verdict.flags & PERSON_BY_HAND) == 0);
}

static int
audit_field(struct audit *audit, const struct mark *mark, const struct loaded *loaded,
    enum field_id id, const char *old, struct err *err)
{
	const struct verdict *verdict = &loaded->verdict;
	const char *new = verdict->value[id];
	bool overwrote;

	if (audit_same(old, new))
		return (0);
	overwrote = (verdict->overwrote & UINT32_C(1) << id) != 0;
	if (!overwrote && old != NULL && audit_adopted_now(loaded)) {
		overwrote = true;
		audit->adopted++;
	}
	return (audit_tell(audit, mark, &(struct audit_what){ .what = "changed",
	    .field = field_get(id)->name, .reason = overwrote ? AUDIT_OVERWRITES : NULL,
	    .old = audit_value(audit, id, old, overwrote),
	    .new = audit_value(audit, id, new, false) }, err));
}

/* Nothing that a value which is not served is made of differs from what was. */
static bool
audit_stands(const struct loaded *loaded, enum field_id id)
{
	const struct judge_record *owner = &loaded->records[loaded->verdict.owner];
	const struct held *new = &loaded->verdict.held[id], *old = &loaded->input.held[id];

	return (loaded->ids[loaded->verdict.owner] == loaded->person.owner &&
	    old->state == new->state && audit_same(old->value, new->value) &&
	    owner->was != NULL && audit_same(owner->was->value[id], owner->now->value[id]));
}

/* What was served of a field until now; of who is not served, what was held or recorded. */
static const char *
audit_old_value(const struct loaded *loaded, const struct served_person *served,
    enum field_id id)
{
	const struct judge_record *owner = &loaded->records[loaded->verdict.owner];

	if (id == FIELD_WORK_EMAIL)
		return (loaded->person.mail);	/* not always what is held: others may have it */
	if ((id == FIELD_MANAGER || served == NULL) && audit_stands(loaded, id))
		return (loaded->verdict.value[id]);
	if (served != NULL && id != FIELD_MANAGER)
		return (served->value[id]);
	if (loaded->input.held[id].state != HELD_NOTHING)
		return (loaded->input.held[id].value);
	if (id == FIELD_MANAGER && owner->was != NULL)
		return (owner->was->value[FIELD_MANAGER]);
	return (loaded->verdict.value[id]);
}

static int
audit_fields(struct audit *audit, const struct mark *mark, const struct loaded *loaded,
    struct err *err)
{
	const struct verdict *verdict = &loaded->verdict;
	struct served_person served;
	int result;
	size_t i;

	result = mark->listed && mark->views != 0 ? served_get(audit->plan->db, mark->person,
	    audit->arena, &served, err) : 0;
	for (i = 0; i < FIELD_N && result >= 0; i++) {
		/* What is off must not be told even as it goes. */
		if (i == FIELD_EMPLOYMENT_STATUS || i == FIELD_GROUPS ||
		    loaded->records[verdict->owner].source->conf->mode[i] == MODE_OFF)
			continue;
		if (audit_field(audit, mark, loaded, (enum field_id)i, audit_old_value(loaded,
		    result > 0 ? &served : NULL, (enum field_id)i), err) < 0)
			result = -1;
	}
	return (result < 0 ? -1 : 0);
}

static int
audit_status(struct audit *audit, const struct mark *mark, const struct loaded *loaded,
    struct err *err)
{
	const struct verdict *verdict = &loaded->verdict;

	if (loaded->person.status == verdict->status)
		return (0);
	return (audit_tell(audit, mark, &(struct audit_what){ .what = "status",
	    .reason = verdict->conditions != 0 ? conditions_join(audit->arena,
	    verdict->conditions) : NULL, .old = status_name(loaded->person.status),
	    .new = status_name(verdict->status) }, err));
}

/* Names of a set of views, NULL for none. */
static const char *
audit_view_names(struct audit *audit, uint32_t views)
{
	const struct book *book = audit->plan->book;
	const char *names;
	size_t i;

	names = NULL;
	for (i = 0; i < book->view_count; i++)
		if ((views & UINT32_C(1) << i) != 0)
			names = arena_printf(audit->arena, "%s%s%s", names != NULL ? names : "",
			    names != NULL ? " " : "", book->views[i].conf->name);
	return (names);
}

static int
audit_views(struct audit *audit, const struct mark *mark, const struct verdict *verdict,
    struct err *err)
{
	if (mark->views == mark->shown)
		return (0);
	return (audit_tell(audit, mark, &(struct audit_what){ .what = "views",
	    .reason = verdict->reasons != 0 ? reasons_join(audit->arena, verdict->reasons) :
	    NULL, .old = audit_view_names(audit, mark->shown),
	    .new = audit_view_names(audit, mark->views) }, err));
}

/* ---- telling ------------------------------------------------------------------------------------- */

static int
audit_created(struct audit *audit, const struct mark *mark, const struct loaded *loaded,
    struct err *err)
{
	return (audit_tell(audit, mark, &(struct audit_what){ .what = "created",
	    .reason = mark->fresh ? NULL : "returned",
	    .new = audit_all_values(audit, &loaded->verdict) }, err));
}

int
audit_person(struct audit *audit, const struct mark *mark, const struct loaded *loaded,
    struct err *err)
{
	const struct verdict *verdict = &loaded->verdict;

	arena_reset(audit->arena);
	if (mark->fresh)
		return (verdict->keep ? audit_created(audit, mark, loaded, err) : 0);
	if (verdict->keep && (loaded->person.flags & PERSON_PURGED) != 0 &&
	    audit_created(audit, mark, loaded, err) < 0)
		return (-1);
	if (audit_status(audit, mark, loaded, err) < 0 ||
	    audit_views(audit, mark, verdict, err) < 0)
		return (-1);
	if (verdict->purge && db_erased(audit->plan->db, err) < 0)
		return (-1);
	if (verdict->purge)
		return (audit_tell(audit, mark, &(struct audit_what){ .what = "purged",
		    .reason = reasons_join(audit->arena, verdict->reasons) }, err));
	if (!verdict->keep || (loaded->person.flags & PERSON_PURGED) != 0)
		return (0);
	return (audit_fields(audit, mark, loaded, err));
}

int
audit_withdrawn(struct audit *audit, const struct mark *mark, struct err *err)
{
	if (db_erased(audit->plan->db, err) < 0)
		return (-1);
	return (audit_tell(audit, mark, &(struct audit_what){ .what = "purged",
	    .old = audit_view_names(audit, mark->shown) }, err));
}

int
audit_member(struct audit *audit, const struct mark *mark, const char *group, bool joins,
    struct err *err)
{
	if (mark->fresh || mark->views == 0 || mark->shown == 0)
		return (0);
	return (audit_tell(audit, mark, &(struct audit_what){ .what = "groups",
	    .old = joins ? NULL : group, .new = joins ? group : NULL }, err));
}

static int
audit_decision(struct audit *audit, struct err *err)
{
	const struct plan_order *order = audit->plan->order;
	const struct mark *mark;

	if (order->note == NULL || order->people_count == 0)
		return (0);
	mark = &audit->plan->marks[plan_mark(audit->plan, order->people[0])];
	return (audit_tell(audit, mark, &(struct audit_what){ .what = order->note->what,
	    .field = order->note->field, .reason = order->note->reason }, err));
}

/* ---- fields that are switched off ------------------------------------------------------------- */

/* Their values leave the history too, in the transaction that erases them (semantics 3.2). */
static int
audit_erase_off(struct audit *audit, const struct book_source *source, enum field_id id,
    struct err *err)
{
	static const struct mark nobody;
	int64_t count;

	if (audit_erase_field(audit->plan->db, source->id, field_get(id)->name, &count,
	    err) < 0 || db_erased(audit->plan->db, err) < 0)
		return (-1);
	return (audit_tell(audit, &nobody, &(struct audit_what){ .what = "off",
	    .field = field_get(id)->name, .reason = source->conf->name,
	    .new = arena_printf(audit->arena, "%" PRId64, count) }, err));
}

static int
audit_switched_off(struct audit *audit, struct err *err)
{
	const struct conf *before = audit->plan->order->before;
	const struct book *book = audit->plan->book;
	const struct book_source *source;
	bool again;
	size_t i, j;

	for (i = 0; before != NULL && i < book->source_count; i++) {
		source = &book->sources[i];
		/* A file that was away meanwhile may have left values of any field. */
		again = conf_source(before, source->conf->name) == NULL;
		for (j = 0; j < FIELD_N; j++)
			if (source->conf->mode[j] == MODE_OFF &&
			    (again || source->before[j] != MODE_OFF) &&
			    audit_erase_off(audit, source, (enum field_id)j, err) < 0)
				return (-1);
	}
	return (0);
}

int
audit_open(struct plan *plan, struct audit **out, struct err *err)
{
	struct audit *audit;

	*out = audit = mem_alloc(sizeof(*audit));
	audit->plan = plan;
	audit->arena = arena_open();
	audit->values = (enum audit_values)conf_number(&plan->order->conf->set,
	    CONF_AUDIT_VALUES);
	if (audit_decision(audit, err) < 0 || audit_switched_off(audit, err) < 0) {
		audit_close(out);
		return (-1);
	}
	return (0);
}

int64_t
audit_adopted(const struct audit *audit)
{
	return (audit->adopted);
}

int
audit_end(struct audit *audit, struct err *err)
{
	return (audit_log_end(audit->log, err));
}

void
audit_close(struct audit **audit)
{
	if (*audit == NULL)
		return;
	audit_log_close(&(*audit)->log);
	buf_close(&(*audit)->text);
	arena_close(&(*audit)->arena);
	mem_free(audit);
}
