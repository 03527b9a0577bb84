/*
 * Owns nothing: the filter goes to the caller's arena. Precedence by descent: or, and,
 * not and brackets. Recursion is bounded by FILTER_DEPTH, work and memory by
 * FILTER_NODES.
 */
#include "config.h"

#include "scim/filter.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/text.h"
#include "scim/fold.h"
#include "scim/lexer.h"

#define PATH_QUOTED	40		/* columns of a path that an error quotes */

struct parser {
	struct lexer			 lexer;
	struct arena			*arena;
	const struct filter_scope	*scope;
	const struct attr		*element;	/* inside brackets: of what */
	unsigned int			 depth;
	unsigned int			 nodes;
	struct err			*err;
};

enum op_needs { OP_ANY, OP_ORDER, OP_TEXT };

static const struct {
	const char	*name;
	enum op_needs	 needs;
} ops[FILTER_OP_N] = {
	[FILTER_EQ] = { "eq", OP_ANY },
	[FILTER_NE] = { "ne", OP_ANY },
	[FILTER_CO] = { "co", OP_TEXT },
	[FILTER_SW] = { "sw", OP_TEXT },
	[FILTER_EW] = { "ew", OP_TEXT },
	[FILTER_GT] = { "gt", OP_ORDER },
	[FILTER_GE] = { "ge", OP_ORDER },
	[FILTER_LT] = { "lt", OP_ORDER },
	[FILTER_LE] = { "le", OP_ORDER },
	[FILTER_PR] = { "pr", OP_ANY },
};

static int parse_or(struct parser *parser, const struct filter **out);

static struct filter *
parse_node(struct parser *parser, enum filter_kind kind)
{
	struct filter *filter;

	parser->nodes++;
	filter = arena_alloc(parser->arena, sizeof(*filter));
	filter->kind = kind;
	return (filter);
}

static const struct filter *
parse_join(struct parser *parser, enum filter_kind kind, const struct filter *left,
    const struct filter *right)
{
	struct filter *filter;

	filter = parse_node(parser, kind);
	filter->left = left;
	filter->right = right;
	return (filter);
}

static int
parse_fail(const struct parser *parser, const char *text)
{
	return (lexer_fail(&parser->lexer, parser->lexer.at, parser->err, "%s", text));
}

static int
parse_limits(const struct parser *parser)
{
	if (parser->nodes > FILTER_NODES)
		return (err_set(parser->err, ERR_SCIM_FILTER,
		    "the filter has more than %d terms", FILTER_NODES));
	if (parser->depth > FILTER_DEPTH)
		return (err_set(parser->err, ERR_SCIM_FILTER,
		    "the filter has more than %d brackets in one another",
		    FILTER_DEPTH));
	return (0);
}

/* ---- names --------------------------------------------------------------- */

/*
 * Stands for what no type has where all of them are asked: it has no value and compares
 * with everything.
 */
static const struct attr parse_nothing = {
	.id = ATTR_MAX,
	.name = "",
	.type = ATTR_STRING,
	.field = FIELD_N,
};

/* NULL when the type has no such attribute, or none that is served. */
static const struct attr *
parse_find(const struct filter_scope *scope, enum resource_type type, struct span name)
{
	struct attr_path path;

	if (!attr_find(type, name.text, name.len, &path) || path.attr == NULL ||
	    (scope->form != NULL && !form_serves(scope->form, path.attr)))
		return (NULL);
	return (path.attr);
}

/* An attribute of another type has no value in this one (RFC 7644 §3.4.2.1). */
static const struct attr *
parse_find_root(const struct filter_scope *scope, struct span name)
{
	const struct attr *attr;
	enum resource_type type;

	attr = parse_find(scope, scope->type, name);
	for (type = 0; attr == NULL && type < RESOURCE_ROOT_N; type++)
		attr = parse_find(scope, type, name);
	return (attr != NULL ? attr : &parse_nothing);
}

/* The attribute a name stands for; what is not served does not exist. */
static int
parse_name(struct parser *parser, struct span name, const struct attr **attr)
{
	const struct filter_scope *scope = parser->scope;

	if (name.len == 0)
		return (parse_fail(parser, "an attribute is missing"));
	if (parser->element != NULL)
		*attr = attr_child(parser->element, name.text, name.len);
	else if (scope->root)
		*attr = parse_find_root(scope, name);
	else
		*attr = parse_find(scope, scope->type, name);
	if (*attr == NULL ||
	    (scope->form != NULL && !form_serves(scope->form, *attr)))
		return (parse_fail(parser, "there is no such attribute"));
	parser->lexer.at += name.len;
	return (0);
}

