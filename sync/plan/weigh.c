/*
 * Owns the tally of a plan. While people are judged a mark learns only whether there is anything
 * to weigh (weigh_note); whoever there is, is loaded once more at the end. So a plan that does
 * little costs nothing, and what is counted is what is published.
 */
#include "config.h"

#include "sync/plan/weigh.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "rules/gate.h"
#include "store/person.h"
#include "store/record.h"
#include "store/served.h"
#include "store/source.h"
#include "sync/plan/weigh_inside.h"

#define WEIGH_TOLD	4		/* classes that a message names */
#define WEIGH_DAY	CLOCK_DAY	/* removals count together (rulings F3) */

/* ---- the tally -------------------------------------------------------------------------------- */

static size_t
weigh_row(struct weighing *w, enum gate_class class, size_t source, const char *subject,
    int64_t group)
{
	struct weigh_row *row;
	uint64_t *slot;

	slot = map_at(&w->by_key, hash64_seed(subject, strlen(subject),
	    (uint64_t)class * BOOK_VIEWS_MAX * 1024 + source) + (uint64_t)group, UINT64_MAX);
	if (*slot != UINT64_MAX)
		return ((size_t)*slot);
	row = mem_grow(&w->rows, w->row_count, &w->row_room, sizeof(*row));
	*row = (struct weigh_row){ .class = class, .source = source, .group = group,
	    .subject = subject };
	*slot = w->row_count;
	return (w->row_count++);
}

void
weigh_count(struct weighing *w, const struct weigh_hit *hit)
{
	struct weigh_item *item;
	size_t row;

	row = weigh_row(w, hit->class, hit->source, hit->class == GATE_NULLS ||
	    hit->class == GATE_UNMATCHED ? hit->subject : "", hit->group);
	w->rows[row].number++;
	item = mem_grow(&w->items, w->item_count++, &w->item_room, sizeof(*item));
	*item = (struct weigh_item){ .row = (uint32_t)row, .mark = hit->mark,
	    .subject = hit->subject, .old = hit->old, .new = hit->new };
}

/* ---- of a whole source --------------------------------------------------------------------------- */

static int
weigh_snapshot(struct weighing *w, struct err *err)
{
	const struct plan_order *order = w->plan->order;
	enum gate_class class;
	int64_t before;
	char name[WEIGH_META_SIZE];

	if (order->fetched == NULL || !order->fetched->complete)
		return (0);
	if (meta_number(w->plan->db, weigh_meta(order->source, name), &before, err) < 0)
		return (-1);
	class = gate_snapshot(order->fetched->live, before);
	if (class == GATE_N)
		return (0);
	weigh_count(w, &(struct weigh_hit){ .class = class, .mark = MARK_NONE,
	    .source = weigh_source(w->plan, order->source), .subject = "" });
	w->rows[w->row_count - 1].number = order->fetched->live;
	w->rows[w->row_count - 1].base = before;
	return (0);
}

/* ---- allowances -------------------------------------------------------------------------------------- */

/* How many values of a field there are in a source; counting ends at `enough`. */
static int
weigh_values(struct weighing *w, const struct weigh_row *row, int64_t enough, int64_t *count,
    struct err *err)
{
	const struct field *field;
	struct employee employee;
	size_t id;
	int result;

	*count = 0;
	for (id = 0; id < FIELD_N; id++) {
		field = field_get((enum field_id)id);
		if (strcmp(field->name, row->subject) == 0)
			break;
	}
	employee_walk(w->plan->db);
	while ((result = employee_next(w->plan->db, &employee, err)) > 0)
		if (employee.source == w->plan->book->sources[row->source].id &&
		    !employee.gone && employee.value[id] != NULL && ++*count >= enough)
			break;
	employee_walk(w->plan->db);	/* leaves no walk open */
	return (result < 0 ? -1 : 0);
}

static int
weigh_base(struct weighing *w, struct weigh_row *row, int64_t enough, struct err *err)
{
	const struct book_source *source = &w->plan->book->sources[row->source];

	if (row->class == GATE_NULLS)
		return (weigh_values(w, row, enough, &row->base, err));
	return (base_people(w->plan->db, source->conf->name, enough, &row->base, err));
}

