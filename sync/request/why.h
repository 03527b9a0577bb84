/*
 * Inside sync/request/ only: what stands between the HR system and the views for one person,
 * link by link.
 */
#ifndef ROLLCALL_SYNC_REQUEST_WHY_H
#define ROLLCALL_SYNC_REQUEST_WHY_H

#include "store/source.h"
#include "sync/request/request.h"

struct why {
	struct request		*request;
	struct db		*db;		/* what is looked at: the database, or a trial's copy */
	int64_t			 now;
	bool			 live;		/* Kombo was asked for this answer */
	const struct source_row	*source;	/* of the record that is told of */
	uint32_t		 state;		/* reasons that its state adds */
	json_t			*chain;
	const char		*broken;	/* name of the first link that does not hold */
	struct err		*err;
};

/* Adds a link; `text` says how it stands, `advice` what to do (NULL: nothing). */
void	why_link(struct why *why, const char *name, bool holds, const char *text,
	    const char *advice);

/* The whole chain of the record that counts, from Kombo to each view. */
void	why_chain(struct why *why, const struct plan_item *item);

/* "Zoe Nguyen (zoe.nguyen)" for a manager's Kombo id, and what is odd about it. */
const char *why_manager(struct why *why, int64_t source, const char *kombo);

/* What decides when the person comes, or goes (promises P71, P78). */
json_t	*why_onboarding(struct why *why, const struct plan_item *item);
json_t	*why_offboarding(struct why *why, const struct plan_item *item);

/* "import-once (sources.d/fr.conf:7)". */
const char *why_mode(const struct conf_source *source, enum field_id id, struct arena *arena);

#endif
