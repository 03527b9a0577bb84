/*
 * Owns the state of one search while it runs. It holds a snapshot and nothing else: what it
 * sends stands still, whatever is published meanwhile and however slowly the client reads.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/cork.h"
#include "backend/gone.h"
#include "backend/ops.h"
#include "backend/page.h"
#include "backend/unpack.h"
#include "backend/walk.h"

#define SEARCH_LOOK	256	/* candidates passed over between two looks at the clock */

#define SEARCH_AHEAD	4	/* ids between an entry and one that is fetched meanwhile */

/* Which entries of the tree a base and a scope take in. */
struct scope {
	unsigned int			 nodes;		/* bit per entry of struct nodes */
	bool				 people;
	bool				 groups;
	bool				 services;
	const struct image_entry	*single;	/* one person, group or client */
};

struct search {
	Operation		*op;
	SlapReply		*rs;
	struct sight		 sight;
	struct scratch		 scratch;
	struct scope		 scope;
	struct match		*match;
	struct page		 page;
	struct cork		 cork;
	struct need		 need;		/* what slapd will look at */
	ID			 last;		/* sent last */
	time_t			 stop;
	unsigned int		 passed;	/* since the last look at the clock */
	void			*memory;	/* of the entry being sent */
	size_t			 room;
};

/* ---- scope ------------------------------------------------------------------------------------- */

static void
search_below_suffix(struct scope *scope, int asked)
{
	scope->nodes = asked == LDAP_SCOPE_BASE ? 1 : (1U << LIVE_NODES) - 1;
	if (asked == LDAP_SCOPE_ONELEVEL || asked == LDAP_SCOPE_SUBORDINATE)
		scope->nodes &= ~1U;
	scope->people = scope->groups = scope->services =
	    asked == LDAP_SCOPE_SUBTREE || asked == LDAP_SCOPE_SUBORDINATE;
}

static void
search_below_unit(struct scope *scope, const struct image_entry *base, int asked)
{
	unsigned int unit = base->id - 2;

	if (asked == LDAP_SCOPE_BASE || asked == LDAP_SCOPE_SUBTREE)
		scope->nodes = 1U << (unit + 1);
	if (asked == LDAP_SCOPE_BASE)
		return;
	scope->people = unit == UNIT_PEOPLE;
	scope->groups = unit == UNIT_GROUPS;
	scope->services = unit == UNIT_SERVICES;
}

static void
search_set_scope(struct scope *scope, const struct image_entry *base, int asked)
{
	const struct pack *pack = base->payload;

	*scope = (struct scope){ .nodes = 0 };
	if (pack->role == ROLE_SUFFIX)
		search_below_suffix(scope, asked);
	else if (pack->role == ROLE_UNIT)
		search_below_unit(scope, base, asked);
	else if (asked == LDAP_SCOPE_BASE || asked == LDAP_SCOPE_SUBTREE)
		scope->single = base;
}

/* ---- sending -------------------------------------------------------------------------------------- */

static Entry *
search_unpack(struct search *search, const struct image_entry *entry, const struct need *need)
{
	Operation *op = search->op;
	size_t size;

	size = unpack_size(entry);
	if (size > search->room) {
		if (search->memory != NULL)
			op->o_tmpfree(search->memory, op->o_tmpmemctx);
		search->room = size > 4096 ? size * 2 : 4096;
		search->memory = op->o_tmpalloc(search->room, op->o_tmpmemctx);
	}
	return (unpack_into(search->memory, &search->sight, entry, need));
}

/*
 * The search goes on while these return true; else it has a result in rs->sr_err, which is
 * LDAP_SUCCESS where a page is full.
 */
static bool
search_send(struct search *search, const struct image_entry *entry)
{
	SlapReply *rs = search->rs;
	Operation *op = search->op;
	Entry *e;

	e = search_unpack(search, entry, &search->need);
	if (test_filter(op, e, op->ors_filter) != LDAP_COMPARE_TRUE)
		return (true);
	if (search->page.wanted && rs->sr_nentries >= search->page.size) {
		page_answer(op, rs, &search->page, search->last);
		search->page.wanted = false;
		return (false);
	}
	search->last = e->e_id;
	rs->sr_entry = e;
	rs->sr_attrs = op->ors_attrs;
	rs->sr_operational_attrs = NULL;
	rs->sr_ctrls = NULL;
	rs->sr_flags = 0;
	rs->sr_err = LDAP_SUCCESS;
	cork_put(&search->cork, op);
	rs->sr_err = send_search_entry(op, rs);
	rs->sr_entry = NULL;
	rs->sr_attrs = NULL;
	switch (rs->sr_err) {
	case LDAP_SIZELIMIT_EXCEEDED:
	case LDAP_UNAVAILABLE:		/* the connection is gone */
	case LDAP_BUSY:			/* slapd is being configured */
		return (false);
	}
	rs->sr_err = LDAP_SUCCESS;
	return (true);
}

