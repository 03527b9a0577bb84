/*
 * Fetches that are not to be believed (acceptance 6, 10): an HR system that delivers nobody, less
 * than half, or a field that was switched off there. All of it is well-formed.
 */
#include "config.h"

#include "tests/unit/plan_oracle.h"

#include "tests/unit/unit.h"

#include <string.h>

enum hurt { HURT_EMPTY, HURT_HALF, HURT_NULLS, HURT_DELETED, HURT_N };

static void
hurt_do(struct hr *hr, enum hurt hurt, enum field_id field)
{
	size_t i;

	for (i = 0; i < hr->person_count; i++) {
		switch (hurt) {
		case HURT_EMPTY:
			hr->people[i].present = false;
			break;
		case HURT_HALF:
			hr->people[i].present = hr->people[i].present && i % 3 == 0;
			break;
		case HURT_NULLS:
			hr_set(&hr->people[i], field, "");
			break;
		case HURT_DELETED:
		case HURT_N:
			hr->people[i].deleted = true;	/* with all values null (kombo/api.md) */
			break;
		}
	}
}

static int64_t
hurt_number(struct house *house, const char *sql, int64_t source)
{
	sqlite3_stmt *st;
	int64_t number;

	st = house_query(house, sql);
	stmt_bind(st, 1, "i", source);
	number = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_reset(st);
	return (number);
}

/* How many records the last accepted complete fetch brought, and brings now. */
static bool
hurt_must_hold(const struct hr *hr, enum hurt hurt, int64_t accepted)
{
	int64_t live;
	size_t i;

	for (i = 0, live = 0; i < hr->person_count; i++)
		live += hr->people[i].present && !hr->people[i].deleted;
	if (accepted <= 0)
		return (false);
	return (hurt == HURT_EMPTY || hurt == HURT_DELETED || (hurt == HURT_HALF &&
	    live * 2 < accepted));
}

static int64_t
hurt_titles(struct house *house, int64_t source)
{
	return (hurt_number(house, "SELECT count(*) FROM v_person v JOIN person p ON p.id = v.id"
	    " JOIN record r ON r.id = p.owner WHERE r.source = ?1 AND v.status <> 3 AND"
	    " v.job_title IS NOT NULL", source));
}

void
hurt_pull(struct house *house)
{
	const struct conf_source *conf;
	struct plan_order order = { .due = true, .gated = true };
	struct hr before, *hr;
	int64_t accepted, revision, titles;
	enum hurt hurt;
	bool passed;
	size_t at;

	at = draw(&house->draw, HR_SOURCES - 1);
	hurt = (enum hurt)draw(&house->draw, HURT_N);
	hr = &house->hr[at];
	conf = conf_source(house->conf, hr->name);
	if (conf == NULL || conf->carried)
		return;
	accepted = gate_accepted(house, hr->source);
	titles = hurt_titles(house, hr->source);
	revision = house_number(house, "SELECT value FROM meta WHERE name = 'revision'");
	before = *hr;
	hurt_do(hr, hurt, FIELD_JOB_TITLE);
	order.source = hr->source;
	order.fetched = hr_fetch(hr, conf, house->db, true, house->order);
	passed = gate_weigh(house, &order, hr->name);
	fetched_close((struct fetched **)(void *)&order.fetched);
	if (passed && hurt_must_hold(hr, hurt, accepted))
		fail_msg("acceptance 6: %s brought too few and was believed", hr->name);
	if (!passed && house_number(house, "SELECT value FROM meta WHERE name = 'revision'") !=
	    revision)
		fail_msg("acceptance 6: held, and something changed");
	if (!passed && hurt == HURT_EMPTY && gate_approve(house, hr->name))
		fail_msg("rulings A21: that nobody is left can be approved");
	if (hurt == HURT_NULLS && passed && titles - hurt_titles(house, hr->source) >
	    (titles / 5 > 10 ? titles / 5 : 10))
		fail_msg("acceptance 10: a field was switched off, and cleared");
	*hr = before;
	hr->anew = true;
}
