/*
 * Owns previews, held until they are compared with what was published, and memories.
 */
#include "config.h"

#include "tests/unit/plan_oracle.h"

#include "tests/unit/unit.h"

#include <string.h>

#include "store/record.h"

static bool
same(const char *a, const char *b)
{
	return (strcmp(a != NULL ? a : "-", b != NULL ? b : "-") == 0);
}

/* ---- a preview and what comes of it ------------------------------------------------------- */

struct promise {
	int64_t		 source;
	const char	*kombo;
	const char	*reasons;	/* NULL: Included */
	const char	*uid;
	struct uuid	 uuid;
};

struct preview {
	struct arena	*arena;
	struct promise	*list;
	size_t		 count;
	size_t		 room;
	struct map	 by_kombo;
};

static int
preview_found(void *context, const struct plan_item *item)
{
	struct preview *preview = context;
	struct promise *promise;
	uint64_t at, key;

	promise = mem_grow(&preview->list, preview->count, &preview->room, sizeof(*promise));
	*promise = (struct promise){
		.source = item->record->now->source,
		.kombo = arena_dup(preview->arena, item->record->now->kombo),
		.reasons = item->reasons != 0 ? reasons_join(preview->arena, item->reasons) :
		    NULL,
		.uid = arena_dup(preview->arena, item->uid),
	};
	if (item->uuid != NULL)
		promise->uuid = *item->uuid;
	if (item->included == (item->reasons != 0))
		fail_msg("acceptance 2: %s is %s and has %s", promise->kombo,
		    item->included ? "Included" : "Excluded",
		    item->reasons != 0 ? promise->reasons : "no reason");
	key = hash64_seed(promise->kombo, strlen(promise->kombo), (uint64_t)promise->source);
	if (map_get(&preview->by_kombo, key, &at))
		fail_msg("acceptance 2: %s is told twice", promise->kombo);
	map_set(&preview->by_kombo, key, preview->count++);
	return (0);
}

static void
preview_compare_one(struct house *house, const struct promise *promise, struct arena *arena)
{
	struct record_row row = { .person = 0 };
	struct err err = ERR_INIT;
	sqlite3_stmt *st;

	if (record_find(house->db, promise->source, promise->kombo, arena, &row, &err) != 1)
		fail_msg("acceptance 2: %s was told and is not known", promise->kombo);
	if (!same(row.reasons, promise->reasons))
		fail_msg("acceptance 2: %s was to be Excluded for %s, and is for %s",
		    promise->kombo, promise->reasons != NULL ? promise->reasons : "nothing",
		    row.reasons != NULL ? row.reasons : "nothing");
	if (promise->reasons != NULL)
		return;
	st = house_query(house, "SELECT uid, uuid FROM v_person WHERE id = ?1");
	stmt_bind(st, 1, "i", row.person);
	if (sqlite3_step(st) != SQLITE_ROW || !same(stmt_text(st, 0), promise->uid) ||
	    memcmp(sqlite3_column_blob(st, 1), promise->uuid.bytes, UUID_SIZE) != 0)
		fail_msg("acceptance 2: %s was to be Included as %s", promise->kombo,
		    promise->uid);
	(void)sqlite3_reset(st);
}

static void
preview_compare(struct house *house, const struct preview *preview)
{
	struct arena *arena;
	size_t i;

	arena = arena_open();
	for (i = 0; i < preview->count; i++) {
		arena_reset(arena);
		preview_compare_one(house, &preview->list[i], arena);
	}
	arena_close(&arena);
}

/* ---- what follows the HR system --------------------------------------------------------------- */

/*
 * After a complete fetch: of who is served and has not left, a continuous field says what the HR
 * system says, as far as it can be read there.
 */
