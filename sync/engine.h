/*
 * The one publisher: the configuration in force, the writing connection, the lock around both.
 * rollcalld holds it as long as it runs; the command takes it when the daemon is down (rulings
 * F5) and runs the same code.
 */
#ifndef ROLLCALL_SYNC_ENGINE_H
#define ROLLCALL_SYNC_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/day.h"
#include "base/err.h"
#include "store/db.h"
#include "sync/plan/plan.h"

struct engine;
struct hints;

enum engine_mode {
	ENGINE_DAEMON,		/* takes over the configuration on disk at start */
	ENGINE_COMMAND		/* works under the accepted one */
};

/*
 * Reads the configuration in `folder`, takes the lock beside the database, opens it. ERR_CONFIG
 * with all findings in `findings` when the files are bad (NULL: not wanted); ERR_BUSY when
 * another process is the publisher.
 */
int	engine_open(const char *folder, enum engine_mode mode, struct conf_findings *findings,
	    struct engine **engine, struct err *err);
void	engine_close(struct engine **engine);

/* Everything below is safe from any thread. */

/*
 * Reads the folder again. On any error the configuration in force stays; else it is swapped
 * whole and everybody is judged under it. 1: done, and a complete fetch is wanted because the
 * new one lets more in; 0 done or nothing changed; -1 the old one stays.
 */
int	engine_reload(struct engine *engine, struct conf_findings *findings, struct err *err);

/*
 * Grows with each configuration that comes into force, whoever brought it: a signal or an
 * approval. Needs no lock. The thread that follows them is woken by SIGUSR1, which it must block.
 */
unsigned int engine_conf_serial(const struct engine *engine);
void	engine_watch_conf(struct engine *engine, pthread_t thread);

/* Lets dates take effect: whoever's day has come is judged. */
int	engine_tick(struct engine *engine, struct err *err);

/* No date takes effect, since the clock is not believed (sync/doubt.h). */
bool	engine_doubted(struct engine *engine);

/* The earliest instant at which a date will change something, 0 for none. */
int64_t	engine_next_due(struct engine *engine);

/* Stops fetches that are under way; they end with ERR_CANCELLED. */
void	engine_cancel(struct engine *engine);

const char *engine_folder(const struct engine *engine);
/* [server] state_key as at start (store/suppress.h), NULL for none. */
const char *engine_state_key(const struct engine *engine);

/* ---- for the rooms of sync/ that work on it ---------------------------------------------- */

/* Between these two the caller has the connection and the configuration to itself. */
void	engine_lock(struct engine *engine);
void	engine_unlock(struct engine *engine);

/* With the lock held: borrowed. */
struct db *engine_db(struct engine *engine);
const struct conf *engine_conf(struct engine *engine);
struct zones *engine_zones(struct engine *engine);

/* What webhooks have told; needs no lock. */
struct hints *engine_hints(struct engine *engine);
const atomic_bool *engine_cancelled(const struct engine *engine);

/* The instant plans go by: never below one that was used (rulings D6). Lock held. */
int64_t	engine_now(struct engine *engine);

/*
 * A configuration that outlives the lock: hold with it, release without or with it.
 */
const struct conf *engine_hold_conf(struct engine *engine);
void	engine_release_conf(struct engine *engine, const struct conf *conf);

/*
 * Marks a source as being fetched; when it is already, waits until it is not (the lock is given
 * up meanwhile), or is false at once without `wait`. Lock held.
 */
bool	engine_source_begin(struct engine *engine, const char *name, bool wait);
void	engine_source_end(struct engine *engine, const char *name);
bool	engine_source_running(struct engine *engine, const char *name);

/*
 * Plans and publishes in one transaction, begun and committed here. `order` gets conf, zones
 * and now. Lock held.
 */
int	engine_publish(struct engine *engine, struct plan_order *order,
	    struct plan_report *report, struct err *err);

/* The same inside a transaction of the caller's. */
int	engine_publish_inside(struct engine *engine, struct plan_order *order,
	    struct plan_report *report, struct err *err);

#endif
