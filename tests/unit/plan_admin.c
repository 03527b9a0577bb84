/*
 * What admins ask for, by the requests of sync/request/ themselves: link and unlink, erase, people
 * added by hand, the end of a source whose file is gone.
 */
#include "config.h"

#include "tests/unit/plan_admin.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "sync/request/request.h"
#include "tests/unit/plan_oracle.h"

/* Asks; false when it is refused. What is broken fails the test. Takes the arguments. */
static bool
admin_ask(struct house *house, const char *name, json_t *arguments)
{
	struct request request = { .engine = house_engine(house), .actor = "test",
	    .arguments = arguments, .own = true };
	struct err err = ERR_INIT;
	json_t *result;

	assert_non_null(arguments);
	request.arena = arena_open();
	result = NULL;
	if (request_handle(&request, name, &result, &err) < 0 &&
	    (err.code == ERR_INTERNAL || err.code == ERR_DB_IO || err.code == ERR_DENIED))
		fail_msg("%s: %s", name, err.text);
	json_decref(result);
	json_decref(arguments);
	arena_close(&request.arena);
	return (err.code == ERR_NONE);
}

/* The text of a row drawn from a query that ends in LIMIT 1 OFFSET ?1; "" for none. */
static void
admin_draw(struct house *house, const char *count, const char *sql, char text[HR_TEXT * 2])
{
	sqlite3_stmt *st;
	int64_t rows;

	*text = '\0';
	rows = house_number(house, count);
	if (rows == 0)
		return;
	st = house_query(house, sql);
	stmt_bind(st, 1, "i", (int64_t)draw(&house->draw, (unsigned int)rows));
	if (sqlite3_step(st) == SQLITE_ROW)
		(void)snprintf(text, HR_TEXT * 2, "%s", stmt_text(st, 0));
	(void)sqlite3_reset(st);
}

static void
admin_person(struct house *house, char text[HR_TEXT * 2])
{
	admin_draw(house, "SELECT count(*) FROM person",
	    "SELECT lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-' || substr(h, 13, 4)"
	    " || '-' || substr(h, 17, 4) || '-' || substr(h, 21)) FROM"
	    " (SELECT id, hex(uuid) AS h FROM person) ORDER BY id LIMIT 1 OFFSET ?1", text);
}

/* As SOURCE/ID. */
static void
admin_record(struct house *house, char text[HR_TEXT * 2])
{
	admin_draw(house, "SELECT count(*) FROM record",
	    "SELECT s.name || '/' || r.kombo FROM record r JOIN source s ON s.id = r.source"
	    " ORDER BY s.name, r.kombo LIMIT 1 OFFSET ?1", text);
}

/* A record without values comes with the next complete fetch. */
static void
admin_fetch(struct house *house, const char *record)
{
	size_t i, len;

	for (i = 0; i < HR_SOURCES; i++) {
		len = strlen(house->hr[i].name);
		if (strncmp(record, house->hr[i].name, len) == 0 && record[len] == '/')
			house->hr[i].anew = true;
	}
}

bool
admin_link(struct house *house)
{
	char person[HR_TEXT * 2], record[HR_TEXT * 2];

	admin_record(house, record);
	admin_person(house, person);
	if (*record == '\0' || *person == '\0')
		return (false);
	if (draw_chance(&house->draw, 40))
		(void)admin_ask(house, "unlink", json_pack("{s:s}", "record", record));
	else
		(void)admin_ask(house, "link", json_pack("{s:s, s:s}", "record", record,
		    "person", person));
	admin_fetch(house, record);
	return (true);
}

/* ---- clients of SCIM ------------------------------------------------------------------------ */

static int64_t
admin_client(struct house *house)
{
	static const char client[] = "SELECT id FROM client WHERE name = 'scim'";

	if (house_number(house, "SELECT count(*) FROM client WHERE name = 'scim'") == 0)
		assert_true(admin_ask(house, "client.add", json_pack("{s:s, s:s, s:s}", "name",
		    "scim", "protocol", "scim", "rights", "local")));
	return (house_number(house, client));
}

static void
admin_group(struct house *house, char text[HR_TEXT * 2])
{
	admin_draw(house, "SELECT count(*) FROM v_group",
	    "SELECT lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-' || substr(h, 13, 4)"
	    " || '-' || substr(h, 17, 4) || '-' || substr(h, 21)) FROM"
	    " (SELECT id, type, hex(uuid) AS h FROM v_group) ORDER BY type <> 'LOCAL', id"
	    " LIMIT 1 OFFSET ?1", text);
}

/* A member more or less; the HR system's groups refuse it. */
static json_t *
admin_members(struct house *house, const char *person)
{
	return (json_pack("{s:[s]}", draw_chance(&house->draw, 70) ? "add" : "remove", person));
}

