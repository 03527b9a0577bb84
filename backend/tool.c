/*
 * Owns what a tool of slapd (slapcat, slapschema, slapacl) sees, from tool_open to tool_close:
 * one database at a time, one thread, beside a slapd that may be running.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/ops.h"
#include "backend/unpack.h"

static struct {
	struct sight	 sight;
	struct berval	*base;
	int		 scope;
	Filter		*filter;
	ID		 at;		/* the last one given */
} tool;

int
tool_open(BackendDB *be, int mode)
{
	struct database *database = be->be_private;

	(void)mode;
	tool.base = NULL;
	tool.filter = NULL;
	tool.at = 0;
	return (live_open_sight(database->live, &tool.sight) ? 0 : -1);
}

int
tool_close(BackendDB *be)
{
	(void)be;
	live_close_sight(&tool.sight);
	return (0);
}

/* The first person or group that is not below an id of the image. */
static const struct image_entry *
tool_seek(uint32_t id)
{
	const struct image_entry *entry;

	for (;; id++) {
		entry = snap_next(tool.sight.snap, &id);
		if (entry == NULL || sight_shows(&tool.sight, entry))
			return (entry);
	}
}

/* The entry that follows an id, in the order of unpack_id. */
static const struct image_entry *
tool_after(ID after)
{
	const struct image_entry *entry;
	const struct accounts *accounts;
	size_t i;

	if (after < LIVE_NODES)
		return (tool.sight.nodes->entry[after]);
	entry = after >> 32 <= 1 ? tool_seek(after >> 32 == 0 ? 0 : (uint32_t)after + 1) : NULL;
	if (entry == NULL && after >> 32 <= 2)
		entry = tool_seek(IMAGE_GROUP |
		    (after >> 32 < 2 ? 0 : (uint32_t)after + 1));
	accounts = sight_accounts(&tool.sight);
	for (i = 0; entry == NULL && i < accounts->count; i++)
		if (unpack_id(accounts->list[i].entry) > after)
			entry = accounts->list[i].entry;
	return (entry);
}

static bool
tool_wants(const struct image_entry *entry)
{
	void *memory;
	bool wants;
	Entry *e;

	if (tool.base == NULL && tool.filter == NULL)
		return (true);
	memory = mem_alloc(unpack_size(entry));
	e = unpack_into(memory, &tool.sight, entry, &need_all);
	wants = (tool.base == NULL ||
	    dnIsSuffixScope(&e->e_nname, tool.base, tool.scope)) &&
	    (tool.filter == NULL || test_filter(NULL, e, tool.filter) == LDAP_COMPARE_TRUE);
	mem_free(&memory);
	return (wants);
}

ID
tool_first(BackendDB *be, struct berval *base, int scope, Filter *filter)
{
	tool.base = base;
	tool.scope = scope;
	tool.filter = filter;
	tool.at = 0;
	return (tool_next(be));
}

ID
tool_next(BackendDB *be)
{
	const struct image_entry *entry;

	(void)be;
	while ((entry = tool_after(tool.at)) != NULL) {
		tool.at = unpack_id(entry);
		if (tool_wants(entry))
			return (tool.at);
	}
	return (NOID);
}

static const struct image_entry *
tool_entry(ID id)
{
	const struct image_entry *entry;

	entry = id > 0 ? tool_after(id - 1) : NULL;
	return (entry != NULL && unpack_id(entry) == id ? entry : NULL);
}

Entry *
tool_get(BackendDB *be, ID id)
{
	struct database *database = be->be_private;
	const struct image_entry *entry;
	struct sight sight;

	entry = tool_entry(id);
	if (entry == NULL || !live_open_sight(database->live, &sight))
		return (NULL);
	return (unpack_keep(&sight, entry));
}

ID
tool_dn2id(BackendDB *be, struct berval *dn)
{
	const struct image_entry *entry;

	(void)be;
	entry = sight_find(&tool.sight, dn);
	return (entry != NULL ? unpack_id(entry) : NOID);
}
