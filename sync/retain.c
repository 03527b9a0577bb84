/*
 * Owns nothing. Tombstones and identities go after tombstone_keep, the history after audit_keep;
 * values of people go by their own dates, in plans.
 */
#include "config.h"

#include "sync/retain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/audit.h"
#include "store/retire.h"
#include "store/served.h"

#define RETAIN_NIGHT_BEGINS	2	/* o'clock, in [server] timezone */
#define RETAIN_NIGHT_ENDS	5
#define RETAIN_LONGEST		(26 * CLOCK_HOUR)	/* no night passes without it */

struct retained {
	int64_t	tombstones;
	int64_t	people;
	int64_t	rows;		/* of the history */
};

static int
retain_people(struct db *db, int64_t before, struct retained *gone, struct err *err)
{
	struct arena *arena;
	int64_t *people;
	size_t count, i;
	int result;

	arena = arena_open();
	result = retire_list(db, before, arena, &people, &count, err);
	for (i = 0; i < count && result == 0; i++)
		result = retire_forget(db, people[i], err);
	gone->people = result == 0 ? (int64_t)count : 0;
	arena_close(&arena);
	return (result);
}

/* Told after the old history has gone: it is the first row of what stays. */
static int
retain_tell(struct db *db, const struct conf *conf, const struct retained *gone,
    struct err *err)
{
	struct audit_act act = { .made_at = clock_now(), .cause = "upkeep", .actor = "upkeep" };
	char counts[128];

	memcpy(act.conf, conf->digest, sizeof(act.conf));
	(void)snprintf(counts, sizeof(counts), "{\"tombstones\":%" PRId64 ",\"people\":%" PRId64
	    ",\"history\":%" PRId64 "}", gone->tombstones, gone->people, gone->rows);
	log_info("retention", "tombstones=%" PRId64 " people=%" PRId64 " history=%" PRId64,
	    gone->tombstones, gone->people, gone->rows);
	return (audit_note(db, &act, &(struct audit_row){ .what = "forgotten", .new = counts },
	    err));
}

/* Everything whose time is over, in one transaction; nothing is written when there is none. */
static int
retain_forget(struct db *db, const struct conf *conf, int64_t now, struct err *err)
{
	struct retained gone = { .tombstones = 0 };
	int64_t keep;

	keep = conf_number(&conf->set, CONF_TOMBSTONE_KEEP);
	if (tombstone_expire(db, now - keep, &gone.tombstones, err) < 0 ||
	    retain_people(db, now - keep, &gone, err) < 0 ||
	    audit_expire(db, now - conf_number(&conf->set, CONF_AUDIT_KEEP), &gone.rows,
	    err) < 0)
		return (-1);
	if (gone.tombstones + gone.people + gone.rows == 0)
		return (0);
	return (retain_tell(db, conf, &gone, err) < 0 ? -1 : 1);
}

static bool
retain_is_night(const struct conf *conf, struct zones *zones, int64_t now)
{
	struct zone *zone;
	int64_t hour;

	zone = zones_get(zones, conf_text(&conf->set, CONF_TIMEZONE));
	if (zone == NULL)
		return (true);
	hour = (now - zone_midnight(zone, zone_today(zone, now))) / CLOCK_HOUR;
	return (hour >= RETAIN_NIGHT_BEGINS && hour < RETAIN_NIGHT_ENDS);
}

/* What was erased is zeroed at once; writing anew gives back even the room it took. */
static int
retain_vacuum(struct db *db, const struct conf *conf, struct zones *zones, int64_t now,
    struct err *err)
{
	int64_t since, start;

	if (db_vacuum_wanted(db, &since, err) < 0)
		return (-1);
	if (since == 0 || (!retain_is_night(conf, zones, now) && now - since < RETAIN_LONGEST))
		return (0);
	start = clock_monotonic();
	if (db_vacuum(db, err) < 0)
		return (-1);
	log_info("vacuum", "ms=%" PRId64, (clock_monotonic() - start) / CLOCK_SECOND * 1000);
	return (0);
}

int
retain_work(struct db *db, const struct conf *conf, struct zones *zones, int64_t now,
    struct err *err)
{
	int result;

	db_wipe(db);
	if (db_begin(db, err) < 0)
		return (-1);
	result = retain_forget(db, conf, now, err);
	if (result > 0)
		result = db_commit(db, err);
	else
		db_rollback(db);
	return (result < 0 ? -1 : retain_vacuum(db, conf, zones, now, err));
}
