/*
 * Control calls about integrations. Owns nothing; the lock is held.
 */
#include "config.h"

#include "tests/sandbox/control.h"

#include <string.h>

#include "base/clock.h"
#include "tests/sandbox/edit.h"
#include "tests/sandbox/emit.h"
#include "tests/sandbox/options.h"

static void
shape_emit(struct buf *out, const struct shape *shape)
{
	emit_lit(out, "\"shape\":{");
	emit_pair_text(out, "keys", shape_keys_name(shape->keys));
	emit_pair_bool(out, "extra", shape->extra);
	emit_pair_bool(out, "remote_data", shape->remote_data);
	emit_pair_bool(out, "empty_tail", shape->empty_tail);
	emit_pair_bool(out, "hide_nested", shape->hide_nested);
	emit_pair_integer(out, "shuffle", (int64_t)shape->shuffle);
	emit_close(out, '}');
	emit_lit(out, ",");
}

static void
tenant_emit(struct buf *out, const struct tenant *tenant)
{
	emit_lit(out, "{");
	emit_pair_text(out, "id", tenant->id);
	emit_pair_text(out, "key", tenant->key);
	emit_pair_text(out, "name", tenant->name);
	emit_pair_text(out, "domain", tenant->domain);
	emit_pair_integer(out, "people", tenant->count);
	emit_pair_integer(out, "changed_people", (int64_t)tenant->edits.count);
	emit_pair_integer(out, "groups", (int64_t)tenant->org.groups.count);
	emit_pair_text(out, "life", life_row(tenant->life)->name);
	emit_pair_text(out, "reads", reads_name(tenant->reads));
	emit_pair_bool(out, "legacy", tenant->legacy);
	emit_pair_instant(out, "data_expired_at", tenant->expired_at);
	emit_pair_bool(out, "limited_pending",
	    tenant->limited_since[LIMIT_PENDING] != 0);
	emit_pair_bool(out, "limited_inactive",
	    tenant->limited_since[LIMIT_INACTIVE] != 0);
	emit_pair_text(out, "anonymise", anonymise_name(tenant->anonymise));
	shape_emit(out, &tenant->shape);
	emit_pair_instant(out, "epoch", tenant->people.epoch);
	emit_pair_instant(out, "changed_at", tenant->changed_at);
	emit_close(out, '}');
}

int
control_tenants(struct control *control, struct err *err)
{
	size_t i;

	(void)err;
	emit_lit(control->out, "[");
	for (i = 0; i < control->sandbox->tenant_count; i++) {
		tenant_emit(control->out, control->sandbox->tenants[i]);
		emit_lit(control->out, ",");
	}
	emit_close(control->out, ']');
	return (0);
}

/* Every call below answers with the integration as it is now. */
static int
done(struct control *control)
{
	tenant_emit(control->out, control->tenant);
	return (0);
}

int
control_tenant_add(struct control *control, struct err *err)
{
	const char *spec;
	struct tenant *tenant;

	spec = control_text(control, "spec");
	if (spec == NULL)
		return (err_set(err, ERR_USAGE, "spec is missing"));
	tenant = options_tenant(spec, (day_number)(control->now / CLOCK_DAY), err);
	if (tenant == NULL)
		return (-1);
	if (sandbox_find(control->sandbox, tenant->id) != NULL) {
		tenant_close(&tenant);
		return (
		    err_set(err, ERR_CONFLICT, "there is such an integration already"));
	}
	sandbox_add(control->sandbox, tenant);
	control->tenant = tenant;
	return (done(control));
}

int
control_life(struct control *control, struct err *err)
{
	struct tenant *tenant = control->tenant;
	const char *name;
	enum reads reads;
	enum life life;

	name = control_text(control, "state");
	life = name == NULL ? tenant->life : life_find(name);
	if (life == LIFE_N)
		return (err_set(err, ERR_USAGE, "state: there is no %s", name));
	name = control_text(control, "reads");
	reads = name == NULL ? life_row(life)->reads : reads_find(name);
	if (reads == READS_N)
		return (err_set(err, ERR_USAGE, "reads: there is no %s", name));
	tenant->life = life;
	tenant->reads = reads;
	tenant->legacy = control_bool(control, "legacy", false);
	tenant->version++;
	return (done(control));
}

int
control_expire(struct control *control, struct err *err)
{
	(void)err;
	control->tenant->expired_at = control_bool(control, "expired", true) ?
	    control->now : 0;
	return (done(control));
}

int
control_sync(struct control *control, struct err *err)
{
	(void)err;
	employee_text_set((const char **)&control->tenant->sync_state,
	    control_text(control, "state"));
	return (done(control));
}

