/*
 * The views that clients are bound to: an image of each, opened when the first client
 * of that view appears, and kept.
 */
#ifndef ROLLCALL_SCIM_VIEW_H
#define ROLLCALL_SCIM_VIEW_H

#include "image/image.h"
#include "scim/site.h"

struct views;
struct view;

struct views *views_open(const char *database, const struct site *site);
void	views_close(struct views **views);

/* The view of that name. Called by the one thread that refreshes; never NULL. */
struct view *views_get(struct views *views, const char *name);

/*
 * Takes in what changed in all of them; those that failed are tried again after a
 * second. The log tells when one fails and when it is well again.
 */
void	views_refresh(struct views *views);

/* Takes in at once what was committed until now. Any thread, but none that answers reads. */
void	view_catch_up(struct view *view);

/*
 * The view as it is now, for one request: NULL while it cannot be served (err says why:
 * ERR_UNREACHABLE). Any thread.
 */
const struct image_snap *view_acquire(struct view *view, struct err *err);
void	view_release(struct view *view, const struct image_snap *snap);

#endif
