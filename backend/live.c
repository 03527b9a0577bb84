/*
 * Owns the image of a view and the list of its clients. Threads: one writer at a time, which is
 * the follower once it runs, calls everything from live_read to live_changed; operations call
 * what begins with sight_ or ends with _sight. `lock` guards the pointer to the clients.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/live.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "backend/members.h"
#include "backend/replica.h"

struct live {
	struct naming		 naming;
	struct maker		*maker;
	struct image		*image;
	struct replica		*replica;
	char			*view;
	pthread_mutex_t		 lock;
	struct accounts		*accounts;
	atomic_bool		 doubles;	/* names were seen that compare alike */
};

/* A namespace for the UUIDs of entries that are in no HR system: the schema's arc. */
static const struct uuid live_space = { .bytes = { 0x09, 0x2f, 0x2b, 0x59, 0x39, 0x53, 0x42,
    0x99, 0xa8, 0xd9, 0x71, 0x40, 0x13, 0x86, 0xb9, 0x8f } };

static void
live_say(const struct live *live, const char *text)
{
	Debug(LDAP_DEBUG_ANY, "rollcall: %s: %s\n", live->naming.suffix.pretty.bv_val, text);
}

/* ---- entries ------------------------------------------------------------------------------- */

static void *
live_make_person(void *context, const struct image_build *build,
    const struct image_entry *entry, const struct view_person *row)
{
	struct live *live = context;
	const struct nodes *nodes;

	nodes = image_build_form(build);
	(void)entry;
	return (make_person(live->maker, nodes->accounts ? &nodes->posix : NULL, row));
}

static void *
live_make_group(void *context, const struct image_build *build,
    const struct image_entry *entry, const struct view_group *row)
{
	struct live *live = context;

	(void)build;
	(void)entry;
	return (make_group(live->maker, row));
}

static void
live_free_payload(void *context, void *payload)
{
	struct pack *pack = payload;

	(void)context;
	mem_free(&pack->members);
	mem_free(&pack);
}

static void
live_keys(void *context, const struct image_entry *entry, const struct image_entry *other,
    struct image_keys *keys)
{
	(void)context;
	make_keys(entry, other, keys);
}

static int
live_compare(void *context, unsigned int order, const struct image_entry *a,
    const struct image_entry *b)
{
	(void)context;
	return (make_compare(order, a, b));
}

static bool
live_member(void *context, unsigned int order, const struct image_entry *entry)
{
	(void)context;
	return (make_in_order(order, entry));
}

/* ---- the upper tree -------------------------------------------------------------------------- */

/*
 * Nodes stand outside the view: their UUIDs are made of their names, and they were made when
 * time began, so that neither changes.
 */
static struct image_entry *
live_node(uint32_t id, struct pack *pack)
{
	struct image_entry *entry;
	struct berval name;

	entry = mem_alloc(sizeof(*entry));
	entry->id = id;
	entry->modified = id - 1;	/* to a replica, the second of one CSN is old */
	entry->active = true;
	entry->payload = pack;
	name = pack_normal(pack, &pack->name);
	entry->uuid = uuid_named(&live_space, name.bv_val, name.bv_len);
	return (entry);
}

/* The settings outlive the nodes. */
static void
live_make_posix(struct live *live, const struct snap_settings *settings, struct nodes *nodes)
{
	nodes->posix.gid_number = snap_settings_get(settings, "posix.gid_number");
	nodes->posix.home = snap_settings_get(settings, "posix.home");
	nodes->posix.shell = snap_settings_get(settings, "posix.shell");
	nodes->accounts = types->posix && nodes->posix.gid_number != NULL &&
	    nodes->posix.home != NULL && nodes->posix.shell != NULL;
	if (nodes->posix.gid_number != NULL && !types->posix)
		live_say(live, "[posix] is on, but slapd does not know posixAccount: include "
		    "nis.schema before the database and start slapd anew");
}

