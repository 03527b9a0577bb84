/*
 * What is asked of people added by hand, by admins and by clients of SCIM.
 */
#ifndef ROLLCALL_SYNC_REQUEST_LOCAL_H
#define ROLLCALL_SYNC_REQUEST_LOCAL_H

#include "base/place.h"
#include "sync/request/request.h"

enum local_op { LOCAL_ADD, LOCAL_CHANGE, LOCAL_REPLACE, LOCAL_REMOVE };

struct local_order {
	enum local_op	 op;
	int64_t		 person;	/* not of LOCAL_ADD */
	const json_t	*fields;	/* by field, as local.c says; not of LOCAL_REMOVE */
	/*
	 * Of a client of SCIM: who is outside its view does not exist for it, and people are
	 * told by UUID alone. A replacement then keeps address, status and dates that it does
	 * not name: few clients know the extension. 0: an admin's.
	 */
	int64_t		 view;
};

/*
 * Does it and publishes; lock and transaction are the caller's. *person is whose record it
 * is. ERR_REFUSED when no source takes such people, or the person was not added by hand;
 * ERR_CONFLICT naming the field that somebody else has, or why she would be Excluded.
 */
int	local_write(struct request *request, const struct local_order *order, int64_t *person,
	    struct plan_report *report, struct err *err);

/* The source with provider = local, as configured; ERR_REFUSED when there is none. */
const struct conf_source *local_source(struct request *request, struct err *err);

/* A place that is given as a text, which is its part `plain`, or as an object of parts. */
int	local_place(struct arena *arena, enum place_part plain, const json_t *value,
	    struct place *place, struct err *err);

/*
 * A value that is given, in the form the store keeps for what is set by hand: names of what
 * is referred to. NULL for an empty one.
 */
int	local_value(struct arena *arena, enum field_id id, const json_t *given,
	    const char **value, struct err *err);

#endif
