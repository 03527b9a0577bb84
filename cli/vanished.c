/*
 * Owns nothing: what check-config can only know from the database (spec/config.md §4.3, W106).
 */
#include "config.h"

#include <string.h>

#include "cli/cli.h"
#include "store/source.h"

static void
vanished_warn(struct conf_findings *findings, struct arena *arena,
    const struct source_row *row)
{
	conf_finding_warning(findings, conf_at(arena_printf(arena, CONF_SOURCE_FOLDER "%s"
	    CONF_ENDING, row->name), 0), "W106", "the file is no more: the people of %s stay as "
	    "they are until `rollcall source retire %s --keep` or `--purge`", row->name,
	    row->name);
}

void
vanished_check(const struct conf *conf, struct conf_findings *findings)
{
	struct err err = ERR_INIT;
	struct source_row *rows;
	struct arena *arena;
	struct db *db;
	size_t count, i;

	/* Without a database that can be read there is nothing to compare with. */
	if (db_open(conf_text(&conf->set, CONF_DATABASE), DB_ADMIN, &db, &err) < 0)
		return;
	arena = arena_open();
	if (source_list(db, arena, &rows, &count, &err) < 0)
		count = 0;
	for (i = 0; i < count; i++)
		if (rows[i].approved != 0 && conf_source(conf, rows[i].name) == NULL &&
		    (*rows[i].retired == '\0' || strcmp(rows[i].retired, SOURCE_VANISHED) == 0))
			vanished_warn(findings, arena, &rows[i]);
	conf_findings_sort(findings);
	arena_close(&arena);
	db_close(&db);
}
