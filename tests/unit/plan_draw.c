/*
 * Owns nothing: draws configurations, such as admins try out.
 */
#include "config.h"

#include "tests/unit/plan_house.h"

#include "tests/unit/unit.h"

#include <string.h>

#define DRAW(source, words) draw_word((source), (words), ROWS(words))

/* What filters may name, and the field that must then be fetched. */
static const struct {
	const char	*key;
	enum field_id	 field;
	const char	*values[6];
} draw_filters[] = {
	{ "legal_entity", FIELD_LEGAL_ENTITY, { "acme", "Société générale", "de0-u0", "fr0-u1",
	    "ACME", "Nowhere" } },
	{ "employment_type", FIELD_EMPLOYMENT_TYPE, { "FULL_TIME", "part_time", "CONTRACT",
	    "werkstudent", "FULL_TIME", "INTERNSHIP" } },
	{ "group", FIELD_GROUPS, { "Sales", "engineering", "de0-u8", "Platform", "ops",
	    "fr0-u9" } },
	{ "location", FIELD_WORK_LOCATION, { "Berlin", "apia", "honolulu", "de0-u4", "Perth",
	    "fr0-u2" } },
};

/* A section of filters, or nothing. Adds the fields it looks at to *needed. */
static const char *
draw_section(struct draw *source, struct arena *arena, const char *name, uint32_t *needed)
{
	const char *text;
	size_t at, n;

	text = arena_printf(arena, "[%s]\n", name);
	for (n = draw(source, 3); n > 0; n--) {
		at = draw(source, ROWS(draw_filters));
		*needed |= UINT32_C(1) << draw_filters[at].field;
		text = arena_printf(arena, "%s%s = %s\n", text, draw_filters[at].key,
		    draw_filters[at].values[draw(source, 6)]);
	}
	if (strstr(name, "include") != NULL && draw_chance(source, 40))
		text = arena_printf(arena, "%smissing = include\n", text);
	return (text);
}

static const char *
draw_statuses(struct draw *source, struct arena *arena)
{
	static const char *const statuses[] = { "onboarding", "active", "offboarding",
	    "departed" };
	const char *text;
	size_t i;

	text = "statuses = active\n";
	for (i = 0; i < ROWS(statuses); i++)
		if (i != 1 && draw_chance(source, 60))
			text = arena_printf(arena, "%sstatuses = %s\n", text, statuses[i]);
	return (text);
}

static const char *
draw_views(struct draw *source, struct arena *arena, uint32_t *needed)
{
	static const char *const names[] = { "ldap", "scim", "vpn", "wiki" };
	const char *text;
	size_t i;

	text = "";
	for (i = 0; i < ROWS(names); i++) {
		if (draw_chance(source, 60))
			continue;
		text = arena_printf(arena, "%s[view/%s]\n%s", text, names[i],
		    draw_statuses(source, arena));
		if (draw_chance(source, 40))
			text = arena_printf(arena, "%s%s", text, draw_section(source, arena,
			    arena_printf(arena, "view/%s/%s", names[i],
			    draw_chance(source, 50) ? "include" : "exclude"), needed));
	}
	return (text);
}

static const char *
draw_main(struct draw *source, struct arena *arena, uint32_t *needed)
{
	static const char *const zones[] = { "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago" };
	static const char *const types[] = { "DEPARTMENT", "TEAM", "COST_CENTER" };
	static const char *const groups[] = { "Sales", "Ops", "platform", "Engineering" };
	static const char *const uids[] = { "email-localpart", "employee-number",
	    "first.last" };
	const char *text;
	size_t i;

	text = arena_printf(arena, HOUSE_MAIN "uid = %s\n", DRAW(source, uids));
	for (i = 0; i < ROWS(types); i++)
		if (draw_chance(source, 60))
			text = arena_printf(arena, "%sgroup_types = %s\n", text, types[i]);
	if (draw_chance(source, 20))
		text = arena_printf(arena, "%sexpose_group = %s\nexpose_group = %s\n", text,
		    DRAW(source, groups), DRAW(source, groups));
	if (draw_chance(source, 20))
		text = arena_printf(arena, "%shide_group = %s\n", text, DRAW(source, groups));
	text = arena_printf(arena, "%s[server]\ntimezone = %s\n[zones]\n"
	    "Apia = Pacific/Apia\nUS = Pacific/Honolulu\nBERLIN = Europe/Berlin\n", text,
	    DRAW(source, zones));
	text = arena_printf(arena, "%s[privacy]\nretain_departed = %ud\nretain_excluded = %ud\n"
	    "gone_grace = %ud\n", text, draw(source, 6), draw(source, 4), draw(source, 3));
	return (arena_printf(arena, "%s%s", text, draw_views(source, arena, needed)));
}

