/*
 * LDAP searches from nowhere: a scope, a name, and a filter as text or as BER. It is a module, so
 * that slapd's own parsers stand before it: slaptest loads it in place of back_rollcall, which is
 * inside it, and it begins as soon as the database is open. What must hold: no crash, and the
 * answer is that of slapd's test_filter for every entry of the tree.
 */
#include "config.h"

#include "backend/slapd.h"

#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/ops.h"
#include "base/mem.h"

#define FUZZ_ENTRIES	512

#undef init_module
int	init_module(int argc, char **argv);
int	rollcall_init_module(int argc, char **argv);	/* backend/module.c's */

static struct {
	BackendDB	*be;
	BI_db_open	*open;			/* what was there before fuzz_open */
	Connection	 connection;
	Entry		*entry[FUZZ_ENTRIES];	/* the whole tree, ascending by e_id */
	size_t		 count;
} fuzz;

struct request {
	int		 scope;
	char		*base;
	char		*filter;	/* or BER: its first byte is no character of ASCII */
	size_t		 length;
};

/* The entries of an answer. */
struct answer {
	ID		 id[FUZZ_ENTRIES];
	size_t		 count;
	ber_int_t	 result;
};

/* ---- asking ------------------------------------------------------------------------------- */

static int
fuzz_take(Operation *op, SlapReply *rs)
{
	struct answer *answer = op->o_callback->sc_private;

	if (rs->sr_type == REP_RESULT)
		answer->result = rs->sr_err;
	if (rs->sr_type != REP_SEARCH)
		return (0);
	if (answer->count == FUZZ_ENTRIES)
		abort();
	answer->id[answer->count++] = rs->sr_entry->e_id;
	return (0);
}

static void
fuzz_search(Operation *op, struct answer *answer)
{
	slap_callback callback = { .sc_response = fuzz_take, .sc_private = answer };
	SlapReply rs = { .sr_type = REP_RESULT };

	op->o_callback = &callback;
	(void)search_op(op, &rs);
	op->o_callback = NULL;
}

/* ---- what the answer must be ------------------------------------------------------------------- */

static bool
fuzz_wants(Operation *op, Entry *e)
{
	return (dnIsSuffixScope(&e->e_nname, &op->o_req_ndn, op->ors_scope) &&
	    test_filter(op, e, op->ors_filter) == LDAP_COMPARE_TRUE);
}

static bool
fuzz_has_base(const Operation *op)
{
	size_t i;

	for (i = 0; i < fuzz.count; i++)
		if (bvmatch(&fuzz.entry[i]->e_nname, &op->o_req_ndn))
			return (true);
	return (false);
}

static void
fuzz_expect(Operation *op, const struct answer *answer)
{
	size_t i, n;

	if (!fuzz_has_base(op)) {
		if (answer->result != LDAP_NO_SUCH_OBJECT || answer->count != 0)
			abort();
		return;
	}
	for (i = n = 0; i < fuzz.count; i++) {
		if (!fuzz_wants(op, fuzz.entry[i]))
			continue;
		if (n == answer->count || answer->id[n++] != fuzz.entry[i]->e_id)
			abort();
	}
	if (n != answer->count || answer->result != LDAP_SUCCESS)
		abort();
}

/* ---- reading requests ---------------------------------------------------------------------------- */

/* "2 ou=people,dc=example,dc=com", a new line, and the filter. */
static bool
fuzz_read(char *text, size_t size, struct request *request)
{
	char *end;

	end = memchr(text, '\n', size);
	if (end == NULL || end < text + 2 || end + 1 == text + size)
		return (false);
	*end = '\0';
	request->scope = text[0] & 3;
	request->base = text + 2;
	request->filter = end + 1;
	request->length = (size_t)(text + size - request->filter);
	return (true);
}

static Filter *
fuzz_read_filter(Operation *op, const struct request *request)
{
	BerElementBuffer buffer;
	BerElement *ber = (BerElement *)&buffer;
	struct berval value;
	const char *reason;
	Filter *filter;

	if (((unsigned char)request->filter[0] & 0x80) == 0)
		return (str2filter_x(op, request->filter));
	value.bv_val = request->filter;
	value.bv_len = request->length;
	ber_init2(ber, &value, 0);
	filter = NULL;
	if (get_filter(op, ber, &filter, &reason) != LDAP_SUCCESS)
		return (NULL);
	return (filter);
}

