/*
 * What Kombo says of an integration: its state, the HR system, and which fields it can deliver
 * (kombo/api.md §6.2).
 */
#ifndef ROLLCALL_SYNC_KOMBO_INTEGRATION_H
#define ROLLCALL_SYNC_KOMBO_INTEGRATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "sync/kombo/client.h"

struct integration {
	const char	*tool;		/* label of the HR system */
	const char	*status;	/* ACTIVE, INVALID, INACTIVE */
	const char	*setup;		/* COMPLETED, INCOMPLETE, FINAL_SYNC_PENDING */
	const char	*organization;	/* name of the customer at Kombo */
	bool		 expired;	/* data_expired_at is set: the data are stale */
	uint32_t	 unavailable;	/* bit per field whose nulls say nothing */
};

/* GET /integrations/{id}. Texts in the arena, never NULL. */
int	integration_get(struct kombo *kombo, const char *id, struct arena *arena,
	    struct integration *integration, struct err *err);

/* ERR_KOMBO_NOT_READY while the setup is not completed, with what to do. */
int	integration_check(const struct integration *integration, struct err *err);

/* Why absences and deletions must not be believed now, or NULL. */
const char *integration_doubt(const struct integration *integration);

#endif
