/*
 * Owns nothing.
 */
#include "config.h"

#include "sync/conf_rows.h"

#include <string.h>

#include "rules/book.h"
#include "base/clock.h"
#include "store/served.h"
#include "store/source.h"

struct conf_rows_views {
	const struct conf *conf;
	int64_t		 drop[BOOK_VIEWS_MAX];
	size_t		 drop_count;
	bool		 known[BOOK_VIEWS_MAX];
};

static void
conf_rows_found_view(void *context, const struct served_view *view)
{
	struct conf_rows_views *views = context;
	size_t i;

	for (i = 0; i < views->conf->view_count && i < BOOK_VIEWS_MAX; i++) {
		if (strcmp(views->conf->views[i].name, view->name) == 0) {
			views->known[i] = true;
			return;
		}
	}
	if (views->drop_count < BOOK_VIEWS_MAX)
		views->drop[views->drop_count++] = view->id;
}

/* Makes the views of the configuration, and takes away those it no longer has. */
static int
conf_rows_put_views(struct db *db, const struct conf *conf, struct err *err)
{
	struct conf_rows_views views = { .conf = conf };
	int64_t id;
	size_t i;

	if (served_view_each(db, conf_rows_found_view, &views, err) < 0)
		return (-1);
	for (i = 0; i < views.drop_count; i++)
		if (served_view_drop(db, views.drop[i], err) < 0)
			return (-1);
	for (i = 0; i < conf->view_count && i < BOOK_VIEWS_MAX; i++)
		if (!views.known[i] &&
		    served_view_add(db, conf->views[i].name, &id, err) < 0)
			return (-1);
	return (0);
}

/* Every source of the configuration has a row: its name, and whether it is approved. */
static int
conf_rows_put_sources(struct db *db, const struct conf *conf, struct err *err)
{
	struct source_row row;
	struct arena *arena;
	size_t i;
	int result;

	arena = arena_open();
	result = 0;
	for (i = 0; i < conf->source_count && result >= 0; i++) {
		result = source_find(db, conf->sources[i].name, arena, &row, err);
		if (result == 0)
			result = source_add(db, conf->sources[i].name,
			    conf_source_origin(&conf->sources[i]), arena, &row, err);
		/* Whom an admin adds by hand nobody else has to approve. */
		if (result >= 0 && row.approved == 0 &&
		    conf_provider(&conf->sources[i]) == CONF_FROM_HAND) {
			row.approved = clock_now();
			result = source_save(db, &row, err);
		}
	}
	arena_close(&arena);
	return (result < 0 ? -1 : 0);
}

int
conf_rows_write(struct db *db, const struct conf *conf, struct err *err)
{
	if (conf_rows_put_views(db, conf, err) < 0)
		return (-1);
	return (conf_rows_put_sources(db, conf, err));
}