static int
parse_op(struct parser *parser, enum filter_op *op)
{
	if (lexer_blanks(&parser->lexer) == 0)
		return (parse_fail(parser, "a blank and an operator are missing"));
	for (*op = 0; *op < FILTER_OP_N; (*op)++)
		if (lexer_take_word(&parser->lexer, ops[*op].name))
			return (0);
	return (parse_fail(parser,
	    "the operator is none of eq ne co sw ew gt ge lt le pr"));
}

/* ---- comparisons --------------------------------------------------------- */

static int
parse_check_op(struct parser *parser, const struct attr *attr, enum filter_op op,
    const char *at)
{
	bool text, order;

	if (attr == &parse_nothing)
		return (0);
	text = attr->type == ATTR_STRING || attr->type == ATTR_REFERENCE;
	order = attr->type != ATTR_BOOLEAN;
	if ((ops[op].needs == OP_TEXT && !text) ||
	    (ops[op].needs == OP_ORDER && !order))
		return (lexer_fail(&parser->lexer, at, parser->err,
		    "%s does not apply to %s", ops[op].name, attr->name));
	return (0);
}

static bool
literal_is(const struct literal *literal, const char *word)
{
	return (literal->text.len == strlen(word) &&
	    strncasecmp(literal->text.text, word, literal->text.len) == 0);
}

static bool
literal_is_text(const struct literal *literal)
{
	return (literal->kind == LITERAL_STRING || literal->kind == LITERAL_WORD);
}

/* Strings do for booleans, in any letter case: Entra sends "False". */
static int
parse_boolean(struct parser *parser, const struct literal *literal,
    struct filter *filter)
{
	bool is_false, is_true;

	is_true = literal_is(literal, "true");
	is_false = literal_is(literal, "false");
	if (!is_true && !is_false)
		return (lexer_fail(&parser->lexer, literal->at, parser->err,
		    "%s is true or false", filter->attr->name));
	filter->text = (struct span){ is_true ? "true" : "false", is_true ? 4 : 5 };
	return (0);
}

/*
 * Digits behind the microsecond make an instant that lies between two of the store's.
 */
static bool
parse_beyond(const char *text)
{
	const char *digits;

	digits = strchr(text, '.');
	if (digits == NULL || strspn(digits + 1, "0123456789") <= 6)
		return (false);
	digits += 7;
	digits += strspn(digits, "0");
	return (*digits >= '1' && *digits <= '9');
}

static int
parse_instant(struct parser *parser, const struct literal *literal,
    struct filter *filter)
{
	const char *text;

	text = arena_dup_len(parser->arena, literal->text.text, literal->text.len);
	if (!literal_is_text(literal) || !clock_parse(text, &filter->instant))
		return (lexer_fail(&parser->lexer, literal->at, parser->err,
		    "%s is a time, like \"2026-11-20T10:15:30Z\"", filter->attr->name));
	filter->beyond = parse_beyond(text);
	return (0);
}

static int
parse_text(struct parser *parser, const struct literal *literal, struct filter *filter)
{
	if (!literal_is_text(literal) && filter->attr != &parse_nothing)
		return (lexer_fail(&parser->lexer, literal->at, parser->err,
		    "%s is a string, between double quotes", filter->attr->name));
	filter->text = literal->text;
	filter->text.text = fold_value(parser->arena, filter->attr, literal->text.text,
	    &filter->text.len);
	return (0);
}

static int
parse_typed(struct parser *parser, const struct literal *literal, struct filter *filter)
{
	switch (filter->attr->type) {
	case ATTR_BOOLEAN:
		return (parse_boolean(parser, literal, filter));
	case ATTR_DATETIME:
		return (parse_instant(parser, literal, filter));
	case ATTR_STRING:
	case ATTR_REFERENCE:
	case ATTR_INTEGER:
	case ATTR_COMPLEX:
		break;
	}
	return (parse_text(parser, literal, filter));
}

/* Nothing is stored as null: to equal it is not to be present. */
static int
parse_null(struct parser *parser, const struct literal *literal, struct filter *filter,
    const struct filter **out)
{
	enum filter_op op = filter->op;

	if (op != FILTER_EQ && op != FILTER_NE)
		return (lexer_fail(&parser->lexer, literal->at, parser->err,
		    "%s does not apply to null", ops[op].name));
	filter->op = FILTER_PR;
	*out = op == FILTER_NE ? filter : parse_join(parser, FILTER_NOT, filter, NULL);
	return (0);
}

