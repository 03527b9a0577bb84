/*
 * Control calls about time, failures, traffic, webhooks and the tape. Owns nothing; the
 * lock is held.
 */
#include "config.h"

#include "tests/sandbox/control.h"

#include <string.h>

#include "base/clock.h"
#include "tests/sandbox/emit.h"

int
control_time(struct control *control, struct err *err)
{
	(void)err;
	emit_lit(control->out, "{");
	emit_pair_instant(control->out, "now", sandbox_now(control->sandbox));
	emit_pair_integer(control->out, "offset",
	    control->sandbox->offset / CLOCK_SECOND);
	emit_pair_integer(control->out, "date_skew",
	    control->sandbox->date_skew / CLOCK_SECOND);
	emit_close(control->out, '}');
	return (0);
}

int
control_time_set(struct control *control, struct err *err)
{
	struct sandbox *sandbox = control->sandbox;

	sandbox->offset = control_number(control, "offset",
			      sandbox->offset / CLOCK_SECOND) *
	    CLOCK_SECOND;
	sandbox->offset += control_number(control, "advance", 0) * CLOCK_SECOND;
	sandbox->date_skew = control_number(control, "date_skew",
	    sandbox->date_skew / CLOCK_SECOND) * CLOCK_SECOND;
	return (control_time(control, err));
}

static void
fault_emit(struct buf *out, const struct fault *fault)
{
	emit_lit(out, "{");
	emit_pair_text(out, "kind", fault_name(fault->kind));
	emit_pair_text(out, "path", fault->path);
	emit_pair_text(out, "integration", fault->integration);
	emit_pair_integer(out, "skip", fault->skip);
	emit_pair_integer(out, "times", fault->times);
	emit_close(out, '}');
	emit_lit(out, ",");
}

int
control_failures(struct control *control, struct err *err)
{
	const struct faults *faults = &control->sandbox->faults;
	size_t i;

	(void)err;
	emit_lit(control->out, "[");
	for (i = 0; i < faults->count; i++)
		fault_emit(control->out, &faults->list[i]);
	emit_close(control->out, ']');
	return (0);
}

static char *
text_of(const json_t *in, const char *key)
{
	return (mem_dup(json_string_value(json_object_get(in, key))));
}

static unsigned int
number_of(const json_t *in, const char *key, unsigned int standard)
{
	const json_t *value;

	value = json_object_get(in, key);
	return (json_is_integer(value) && json_integer_value(value) >= 0 ?
	    (unsigned int)json_integer_value(value) : standard);
}

static int
fault_add(struct control *control, const json_t *in, struct err *err)
{
	struct fault fault;
	const char *kind;

	memset(&fault, 0, sizeof(fault));
	kind = json_string_value(json_object_get(in, "kind"));
	fault.kind = kind == NULL ? FAULT_N : fault_find(kind);
	if (fault.kind == FAULT_N)
		return (err_set(err, ERR_USAGE, "kind: there is no such failure"));
	fault.path = text_of(in, "path");
	fault.integration = text_of(in, "integration");
	fault.skip = number_of(in, "skip", 0);
	fault.times = number_of(in, "times", 1);
	fault.status = number_of(in, "status", 0);
	fault.reset = number_of(in, "reset", 1);
	fault.size = number_of(in, "size", 0);
	fault.delay = number_of(in, "delay_ms", 0) * (CLOCK_SECOND / 1000);
	fault.code = text_of(in, "code");
	fault.title = text_of(in, "title");
	fault.message = text_of(in, "message");
	fault.text = text_of(in, "text");
	fault.content_type = text_of(in, "content_type");
	fault.location = text_of(in, "location");
	faults_add(&control->sandbox->faults, &fault);
	return (0);
}

int
control_failures_add(struct control *control, struct err *err)
{
	size_t i;

	if (!json_is_array(control->in)) {
		if (fault_add(control, control->in, err) != 0)
			return (-1);
		return (control_failures(control, err));
	}
	for (i = 0; i < json_array_size(control->in); i++)
		if (fault_add(control, json_array_get(control->in, i), err) != 0)
			return (-1);
	return (control_failures(control, err));
}

