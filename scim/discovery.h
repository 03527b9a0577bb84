/*
 * The discovery documents (RFC 7643 §5 to §7): what the service supports, its types of
 * resources and their schemas, as they are.
 */
#ifndef ROLLCALL_SCIM_DISCOVERY_H
#define ROLLCALL_SCIM_DISCOVERY_H

#include "scim/form.h"

#define LIST_URN	"urn:ietf:params:scim:api:messages:2.0:ListResponse"
#define SEARCH_URN	"urn:ietf:params:scim:api:messages:2.0:SearchRequest"
#define ERROR_URN	"urn:ietf:params:scim:api:messages:2.0:Error"
#define PATCH_URN	"urn:ietf:params:scim:api:messages:2.0:PatchOp"
#define BULK_URN	"urn:ietf:params:scim:api:messages:2.0:BulkRequest"
#define BULK_ANSWER_URN	"urn:ietf:params:scim:api:messages:2.0:BulkResponse"

/* Each puts one document, JSON, into an empty buffer. */
void	discovery_provider(struct buf *out, const struct site *site);
void	discovery_type(struct buf *out, const struct site *site,
	    enum resource_type type);
void	discovery_types(struct buf *out, const struct site *site);
void	discovery_schema(struct buf *out, const struct site *site,
	    const struct form *form, enum schema_id schema);
void	discovery_schemas(struct buf *out, const struct site *site,
	    const struct form *form);

#endif
