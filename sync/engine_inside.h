/*
 * Inside sync/engine*.c only: what the engine is made of.
 */
#ifndef ROLLCALL_SYNC_ENGINE_INSIDE_H
#define ROLLCALL_SYNC_ENGINE_INSIDE_H

#include <pthread.h>

#include "sync/engine.h"

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
	int			 lock_fd;
	struct db		*db;
	struct zones		*zones;
	struct engine_conf	*conf;		/* in force first, then held ones */
	char			*running[ENGINE_SOURCES_MAX];	/* names of sources being fetched */
	atomic_bool		 cancel;
};

/* Makes `conf` the one in force, and takes it over; the old one stays while somebody holds it. */
void	engine_set_conf(struct engine *engine, struct conf *conf);

/* Frees configurations nobody works under. */
void	engine_sweep_conf(struct engine *engine);

/*
 * Takes over the configuration read from the files, or goes on under the accepted one; `conf`
 * is the engine's from now on.
 */
int	engine_start(struct engine *engine, enum engine_mode mode, struct conf *conf,
	    struct err *err);

#endif
