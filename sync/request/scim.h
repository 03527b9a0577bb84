/*
 * Inside sync/request/scim*.c only: what a client of SCIM writes, under way.
 */
#ifndef ROLLCALL_SYNC_REQUEST_SCIM_H
#define ROLLCALL_SYNC_REQUEST_SCIM_H

#include "store/client.h"
#include "store/view.h"
#include "sync/request/request.h"

enum scim_op { SCIM_CREATE, SCIM_CHANGE, SCIM_REPLACE, SCIM_REMOVE, SCIM_OPS };
enum scim_right { SCIM_READ, SCIM_EDIT, SCIM_LOCAL };

struct scim_write {
	struct request		*request;	/* in the client's name */
	struct db		*db;
	struct client_row	 client;
	enum scim_right		 right;
	struct view_row		 view;
	enum scim_op		 op;
	bool			 group;
	struct uuid		 uuid;
	int64_t			 id;		/* of the person or group, 0: not yet */
	struct plan_report	 report;
	int64_t			 external;	/* stamp of the client's own id, 0: unchanged */
};

/* Arguments: an object or NULL. */
const json_t *scim_fields(const struct scim_write *write);
const json_t *scim_members(const struct scim_write *write);

/* ERR_REFUSED unless the client has the right, naming it. */
int	scim_need(const struct scim_write *write, enum scim_right right, struct err *err);

/*
 * The person of that id whom the client's view shows: 1 and *person, 0 there is none (for this
 * client), -1 failed.
 */
int	scim_person(struct scim_write *write, const char *id, int64_t *person, struct err *err);

/* A group: what is asked of it, published; write->id is set for a new one. */
int	scim_write_group(struct scim_write *write, struct err *err);

#endif