static void *
live_make_nodes(void *context, const struct snap_settings *settings)
{
	struct live *live = context;
	struct nodes *nodes;
	uint32_t i;

	nodes = mem_alloc(sizeof(*nodes));
	nodes->csn = replica_base(live->replica);
	nodes->entry[0] = live_node(1, make_suffix(live->maker,
	    snap_settings_get(settings, "organization")));
	for (i = 0; i < UNIT_N; i++)
		nodes->entry[1 + i] = live_node(2 + i, make_unit(live->maker,
		    (enum naming_unit)i));
	live_make_posix(live, settings, nodes);
	return (nodes);
}

static void
live_free_nodes(void *context, void *form)
{
	struct nodes *nodes = form;
	size_t i;

	(void)context;
	for (i = 0; i < LIVE_NODES; i++) {
		mem_free(&nodes->entry[i]->payload);
		mem_free(&nodes->entry[i]);
	}
	mem_free(&nodes);
}

/* ---- taking changes in ------------------------------------------------------------------------- */

/* The suffix of a view: its own goes before that of all. */
struct live_settings {
	const char	*view;
	char		*suffix;
	uint64_t	 form;		/* hash of what shapes entries beside the view's rows */
};

static void
live_found_setting(void *context, const char *name, const char *value)
{
	struct live_settings *found = context;
	bool own;

	if (value == NULL)
		return;
	if (strcmp(name, "organization") == 0 || strncmp(name, "posix", 5) == 0)
		found->form = hash64_seed(value, strlen(value),
		    hash64_seed(name, strlen(name), found->form));
	own = strncmp(name, "suffix.", strlen("suffix.")) == 0 &&
	    strcmp(name + strlen("suffix."), found->view) == 0;
	if (!own && strcmp(name, "suffix") != 0)
		return;
	if (own)
		mem_free(&found->suffix);
	if (found->suffix == NULL)
		found->suffix = mem_dup(value);
}

/* The view's own suffix must be the one that slapd serves. */
static int
live_check_suffix(struct live *live, const struct db *db, const char *suffix, struct err *err)
{
	struct berval given, normal;
	bool same;

	if (suffix == NULL)
		return (0);
	ber_str2bv(suffix, 0, 0, &given);
	same = dnNormalize(0, NULL, NULL, &given, &normal, NULL) == LDAP_SUCCESS;
	if (same) {
		same = bvmatch(&normal, &live->naming.suffix.normal);
		slap_sl_free(normal.bv_val, NULL);
	}
	if (!same)
		(void)err_set(err, ERR_CONFIG, "%s serves the suffix \"%s\", but slapd's "
		    "database has \"%s\": make [directory] suffix in rollcall.conf, or that of "
		    "[view/%s], and suffix in slapd's configuration the same", db_path(db),
		    suffix, live->naming.suffix.pretty.bv_val, live->view);
	return (same ? 0 : -1);
}

static int
live_read_settings(struct live *live, struct db *db, uint64_t *form, struct err *err)
{
	struct live_settings found = { .view = live->view };
	int result;

	result = view_settings(db, live_found_setting, &found, err);
	if (result == 0)
		result = live_check_suffix(live, db, found.suffix, err);
	*form = found.form;
	mem_free(&found.suffix);
	return (result);
}

static int
live_read(void *context, struct db *db, struct err *err)
{
	struct live *live = context;
	struct accounts *accounts, *old;
	uint64_t form;

	if (live_read_settings(live, db, &form, err) < 0 ||
	    replica_read(live->replica, db, form, err) < 0 ||
	    accounts_read(db, live->view, live->maker, &accounts, err) < 0)
		return (-1);
	(void)pthread_mutex_lock(&live->lock);
	old = live->accounts;
	live->accounts = accounts;
	(void)pthread_mutex_unlock(&live->lock);
	accounts_let_go(&old);
	return (0);
}

/* The first person or group of a name. */
static const struct image_entry *
live_holder(const struct image_snap *snap, const struct berval *normal)
{
	const struct image_entry *entry;
	struct cow_cursor cursor;
	const struct pack *pack;
	struct berval name;
	uint32_t id;

	snap_key_open(&cursor, snap, SET_EQUAL, make_name_key(normal));
	while (snap_key_next(&cursor, &id)) {
		entry = snap_entry(snap, id);
		pack = entry->payload;
		name = pack_normal(pack, &pack->name);
		if (bvmatch(&name, normal))
			return (entry);
	}
	return (NULL);
}

