/*
 * Owns the key that cookies are sealed with: made when the first is, for the life of the
 * process.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/page.h"

#include <assert.h>
#include <pthread.h>

#include "backend/ops.h"
#include "base/digest.h"

#define PAGE_SEAL	12	/* bytes of the HMAC: nothing is left to padding */

/* A cookie as it is sent; it means nothing on another machine. */
struct cookie {
	uint64_t	 after;		/* masked: gaps between ids tell of who is not shown */
	uint64_t	 request;	/* hash of what must stay the same */
	uint32_t	 sent;
	uint8_t		 seal[PAGE_SEAL];
};

static_assert(sizeof(struct cookie) == offsetof(struct cookie, seal) + PAGE_SEAL,
    "a cookie has padding");

static uint8_t page_key[DIGEST_SHA256_SIZE];
static pthread_once_t page_once = PTHREAD_ONCE_INIT;

static void
page_make_key(void)
{
	digest_random(page_key, sizeof(page_key));
}

static void
page_seal(const struct cookie *cookie, uint8_t seal[PAGE_SEAL])
{
	uint8_t whole[DIGEST_SHA256_SIZE];

	(void)pthread_once(&page_once, page_make_key);
	digest_hmac_sha256(page_key, sizeof(page_key), cookie, offsetof(struct cookie, seal),
	    whole);
	memcpy(seal, whole, PAGE_SEAL);
}

static uint64_t
page_mask(const struct cookie *cookie)
{
	const uint64_t place[2] = { cookie->request, cookie->sent };
	uint8_t whole[DIGEST_SHA256_SIZE];
	uint64_t mask;

	(void)pthread_once(&page_once, page_make_key);
	digest_hmac_sha256(page_key, sizeof(page_key), place, sizeof(place), whole);
	memcpy(&mask, whole, sizeof(mask));
	return (mask);
}

static uint64_t
page_hash(uint64_t hash, const struct berval *text)
{
	return (BER_BVISEMPTY(text) ? hash + 1 :
	    hash64_seed(text->bv_val, text->bv_len, hash));
}

/* Base, scope and filter make a search; what is asked of each entry may change. */
static uint64_t
page_request(const Operation *op)
{
	return (page_hash(page_hash((uint64_t)op->ors_scope, &op->o_req_ndn),
	    &op->ors_filterstr));
}

static bool
page_read(const Operation *op, const struct berval *text, struct cookie *cookie)
{
	uint8_t seal[PAGE_SEAL];

	if (text->bv_len != sizeof(*cookie))
		return (false);
	memcpy(cookie, text->bv_val, sizeof(*cookie));
	page_seal(cookie, seal);
	return (digest_equal(seal, cookie->seal, PAGE_SEAL) &&
	    cookie->request == page_request(op));
}

static PagedResultsState *
page_state(const Operation *op)
{
	if (op->o_tag != LDAP_REQ_SEARCH || get_pagedresults(op) <= SLAP_CONTROL_IGNORED)
		return (NULL);
	return (op->o_pagedresults_state);
}

/*
 * slapd counts what was sent on the connection, as if it had one paged search; the limits that
 * it checks next are those of this one. Whose cookie it is, an overlay may know better.
 */
int
page_check(Operation *op, SlapReply *rs)
{
	PagedResultsState *state;
	struct cookie cookie;

	(void)rs;
	state = page_state(op);
	if (state != NULL && !BER_BVISEMPTY(&state->ps_cookieval) &&
	    page_read(op, &state->ps_cookieval, &cookie))
		state->ps_count = (int)cookie.sent;
	return (SLAP_CB_CONTINUE);
}

bool
page_open(Operation *op, SlapReply *rs, struct page *page)
{
	PagedResultsState *state;
	struct cookie cookie;

	*page = (struct page){ .wanted = false };
	state = page_state(op);
	if (state == NULL)
		return (true);
	page->wanted = true;
	page->size = state->ps_size;
	if (BER_BVISEMPTY(&state->ps_cookieval))
		return (true);
	if (!page_read(op, &state->ps_cookieval, &cookie)) {
		rs->sr_err = LDAP_UNWILLING_TO_PERFORM;
		rs->sr_text = "paged results cookie is not of this search, or old";
		return (false);
	}
	page->after = (ID)(cookie.after ^ page_mask(&cookie));
	page->sent = (int)cookie.sent;
	return (true);
}

/* The control with its value behind it: slapd frees it as one. */
static LDAPControl *
page_control(Operation *op, const struct berval *cookie)
{
	BerElementBuffer buffer;
	BerElement *ber = (BerElement *)&buffer;
	struct berval value;
	LDAPControl *control;

	control = NULL;
	ber_init2(ber, NULL, LBER_USE_DER);
	if (ber_printf(ber, "{iO}", 0, cookie) != -1 && ber_flatten2(ber, &value, 0) != -1) {
		control = op->o_tmpcalloc(1, sizeof(*control) + value.bv_len,
		    op->o_tmpmemctx);
		control->ldctl_oid = (char *)(uintptr_t)LDAP_CONTROL_PAGEDRESULTS;
		control->ldctl_value.bv_val = (char *)(control + 1);
		control->ldctl_value.bv_len = value.bv_len;
		memcpy(control + 1, value.bv_val, value.bv_len);
	}
	ber_free_buf(ber);
	return (control);
}

void
page_answer(Operation *op, SlapReply *rs, const struct page *page, ID last)
{
	struct cookie cookie = { .after = last, .request = page_request(op),
	    .sent = (uint32_t)(page->sent + rs->sr_nentries) };
	struct berval text = { .bv_len = 0, .bv_val = (char *)&cookie };
	LDAPControl *controls[2] = { NULL, NULL };

	if (last != 0) {
		cookie.after ^= page_mask(&cookie);
		page_seal(&cookie, cookie.seal);
		text.bv_len = sizeof(cookie);
	}
	controls[0] = page_control(op, &text);
	if (controls[0] != NULL)
		slap_add_ctrls(op, rs, controls);
	else
		rs->sr_err = LDAP_OTHER;
}
