/*
 * Owns nothing: walks what is served before and after a trial side by side.
 */
#include "config.h"

#include "sync/trial.h"

#include <string.h>

#include "store/person.h"
#include "store/record.h"
#include "store/served.h"
#include "store/source.h"

/* What is served of a person on one side. */
struct side {
	struct db		*db;
	struct served_person	 row;		/* at the walk's place; its texts are borrowed */
	bool			 there;
	struct shown_row	 shown[BOOK_VIEWS_MAX];
	size_t			 shown_count;
	const char		*views[BOOK_VIEWS_MAX];	/* names, by index */
	int64_t			 view_ids[BOOK_VIEWS_MAX];
	size_t			 view_count;
};

struct compare {
	struct arena	*arena;		/* of one person */
	struct side	 old;
	struct side	 new;
	int		(*found)(void *context, const struct trial_change *change);
	void		*context;
};

/* ---- one side ------------------------------------------------------------------------------- */

static void
side_found_view(void *context, const struct served_view *view)
{
	struct side *side = context;

	if (side->view_count == BOOK_VIEWS_MAX)
		return;
	side->view_ids[side->view_count] = view->id;
	side->views[side->view_count++] = mem_dup(view->name);
}

static int
side_open(struct side *side, struct db *db, struct err *err)
{
	side->db = db;
	served_walk(db);
	return (served_view_each(db, side_found_view, side, err));
}

static void
side_close(struct side *side)
{
	size_t i;

	for (i = 0; i < side->view_count; i++)
		mem_free(&side->views[i]);
}

static int
side_next(struct side *side, struct err *err)
{
	int result;

	result = served_next(side->db, &side->row, err);
	side->there = result > 0;
	return (result < 0 ? -1 : 0);
}

static int
side_load(struct side *side, bool here, struct err *err)
{
	side->shown_count = 0;
	if (!here)
		return (0);
	return (shown_list(side->db, side->row.id, side->shown, BOOK_VIEWS_MAX,
	    &side->shown_count, err));
}

/* The names of the views that show the person, a line each; NULL for none. */
static const char *
side_views(const struct side *side, struct arena *arena)
{
	const char *text;
	size_t i, j;

	text = NULL;
	for (i = 0; i < side->view_count; i++)
		for (j = 0; j < side->shown_count; j++)
			if (side->shown[j].view == side->view_ids[i])
				text = text == NULL ? arena_dup(arena, side->views[i]) :
				    arena_printf(arena, "%s\n%s", text, side->views[i]);
	return (text);
}

/* The uids of the managers that are shown, a line each; as a rule there is one. */
static const char *
side_manager(const struct side *side, struct arena *arena, struct err *err)
{
	struct person person;
	int64_t last;
	size_t i;

	last = 0;
	for (i = 0; i < side->shown_count; i++)
		if (side->shown[i].manager != 0)
			last = side->shown[i].manager;
	if (last == 0 || person_get(side->db, last, arena, &person, err) != 1)
		return (NULL);
	return (person.uid);
}

static const char *
side_groups(const struct side *side, struct arena *arena, bool here, struct err *err)
{
	struct grp_row group;
	int64_t *ids;
	const char *text;
	size_t count, i;

	text = NULL;
	if (!here || member_list(side->db, side->row.id, arena, &ids, &count, err) < 0)
		return (NULL);
	for (i = 0; i < count; i++)
		if (grp_get(side->db, ids[i], arena, &group, err) == 1)
			text = text == NULL ? group.cn :
			    arena_printf(arena, "%s\n%s", text, group.cn);
	return (text);
}

/* ---- one person ------------------------------------------------------------------------------- */

static void
compare_part(struct trial_change *change, const char *name, const char *before,
    const char *after)
{
	if (before == after || (before != NULL && after != NULL && strcmp(before, after) == 0))
		return;
	change->parts[change->part_count++] = (struct trial_part){ name, before, after };
}

/* Whether what any view shows of the person differs. */
static bool
compare_differs(const struct compare *compare)
{
	const struct side *old = &compare->old, *new = &compare->new;
	size_t i, j;

	if (old->shown_count != new->shown_count)
		return (true);
	for (i = 0; i < old->shown_count; i++) {
		for (j = 0; j < new->shown_count; j++)
			if (old->shown[i].view == new->shown[j].view)
				break;
		if (j == new->shown_count || old->shown[i].version != new->shown[j].version ||
		    old->shown[i].manager != new->shown[j].manager)
			return (true);
	}
	return (false);
}

static void
compare_fields(struct compare *compare, bool was, bool is, struct trial_change *change)
{
	const struct served_person *old = &compare->old.row, *new = &compare->new.row;
	size_t i;

	compare_part(change, "status", was ? status_name(old->status) : NULL,
	    is ? status_name(new->status) : NULL);
	compare_part(change, "active", was ? old->active ? "yes" : "no" : NULL,
	    is ? new->active ? "yes" : "no" : NULL);
	for (i = 0; i < FIELD_N; i++)
		compare_part(change, field_get((enum field_id)i)->name,
		    was ? old->value[i] : NULL, is ? new->value[i] : NULL);
}

/* Whether all that is kept of the person would go. */
static int
compare_erased(struct compare *compare, int64_t person, bool *erased, struct err *err)
{
	struct person now, was;

	*erased = false;
	if (person_get(compare->old.db, person, compare->arena, &was, err) == 1 &&
	    person_get(compare->new.db, person, compare->arena, &now, err) == 1)
		*erased = (now.flags & PERSON_PURGED) != 0 && (was.flags & PERSON_PURGED) == 0;
	return (err->code != ERR_NONE ? -1 : 0);
}