static void
oracle_continuous(struct house *house, size_t source, const struct conf_source *conf)
{
	static const enum field_id fields[] = { FIELD_JOB_TITLE, FIELD_MOBILE_PHONE,
	    FIELD_EMPLOYEE_NUMBER };
	const struct hr *hr = &house->hr[source];
	const struct hr_person *person;
	sqlite3_stmt *st;
	size_t i, j;

	st = house_query(house, "SELECT v.job_title, v.mobile_phone, v.employee_number"
	    " FROM v_person v JOIN person p ON p.id = v.id JOIN record r ON r.id = p.owner"
	    " WHERE v.status <> 3 AND r.source = ?1 AND r.kombo = ?2 AND r.reasons IS NULL");
	for (i = 0; i < hr->person_count; i++) {
		person = &hr->people[i];
		if (!person->present || person->deleted)
			continue;
		stmt_bind(st, 1, "it", hr->source, person->kombo);
		if (sqlite3_step(st) == SQLITE_ROW)
			for (j = 0; j < ROWS(fields); j++)
				if (conf->mode[fields[j]] == MODE_CONTINUOUS &&
				    *person->text[fields[j]] != '\0' &&
				    (person->invalid & UINT32_C(1) << fields[j]) == 0 &&
				    !same(person->text[fields[j]], stmt_text(st, (int)j)))
					fail_msg("%s: %s is %s and served as %s", person->kombo,
					    field_get(fields[j])->name, person->text[fields[j]],
					    stmt_text(st, (int)j));
		(void)sqlite3_reset(st);
	}
}

/*
 * The same fetch again. Of whoever was erased by the first one the second finds less, and may
 * give other reasons for the same; it serves nothing else, and the third changes nothing.
 */
static void
oracle_again(struct house *house, size_t source, const struct conf_source *conf)
{
	struct plan_order order = { .due = true, .source = house->hr[source].source };
	struct fetched *fetched;

	fetched = ways_fetch(house, source, conf, true);
	order.fetched = fetched;
	if (house->report.erased > 0) {
		house_publish(house, &order);
		fetched_close(&fetched);
		if (house->report.revision != 0)
			fail_msg("acceptance 13: the same fetch twice serves something else");
		order.fetched = fetched = ways_fetch(house, source, conf, true);
	}
	if (!house_changes_nothing(house, &order))
		fail_msg("acceptance 13: the same fetch twice changes something");
	fetched_close(&fetched);
}

void
oracle_pull(struct house *house, size_t source, bool complete)
{
	struct preview preview = { .by_kombo = MAP_INIT };
	const struct conf_source *conf;
	struct plan_order order;
	struct fetched *fetched;
	bool published;

	conf = conf_source(house->conf, house->hr[source].name);
	if (conf == NULL || conf->carried)
		return;
	complete |= house->hr[source].anew || source == HR_CSV;
	fetched = ways_fetch(house, source, conf, complete);
	if (fetched == NULL)
		return;
	order = (struct plan_order){ .fetched = fetched, .due = true,
	    .gated = true, .source = house->hr[source].source };
	preview.arena = arena_open();
	house_preview(house, &order, preview_found, &preview);
	published = gate_pull(house, &order, source);
	if (published)
		preview_compare(house, &preview);
	fetched_close(&fetched);
	if (published && complete) {
		oracle_continuous(house, source, conf);
		oracle_again(house, source, conf);
	}
	map_close(&preview.by_kombo);
	mem_free(&preview.list);
	arena_close(&preview.arena);
}

/* ---- memories --------------------------------------------------------------------------------------- */

enum remembered_kind {
	REMEMBERED_PERSON,	/* who somebody is: id and uid */
	REMEMBERED_RECORD,	/* whose a record is, known by its remote id */
	REMEMBERED_VALUE	/* what was imported once, or set by hand */
};

struct remembered {
	enum remembered_kind	 kind;
	uint64_t		 key;
	const char		*text;
	int64_t			 person;
	int64_t			 owner;
};

struct memory {
	struct arena		*arena;
	struct remembered	*list;
	size_t			 count;
	size_t			 room;
	struct map		 by_key;
};

