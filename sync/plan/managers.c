/*
 * Owns a cache of people outside the plan to whom somebody in it reports.
 */
#include "config.h"

#include "sync/plan/managers.h"

#include "store/record.h"
#include "store/served.h"

struct managers {
	struct plan	*plan;
	struct arena	*arena;		/* of one look-up */
	struct manager	*list;
	size_t		 count;
	size_t		 room;
	struct map	 by_person;
};

struct managers *
managers_open(struct plan *plan)
{
	struct managers *managers;

	managers = mem_alloc(sizeof(*managers));
	managers->plan = plan;
	managers->arena = arena_open();
	return (managers);
}

void
managers_close(struct managers **managers)
{
	if (*managers == NULL)
		return;
	map_close(&(*managers)->by_person);
	mem_free(&(*managers)->list);
	arena_close(&(*managers)->arena);
	mem_free(managers);
}

static uint64_t
manager_hash(const struct uuid *uuid, uint64_t name_hash)
{
	return (hash64_seed(uuid->bytes, sizeof(uuid->bytes), name_hash));
}

static void
managers_from_mark(const struct mark *mark, struct manager *manager)
{
	manager->person = mark->person;
	manager->views = mark->views;
	manager->hash = manager_hash(&mark->uuid, mark->name_hash);
}

/* A person the plan does not touch: as served until now. */
static int
managers_load(struct managers *managers, int64_t person, struct manager *manager,
    struct err *err)
{
	const struct book *book = managers->plan->book;
	struct shown_row rows[BOOK_VIEWS_MAX];
	struct served_person served;
	const char *name;
	size_t count, i, j;
	int result;

	result = served_get(managers->plan->db, person, managers->arena, &served, err);
	if (result <= 0)
		return (result);
	if (shown_list(managers->plan->db, person, rows, BOOK_VIEWS_MAX, &count, err) < 0)
		return (-1);
	name = served.value[FIELD_DISPLAY_NAME];
	manager->person = person;
	manager->hash = manager_hash(&served.uuid, name != NULL ? hash64_text(name) : 0);
	for (i = 0; i < count; i++)
		for (j = 0; j < book->view_count; j++)
			if (book->views[j].id == rows[i].view)
				manager->views |= UINT32_C(1) << j;
	return (0);
}

static int
managers_of_person(struct managers *managers, int64_t person, struct manager *manager,
    struct err *err)
{
	uint64_t *at, mark;
	struct manager *slot;

	if (map_get(&managers->plan->by_person, (uint64_t)person, &mark) &&
	    mark != MARK_NONE) {
		managers_from_mark(&managers->plan->marks[mark], manager);
		return (0);
	}
	at = map_at(&managers->by_person, (uint64_t)person, managers->count);
	if (*at == managers->count) {
		slot = mem_grow(&managers->list, managers->count++, &managers->room,
		    sizeof(*slot));
		if (managers_load(managers, person, slot, err) < 0)
			return (-1);
	}
	*manager = managers->list[*at];
	return (0);
}

int
managers_find(struct managers *managers, int64_t source, const char *kombo,
    struct manager *manager, struct err *err)
{
	struct plan *plan = managers->plan;
	struct record_row row;
	uint64_t at;
	int result;

	*manager = (struct manager){ .person = 0 };
	kombo = plan_moved(plan, source, kombo);
	if (map_get(&plan->by_kombo, plan_kombo_key(source, kombo), &at)) {
		managers_from_mark(&plan->marks[plan->recs[at].mark], manager);
		manager->known = true;
		return (0);
	}
	arena_reset(managers->arena);
	result = record_find(plan->db, source, kombo, managers->arena, &row, err);
	if (result <= 0)
		return (result);
	result = row.person == 0 ? 0 : managers_of_person(managers, row.person, manager, err);
	manager->known = true;
	return (result);
}