bool
admin_scim(struct house *house)
{
	char group[HR_TEXT * 2], person[HR_TEXT * 2];
	int64_t client;

	/* A group gets an id at random: of no use where two histories are compared. */
	if (house->compared)
		return (false);
	client = admin_client(house);
	admin_group(house, group);
	admin_person(house, person);
	if (*person == '\0')
		return (false);
	if (draw_chance(&house->draw, 20))
		(void)admin_ask(house, "scim.write", json_pack("{s:I, s:s, s:s, s:s, s:s}",
		    "client", (json_int_t)client, "type", "User", "op", "change", "id", person,
		    "external_id", draw_chance(&house->draw, 50) ? "a" : "b"));
	else if (*group == '\0' || draw_chance(&house->draw, 30))
		(void)admin_ask(house, "scim.write", json_pack("{s:I, s:s, s:s, s:{s:s}, s:o}",
		    "client", (json_int_t)client, "type", "Group", "op", "create", "fields",
		    "display_name", draw_chance(&house->draw, 50) ? "Guests" : "Visitors",
		    "members", admin_members(house, person)));
	else if (draw_chance(&house->draw, 15))
		(void)admin_ask(house, "scim.write", json_pack("{s:I, s:s, s:s, s:s}", "client",
		    (json_int_t)client, "type", "Group", "op", "remove", "id", group));
	else
		(void)admin_ask(house, "scim.write", json_pack("{s:I, s:s, s:s, s:s, s:o}",
		    "client", (json_int_t)client, "type", "Group", "op", "change", "id", group,
		    "members", admin_members(house, person)));
	return (true);
}

/* ---- erase ---------------------------------------------------------------------------------- */

/* Nothing of the person is left under her UUID. */
static void
admin_check_erased(struct house *house, const char *uuid)
{
	sqlite3_stmt *st;

	st = house_query(house, "SELECT (SELECT count(*) FROM person WHERE hex(uuid) ="
	    " upper(replace(?1, '-', ''))) + (SELECT count(*) FROM v_person WHERE hex(uuid) ="
	    " upper(replace(?1, '-', '')))");
	stmt_bind(st, 1, "t", uuid);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	if (sqlite3_column_int64(st, 0) != 0)
		fail_msg("semantics 3.12: %s was erased and is still there", uuid);
	(void)sqlite3_reset(st);
}

bool
admin_erase(struct house *house)
{
	char person[HR_TEXT * 2];
	bool returns;
	size_t i;

	admin_person(house, person);
	if (*person == '\0')
		return (false);
	returns = draw_chance(&house->draw, 40);
	if (!admin_ask(house, "erase", json_pack("{s:s, s:b}", "person", person, "return",
	    returns)))
		fail_msg("%s cannot be erased", person);
	admin_check_erased(house, person);
	if (returns)
		return (true);
	for (i = 0; i < HR_SOURCES; i++)
		oracle_pull(house, i, true);
	admin_check_erased(house, person);
	return (true);
}

/* ---- people added by hand ------------------------------------------------------------------------ */

static json_t *
admin_fields(struct draw *source)
{
	static const char *const firsts[] = { "Hedy", "Zoë", "Ада" };
	static const char *const teams[] = { "Sales", "Platform", "By hand" };
	static const char *const days[] = { "2026-09-20", "2026-09-23", "2026-09-27", "" };
	char mail[HR_TEXT], number[HR_TEXT], title[HR_TEXT];

	(void)snprintf(mail, sizeof(mail), "m%u@example.com", draw(source, 24));
	(void)snprintf(number, sizeof(number), "EN~number~%u", draw(source, 30));
	(void)snprintf(title, sizeof(title), "JT~title~%u", draw(source, 30));
	switch (draw(source, 5)) {
	case 0:
		return (json_pack("{s:s, s:s}", "first_name", draw_word(source, firsts, 3),
		    "employee_number", number));
	case 1:
		return (json_pack("{s:s, s:s}", "start_date", draw_word(source, days, 4),
		    "termination_date", draw_word(source, days, 4)));
	case 2:
		return (json_pack("{s:s, s:s}", "job_title", title, "team",
		    draw_word(source, teams, 3)));
	default:
		return (json_pack("{s:s, s:s, s:s}", "first_name", draw_word(source, firsts, 3),
		    "last_name", "Lamarr", "work_email", mail));
	}
}

bool
admin_local(struct house *house)
{
	char person[HR_TEXT * 2];

	/* Whom an admin adds gets an id at random: of no use where two histories are compared. */
	if (house->compared)
		return (false);
	admin_draw(house, "SELECT count(*) FROM record r JOIN source s ON s.id = r.source"
	    " WHERE s.name = 'local'", "SELECT r.kombo FROM record r JOIN source s"
	    " ON s.id = r.source WHERE s.name = 'local' ORDER BY r.id LIMIT 1 OFFSET ?1",
	    person);
	if (*person == '\0' || draw_chance(&house->draw, 50))
		(void)admin_ask(house, "local.add", json_pack("{s:o}", "fields",
		    admin_fields(&house->draw)));
	else if (draw_chance(&house->draw, 30))
		(void)admin_ask(house, "local.remove", json_pack("{s:s}", "person", person));
	else
		(void)admin_ask(house, draw_chance(&house->draw, 70) ? "local.change" :
		    "local.replace", json_pack("{s:s, s:o}", "person", person, "fields",
		    admin_fields(&house->draw)));
	return (true);
}

/* ---- a source without a file ------------------------------------------------------------------------ */

bool
admin_retire(struct house *house)
{
	const struct conf_source *source;
	bool purge;
	size_t i, j;

	purge = draw_chance(&house->draw, 60);
	for (i = 0; i < house->conf->source_count; i++) {
		source = &house->conf->sources[i];
		if (!source->carried)
			continue;
		if (!admin_ask(house, "source.retire", json_pack("{s:s, s:b}", "source",
		    source->name, purge ? "purge" : "keep", true)) || !purge)
			return (true);
		for (j = 0; j < HR_SOURCES; j++)
			if (strcmp(house->hr[j].name, source->name) == 0)
				house->hr[j].anew = true;
		return (true);
	}
	return (false);
}