static bool
search_must_stop(struct search *search)
{
	Operation *op = search->op;

	if (op->o_abandon)
		search->rs->sr_err = SLAPD_ABANDON;
	else if (slapd_shutdown)
		search->rs->sr_err = LDAP_UNAVAILABLE;
	else if (op->ors_tlimit != SLAP_NO_LIMIT && slap_get_time() > search->stop)
		search->rs->sr_err = LDAP_TIMELIMIT_EXCEEDED;
	else
		return (false);
	return (true);
}

static bool
search_try(struct search *search, const struct image_entry *entry)
{
	if ((match_entry(search->match, &search->sight, entry) & OUTCOME_TRUE) == 0) {
		if (++search->passed < SEARCH_LOOK)
			return (true);
		search->passed = 0;
		cork_pull(&search->cork);
		return (!search_must_stop(search));
	}
	if (search_must_stop(search))
		return (false);
	if (unpack_id(entry) <= search->page.after || !sight_shows(&search->sight, entry))
		return (true);
	return (search_send(search, entry));
}

/* ---- walking the tree --------------------------------------------------------------------------- */

static bool
search_nodes(struct search *search)
{
	unsigned int i;

	for (i = 0; i < LIVE_NODES; i++)
		if ((search->scope.nodes & 1U << i) != 0 &&
		    !search_try(search, search->sight.nodes->entry[i]))
			return (false);
	return (true);
}

/* The id to begin with when earlier pages went as far as page.after. */
static uint32_t
search_first(const struct search *search)
{
	ID after = search->page.after;

	switch (after >> 32) {
	case 1:
		return (search->scope.people ? (uint32_t)after + 1 : IMAGE_GROUP);
	case 2:
		return (IMAGE_GROUP | ((uint32_t)after + 1));
	case 3:
		return (UINT32_MAX);
	}
	return (search->scope.people ? 0 : IMAGE_GROUP);
}

/* Entries lie all over the memory: what is looked at soon is fetched while others are. */
static void
search_fetch(const struct image_snap *snap, uint32_t id)
{
	const struct image_entry *far, *near;

	far = snap_entry(snap, id + 2 * SEARCH_AHEAD);
	if (far != NULL)
		__builtin_prefetch(far);
	near = snap_entry(snap, id + SEARCH_AHEAD);
	if (near == NULL)
		return;
	__builtin_prefetch(near->payload);
	__builtin_prefetch((const char *)near->payload + 64);
	__builtin_prefetch((const char *)near->payload + 128);
}

static bool
search_walk(struct search *search, struct walk *walk)
{
	bool many = walk_count(walk) > SEARCH_LOOK;
	const struct image_entry *entry;
	uint32_t id;

	id = search_first(search);
	for (; walk_next(walk, &id); id++) {
		if ((id & IMAGE_GROUP) != 0 && !search->scope.groups)
			break;
		if (many)
			search_fetch(search->sight.snap, id);
		entry = snap_entry(search->sight.snap, id);
		if (entry != NULL && !search_try(search, entry))
			return (false);
		if (id == UINT32_MAX)
			break;
	}
	return (true);
}

/*
 * Clients are seen by themselves and the rootdn: others need not even look. A replica has clients
 * of its own, and takes none over (RFC 4533).
 */
static bool
search_services(struct search *search)
{
	const struct accounts *accounts;
	Operation *op = search->op;
	size_t i;

	if ((op->o_sync & SLAP_CONTROL_MASK) > SLAP_CONTROL_IGNORED ||
	    (!dnIsSuffix(&op->o_ndn, &search->sight.naming->unit[UNIT_SERVICES].normal) &&
	    !be_isroot(op)))
		return (true);
	accounts = sight_accounts(&search->sight);
	for (i = 0; i < accounts->count; i++)
		if (ops_may_see(op, accounts->list[i].entry) &&
		    !search_try(search, accounts->list[i].entry))
			return (false);
	return (true);
}