/* As slapd's frontend does. */
static bool
fuzz_prepare(Operation *op, const struct request *request)
{
	struct berval base;

	op->o_tag = LDAP_REQ_SEARCH;
	op->o_bd = fuzz.be;
	op->o_dn = fuzz.be->be_rootdn;
	op->o_ndn = fuzz.be->be_rootndn;
	op->ors_scope = request->scope;
	op->ors_slimit = op->ors_tlimit = SLAP_NO_LIMIT;
	ber_str2bv(request->base, 0, 0, &base);
	if (dnPrettyNormal(NULL, &base, &op->o_req_dn, &op->o_req_ndn, NULL) != LDAP_SUCCESS)
		return (false);
	op->ors_filter = fuzz_read_filter(op, request);
	if (op->ors_filter == NULL)
		return (false);
	filter2bv_x(op, op->ors_filter, &op->ors_filterstr);
	return (dnIsSuffix(&op->o_req_ndn, &fuzz.be->be_nsuffix[0]));
}

static void
fuzz_let_go(Operation *op)
{
	if (op->ors_filter != NULL)
		filter_free_x(op, op->ors_filter, 1);
	ch_free(op->ors_filterstr.bv_val);
	ch_free(op->o_req_dn.bv_val);
	ch_free(op->o_req_ndn.bv_val);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct answer answer = { .count = 0 };
	struct request request;
	OperationBuffer buffer;
	Operation *op = &buffer.ob_op;
	char *text;

	connection_fake_init2(&fuzz.connection, &buffer, ldap_pvt_thread_pool_context(), 1);
	op->o_tmpmemctx = NULL;		/* malloc's, which sanitizers look at */
	op->o_tmpmfuncs = &ch_mfuncs;
	text = mem_dup_len((const char *)data, size);
	if (fuzz_read(text, size, &request)) {
		if (fuzz_prepare(op, &request)) {
			fuzz_search(op, &answer);
			fuzz_expect(op, &answer);
		}
		fuzz_let_go(op);
	}
	mem_free(&text);
	return (0);
}

/* ---- beginning --------------------------------------------------------------------------------------- */

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return (0);
}

#ifdef FUZZ_LIBFUZZER
int	LLVMFuzzerRunDriver(int *argc, char ***argv,
	    int (*test)(const uint8_t *data, size_t size));

int
fuzz_main(int argc, char **argv)
{
	return (LLVMFuzzerRunDriver(&argc, &argv, LLVMFuzzerTestOneInput));
}
#endif

/* slapd does not end well with a sanitizer in it. */
static void
fuzz_end(int status, void *argument)
{
	(void)argument;
	(void)fflush(NULL);
	_exit(status);
}

/* ROLLCALL_FUZZ holds the arguments, a blank between them. */
static int
fuzz_run(void)
{
	char *arguments, *list[64] = { [0] = (char *)(uintptr_t)"fuzz_ldap_search" }, *rest;
	int count;

	arguments = mem_dup(getenv("ROLLCALL_FUZZ") != NULL ? getenv("ROLLCALL_FUZZ") : "");
	for (count = 1, rest = arguments; count < 63; count++) {
		list[count] = strtok_r(rest, " ", &rest);
		if (list[count] == NULL)
			break;
	}
	return (fuzz_main(count, list));
}

/* The entries stay: the program ends with what follows. */
static int
fuzz_open(BackendDB *be, ConfigReply *cr)
{
	int result;
	ID id;

	result = fuzz.open(be, cr);
	if (result != 0)
		return (result);
	fuzz.be = be;
	if (tool_open(be, 0) != 0)
		return (-1);
	for (id = tool_first(be, NULL, 0, NULL); id != NOID; id = tool_next(be))
		if (fuzz.count < FUZZ_ENTRIES)
			fuzz.entry[fuzz.count++] = tool_get(be, id);
	(void)tool_close(be);
	(void)on_exit(fuzz_end, NULL);
	exit(fuzz_run());
}

int
init_module(int argc, char **argv)
{
	BackendInfo *info;

	if (rollcall_init_module(argc, argv) != 0)
		return (-1);
	info = backend_info("rollcall");
	fuzz.open = info->bi_db_open;
	info->bi_db_open = fuzz_open;
	return (0);
}