/* Behind the name: the operator and, but for pr, a value. */
static int
parse_compare(struct parser *parser, const struct attr *attr, const struct filter **out)
{
	struct literal literal;
	struct filter *filter;
	const char *at;

	filter = parse_node(parser, FILTER_COMPARE);
	filter->attr = attr;
	*out = filter;
	if (parse_op(parser, &filter->op) < 0)
		return (-1);
	if (filter->op == FILTER_PR)
		return (0);
	at = parser->lexer.at;
	if (lexer_blanks(&parser->lexer) == 0)
		return (parse_fail(parser, "a blank and a value are missing"));
	if (lexer_literal(&parser->lexer, parser->arena, &literal, parser->err) < 0)
		return (-1);
	if (literal.kind == LITERAL_NULL)
		return (parse_null(parser, &literal, filter, out));
	filter->attr = attr_value(attr);
	if (filter->attr == NULL)
		return (lexer_fail(&parser->lexer, at, parser->err,
		    "%s has parts: compare one of them, like %s.%s", attr->name,
		    attr->name, attr->children->name));
	if (parse_check_op(parser, filter->attr, filter->op, at) < 0)
		return (-1);
	return (parse_typed(parser, &literal, filter));
}

/* ---- value paths --------------------------------------------------------- */

/* Behind "]": ".value eq …", bound to the same element. */
static int
parse_element_part(struct parser *parser, const struct filter **inner)
{
	const struct filter *part;
	const struct attr *attr;

	if (!lexer_take(&parser->lexer, '.'))
		return (0);
	if (parse_name(parser, lexer_peek(&parser->lexer), &attr) < 0 ||
	    parse_compare(parser, attr, &part) < 0)
		return (-1);
	*inner = parse_join(parser, FILTER_AND, *inner, part);
	return (0);
}

/* Behind "[". */
static int
parse_element(struct parser *parser, const struct attr *attr, const struct filter **out)
{
	const struct filter *inner;
	struct filter *filter;

	if (parser->element != NULL || attr->type != ATTR_COMPLEX)
		return (lexer_fail(&parser->lexer, parser->lexer.at - 1, parser->err,
		    "%s has no elements to look into", attr->name));
	filter = parse_node(parser, FILTER_ELEMENT);
	filter->attr = parser->element = attr;
	if (parse_or(parser, &inner) < 0)
		return (-1);
	if (!lexer_take(&parser->lexer, ']'))
		return (parse_fail(parser, "a ] is missing"));
	if (parse_element_part(parser, &inner) < 0)
		return (-1);
	parser->element = NULL;
	filter->left = inner;
	*out = filter;
	return (0);
}

/* ---- what joins them ----------------------------------------------------- */

/* Behind "(". */
static int
parse_group(struct parser *parser, const struct filter **out)
{
	parser->depth++;
	if (parse_limits(parser) < 0 || parse_or(parser, out) < 0)
		return (-1);
	if (!lexer_take(&parser->lexer, ')'))
		return (parse_fail(parser, "a ) is missing"));
	parser->depth--;
	return (0);
}

/* "not" is a word of its own only before a bracket. */
static bool
parse_take_not(struct parser *parser)
{
	struct lexer before = parser->lexer;

	if (lexer_take_word(&parser->lexer, "not")) {
		(void)lexer_blanks(&parser->lexer);
		if (lexer_take(&parser->lexer, '('))
			return (true);
	}
	parser->lexer = before;
	return (false);
}

static int
parse_term(struct parser *parser, const struct filter **out)
{
	const struct attr *attr;

	(void)lexer_blanks(&parser->lexer);
	if (lexer_take(&parser->lexer, '('))
		return (parse_group(parser, out));
	if (parse_take_not(parser)) {
		if (parse_group(parser, out) < 0)
			return (-1);
		*out = parse_join(parser, FILTER_NOT, *out, NULL);
		return (0);
	}
	if (parse_name(parser, lexer_peek(&parser->lexer), &attr) < 0)
		return (-1);
	if (lexer_take(&parser->lexer, '['))
		return (parse_element(parser, attr, out));
	return (parse_compare(parser, attr, out));
}

