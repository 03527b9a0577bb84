/*
 * Bodies from nowhere, which come in pieces: read as JSON, and as a query (POST to .search) whose
 * parts are then read in turn. What must hold: no crash, an error is one that is the client's, with
 * a text in UTF-8, and a body reads the same in whatever pieces it comes.
 */
#include "config.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "scim/search.h"
#include "scim/select.h"
#include "scim/sort.h"

static struct form *form;

int
LLVMFuzzerInitialize(int *argc __attribute__((unused)),
    char ***argv __attribute__((unused)))
{
	attr_init();
	form = mem_alloc(sizeof(*form));
	form->on = UINT32_MAX;
	return (0);
}

static void
check_error(const struct err *err)
{
	int status = err_kind(err->code)->http_status;

	if (status < 400 || status >= 500 || *err->text == '\0' ||
	    !text_valid(err->text, strlen(err->text)))
		abort();
}

static void
try_query(struct request *request, enum resource_type type)
{
	const struct filter_scope scope = { .type = type, .form = form,
		.root = type == RESOURCE_GROUP };
	const char *const *parameters = request->parameters;
	const struct filter *filter;
	struct selection selection;
	struct err err = ERR_INIT;
	struct sorting sorting;

	if (parameters[PARAMETER_FILTER] != NULL && filter_parse(request_arena(request),
	    &scope, parameters[PARAMETER_FILTER], &filter, &err) < 0)
		check_error(&err);
	err = (struct err)ERR_INIT;
	if (select_read(type, parameters[PARAMETER_ATTRIBUTES],
	    parameters[PARAMETER_EXCLUDED], &selection, &err) < 0)
		check_error(&err);
	err = (struct err)ERR_INIT;
	if (sort_read(&scope, parameters[PARAMETER_SORT_BY],
	    parameters[PARAMETER_SORT_ORDER], &sorting, &err) < 0)
		check_error(&err);
}

/* Pieces of `step` bytes. The result is that of reading, *error its error. */
static int
read_in_pieces(struct body *body, const uint8_t *data, size_t size, size_t step,
    struct err *err)
{
	const json_t *json;
	size_t i, len;

	for (i = 0; i < size; i += len) {
		len = size - i < step ? size - i : step;
		if (!body_add(body, (const char *)data + i, len))
			return (-1);
	}
	return (body_read(body, &json, err));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct body whole = { .keep = true }, pieces = { .keep = true };
	struct request request = { .body = &whole };
	struct err err = ERR_INIT, other = ERR_INIT;
	char *type;
	int result;

	type = mem_dup_len((const char *)data, size);
	(void)body_is_json(type);
	mem_free(&type);
	if (size > BODY_MAX)
		return (0);
	result = read_in_pieces(&whole, data, size, size + 1, &err);
	if (result != read_in_pieces(&pieces, data, size, 7, &other) ||
	    strcmp(err.text, other.text) != 0 ||
	    json_equal(whole.json, pieces.json) != (result == 0))
		abort();
	if (result < 0) {
		check_error(&err);
	} else if (search_read(&request, &err) < 0) {
		check_error(&err);
	} else {
		try_query(&request, RESOURCE_USER);
		try_query(&request, RESOURCE_GROUP);
	}
	body_close(&whole);
	body_close(&pieces);
	arena_close(&request.arena);
	return (0);
}