static const char *
draw_fields(struct draw *source, struct arena *arena, uint32_t needed)
{
	enum field_mode mode;
	const char *text;
	size_t i;

	text = "[fields]\n";
	for (i = 0; i < FIELD_N; i++) {
		mode = (enum field_mode)draw(source, MODE_N);
		if (draw_chance(source, 50) || !field_allows((enum field_id)i, mode) ||
		    ((mode == MODE_OFF || mode == MODE_LOCAL) &&
		    (needed & UINT32_C(1) << i) != 0))
			continue;
		text = arena_printf(arena, "%s%s = %s\n", text,
		    field_get((enum field_id)i)->name, field_mode_name(mode));
	}
	text = arena_printf(arena, "%s[nulls]\n", text);
	for (i = 0; i < FIELD_N; i++)
		if ((field_get((enum field_id)i)->flags & FIELD_LIVE) == 0 &&
		    draw_chance(source, 15))
			text = arena_printf(arena, "%s%s = %s\n", text,
			    field_get((enum field_id)i)->name,
			    draw_chance(source, 50) ? "keep" : "clear");
	return (text);
}

static const char *
draw_source(struct draw *source, struct arena *arena, const char *head, uint32_t needed)
{
	static const char *const releases[] = { "immediate", "start-date", "manual" };
	const char *filters, *text;

	filters = "";
	if (draw_chance(source, 25))
		filters = draw_section(source, arena, "include", &needed);
	if (draw_chance(source, 25))
		filters = arena_printf(arena, "%s%s", filters,
		    draw_section(source, arena, "exclude", &needed));
	if (draw_chance(source, 25))
		filters = arena_printf(arena, "%s%s", filters,
		    draw_section(source, arena, "hide", &needed));
	text = arena_printf(arena, "%s%s%s%s[lifecycle]\nrelease = %s\n"
	    "release_days_before = %u\nactive_before_start = %s\nend_date_is = %s\n"
	    "inactive_before_end = %s\nleave = %s\nimport_once_empty = %s\n"
	    "duplicate_email = %s\non_rehire = %s\n", head,
	    draw_chance(source, 30) ? "timezone = Asia/Kathmandu\n" : "", filters,
	    draw_fields(source, arena, needed), DRAW(source, releases), draw(source, 3),
	    draw_chance(source, 30) ? "yes" : "no",
	    draw_chance(source, 70) ? "last-day" : "first-day-off",
	    draw_chance(source, 70) ? "departed" : "offboarding",
	    draw_chance(source, 70) ? "active" : "inactive",
	    draw_chance(source, 70) ? "used-up" : "wait",
	    draw_chance(source, 50) ? "hold" : "link",
	    draw_chance(source, 70) ? "keep" : "reimport");
	return (text);
}

/* What is typed in is continuous, or off. */
static const char *
draw_hand(struct draw *source, struct arena *arena)
{
	static const enum field_id fields[] = { FIELD_JOB_TITLE, FIELD_MOBILE_PHONE,
	    FIELD_EMPLOYEE_NUMBER };
	const char *text;
	size_t i;

	text = HOUSE_LOCAL "[fields]\n";
	for (i = 0; i < ROWS(fields); i++)
		text = arena_printf(arena, "%s%s = %s\n", text, field_get(fields[i])->name,
		    draw_chance(source, 70) ? "continuous" : "off");
	return (text);
}

void
house_draw_files(struct house *house, struct arena *arena, struct house_files *files)
{
	struct draw *source = &house->draw;
	uint32_t needed;

	needed = 0;
	files->main = draw_main(source, arena, &needed);
	files->de = draw_source(source, arena, HOUSE_DE, needed);
	files->fr = draw_chance(source, 10) ? NULL :
	    draw_source(source, arena, HOUSE_FR, needed);
	files->csv = draw_chance(source, 25) ? NULL : draw_source(source, arena,
	    arena_printf(arena, HOUSE_CSV "%s\n", house_csv_path()), needed);
	files->local = draw_chance(source, 25) ? NULL : draw_hand(source, arena);
	files->main = arena_printf(arena, "%s[scim]\nuser_name = %s\n", files->main,
	    draw_chance(source, 70) ? "work-email" : "uid");
}
