/*
 * Writing resources (RFC 7644 §3.3, §3.5, §3.6): what a request means is worked out here,
 * rollcalld decides and does it (sync/request/scim.c), and the answer shows what came of it.
 * Called by the pool's threads alone, since all of it waits.
 */
#ifndef ROLLCALL_SCIM_WRITE_H
#define ROLLCALL_SCIM_WRITE_H

#include "scim/request.h"

/* Each fills request->answer, or returns -1 with err. The snapshot is held. */
int	write_create(struct request *request, enum resource_type type, struct err *err);
int	write_replace(struct request *request, enum resource_type type, const char *id,
	    struct err *err);
int	write_patch(struct request *request, enum resource_type type, const char *id,
	    struct err *err);
int	write_remove(struct request *request, enum resource_type type, const char *id,
	    struct err *err);

/* ---- one write, also as a part of a bulk request ----------------------------------------- */

struct writing {
	struct request		*request;
	enum method		 method;	/* POST, PUT, PATCH, DELETE */
	enum resource_type	 type;
	const char		*id;		/* NULL for POST */
	const json_t		*body;		/* NULL for DELETE */
	const char		*version;	/* it must have; NULL: If-Match says, or any */
	bool			 bulk;		/* headers are not about this one */
	/* out */
	char			 made[UUID_TEXT_SIZE];	/* the id, whichever method */
	bool			 asked;		/* rollcalld was: the snapshot is out of date */
};

/* 0: it is done. -1: nothing of it is. */
int	write_do(struct writing *writing, struct err *err);

/* Takes the view as it is now, with everything rollcalld has done. */
int	write_catch_up(struct request *request, struct err *err);

#endif