/*
 * The publisher gives no name twice; should two compare alike all the same, lookups begin to
 * tell them apart.
 */
static void
live_check_name(struct live *live, const struct image_snap *snap,
    const struct image_entry *entry)
{
	const struct pack *pack = entry->payload;
	struct berval name, other;
	struct cow_cursor cursor;
	unsigned int alike;
	uint32_t id, key;

	name = pack_normal(pack, &pack->name);
	key = make_name_key(&name);
	if (atomic_load(&live->doubles) || snap_key_count(snap, SET_EQUAL, key) < 2)
		return;
	alike = 0;
	snap_key_open(&cursor, snap, SET_EQUAL, key);
	while (snap_key_next(&cursor, &id)) {
		pack = snap_entry(snap, id)->payload;
		other = pack_normal(pack, &pack->name);
		alike += bvmatch(&name, &other);
	}
	if (alike < 2)
		return;
	atomic_store(&live->doubles, true);
	live_say(live, "two entries have names that compare alike: one of them is not shown");
}

static void
live_finish_entry(const struct image_snap *snap, const struct image_entry *entry)
{
	struct pack *pack = entry->payload;

	if (pack->role == ROLE_GROUP)
		pack->members = members_make(snap, entry->id);
}

/* Of two names that compare alike, one is written otherwise than it is compared. */
static void
live_finish_all(struct live *live, const struct image_snap *snap, uint32_t first)
{
	const struct image_entry *entry;
	const struct pack *pack;
	uint32_t id;

	for (id = first; (entry = snap_next(snap, &id)) != NULL; id++) {
		live_finish_entry(snap, entry);
		pack = entry->payload;
		if (pack->name.normal_len != PACK_SAME)
			live_check_name(live, snap, entry);
	}
}

/* The entries of a new snapshot are finished here, before anybody sees it. */
static void
live_changed(void *context, const struct image_snap *old, const struct image_snap *new,
    const uint32_t *ids, size_t count)
{
	const struct image_entry *entry;
	struct live *live = context;
	struct arena *arena;
	const char *refused;
	size_t i;

	if (old == NULL) {
		live_finish_all(live, new, 0);
		live_finish_all(live, new, IMAGE_GROUP);
	}
	for (i = 0; i < count; i++) {
		entry = snap_entry(new, ids[i]);
		if (entry == NULL)
			continue;
		live_finish_entry(new, entry);
		live_check_name(live, new, entry);
	}
	replica_changed(live->replica, old == NULL, ids, count);
	arena = arena_open();
	refused = make_refused(live->maker, arena);
	if (refused != NULL)
		live_say(live, arena_printf(arena, "values left out because LDAP's syntax "
		    "refuses them: %s", refused));
	arena_close(&arena);
}

static void
live_looked(void *context)
{
	struct live *live = context;

	replica_looked(live->replica, live->image);
}

static uint64_t
live_rank(void *context, unsigned int order, const struct image_entry *entry)
{
	(void)context;
	return (make_rank(order, entry));
}

static void
live_report(void *context, enum log_level level, const char *text)
{
	(void)level;
	live_say(context, text);
}

static const struct image_ops live_ops = {
	.sets = SET_N,
	.orders = ORDER_N,
	.make_form = live_make_nodes,
	.free_form = live_free_nodes,
	.make_person = live_make_person,
	.make_group = live_make_group,
	.free_payload = live_free_payload,
	.keys = live_keys,
	.compare = live_compare,
	.member = live_member,
	.rank = live_rank,
	.report = live_report,
	.changed = live_changed,
	.read = live_read,
	.looked = live_looked,
};

/* ---- opening and closing ------------------------------------------------------------------------- */

int
live_open(const char *path, const char *view, BackendDB *be, struct live **out,
    struct err *err)
{
	struct live *live;