static int
compare_tell(struct compare *compare, bool was, bool is, struct err *err)
{
	const struct served_person *row = is ? &compare->new.row : &compare->old.row;
	struct trial_change change = {
		.kind = was && is ? TRIAL_CHANGES : is ? TRIAL_ENTERS : TRIAL_LEAVES,
		.uid = row->uid,
		.name = row->value[FIELD_DISPLAY_NAME],
		.source = row->source,
		.uuid = row->uuid,
	};
	struct arena *arena = compare->arena;

	compare_part(&change, "views", side_views(&compare->old, arena),
	    side_views(&compare->new, arena));
	if (change.kind == TRIAL_CHANGES)
		compare_fields(compare, was, is, &change);
	compare_part(&change, "manager", side_manager(&compare->old, arena, err),
	    side_manager(&compare->new, arena, err));
	compare_part(&change, "groups", side_groups(&compare->old, arena, was, err),
	    side_groups(&compare->new, arena, is, err));
	if (err->code != ERR_NONE || (was && compare_erased(compare, row->id, &change.erased,
	    err) < 0))
		return (-1);
	return (compare->found(compare->context, &change));
}

/* The person at the place of both walks, or of the one that is behind. */
static int
compare_person(struct compare *compare, bool was, bool is, struct err *err)
{
	arena_reset(compare->arena);
	if (side_load(&compare->old, was, err) < 0 || side_load(&compare->new, is, err) < 0)
		return (-1);
	if (compare_differs(compare) && compare_tell(compare, was, is, err) < 0)
		return (-1);
	if (was && side_next(&compare->old, err) < 0)
		return (-1);
	return (is ? side_next(&compare->new, err) : 0);
}

static int
compare_walk(struct compare *compare, struct err *err)
{
	bool is, was;
	int order;

	if (side_next(&compare->old, err) < 0 || side_next(&compare->new, err) < 0)
		return (-1);
	while (compare->old.there || compare->new.there) {
		order = !compare->old.there ? 1 : !compare->new.there ? -1 :
		    strcmp(compare->old.row.uid, compare->new.row.uid);
		was = order <= 0;
		is = order >= 0;
		if (compare_person(compare, was, is, err) < 0)
			return (-1);
	}
	return (0);
}

int
trial_compare(struct trial *trial,
    int (*found)(void *context, const struct trial_change *change), void *context,
    struct err *err)
{
	struct compare compare = { .found = found, .context = context };
	int result;

	compare.arena = arena_open();
	result = side_open(&compare.old, trial_before(trial), err);
	if (result == 0)
		result = side_open(&compare.new, trial_after(trial), err);
	if (result == 0)
		result = compare_walk(&compare, err);
	side_close(&compare.old);
	side_close(&compare.new);
	arena_close(&compare.arena);
	return (result);
}

/* ---- fields that are switched off ---------------------------------------------------------------- */

/* Stored values of a source's people by field: of records, and those held of people. */
struct erasures {
	int64_t	values[FIELD_N];
	int64_t	source;
};

static int
erasures_count(struct db *db, struct erasures *erasures, struct err *err)
{
	struct employee employee;
	size_t i;
	int result;

	employee_walk(db);
	while ((result = employee_next(db, &employee, err)) > 0)
		for (i = 0; employee.source == erasures->source && i < FIELD_N; i++)
			erasures->values[i] += employee.value[i] != NULL;
	return (result);
}

static bool
erasures_off(const struct conf_source *old, const struct conf_source *new, size_t field)
{
	return (old->mode[field] != MODE_OFF && new->mode[field] == MODE_OFF);
}

static int
erasures_source(struct trial *trial, const struct conf_source *old,
    const struct conf_source *new, int64_t values[FIELD_N], struct err *err)
{
	struct erasures erasures = { .source = 0 };
	struct source_row row;
	struct arena *arena;
	size_t i;
	int result;

	for (i = 0; i < FIELD_N && !erasures_off(old, new, i); i++)
		continue;
	memset(values, 0, FIELD_N * sizeof(*values));
	if (i == FIELD_N)
		return (0);
	arena = arena_open();
	result = source_find(trial_before(trial), new->name, arena, &row, err);
	erasures.source = row.id;
	arena_close(&arena);
	if (result <= 0 || erasures_count(trial_before(trial), &erasures, err) < 0)
		return (result < 0 || err->code != ERR_NONE ? -1 : 0);
	memcpy(values, erasures.values, sizeof(erasures.values));
	return (0);
}

int
trial_erasures(struct trial *trial, int (*found)(void *context, const char *source,
    enum field_id field, int64_t values), void *context, struct err *err)
{
	const struct conf *conf = trial_conf(trial);
	const struct conf_source *old;
	int64_t values[FIELD_N];
	size_t i, j;

	for (i = 0; i < conf->source_count; i++) {
		old = conf_source(trial_held(trial), conf->sources[i].name);
		if (old == NULL)
			continue;
		if (erasures_source(trial, old, &conf->sources[i], values, err) < 0)
			return (-1);
		for (j = 0; j < FIELD_N; j++)
			if (erasures_off(old, &conf->sources[i], j) &&
			    found(context, conf->sources[i].name, (enum field_id)j,
			    values[j]) < 0)
				return (-1);
	}
	return (0);
}