/* Of each: a key that stays, what must stay with it, the person and the owning record. */
static const char *const memory_sql[] = {
	[REMEMBERED_PERSON] = "SELECT 'P' || id, hex(uuid) || ' ' || uid, id, owner FROM person",
	[REMEMBERED_RECORD] = "SELECT 'R' || r.source || ' ' || r.remote, r.person, r.person,"
	    " r.id FROM record r JOIN employee e ON e.id = r.id"
	    " WHERE r.person IS NOT NULL AND r.remote IS NOT NULL",
	[REMEMBERED_VALUE] = "SELECT 'V' || v.person || ' ' || p.owner || ' ' || v.field,"
	    " v.state || ' ' || coalesce(v.value, '-'), v.person, p.owner FROM value v"
	    " JOIN person p ON p.id = v.person JOIN v_person s ON s.id = v.person"
	    /* who is away is judged by the modes of today on the return (rulings C18) */
	    " WHERE s.status <> 3 AND v.state IN ('S', 'L') AND v.field NOT IN"
	    " ('manager', 'work_email')",
};

static void
memory_take(struct house *house, struct memory *memory, enum remembered_kind kind)
{
	struct remembered *slot;
	sqlite3_stmt *st;

	st = house_query(house, memory_sql[kind]);
	while (sqlite3_step(st) == SQLITE_ROW) {
		slot = mem_grow(&memory->list, memory->count, &memory->room, sizeof(*slot));
		*slot = (struct remembered){
			.kind = kind,
			.key = hash64_text(stmt_text(st, 0)),
			.text = arena_dup(memory->arena, stmt_text(st, 1)),
			.person = sqlite3_column_int64(st, 2),
			.owner = sqlite3_column_int64(st, 3),
		};
		map_set(&memory->by_key, slot->key, memory->count++);
	}
	(void)sqlite3_reset(st);
}

struct memory *
memory_open(struct house *house)
{
	struct memory *memory;

	memory = mem_alloc(sizeof(*memory));
	memory->arena = arena_open();
	memory_take(house, memory, REMEMBERED_PERSON);
	memory_take(house, memory, REMEMBERED_RECORD);
	memory_take(house, memory, REMEMBERED_VALUE);
	return (memory);
}

void
memory_close(struct memory **memory)
{
	if (*memory == NULL)
		return;
	map_close(&(*memory)->by_key);
	mem_free(&(*memory)->list);
	arena_close(&(*memory)->arena);
	mem_free(memory);
}

/* True while the person is served, has not left, and the values come from that record. */
static bool
memory_is_kept(struct house *house, const struct remembered *old)
{
	sqlite3_stmt *st;
	bool kept;

	st = house_query(house,
	    "SELECT 1 FROM person p JOIN v_person s ON s.id = p.id"
	    " WHERE p.id = ?1 AND p.owner = ?2 AND s.status <> 3");
	stmt_bind(st, 1, "ii", old->person, old->owner);
	kept = sqlite3_step(st) == SQLITE_ROW;
	(void)sqlite3_reset(st);
	return (kept);
}

static void
memory_compare_one(struct house *house, const struct remembered *old,
    const struct memory *after, enum step_kind kind)
{
	const char *now;
	uint64_t at;

	now = map_get(&after->by_key, old->key, &at) ? after->list[at].text : NULL;
	if (now != NULL && strcmp(now, old->text) == 0)
		return;
	switch (old->kind) {
	case REMEMBERED_PERSON:
		if (now != NULL || kind != STEP_ERASE)
			fail_msg("acceptance 9: somebody who was %s is %s", old->text,
			    now != NULL ? now : "nobody");
		break;
	case REMEMBERED_RECORD:
		if (now != NULL && kind != STEP_LINK)
			fail_msg("acceptance 9: a record of %s is one of %s", old->text, now);
		break;
	case REMEMBERED_VALUE:
		if (now != NULL || memory_is_kept(house, old))
			fail_msg("acceptance 5: of %lld %s was replaced by %s",
			    (long long)old->person, old->text, now);
		break;
	}
}

void
memory_compare(struct house *house, const struct memory *before, const struct memory *after,
    enum step_kind kind)
{
	bool values;
	size_t i;

	values = kind == STEP_PULL || kind == STEP_WAIT || kind == STEP_DECIDE;
	for (i = 0; i < before->count; i++)
		if (values || before->list[i].kind != REMEMBERED_VALUE)
			memory_compare_one(house, &before->list[i], after, kind);
}
