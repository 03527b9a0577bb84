/*
 * Reading resources: one by its id, and lists (RFC 7644 §3.4).
 */
#ifndef ROLLCALL_SCIM_READ_H
#define ROLLCALL_SCIM_READ_H

#include "scim/request.h"

/* Each fills request->answer, or returns -1 with err. The snapshot is held. */
int	read_one(struct request *request, enum resource_type type, const char *id,
	    struct err *err);
/* A list of a type; RESOURCE_N: of people and groups. */
int	read_list(struct request *request, enum resource_type type, struct err *err);

/* The resource of a type with that id, exact also in its letter case; NULL: none. */
const struct image_entry *read_find(const struct image_snap *snap,
	    enum resource_type type, const char *id);

/* The version of a resource as this client sees it. request->own is begun. */
const char *read_etag(const struct request *request, const struct image_entry *entry,
	    char etag[ETAG_SIZE]);

/* Adds the resource as JSON, whole but for members. request->own is begun. */
void	read_whole(const struct request *request, const struct image_entry *entry,
	    struct buf *out);

/* -1 when attributes and excludedAttributes are both given. */
int	read_check_selection(struct request *request, enum resource_type type,
	    struct err *err);

/* Makes a resource the answer, with its ETag and location, or what is asked for of it. */
int	read_show(struct request *request, const struct image_entry *entry,
	    unsigned int status, struct err *err);

#endif