	live = mem_alloc(sizeof(*live));
	if (naming_open(&live->naming, &be->be_suffix[0], &be->be_nsuffix[0], err) < 0) {
		mem_free(&live);
		return (-1);
	}
	live->maker = maker_open(&live->naming);
	live->view = mem_dup(view);
	(void)pthread_mutex_init(&live->lock, NULL);
	live->replica = replica_open(live, be, path, live->view);
	live->image = image_open(path, live->view, &live_ops, live);
	*out = live;
	return (0);
}

void
live_close(struct live **out)
{
	struct live *live = *out;

	if (live == NULL)
		return;
	replica_stop(live->replica, live->image);
	image_close(&live->image);
	replica_close(&live->replica);
	accounts_let_go(&live->accounts);
	maker_close(&live->maker);
	naming_close(&live->naming);
	(void)pthread_mutex_destroy(&live->lock);
	mem_free(&live->view);
	mem_free(out);
}

int
live_load(struct live *live, struct err *err)
{
	return (image_load(live->image, err));
}

int
live_start(struct live *live, struct err *err)
{
	if (image_start(live->image, err) < 0)
		return (-1);
	replica_reserve(live->replica);
	return (0);
}

void
live_state(struct live *live, struct image_state *state)
{
	image_state(live->image, state);
}

const struct naming *
live_naming(const struct live *live)
{
	return (&live->naming);
}

const char *
live_view(const struct live *live)
{
	return (live->view);
}

void
live_asked_csn(struct live *live, const char *csn)
{
	replica_asked(live->replica, csn);
}

size_t
live_oldest_csn(struct live *live, char text[STAMP_CSN_SIZE])
{
	return (replica_oldest(live->replica, text));
}

/* ---- what operations see ---------------------------------------------------------------------------- */

bool
live_open_sight(struct live *live, struct sight *sight)
{
	*sight = (struct sight){ .live = live };
	if (live == NULL || image_expired(live->image))
		return (false);
	sight->snap = image_acquire(live->image);
	if (sight->snap == NULL)
		return (false);
	sight->naming = &live->naming;
	sight->nodes = snap_form(sight->snap);
	return (true);
}

void
live_close_sight(struct sight *sight)
{
	accounts_let_go(&sight->accounts);
	if (sight->snap != NULL)
		image_release(sight->live->image, sight->snap);
	sight->snap = NULL;
}

const struct accounts *
sight_accounts(struct sight *sight)
{
	if (sight->accounts == NULL) {
		(void)pthread_mutex_lock(&sight->live->lock);
		sight->accounts = accounts_hold(sight->live->accounts);
		(void)pthread_mutex_unlock(&sight->live->lock);
	}
	return (sight->accounts);
}

const struct image_entry *
sight_find(struct sight *sight, const struct berval *normal)
{
	const struct account *account;
	enum naming_unit unit;
	enum role role;

	if (!naming_place(sight->naming, normal, &role, &unit))
		return (NULL);
	switch (role) {
	case ROLE_SUFFIX:
		return (sight->nodes->entry[0]);
	case ROLE_UNIT:
		return (sight->nodes->entry[1 + unit]);
	case ROLE_PERSON:
	case ROLE_GROUP:
		return (live_holder(sight->snap, normal));
	case ROLE_SERVICE:
		account = accounts_find(sight_accounts(sight), normal);
		return (account != NULL ? account->entry : NULL);
	case ROLE_N:
		break;
	}
	return (NULL);
}

const struct role_classes *
sight_classes(const struct sight *sight, enum role role)
{
	if (role == ROLE_SUFFIX && sight->naming->first == SLOT_O)
		return (&types->suffix_o);
	if (role == ROLE_SUFFIX && sight->naming->first == SLOT_OU)
		return (&types->suffix_ou);
	if (role == ROLE_PERSON && sight->nodes->accounts)
		return (&types->account);
	return (&types->classes[role]);
}

bool
sight_shows(struct sight *sight, const struct image_entry *entry)
{
	const struct pack *pack = entry->payload;
	struct berval name;

	if (!atomic_load_explicit(&sight->live->doubles, memory_order_relaxed) ||
	    (pack->role != ROLE_PERSON && pack->role != ROLE_GROUP))
		return (true);
	name = pack_normal(pack, &pack->name);
	return (live_holder(sight->snap, &name) == entry);
}