/* The most members that a view shows of a group. */
static int
weigh_members(struct weighing *w, int64_t group, int64_t *members, struct err *err)
{
	struct group_shown_row rows[BOOK_VIEWS_MAX];
	size_t count, i;

	*members = 0;
	if (group_shown_list(w->plan->db, group, rows, BOOK_VIEWS_MAX, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++)
		if (rows[i].members > *members)
			*members = rows[i].members;
	return (0);
}

static int
weigh_group_row(struct weighing *w, struct weigh_row *row, const struct conf_limit *limit,
    struct err *err)
{
	struct grp_row group;
	int64_t members;
	int result;

	if (weigh_members(w, row->group, &members, err) < 0)
		return (-1);
	row->tripped = !gate_group_passes(limit, members, row->number, &row->allowance);
	if (!row->tripped)
		return (0);
	result = grp_get(w->plan->db, row->group, w->out->arena, &group, err);
	row->subject = result > 0 ? group.cn : "";
	return (result < 0 ? -1 : 0);
}

static int
weigh_row_trips(struct weighing *w, struct weigh_row *row, struct err *err)
{
	const struct book_source *source = &w->plan->book->sources[row->source];
	struct conf_limit limit;
	int64_t wanted;

	if (gate_class_blocks(row->class)) {
		row->tripped = true;
		return (0);
	}
	limit = gate_limit(&source->conf->set, row->class);
	if (row->class == GATE_MEMBERS)
		return (weigh_group_row(w, row, &limit, err));
	if (row->class == GATE_REMOVALS && removal_sum(w->plan->db, source->id,
	    w->plan->order->now - WEIGH_DAY, &row->earlier, err) < 0)
		return (-1);
	wanted = gate_base_wanted(&limit, row->number + row->earlier);
	if (wanted == 0)
		return (0);
	if (weigh_base(w, row, wanted, err) < 0)
		return (-1);
	row->allowance = gate_allowance(&limit, row->base);
	row->tripped = row->number + row->earlier > row->allowance;
	return (0);
}

static int
weigh_judge(struct weighing *w, struct err *err)
{
	struct weigh_removals *removals;
	struct weigh_row *row;
	size_t i;

	for (i = 0; i < w->row_count; i++) {
		row = &w->rows[i];
		if (weigh_row_trips(w, row, err) < 0)
			return (-1);
		if (row->class != GATE_REMOVALS)
			continue;
		removals = mem_grow(&w->out->removals, w->out->removal_count++,
		    &w->out->removal_room, sizeof(*removals));
		*removals = (struct weigh_removals){ .number = row->number,
		    .source = w->plan->book->sources[row->source].id };
	}
	return (0);
}

/* ---- what is told of it -------------------------------------------------------------------------------- */

/* The record that a new person is known by: its Kombo id, "" for somebody known. */
static int
weigh_kombo(struct weighing *w, const struct weigh_item *item, const char **kombo,
    struct err *err)
{
	struct loaded loaded;
	struct arena *arena;
	int result;

	*kombo = "";
	if (item->mark == MARK_NONE || w->plan->marks[item->mark].person != 0)
		return (0);
	arena = arena_open();
	result = plan_load(w->plan, item->mark, arena, &loaded, err);
	if (result > 0)
		*kombo = arena_dup(w->out->arena, loaded.records[0].now->kombo);
	arena_close(&arena);
	return (result < 0 ? -1 : 0);
}

static void
weigh_digest(const struct weighing *w, const struct weigh_item *item, uint8_t *digest)
{
	const struct weigh_row *row = &w->rows[item->row];
	struct buf text = BUF_INIT;

	buf_printf(&text, "%s\n%s\n%s\n%s\n", gate_class_name(row->class),
	    w->plan->book->sources[row->source].conf->name, row->subject, item->subject);
	if (item->mark != MARK_NONE)
		buf_add(&text, (const char *)w->plan->marks[item->mark].uuid.bytes, UUID_SIZE);
	buf_add(&text, (const char *)&item->old, sizeof(item->old));
	buf_add(&text, (const char *)&item->new, sizeof(item->new));
	digest_sha256(text.data, text.len, digest);
	buf_close(&text);
}

static int
weigh_tell_change(struct weighing *w, const struct weigh_item *item, struct err *err)
{
	const struct weigh_row *row = &w->rows[item->row];
	struct hold_change *change;

	change = mem_grow(&w->out->changes, w->out->change_count, &w->out->change_room,
	    sizeof(*change));
	*change = (struct hold_change){
		.source = arena_dup(w->out->arena,
		    w->plan->book->sources[row->source].conf->name),
		.class = gate_class_name(row->class),
		.subject = arena_dup(w->out->arena,
		    *row->subject != '\0' ? row->subject : item->subject),
		.person = item->mark != MARK_NONE ? w->plan->marks[item->mark].person : 0,
	};
	weigh_digest(w, item, change->digest);
	w->out->change_count++;
	return (weigh_kombo(w, item, &change->kombo, err));
}

static void
weigh_tell_class(struct weighing *w, const struct weigh_row *row)
{
	struct hold_class *class;

	class = mem_grow(&w->out->classes, w->out->class_count++, &w->out->class_room,
	    sizeof(*class));
	*class = (struct hold_class){
		.source = arena_dup(w->out->arena,
		    w->plan->book->sources[row->source].conf->name),
		.class = gate_class_name(row->class),
		.subject = arena_dup(w->out->arena, row->subject),
		.number = row->number + row->earlier,
		.allowance = gate_class_blocks(row->class) ? row->base : row->allowance,
		.earlier = row->earlier,
	};
	w->out->approvable = w->out->approvable && row->class != GATE_EMPTY;
}

static int
weigh_compare_classes(const void *a, const void *b)
{
	const struct hold_class *x = a, *y = b;
	int order;

	order = strcmp(x->source, y->source);
	if (order == 0)
		order = (int)gate_class_find(x->class) - (int)gate_class_find(y->class);
	return (order != 0 ? order : strcmp(x->subject, y->subject));
}

static int
weigh_compare_changes(const void *a, const void *b)
{
	const struct hold_change *x = a, *y = b;

	return (memcmp(x->digest, y->digest, sizeof(x->digest)));
}

/* Sorts, leaves out what is told twice, and names the plan by the rest. */
static void
weigh_name(struct weighing *w)
{
	struct weigh *out = w->out;
	struct buf text = BUF_INIT;
	uint8_t digest[DIGEST_SHA256_SIZE];
	size_t i, n;

	qsort(out->classes, out->class_count, sizeof(*out->classes), weigh_compare_classes);
	qsort(out->changes, out->change_count, sizeof(*out->changes), weigh_compare_changes);
	buf_add(&text, (const char *)w->plan->order->conf->digest, DIGEST_SHA256_SIZE);
	for (i = n = 0; i < out->change_count; i++) {
		if (n > 0 && weigh_compare_changes(&out->changes[n - 1], &out->changes[i]) == 0)
			continue;
		out->changes[n++] = out->changes[i];
		buf_add(&text, (const char *)out->changes[i].digest, DIGEST_SHA256_SIZE);
	}
	out->change_count = n;
	digest_sha256(text.data, text.len, digest);
	buf_close(&text);
	(void)digest_hex(digest, sizeof(digest), out->id);
}

static int
weigh_tell(struct weighing *w, struct err *err)
{
	size_t i;

	for (i = 0; i < w->row_count; i++)
		if (w->rows[i].tripped)
			weigh_tell_class(w, &w->rows[i]);
	if (w->out->class_count == 0)
		return (0);
	for (i = 0; i < w->item_count; i++)
		if (w->rows[w->items[i].row].tripped &&
		    weigh_tell_change(w, &w->items[i], err) < 0)
			return (-1);
	weigh_name(w);
	return (0);
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

int
plan_weigh(struct plan *plan, struct weigh **out, struct err *err)
{
	struct weighing w = { .plan = plan, .by_key = MAP_INIT };
	int result;

	*out = w.out = mem_alloc(sizeof(*w.out));
	w.out->arena = arena_open();
	w.out->approvable = true;
	result = weigh_people(&w, err);
	if (result == 0)
		result = weigh_snapshot(&w, err);
	if (result == 0)
		result = weigh_includes(&w, err);
	if (result == 0)
		result = weigh_judge(&w, err);
	if (result == 0)
		result = weigh_tell(&w, err);
	map_close(&w.by_key);
	mem_free(&w.rows);
	mem_free(&w.items);
	if (result < 0)
		weigh_close(out);
	return (result);
}

void
weigh_close(struct weigh **weigh)
{
	if (*weigh == NULL)
		return;
	mem_free(&(*weigh)->classes);
	mem_free(&(*weigh)->changes);
	mem_free(&(*weigh)->removals);
	arena_close(&(*weigh)->arena);
	mem_free(weigh);
}

bool
weigh_passes(const struct weigh *weigh)
{
	return (weigh->class_count == 0);
}

const char *
weigh_text(struct arena *arena, const struct hold_class *classes, size_t count)
{
	const struct hold_class *class;
	const char *text;
	size_t i;

	text = "";
	for (i = 0; i < count; i++) {
		if (i == WEIGH_TOLD)
			return (arena_printf(arena, "%s, and %zu more", text, count - i));
		class = &classes[i];
		text = arena_printf(arena, "%s%s%s%s%s", text, i > 0 ? ", " : "", class->class,
		    *class->subject != '\0' ? " of " : "", class->subject);
		if (!gate_class_blocks(gate_class_find(class->class)))
			text = arena_printf(arena, "%s: %" PRId64 ", at most %" PRId64
			    " pass%s", text, class->number, class->allowance,
			    class->earlier > 0 ? " in 24 hours" : "");
	}
	return (text);
}
