/*
 * Owns nothing. Each call holds the sandbox's lock while it works; webhooks are sent
 * after.
 */
#include "config.h"

#include "tests/sandbox/control.h"

#include <string.h>

#include "tests/sandbox/emit.h"

static const struct {
	const char	*method;
	const char	*path;
	control_call	*function;
	const char	*help;
} calls[] = {
#define CALL(method, path, function, help) { method, path, function, help },
#include "tests/sandbox/control.def"
#undef CALL
};

#define CALLS (sizeof(calls) / sizeof(calls[0]))

const char *
control_text(const struct control *control, const char *key)
{
	return (json_string_value(json_object_get(control->in, key)));
}

int64_t
control_number(const struct control *control, const char *key, int64_t standard)
{
	const json_t *value;

	value = json_object_get(control->in, key);
	return (json_is_number(value) ? (int64_t)json_number_value(value) : standard);
}

bool
control_bool(const struct control *control, const char *key, bool standard)
{
	const json_t *value;

	value = json_object_get(control->in, key);
	return (json_is_boolean(value) ? json_is_true(value) : standard);
}

int
control_help(struct control *control, struct err *err)
{
	size_t i;

	(void)err;
	emit_lit(control->out, "{");
	for (i = 0; i < CALLS; i++) {
		emit_lit(control->out, "\"");
		emit_text_part(control->out, calls[i].method);
		emit_lit(control->out, " ");
		emit_text_part(control->out, calls[i].path);
		emit_lit(control->out, "\":");
		emit_text(control->out, calls[i].help);
		emit_lit(control->out, ",");
	}
	emit_close(control->out, '}');
	return (0);
}

static int
body_read(struct control *control, struct err *err)
{
	const struct buf *body = &control->request->body;
	json_error_t error;

	if (body->len == 0) {
		control->in = json_object();
		return (0);
	}
	control->in = json_loadb(body->data, body->len, JSON_ALLOW_NUL, &error);
	if (control->in == NULL)
		return (
		    err_set(err, ERR_USAGE, "the body is not JSON: %s", error.text));
	return (0);
}

static int
tenant_choose(struct control *control, struct err *err)
{
	const char *id;

	id = control_text(control, "integration");
	if (id == NULL)
		id = request_parameter(control->request, "integration");
	control->tenant = id == NULL ? control->sandbox->tenants[0] :
	    sandbox_find(control->sandbox, id);
	if (control->tenant == NULL)
		return (err_set(err, ERR_NOT_FOUND, "there is no integration %s", id));
	return (0);
}

static int
call_find(const struct request *request, control_call **function, struct err *err)
{
	bool path_known;
	size_t i;

	path_known = false;
	for (i = 0; i < CALLS; i++) {
		if (strcmp(calls[i].path, request->path) != 0)
			continue;
		path_known = true;
		*function = calls[i].function;
		if (strcmp(calls[i].method, request->method) == 0)
			return (0);
	}
	return (err_set(err, path_known ? ERR_METHOD : ERR_NOT_FOUND,
	    "there is no call %s %s; GET / lists them", request->method,
	    request->path));
}

static void
control_answer(struct control *control, struct answer *answer, int result,
    const struct err *err)
{
	if (result != 0) {
		answer_json(answer, (unsigned int)err_kind(err->code)->http_status);
		emit_lit(&answer->body, "{");
		emit_pair_text(&answer->body, "error", err->text);
		emit_close(&answer->body, '}');
	} else if (control->out->len == 0) {
		emit_lit(control->out, "{}");
	}
	emit_end(&answer->body);
}

/* What the receiver of a webhook answered is the answer of the call that sent it. */
static int
post_send(struct control *control, struct err *err)
{
	int result;

	result = hook_send(&control->post, err);
	emit_lit(control->out, "{");
	emit_pair_integer(control->out, "status", control->post.status);
	emit_pair_text(control->out, "id", control->post.id);
	emit_pair_text(control->out, "signature", control->post.signature);
	emit_pair_text(control->out, "body", control->post.body.data);
	emit_close(control->out, '}');
	hook_post_close(&control->post);
	return (result);
}

void
control_handle(void *closure, struct request *request, struct answer *answer)
{
	struct hook_post posts[SANDBOX_NEWS_MAX];
	struct sandbox *sandbox = closure;
	struct control control = { .sandbox = sandbox, .request = request };
	struct err err = ERR_INIT;
	control_call *function = NULL;
	size_t count;
	int result;

	answer_json(answer, 200);
	control.out = &answer->body;
	count = 0;
	result = call_find(request, &function, &err);
	if (result == 0)
		result = body_read(&control, &err);
	if (result == 0) {
		(void)pthread_mutex_lock(&sandbox->lock);
		control.now = sandbox_now(sandbox);
		result = tenant_choose(&control, &err);
		if (result == 0)
			result = function(&control, &err);
		count = sandbox_news(sandbox, posts, SANDBOX_NEWS_MAX);
		count += sandbox_ends(sandbox, posts + count, SANDBOX_NEWS_MAX - count);
		(void)pthread_mutex_unlock(&sandbox->lock);
	}
	sandbox_tell(posts, count);
	if (control.posting)
		result = post_send(&control, &err);
	control_answer(&control, answer, result, &err);
	json_decref(control.in);
}
