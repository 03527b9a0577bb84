/*
 * Owns the images. Threads: one refreshes and adds views; any number acquire and catch up. `serving`
 * is what they share beside the image's own lock.
 */
#include "config.h"

#include "scim/view.h"

#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "scim/index.h"
#include "scim/make.h"

#define VIEW_RETRY	CLOCK_SECOND

struct view {
	char		*name;
	struct maker	 maker;
	struct image	*image;
	atomic_bool	 serving;	/* else: dropped, or not read for too long */
	int64_t		 retry_at;	/* clock_monotonic(); 0: at once */
	struct view	*next;
};

struct views {
	char			*database;
	const struct site	*site;
	struct view		*first;
};

/* ---- the image's side ---------------------------------------------------- */

static void *
view_make_form(void *context, const struct snap_settings *settings)
{
	struct view *view = context;

	map_close(&view->maker.names);	/* everybody is made anew */
	return (form_open(view->maker.site, settings));
}

static void
view_free_form(void *context __attribute__((unused)), void *form)
{
	struct form *own = form;

	form_close(&own);
}

static void *
view_make_person(void *context, const struct image_build *build,
    const struct image_entry *entry, const struct view_person *row)
{
	struct view *view = context;

	return (person_make(&view->maker, build, entry, row));
}

static void *
view_make_group(void *context, const struct image_build *build __attribute__((unused)),
    const struct image_entry *entry, const struct view_group *row)
{
	struct view *view = context;

	return (group_make(&view->maker, entry, row));
}

static void *
view_make_gone(void *context, const struct image_entry *entry,
    const struct view_tombstone *row)
{
	struct view *view = context;

	return (tombstone_make(&view->maker, entry, row));
}

static void
view_free_payload(void *context __attribute__((unused)), void *payload)
{
	resource_free(payload);
}

static void
view_keys(void *context, const struct image_entry *entry, const struct image_entry *other,
    struct image_keys *keys)
{
	struct view *view = context;

	(void)other;
	index_keys(view->maker.arena, entry, keys);
}

static int
view_compare(void *context __attribute__((unused)),
    unsigned int order __attribute__((unused)), const struct image_entry *a,
    const struct image_entry *b)
{
	return (index_compare(a, b));
}

static bool
view_member(void *context __attribute__((unused)), unsigned int order,
    const struct image_entry *entry)
{
	return (index_member(order, entry));
}

static void
view_report(void *context, enum log_level level, const char *text)
{
	const struct view *view = context;

	if (level == LOG_LEVEL_ERROR)
		log_error("scim.view", "view=%s msg=\"%s\"", view->name, text);
	else
		log_info("scim.view", "view=%s msg=\"%s\"", view->name, text);
}

static const struct image_ops view_ops = {
	.sets = INDEX_SETS,
	.managers = true,
	.orders = RESOURCE_N,
	.make_form = view_make_form,
	.free_form = view_free_form,
	.make_person = view_make_person,
	.make_group = view_make_group,
	.make_gone = view_make_gone,
	.free_payload = view_free_payload,
	.keys = view_keys,
	.compare = view_compare,
	.member = view_member,
	.report = view_report,
};

/* ---- the views ----------------------------------------------------------- */

struct views *
views_open(const char *database, const struct site *site)
{
	struct views *views;

	views = mem_alloc(sizeof(*views));
	views->database = mem_dup(database);
	views->site = site;
	return (views);
}

static void
view_close(struct view *view)
{
	image_close(&view->image);
	maker_close(&view->maker);
	mem_free(&view->name);
	mem_free(&view);
}

void
views_close(struct views **views)
{
	struct view *next, *view;

	if (*views == NULL)
		return;
	for (view = (*views)->first; view != NULL; view = next) {
		next = view->next;
		view_close(view);
	}
	mem_free(&(*views)->database);
	mem_free(views);
}

struct view *
views_get(struct views *views, const char *name)
{
	struct view *view;

	for (view = views->first; view != NULL; view = view->next)
		if (strcmp(view->name, name) == 0)
			return (view);
	view = mem_alloc(sizeof(*view));
	view->name = mem_dup(name);
	maker_open(&view->maker, views->site);
	view->image = image_open(views->database, view->name, &view_ops, view);
	view->next = views->first;
	views->first = view;
	return (view);
}

/*
 * A database that cannot be read goes on being served, but a view that was dropped does
 * not.
 */
static void
view_refresh_failed(struct view *view, const struct err *err)
{
	struct image_state state;

	image_state(view->image, &state);
	if (err->code == ERR_NOT_FOUND || state.expired)
		atomic_store(&view->serving, false);
	view->retry_at = clock_monotonic() + VIEW_RETRY;
}

static void
view_log_loaded(const struct view *view)
{
	struct image_state state;

	image_state(view->image, &state);
	log_info("scim.loaded", "view=%s people=%zu groups=%zu revision=%lld",
	    view->name, state.people, state.groups, (long long)state.revision);
}

static void
view_refresh(struct view *view)
{
	struct err err = ERR_INIT;

	if (view->retry_at > clock_monotonic())
		return;
	if (image_refresh(view->image, &err) < 0) {
		view_refresh_failed(view, &err);
		return;
	}
	view->retry_at = 0;
	if (!atomic_exchange(&view->serving, true))
		view_log_loaded(view);
}

void
views_refresh(struct views *views)
{
	struct view *view;

	for (view = views->first; view != NULL; view = view->next)
		view_refresh(view);
}

/* ---- readers ------------------------------------------------------------- */

void
view_catch_up(struct view *view)
{
	struct err err = ERR_INIT;

	(void)image_refresh(view->image, &err);	/* the one that refreshes reports */
}

const struct image_snap *
view_acquire(struct view *view, struct err *err)
{
	const struct image_snap *snap;

	snap = atomic_load(&view->serving) ? image_acquire(view->image) : NULL;
	if (snap == NULL)
		(void)err_set(err, ERR_UNREACHABLE,
		    "the directory cannot be read at present");
	return (snap);
}

void
view_release(struct view *view, const struct image_snap *snap)
{
	image_release(view->image, snap);
}
