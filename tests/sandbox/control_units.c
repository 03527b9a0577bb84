/*
 * Control calls about groups, legal entities and locations. Owns nothing; the lock is
 * held.
 */
#include "config.h"

#include "tests/sandbox/control.h"

#include <string.h>

#include "tests/sandbox/edit.h"
#include "tests/sandbox/emit.h"
#include "tests/sandbox/find.h"
#include "tests/sandbox/render.h"

/* By the first segment of the path. */
static enum kind_id
kind_of(const struct control *control)
{
	const char *path = control->request->path + 1;
	enum kind_id kind;
	char *name;

	name = mem_dup_len(path, strcspn(path, "/"));
	kind = kind_find(name);
	mem_free(&name);
	return (kind);
}

static void
truth_emit(struct control *control, enum kind_id kind, size_t place)
{
	struct scene scene;
	struct sight sight;
	struct unit *unit;

	unit = &find_units(control->tenant, kind)->list[place];
	sight = track_unit(control->tenant, kind, unit, control->now);
	emit_lit(control->out, "{");
	emit_pair_integer(control->out, "place", (int64_t)place);
	emit_pair_text(control->out, "key", unit->key);
	emit_pair_bool(control->out, "exists", sight.exists);
	emit_pair_bool(control->out, "anonymous", sight.anonymous);
	emit_key(control->out, "record");
	scene_open_truth(&scene, control->tenant, control->out, control->now);
	render_unit(&scene, kind, unit, &sight);
	scene_close(&scene);
	emit_lit(control->out, "}");
}

int
control_units(struct control *control, struct err *err)
{
	enum kind_id kind;
	size_t i;

	(void)err;
	kind = kind_of(control);
	emit_lit(control->out, "[");
	for (i = 0; i < find_units(control->tenant, kind)->count; i++) {
		truth_emit(control, kind, i);
		emit_lit(control->out, ",");
	}
	emit_close(control->out, ']');
	return (0);
}

static int
text_set(char **place, const char *key, const json_t *value, struct err *err)
{
	if (!json_is_string(value) && !json_is_null(value))
		return (err_set(err, ERR_USAGE, "%s: expected a text or null", key));
	mem_free(place);
	*place = mem_dup(json_string_value(value));
	return (0);
}

static int
address_set(struct unit *unit, const json_t *value, struct err *err)
{
	struct address address = { .part = { NULL } };
	const struct kind *parts;
	size_t i;

	if (json_is_null(value)) {
		unit_set_address(unit, NULL);
		return (0);
	}
	if (!json_is_object(value))
		return (err_set(err, ERR_USAGE, "address: expected an object or null"));
	parts = kind_get(KIND_ADDRESS);
	for (i = 0; i < parts->count; i++)
		address.part[i] = json_string_value(json_object_get(value,
		    parts->members[i].key));
	unit_set_address(unit, &address);
	return (0);
}

/* A parent: a group, null, or {"lost":"remote id"} for one that never comes. */
static int
parent_set(struct control *control, struct unit *unit, const json_t *value,
    struct err *err)
{
	const char *key;
	uint32_t place;

	key = json_string_value(json_object_get(value, "lost"));
	if (key == NULL && !json_is_null(value)) {
		if (find_unit(control->tenant, KIND_GROUP, value, &place, err) != 0)
			return (err_context(err, "parent_id"));
		key = control->tenant->org.groups.list[place].key;
	}
	mem_free(&unit->parent);
	unit->parent = mem_dup(key);
	return (0);
}

static int
member_set(struct control *control, struct unit *unit, const char *key,
    const json_t *value, struct err *err)
{
	if (strcmp(key, "name") == 0)
		return (text_set(&unit->name, key, value, err));
	if (strcmp(key, "type") == 0)
		return (text_set(&unit->type, key, value, err));
	if (strcmp(key, "remote_id") == 0)
		return (text_set(&unit->remote_id, key, value, err));
	if (strcmp(key, "parent_id") == 0)
		return (parent_set(control, unit, value, err));
	if (strcmp(key, "address") == 0)
		return (address_set(unit, value, err));
	return (err_set(err, ERR_USAGE, "%s cannot be set", key));
}

static int
members_set(struct control *control, enum kind_id kind, size_t place, struct err *err)
{
	struct unit *unit;
	const char *key;
	json_t *value;

	unit = &find_units(control->tenant, kind)->list[place];
	unit->changed_at = control->now;
	edit_done(control->tenant, TENANT_NEWS(kind), control->now);
	json_object_foreach(json_object_get(control->in, "set"), key, value)
		if (member_set(control, unit, key, value, err) != 0)
			return (-1);
	truth_emit(control, kind, place);
	return (0);
}

int
control_unit_add(struct control *control, struct err *err)
{
	struct units *units;
	enum kind_id kind;
	const char *remote_id;
	char *key;

	kind = kind_of(control);
	units = find_units(control->tenant, kind);
	remote_id = control_text(control, "remote_id");
	key = remote_id != NULL ? mem_dup(remote_id) :
	    mem_printf("N%u", control->tenant->next_remote++);
	(void)units_add(units, key, NULL, control->now);
	mem_free(&key);
	return (members_set(control, kind, units->count - 1, err));
}

static int
which_find(struct control *control, enum kind_id kind, uint32_t *place, struct err *err)
{
	return (find_unit(control->tenant, kind, json_object_get(control->in, "which"),
	    place, err));
}

int
control_unit_set(struct control *control, struct err *err)
{
	enum kind_id kind;
	uint32_t place;

	kind = kind_of(control);
	if (which_find(control, kind, &place, err) != 0)
		return (-1);
	return (members_set(control, kind, place, err));
}

/* A deleted group loses its members, so anybody's record may be updated by it. */
static int
deleted_set(struct control *control, int64_t deleted_at, struct err *err)
{
	enum kind_id kind;
	struct unit *unit;
	uint32_t place;

	kind = kind_of(control);
	if (which_find(control, kind, &place, err) != 0)
		return (-1);
	unit = &find_units(control->tenant, kind)->list[place];
	unit->deleted_at = deleted_at;
	unit->changed_at = control->now;
	edit_swept(control->tenant, TENANT_NEWS(kind) |
	    (kind == KIND_GROUP ? TENANT_NEWS_JOIN : 0), control->now);
	truth_emit(control, kind, place);
	return (0);
}

int
control_unit_delete(struct control *control, struct err *err)
{
	return (deleted_set(control, control->now, err));
}

int
control_unit_undelete(struct control *control, struct err *err)
{
	return (deleted_set(control, 0, err));
}
