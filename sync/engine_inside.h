/*
 * Inside sync/engine*.c only: what the engine is made of.
 */
#ifndef ROLLCALL_SYNC_ENGINE_INSIDE_H
#define ROLLCALL_SYNC_ENGINE_INSIDE_H

#include <pthread.h>

#include "sync/engine.h"
#include "sync/gate.h"
#include "sync/pull.h"

#define ENGINE_SOURCES_MAX 256

/* A configuration and who still works under it. */
struct engine_conf {
	struct conf		*conf;
	unsigned int		 holders;
	struct engine_conf	*next;
};

struct engine {
	pthread_mutex_t		 lock;
	pthread_cond_t		 source_ended;
	char			*folder;
	char			*state_key;	/* reference, NULL for none */
	int			 lock_fd;
	struct db		*db;
	struct zones		*zones;
	struct engine_conf	*conf;		/* in force first, then held ones */
	atomic_uint		 conf_serial;
	pthread_t		 watcher;	/* told when one comes into force … */
	bool			 watched;	/* … once there is one */
	char			*running[ENGINE_SOURCES_MAX];	/* names of sources being fetched */
	atomic_bool		 cancel;
	struct hints		*hints;
};

/* Makes `conf` the one in force, and takes it over; the old one stays while somebody holds it. */
void	engine_set_conf(struct engine *engine, struct conf *conf);

/* Frees configurations nobody works under. */
void	engine_sweep_conf(struct engine *engine);

/*
 * Lets the sources of the configuration until now whose files are no more go on in `conf`, and
 * notes which files came and went. Lock held.
 */
int	engine_carry(struct engine *engine, struct conf *conf, const struct conf *before,
	    struct err *err);

/*
 * Takes over the configuration read from the files, or goes on under the accepted one; `conf`
 * is the engine's from now on.
 */
int	engine_start(struct engine *engine, enum engine_mode mode, struct conf *conf,
	    struct err *err);

/* A configuration on trial. */
struct engine_trial {
	struct conf		*conf;
	const struct conf	*before;	/* NULL: there was none, so nothing is weighed */
	struct pull		*pull;		/* a held fetch that is tried with it, or NULL */
	const char		*actor;
	bool			 free;		/* passes the safeguards whatever it does */
	struct gate		 gate;
};

/*
 * Judges everybody under the configuration and remembers it, all or nothing. 0 it is in force;
 * 1 it trips: nothing is changed, trial->gate says why and is to be closed; -1 failed.
 */
int	engine_try(struct engine *engine, struct engine_trial *trial, struct err *err);

/*
 * The same with the newest that came of each source first, since an edit often follows it; then
 * with what is accepted.
 */
int	engine_try_all(struct engine *engine, struct engine_trial *trial, struct err *err);

/* Writes the rows of a held reload: all that is kept of it. */
int	engine_note_held(struct engine *engine, const struct engine_trial *trial,
	    struct err *err);

/* Puts in force the old configuration without the fields that the held one switches off. */
int	engine_erase_off(struct engine *engine, const struct engine_trial *held,
	    struct err *err);

/* A source's values must be fetched again where a field was not fetched before. */
bool	engine_field_widens(const struct conf_source *old, const struct conf_source *new);

#endif
