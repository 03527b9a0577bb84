/*
 * Owns the attributes and the class it registers; they are slapd's until it ends. Entries are
 * made anew whenever somebody reads them, by whichever thread does.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/monitor.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "back-monitor/back-monitor.h"

#include "backend/definition.h"
#include "backend/ops.h"

#include "base/clock.h"

#define MONITOR_COUNTER "EQUALITY integerMatch ORDERING integerOrderingMatch " \
	"SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE NO-USER-MODIFICATION " \
	"USAGE dSAOperation"
/* No matching rule: values have one form. */
#define MONITOR_TEXT "SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE " \
	"NO-USER-MODIFICATION USAGE dSAOperation"

enum monitor_what {
	MONITOR_STATE, MONITOR_PEOPLE, MONITOR_GROUPS, MONITOR_REVISION, MONITOR_AGE,
	MONITOR_MEMORY, MONITOR_SEARCHES, MONITOR_HITS, MONITOR_N
};

static struct monitor_row {
	const char		*name;
	const char		*help;
	const char		*text;
	AttributeDescription	*ad;
} monitor_rows[MONITOR_N] = {
	[MONITOR_STATE] = { "rollcallState",
	    "current, or why the last good view is served, or nothing", MONITOR_TEXT, NULL },
	[MONITOR_PEOPLE] = { "rollcallPeople", "entries below ou=people", MONITOR_COUNTER, NULL },
	[MONITOR_GROUPS] = { "rollcallGroups", "entries below ou=groups", MONITOR_COUNTER, NULL },
	[MONITOR_REVISION] = { "rollcallRevision", "revision that is served", MONITOR_COUNTER,
	    NULL },
	[MONITOR_AGE] = { "rollcallAge", "seconds since rollcalld wrote into the database, or "
	    "since it could be read", MONITOR_COUNTER, NULL },
	[MONITOR_MEMORY] = { "rollcallIndexBytes", "memory of the indexes", MONITOR_COUNTER,
	    NULL },
	[MONITOR_SEARCHES] = { "rollcallSearches", "searches since slapd started",
	    MONITOR_COUNTER, NULL },
	[MONITOR_HITS] = { "rollcallHits", "entries they were answered with", MONITOR_COUNTER,
	    NULL },
};

static ObjectClass *monitor_class;

int
monitor_register(struct err *err)
{
	struct buf text = BUF_INIT, list = BUF_INIT;
	int i, result;

	result = 0;
	for (i = 0; result == 0 && i < MONITOR_N; i++) {
		buf_reset(&text);
		buf_printf(&text, "( %s.%d.%d NAME '%s' DESC '%s' %s )", definition_oid,
		    DEFINITION_MONITOR_ATTRIBUTES, i + 1, monitor_rows[i].name,
		    monitor_rows[i].help, monitor_rows[i].text);
		buf_printf(&list, "%s%s", i > 0 ? " $ " : "", monitor_rows[i].name);
		result = register_at(text.data, &monitor_rows[i].ad, 1);
		if (result == 0)
			monitor_rows[i].ad->ad_type->sat_flags |= SLAP_AT_HIDE;
	}
	buf_reset(&text);
	buf_printf(&text, "( %s.%d.1 NAME 'rollcallDatabase' SUP top AUXILIARY MAY ( %s ) )",
	    definition_oid, DEFINITION_MONITOR_CLASSES, list.data);
	if (result == 0)
		result = register_oc(text.data, &monitor_class, 1);
	if (result == 0)
		monitor_class->soc_flags |= SLAP_OC_HIDE;
	else
		result = err_set(err, ERR_CONFIG, "slapd refuses %s", text.data);
	buf_close(&text);
	buf_close(&list);
	return (result);
}

/* ---- an entry --------------------------------------------------------------------------------- */

/* When rollcalld wrote last: most of what it writes goes to the write-ahead log. */
static int64_t
monitor_written(const char *path)
{
	struct stat file, log;
	int64_t written;
	char *name;

	written = stat(path, &file) == 0 ? (int64_t)file.st_mtime : 0;
	name = mem_printf("%s-wal", path);
	if (stat(name, &log) == 0 && (int64_t)log.st_mtime > written)
		written = (int64_t)log.st_mtime;
	mem_free(&name);
	return (written * CLOCK_SECOND);
}

static int64_t
monitor_age(const struct database *database, const struct image_state *state)
{
	int64_t age, since;

	since = state->sound ? monitor_written(database->path) : state->read_at;
	if (since == 0)
		return (0);
	age = (clock_now() - since) / CLOCK_SECOND;
	return (age > 0 ? age : 0);
}

static void
monitor_set(Entry *e, enum monitor_what what, const char *text)
{
	Attribute *attribute;
	struct berval value;

	attribute = attr_find(e->e_attrs, monitor_rows[what].ad);
	if (attribute == NULL)
		return;
	ber_str2bv(text, 0, 0, &value);
	(void)ber_bvreplace(&attribute->a_vals[0], &value);
}