static int
item_set(const struct control *control, struct scope_item *item, struct err *err)
{
	const char *coverage, *setting;
	struct scope_item set = *item;

	coverage = control_text(control, "coverage");
	setting = control_text(control, "setting");
	if (coverage != NULL)
		set.coverage = scope_coverage_find(coverage);
	if (setting != NULL)
		set.setting = scope_setting_find(setting);
	set.opted_out = control_bool(control, "opted_out", set.opted_out);
	if (set.coverage == SCOPE_COVERAGE_N || set.setting == SCOPE_SETTING_N)
		return (
		    err_set(err, ERR_USAGE, "coverage or setting is none of Kombo's"));
	*item = set;
	return (0);
}

static int
kind_read(const struct control *control, enum kind_id *kind, struct err *err)
{
	const char *name;

	name = control_text(control, "model");
	*kind = name == NULL ? KIND_N : kind_find(name);
	if (*kind == KIND_N)
		return (err_set(err, ERR_USAGE,
		    "model: expected a name such as hris_employees"));
	return (0);
}

/* The next sync writes null, or the value again, into all records (kombo/api.md §4). */
static void
records_touch(const struct control *control, enum kind_id kind)
{
	if (kind < KIND_LISTED && control_bool(control, "touch", true))
		control->tenant->touched[kind] = control->now;
	edit_swept(control->tenant, TENANT_NEWS(kind), control->now);
}

int
control_model(struct control *control, struct err *err)
{
	struct scope *scope = &control->tenant->scope;
	enum kind_id kind;

	if (kind_read(control, &kind, err) != 0 ||
	    item_set(control, &scope->model[kind], err) != 0)
		return (-1);
	scope_settle(scope);
	records_touch(control, kind);
	return (done(control));
}

int
control_field(struct control *control, struct err *err)
{
	struct scope *scope = &control->tenant->scope;
	const char *field;
	enum kind_id kind;
	size_t member;

	if (kind_read(control, &kind, err) != 0)
		return (-1);
	field = control_text(control, "field");
	member = field == NULL ? KIND_MEMBERS_MAX : kind_member(kind, field);
	if (member >= kind_get(kind)->count)
		return (err_set(err, ERR_USAGE, "field: the model has no such field"));
	if (item_set(control, &scope->member[kind][member], err) != 0)
		return (-1);
	scope_settle(scope);
	records_touch(control, kind);
	return (done(control));
}

int
control_limits(struct control *control, struct err *err)
{
	static const char *const names[LIMIT_N] = { "pending", "inactive" };
	int64_t *since;
	size_t i;

	(void)err;
	for (i = 0; i < LIMIT_N; i++) {
		since = &control->tenant->limited_since[i];
		if (!control_bool(control, names[i], *since != 0))
			*since = 0;
		else if (*since == 0)
			*since = control->now;
	}
	edit_swept(control->tenant, TENANT_NEWS(KIND_EMPLOYEE), control->now);
	return (done(control));
}

int
control_shape(struct control *control, struct err *err)
{
	struct shape set = control->tenant->shape;
	const char *keys;

	keys = control_text(control, "keys");
	if (keys != NULL)
		set.keys = shape_keys_find(keys);
	if (set.keys == SHAPE_KEYS_N)
		return (err_set(err, ERR_USAGE, "keys: there is no %s", keys));
	set.extra = control_bool(control, "extra", set.extra);
	set.remote_data = control_bool(control, "remote_data", set.remote_data);
	set.empty_tail = control_bool(control, "empty_tail", set.empty_tail);
	set.hide_nested = control_bool(control, "hide_nested", set.hide_nested);
	set.shuffle = (uint64_t)control_number(control, "shuffle",
	    (int64_t)set.shuffle);
	shape_settle(&set);
	control->tenant->shape = set;
	tenant_reorder(control->tenant);
	return (done(control));
}

int
control_anonymise(struct control *control, struct err *err)
{
	const char *name;
	enum anonymise mode;

	name = control_text(control, "mode");
	mode = name == NULL ? control->tenant->anonymise : anonymise_find(name);
	if (mode == ANONYMISE_N)
		return (err_set(err, ERR_USAGE, "mode: there is no %s", name));
	control->tenant->anonymise = mode;
	control->tenant->anonymise_firm = control_bool(control, "firm", false);
	control->tenant->version++;
	return (done(control));
}

int
control_key(struct control *control, struct err *err)
{
	const char *key;

	key = control_text(control, "key");
	if (key == NULL || *key == '\0')
		return (err_set(err, ERR_USAGE, "key is missing"));
	employee_text_set((const char **)&control->tenant->key, key);
	return (done(control));
}

int
control_recreate(struct control *control, struct err *err)
{
	const char *id;

	id = control_text(control, "id");
	if (id == NULL || strchr(id, ':') == NULL)
		return (err_set(err, ERR_USAGE, "id: expected slug:text"));
	if (sandbox_find(control->sandbox, id) != NULL)
		return (
		    err_set(err, ERR_CONFLICT, "there is such an integration already"));
	tenant_rename(control->tenant, id);
	return (done(control));
}

int
control_renew(struct control *control, struct err *err)
{
	(void)err;
	tenant_renew(control->tenant);
	return (done(control));
}