int
control_failures_clear(struct control *control, struct err *err)
{
	(void)err;
	faults_clear(&control->sandbox->faults);
	return (0);
}

int
control_rate_limit(struct control *control, struct err *err)
{
	struct traffic *traffic = &control->sandbox->traffic;
	int64_t limit;

	limit = control_number(control, "limit", traffic->limit);
	if (limit < 1 || limit > 1000000)
		return (err_set(err, ERR_USAGE, "limit: from 1 to 1000000 a minute"));
	traffic->limit = (uint32_t)limit;
	traffic->enforced = control_bool(control, "enforced", true);
	traffic->window = control->now;
	traffic->used = 0;
	return (0);
}

int
control_traffic(struct control *control, struct err *err)
{
	(void)err;
	traffic_counts(&control->sandbox->traffic, control->out);
	return (0);
}

int
control_requests(struct control *control, struct err *err)
{
	(void)err;
	traffic_requests(&control->sandbox->traffic, control->out);
	return (0);
}

int
control_traffic_clear(struct control *control, struct err *err)
{
	(void)err;
	traffic_clear(&control->sandbox->traffic);
	return (0);
}

int
control_webhook(struct control *control, struct err *err)
{
	struct hook *hook = &control->sandbox->hook;

	(void)err;
	employee_text_set((const char **)&hook->url, control_text(control, "url"));
	employee_text_set((const char **)&hook->secret,
	    control_text(control, "secret"));
	hook->automatic = control_bool(control, "automatic", false);
	return (0);
}

/* Models of data-changed by name; those that are none of ours count as further ones. */
static unsigned int
models_read(const struct control *control)
{
	const json_t *list;
	enum kind_id kind;
	unsigned int models;
	size_t i;

	list = json_object_get(control->in, "models");
	if (list == NULL)
		return (TENANT_NEWS(KIND_EMPLOYEE));
	models = 0;
	for (i = 0; i < json_array_size(list); i++) {
		kind = kind_find(json_string_value(json_array_get(list, i)));
		models |= kind == KIND_N ? TENANT_NEWS_JOIN : TENANT_NEWS(kind);
	}
	return (models);
}

int
control_webhook_send(struct control *control, struct err *err)
{
	struct hook_event event = { .tenant = control->tenant, .now = control->now };
	const char *variant;

	event.type = control_text(control, "type");
	if (event.type == NULL)
		event.type = "data-changed";
	variant = control_text(control, "variant");
	event.variant = variant == NULL ? HOOK_GOOD : hook_variant_find(variant);
	if (event.variant == HOOK_VARIANT_N)
		return (err_set(err, ERR_USAGE, "variant: there is no %s", variant));
	event.models = models_read(control);
	event.model = control_text(control, "model");
	event.state = control_text(control, "state");
	event.serial = ++control->sandbox->serial;
	if (hook_make(&control->sandbox->hook, &event, &control->post, err) != 0)
		return (-1);
	control->posting = true;
	return (0);
}

int
control_tape(struct control *control, struct err *err)
{
	(void)err;
	emit_lit(control->out, "{");
	emit_pair_integer(control->out, "pages",
	    (int64_t)tape_pages(control->sandbox->tape));
	emit_pair_integer(control->out, "bytes",
	    (int64_t)tape_size(control->sandbox->tape));
	emit_close(control->out, '}');
	return (0);
}

int
control_tape_record(struct control *control, struct err *err)
{
	struct sandbox *sandbox = control->sandbox;

	tape_close(&sandbox->tape);
	if (tape_open(sandbox->tenants, sandbox->tenant_count, sandbox->gzip,
		control->now, &sandbox->tape, err) != 0)
		return (-1);
	return (control_tape(control, err));
}

int
control_tape_clear(struct control *control, struct err *err)
{
	tape_close(&control->sandbox->tape);
	return (control_tape(control, err));
}