static void
monitor_count(Entry *e, enum monitor_what what, int64_t number)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%" PRId64, number);
	monitor_set(e, what, text);
}

static void
monitor_say_state(Entry *e, const struct image_state *state)
{
	char text[sizeof(state->err.text) + 64];

	if (state->loaded && state->sound) {
		monitor_set(e, MONITOR_STATE, "current");
		return;
	}
	(void)snprintf(text, sizeof(text), "%s: %s", state->loaded && !state->expired ?
	    "the last good view" : "unavailable", state->err.text);
	monitor_set(e, MONITOR_STATE, text);
}

static int
monitor_update(Operation *op, SlapReply *rs, Entry *e, void *private)
{
	const struct database *database = private;
	struct image_state state;
	int64_t searches, hits;
	size_t i;

	(void)op;
	(void)rs;
	if (database->live == NULL)
		return (SLAP_CB_CONTINUE);
	live_state(database->live, &state);
	searches = hits = 0;
	for (i = 0; i < DATABASE_TALLIES; i++) {
		searches += atomic_load_explicit(&database->tally[i].searches,
		    memory_order_relaxed);
		hits += atomic_load_explicit(&database->tally[i].hits, memory_order_relaxed);
	}
	monitor_say_state(e, &state);
	monitor_count(e, MONITOR_PEOPLE, (int64_t)state.people);
	monitor_count(e, MONITOR_GROUPS, (int64_t)state.groups);
	monitor_count(e, MONITOR_REVISION, state.revision);
	monitor_count(e, MONITOR_AGE, monitor_age(database, &state));
	monitor_count(e, MONITOR_MEMORY, (int64_t)state.memory);
	monitor_count(e, MONITOR_SEARCHES, searches);
	monitor_count(e, MONITOR_HITS, hits);
	return (SLAP_CB_CONTINUE);
}

/* What monitor_open added, when the database is closed while slapd runs. */
static int
monitor_free(Entry *e, void **private)
{
	struct berval values[2] = { monitor_class->soc_cname, BER_BVNULL };
	Modification mod = { .sm_op = LDAP_MOD_DELETE, .sm_numvals = 1,
	    .sm_desc = slap_schema.si_ad_objectClass, .sm_values = values };
	char room[SLAP_TEXT_BUFLEN];
	const char *text;
	size_t i;

	*private = NULL;
	(void)modify_delete_values(e, &mod, 1, &text, room, sizeof(room));
	mod.sm_values = NULL;
	mod.sm_numvals = 0;
	for (i = 0; i < MONITOR_N; i++) {
		mod.sm_desc = monitor_rows[i].ad;
		(void)modify_delete_values(e, &mod, 1, &text, room, sizeof(room));
	}
	return (SLAP_CB_CONTINUE);
}

/* ---- the life of a database -------------------------------------------------------------------- */

static monitor_extra_t *
monitor_find(void)
{
	BackendInfo *bi;

	bi = backend_info("monitor");
	return (bi != NULL ? bi->bi_extra : NULL);
}

void
monitor_init(BackendDB *be)
{
	if (monitor_find() != NULL)
		SLAP_DBFLAGS(be) |= SLAP_DBFLAG_MONITORING;
}

static Attribute *
monitor_attributes(void)
{
	struct berval nothing = BER_BVC("0");
	Attribute *first, *at;
	size_t i;

	first = at = attrs_alloc(1 + MONITOR_N);
	at->a_desc = slap_schema.si_ad_objectClass;
	(void)attr_valadd(at, &monitor_class->soc_cname, NULL, 1);
	for (i = 0; i < MONITOR_N; i++) {
		at = at->a_next;
		at->a_desc = monitor_rows[i].ad;
		(void)attr_valadd(at, &nothing, NULL, 1);
	}
	return (first);
}

void
monitor_open(BackendDB *be)
{
	struct database *database = be->be_private;
	monitor_extra_t *monitor;
	monitor_callback_t *callback;
	Attribute *attributes;

	monitor = monitor_find();
	if ((slapMode & SLAP_TOOL_MODE) != 0 || !SLAP_DBMONITORING(be) || monitor == NULL ||
	    !monitor->is_configured() ||
	    monitor->register_database(be, &database->monitor_name) != 0)
		return;
	attributes = monitor_attributes();
	callback = ch_calloc(1, sizeof(*callback));
	callback->mc_update = monitor_update;
	callback->mc_free = monitor_free;
	callback->mc_private = database;
	if (monitor->register_entry_attrs(&database->monitor_name, attributes, callback, NULL,
	    -1, NULL) == 0)
		database->monitor = callback;
	else
		ch_free(callback);
	attrs_free(attributes);
}

void
monitor_close(BackendDB *be)
{
	struct database *database = be->be_private;
	struct berval nothing = BER_BVNULL;
	monitor_extra_t *monitor;

	monitor = monitor_find();
	if (database->monitor != NULL && monitor != NULL)
		(void)monitor->unregister_entry_callback(&database->monitor_name,
		    database->monitor, &nothing, 0, &nothing);
	database->monitor = NULL;
}