/* slapd's limits unchecked: how many candidates may be looked at. */
static bool
search_too_many(const Operation *op, const struct walk *walk)
{
	return (op->ors_limit != NULL && op->ors_limit->lms_s_unchecked != -1 &&
	    walk_count(walk) > (size_t)op->ors_limit->lms_s_unchecked);
}

static void
search_run(struct search *search)
{
	struct scope *scope = &search->scope;
	struct walk *walk;
	bool going;

	search->match = match_make(&search->scratch, &search->sight, search->op->ors_filter);
	walk = NULL;
	if (scope->people || scope->groups) {
		walk = walk_make(&search->scratch, &search->sight, search->match);
		if (search_too_many(search->op, walk)) {
			search->rs->sr_err = LDAP_ADMINLIMIT_EXCEEDED;
			return;
		}
	}
	going = scope->single == NULL || search_try(search, scope->single);
	going = going && search_nodes(search);
	going = going && (walk == NULL || search_walk(search, walk));
	going = going && (!scope->services || search_services(search));
	if (going && search->page.wanted)
		page_answer(search->op, search->rs, &search->page, 0);
}

/* ---- the operation ------------------------------------------------------------------------------------ */

/* Whether the base may be searched, and is what the client takes it to be (RFC 4528). */
static bool
search_may(struct search *search, const struct image_entry *base)
{
	Operation *op = search->op;
	struct need need;
	slap_mask_t mask;
	Entry *e;

	need = need_of_access(op);
	e = search_unpack(search, base, &need);
	if (!access_allowed_mask(op, e, slap_schema.si_ad_entry, NULL, ACL_SEARCH, NULL,
	    &mask)) {
		search->rs->sr_err = ACL_GRANT(mask, ACL_DISCLOSE) ?
		    LDAP_INSUFFICIENT_ACCESS : LDAP_NO_SUCH_OBJECT;
		return (false);
	}
	if (get_assert(op) && test_filter(op, e, get_assertion(op)) != LDAP_COMPARE_TRUE) {
		search->rs->sr_err = LDAP_ASSERTION_FAILED;
		return (false);
	}
	return (true);
}

/* As slapd's own backends do: who called is not told of limits a second time. */
static void
search_answer(Operation *op, SlapReply *rs, struct sight *sight)
{
	if (rs->sr_err == LDAP_NO_SUCH_OBJECT) {
		ops_answer_missing(op, rs, sight);
		return;
	}
	if (rs->sr_err == LDAP_UNAVAILABLE && slapd_shutdown) {
		send_ldap_disconnect(op, rs);
		return;
	}
	if (rs->sr_err == LDAP_UNAVAILABLE) {
		rs->sr_err = LDAP_OTHER;	/* nobody is there to be answered */
		return;
	}
	send_ldap_result(op, rs);
	switch (rs->sr_err) {
	case LDAP_SIZELIMIT_EXCEEDED:
	case LDAP_TIMELIMIT_EXCEEDED:
	case LDAP_ADMINLIMIT_EXCEEDED:
		rs->sr_err = LDAP_SUCCESS;
	}
}

static void
search_base(struct search *search, const struct image_entry *base)
{
	Operation *op = search->op;
	SlapReply *rs = search->rs;

	rs->sr_err = LDAP_SUCCESS;
	search->stop = op->o_time + op->ors_tlimit;
	search->need = need_of_search(op);
	search_set_scope(&search->scope, base, op->ors_scope);
	/* A page of size 0 gives a search up. Subentries are nowhere in the tree. */
	if (search_may(search, base) && page_open(op, rs, &search->page)) {
		if (search->page.wanted && search->page.size == 0)
			page_answer(op, rs, &search->page, 0);
		else if (!get_subentries_visibility(op))
			search_run(search);
	}
	search_answer(op, rs, &search->sight);
}

int
search_op(Operation *op, SlapReply *rs)
{
	struct search search = { .op = op, .rs = rs,
	    .scratch = { .context = op->o_tmpmemctx } };
	const struct image_entry *base;

	if (gone_is_asked(op))
		return (gone_search(op, rs));
	if (!ops_open_sight(op, rs, &search.sight))
		return (rs->sr_err);
	base = ops_find(op, rs, &search.sight);
	if (base != NULL)
		search_base(&search, base);
	cork_pull(&search.cork);
	scratch_close(&search.scratch);
	if (search.memory != NULL)
		op->o_tmpfree(search.memory, op->o_tmpmemctx);
	live_close_sight(&search.sight);
	op_tally(op, rs);
	return (rs->sr_err);
}