static int
parse_and(struct parser *parser, const struct filter **out)
{
	const struct filter *right;

	if (parse_term(parser, out) < 0)
		return (-1);
	for (;;) {
		(void)lexer_blanks(&parser->lexer);
		if (parse_limits(parser) < 0)
			return (-1);
		if (!lexer_take_word(&parser->lexer, "and"))
			return (0);
		if (parse_term(parser, &right) < 0)
			return (-1);
		*out = parse_join(parser, FILTER_AND, *out, right);
	}
}

static int
parse_or(struct parser *parser, const struct filter **out)
{
	const struct filter *right;

	if (parse_and(parser, out) < 0)
		return (-1);
	while (lexer_take_word(&parser->lexer, "or")) {
		if (parse_and(parser, &right) < 0)
			return (-1);
		*out = parse_join(parser, FILTER_OR, *out, right);
	}
	return (0);
}

int
filter_parse(struct arena *arena, const struct filter_scope *scope, const char *text,
    const struct filter **filter, struct err *err)
{
	struct parser parser = { .lexer = { text, text }, .arena = arena,
		.scope = scope, .err = err };

	if (strlen(text) > FILTER_LENGTH)
		return (err_set(err, ERR_SCIM_FILTER,
		    "the filter is longer than %d bytes", FILTER_LENGTH));
	if (parse_or(&parser, filter) < 0)
		return (-1);
	if (*parser.lexer.at != '\0')
		return (parse_fail(&parser, "\"and\", \"or\" or the end is missing"));
	return (parse_limits(&parser));
}

/* ---- paths of PATCH ------------------------------------------------------ */

static int
path_fail(const char *at, const char *text, struct err *err)
{
	return (err_set(err, ERR_SCIM_PATH, *at == '\0' ? "%s, at the end of the path" :
	    "%s: %.*s", text, (int)text_fit(at, PATH_QUOTED), at));
}

static int
path_name(const struct parser *parser, struct filter_path *path, struct span name)
{
	struct attr_path found;

	if (name.len == 0)
		return (path_fail(name.text, "an attribute is missing", parser->err));
	if (!attr_find(parser->scope->type, name.text, name.len, &found) ||
	    (found.attr != NULL && parser->scope->form != NULL &&
	    !form_serves(parser->scope->form, found.attr)))
		return (path_fail(name.text, "there is no such attribute", parser->err));
	*path = (struct filter_path){ .schema = found.schema, .attr = found.attr };
	if (found.attr != NULL && found.attr->parent != NULL) {
		path->attr = found.attr->parent;
		path->sub = found.attr;
	}
	return (0);
}

/* Behind "[": the filter, "]" and perhaps a sub-attribute. */
static int
path_element(struct parser *parser, struct filter_path *path)
{
	struct span name;

	if (path->attr == NULL || path->sub != NULL || path->attr->type != ATTR_COMPLEX)
		return (path_fail(parser->lexer.at - 1,
		    "what stands before it has no elements", parser->err));
	parser->element = path->attr;
	if (parse_or(parser, &path->element) < 0)
		return (-1);
	if (!lexer_take(&parser->lexer, ']'))
		return (parse_fail(parser, "a ] is missing"));
	if (!lexer_take(&parser->lexer, '.'))
		return (0);
	name = lexer_peek(&parser->lexer);
	path->sub = attr_child(path->attr, name.text, name.len);
	if (path->sub == NULL)
		return (path_fail(name.text, "there is no such sub-attribute",
		    parser->err));
	parser->lexer.at += name.len;
	return (0);
}

int
filter_parse_path(struct arena *arena, const struct filter_scope *scope,
    const char *text, struct filter_path *path, struct err *err)
{
	struct parser parser = { .lexer = { text, text }, .arena = arena,
		.scope = scope, .err = err };
	struct span name;

	if (strlen(text) > FILTER_LENGTH)
		return (err_set(err, ERR_SCIM_PATH, "the path is longer than %d bytes",
		    FILTER_LENGTH));
	(void)lexer_blanks(&parser.lexer);
	name = lexer_peek(&parser.lexer);
	if (path_name(&parser, path, name) < 0)
		return (-1);
	parser.lexer.at += name.len;
	if (lexer_take(&parser.lexer, '[') && path_element(&parser, path) < 0)
		return (-1);
	(void)lexer_blanks(&parser.lexer);
	if (*parser.lexer.at != '\0')
		return (path_fail(parser.lexer.at, "the path goes on behind its end",
		    err));
	return (0);
}
