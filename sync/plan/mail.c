/*
 * Who has which work e-mail: unique among the people served (rulings A1, A11 to A13, D14).
 *
 * Everybody claims the address the values give. Where several claim one, somebody has it: who
 * had it already, else who comes first. The others lose it, and are judged again: a new person
 * is Excluded (who was added by hand stands without one, rulings F18), a known one keeps the
 * settled address, or has none when that is claimed too.
 * Each claimant only ever loses, so this ends.
 */
#include "config.h"

#include "sync/plan/people.h"

#include <string.h>

#include "store/person.h"
#include "store/record.h"

static bool
mail_claims(const struct mark *mark)
{
	return (mark->mail != NULL && mark->views != 0);
}

static bool
mail_departed(const struct mark *mark)
{
	return (mark->status == STATUS_DEPARTED);
}

/* Had it when last judged, served or not. */
static bool
mail_was_had(const struct mark *mark)
{
	return (mark->settled_mail != NULL && strcmp(mark->settled_mail, mark->mail) == 0);
}

static bool
mail_is_settled(const struct mark *mark)
{
	return (mark->shown != 0 && mail_was_had(mark));
}

/* The place of a mark's record among sources, and its remote id: the order of new records. */
static int
mail_order(struct plan *plan, const struct mark *mark, struct arena *arena, size_t *source,
    const char **remote, struct err *err)
{
	struct employee employee = { .remote = "" };
	const struct rec *rec;
	size_t i;

	*source = 0;
	*remote = "";
	if (mark->first == MARK_NONE)
		return (0);
	rec = &plan->recs[mark->first];
	if ((rec->row != 0 ? stage_get(plan->order->fetched->stage, rec->row, arena, &employee,
	    err) : employee_get(plan->db, rec->record, arena, &employee, err)) < 0)
		return (-1);
	for (i = 0; i < plan->book->source_count; i++)
		if (plan->book->sources[i].id == employee.source)
			*source = i;
	*remote = employee.remote != NULL ? employee.remote : "";
	return (0);
}

/*
 * Negative: a has the better claim; positive: b. Who is served with the address keeps it, also
 * when it is what stayed of a wish for another one.
 */
static int
mail_compare(struct plan *plan, const struct mark *a, const struct mark *b, struct err *err)
{
	const char *remote_a, *remote_b;
	size_t source_a, source_b;
	struct arena *arena;
	int order;

	if (a->empty != b->empty)
		return (a->empty ? -1 : 1);	/* it cannot be judged otherwise */
	if (mail_departed(a) != mail_departed(b))
		return (mail_departed(a) ? 1 : -1);
	if (mail_is_settled(a) != mail_is_settled(b))
		return (mail_is_settled(a) ? -1 : 1);
	/* After a state was taken over nobody is served yet. */
	if (mail_was_had(a) != mail_was_had(b))
		return (mail_was_had(a) ? -1 : 1);
	if ((a->mail_ruling == MAIL_AS_IS) != (b->mail_ruling == MAIL_AS_IS))
		return (a->mail_ruling == MAIL_AS_IS ? -1 : 1);
	if (a->fresh != b->fresh)
		return (a->fresh ? 1 : -1);
	if (!a->fresh)
		return (a->person < b->person ? -1 : 1);
	arena = arena_open();
	order = 0;
	if (mail_order(plan, a, arena, &source_a, &remote_a, err) == 0 &&
	    mail_order(plan, b, arena, &source_b, &remote_b, err) == 0)
		order = source_a != source_b ? (source_a < source_b ? -1 : 1) :
		    strcmp(remote_a, remote_b);
	arena_close(&arena);
	return (order);
}

static void
mail_lose(struct plan *plan, uint32_t at, uint32_t winner)
{
	struct mark *mark = &plan->marks[at];

	if (mark->fresh && plan->order->apart) {
		mark->mail_ruling = MAIL_NONE;
	} else if (mark->fresh) {
		mark->duplicate = true;
		plan_suspect(plan, at, winner);
	} else if (mark->mail_ruling == MAIL_AS_IS && !mail_departed(mark))
		mark->mail_ruling = MAIL_PREVIOUS;
	else
		mark->mail_ruling = MAIL_NONE;
	mark->closed = false;
	plan->settling = true;
}

/* Enters a claim; on a conflict the worse claimant loses. */
static int
mail_claim(struct plan *plan, uint32_t at, struct err *err)
{
	struct mark *mark = &plan->marks[at], *other;
	uint64_t *first;
	int order;

	first = map_at(&plan->claims, hash64_text(mark->mail), MARK_NONE);
	if (*first == MARK_NONE) {
		*first = at;
		return (0);
	}
	other = &plan->marks[*first];
	if ((mail_departed(mark) && mail_departed(other)) || (mark->empty && other->empty))
		return (0);	/* two leavers may keep one address (rulings D14) */
	order = mail_compare(plan, mark, other, err);
	if (err->code != ERR_NONE)
		return (-1);
	if (order < 0) {
		mail_lose(plan, (uint32_t)*first, at);
		*first = at;
	} else {
		mail_lose(plan, at, (uint32_t)*first);
	}
	return (0);
}

struct mail_holders {
	int64_t		*ids;
	size_t		 count;
	size_t		 room;
};

static void
mail_found_holder(void *context, int64_t person)
{
	struct mail_holders *holders = context;
	int64_t *slot;

	slot = mem_grow(&holders->ids, holders->count, &holders->room, sizeof(*slot));
	*slot = person;
	holders->count++;
}

/*
 * People outside the plan who have the address until now come into it: a leaver may have to
 * give it up, and whoever is served has the better claim.
 */
static int
mail_mark_holders(struct plan *plan, const char *mail, struct err *err)
{
	struct mail_holders holders = { .count = 0 };
	uint32_t at;
	size_t i;
	int result;

	result = person_each(plan->db, PERSONS_BY_MAIL, mail, 0, mail_found_holder, &holders,
	    err);
	for (i = 0; result == 0 && i < holders.count; i++) {
		at = plan_mark(plan, holders.ids[i]);	/* which may move the marks */
		if (!plan->marks[at].judged)
			plan->settling = true;
	}
	mem_free(&holders.ids);
	return (result);
}

/*
 * True when the mark claims an address that it did not have for itself, so that others may be
 * concerned: also a leaver who had given it up and is judged again alone, or who comes back.
 */
static bool
mail_is_new(const struct mark *mark)
{
	return (mail_claims(mark) && (!mail_is_settled(mark) ||
	    (mark->old_status == STATUS_DEPARTED && !mail_departed(mark))));
}

int
plan_settle_mail(struct plan *plan, struct err *err)
{
	size_t count, i;

	count = plan->mark_count;
	for (i = 0; i < count; i++)
		if (mail_is_new(&plan->marks[i]) &&
		    mail_mark_holders(plan, plan->marks[i].mail, err) < 0)
			return (-1);
	if (plan->settling)
		return (0);	/* judge the holders first */
	for (i = 0; i < plan->mark_count; i++)
		if (mail_claims(&plan->marks[i]) && mail_claim(plan, (uint32_t)i, err) < 0)
			return (-1);
	map_close(&plan->claims);
	return (0);
}
