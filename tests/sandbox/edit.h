/*
 * Changes of an integration's data, as if the HR system had changed and Kombo had
 * synced at once. Each moves exactly the instants that kombo/api.md §2.4 says.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_EDIT_H
#define ROLLCALL_TESTS_SANDBOX_EDIT_H

#include <stdint.h>

#include <jansson.h>

#include "base/err.h"
#include "tests/sandbox/tenant.h"

/* Something changed at `now`: enum tenant_news of the models. */
void	edit_done(struct tenant *tenant, unsigned int news, int64_t now);

/* As edit_done, for what may concern any number of records. */
void	edit_swept(struct tenant *tenant, unsigned int news, int64_t now);

/* A new person, ordinary for the integration, who starts today. Borrowed. */
struct employee *edit_hire(struct tenant *tenant, int64_t now);

/*
 * Sets a member of an employee from JSON: any text; numbers and dates; home_address and
 * custom_fields whole; manager_id, legal_entity_id, work_location_id and groups by what
 * find.h takes ({"lost":"remote id"} for a manager or location that never comes);
 * remote_id.
 */
int	edit_set(struct tenant *tenant, uint32_t index, const char *key, json_t *value,
	    int64_t now, struct err *err);

/* Sets the termination date; the status becomes INACTIVE when it is past. */
void	edit_leave(struct tenant *tenant, uint32_t index, day_number day, int64_t now);

/* Sets the status. */
void
edit_status(struct tenant *tenant, uint32_t index, const char *status, int64_t now);

void	edit_delete(struct tenant *tenant, uint32_t index, int64_t now);
void	edit_undelete(struct tenant *tenant, uint32_t index, int64_t now);

/* Deletes the person and makes the same one with another remote id. Borrowed. */
struct employee *edit_recreate(struct tenant *tenant, uint32_t index,
	    const char *remote_id, int64_t now);

/*
 * Statuses follow the dates: PENDING becomes ACTIVE on the first day, others INACTIVE
 * after the last. Returns how many changed.
 */
uint32_t edit_settle(struct tenant *tenant, day_number today, int64_t now);

/*
 * An employment: `place` in the person's list, or -1 for a new one; members as
 * kombo/api.md §3.2 has them, and "remote_deleted_at": true.
 */
int	edit_contract(struct tenant *tenant, uint32_t index, int place, json_t *set,
	    int64_t now, struct err *err);

/* The time-off balance: made when there is none. */
int	edit_balance(struct tenant *tenant, uint32_t index, json_t *set, int64_t now,
	    struct err *err);

#endif
