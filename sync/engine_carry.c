/*
 * Owns nothing. Files of sources come and go; what the directory serves of them does not until
 * an admin says so (semantics 3.3, rulings B9).
 */
#include "config.h"

#include <string.h>

#include "base/conf/carry.h"
#include "base/log.h"
#include "store/source.h"
#include "sync/engine_inside.h"

/* Notes whether the file of a source is there. */
static int
carry_note(struct engine *engine, struct source_row *row, bool there, struct err *err)
{
	if (there == (*row->retired == '\0') || (!there && *row->retired != '\0'))
		return (0);
	row->retired = there ? "" : SOURCE_VANISHED;
	if (there)
		log_info("source.back", "source=%s", row->name);
	else
		log_warning("source.vanished", "source=%s msg=\"its file is no more: its people stay "
		    "as they are until `rollcall source retire %s --keep|--purge`\"", row->name,
		    row->name);
	return (source_save(engine->db, row, err));
}

static int
carry_source(struct engine *engine, struct conf *conf, const struct conf_source *source,
    struct arena *arena, struct err *err)
{
	struct source_row row;
	int result;

	result = source_find(engine->db, source->name, arena, &row, err);
	/* Of one that was never approved nothing is stored. */
	if (result <= 0 || row.approved == 0)
		return (result);
	if (carry_note(engine, &row, false, err) < 0)
		return (-1);
	if (strcmp(row.retired, SOURCE_PURGED) != 0)
		conf_carry(conf, source);
	return (0);
}

static int
carry_back(struct engine *engine, const struct conf_source *source, struct arena *arena,
    struct err *err)
{
	struct source_row row;
	int result;

	result = source_find(engine->db, source->name, arena, &row, err);
	if (result > 0 && !source->carried)
		result = carry_note(engine, &row, true, err);
	return (result);
}

int
engine_carry(struct engine *engine, struct conf *conf, const struct conf *before,
    struct err *err)
{
	struct arena *arena;
	size_t i;
	int result;

	arena = arena_open();
	result = 0;
	for (i = 0; before != NULL && i < before->source_count && result >= 0; i++)
		if (conf_source(conf, before->sources[i].name) == NULL)
			result = carry_source(engine, conf, &before->sources[i], arena, err);
	for (i = 0; i < conf->source_count && result >= 0; i++)
		result = carry_back(engine, &conf->sources[i], arena, err);
	arena_close(&arena);
	return (result < 0 ? -1 : 0);
}
