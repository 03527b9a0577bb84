/*
 * Owns nothing; a scene belongs to its answer. The sandbox's lock covers the
 * integration.
 */
#include "config.h"

#include "tests/sandbox/render.h"

#include "tests/sandbox/emit.h"
#include "tests/sandbox/paint.h"

static const struct shape *
shape_truth(void)
{
	static struct shape shape;

	/* Filled the same each time, so that nothing has to be started. */
	shape.keys = SHAPE_ALL;
	shape_settle(&shape);
	return (&shape);
}

void
scene_open(struct scene *scene, struct tenant *tenant, struct buf *out, int64_t now)
{
	scene->tenant = tenant;
	scene->shape = &tenant->shape;
	scene->truth = false;
	scene->now = now;
	scene->out = out;
	scene->manager = EMPLOYEE_NONE;
	scene->manager_json = (struct buf)BUF_INIT;
}

void
scene_open_truth(struct scene *scene, struct tenant *tenant, struct buf *out,
    int64_t now)
{
	scene_open(scene, tenant, out, now);
	scene->shape = shape_truth();
	scene->truth = true;
}

void
scene_close(struct scene *scene)
{
	buf_close(&scene->manager_json);
}

static void
unit_remote_id_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_text(scene->out, record->unit->remote_id);
}

static void
unit_name_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_text(scene->out, record->unit->name);
}

static void
unit_type_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_text(scene->out, record->unit->type);
}

static void
unit_parent_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	paint_id(scene, record->unit->parent);
}

static void
unit_address_paint(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	paint_address(scene, record->unit->has_address ? &record->unit->address : NULL);
}

static void
unit_remote_data_paint(struct scene *scene, const struct record *record, size_t member)
{
	static const char *const paths[KIND_LISTED] = {
		[KIND_GROUP] = "/departments",
		[KIND_ENTITY] = "/companies",
		[KIND_LOCATION] = "/sites",
	};

	(void)member;
	paint_remote_data(scene, paths[record->unit_kind], record->unit->remote_id);
}

static painter *const group_painters[GROUP_MEMBERS] = {
	[GROUP_id] = paint_record_id,
	[GROUP_remote_id] = unit_remote_id_paint,
	[GROUP_name] = unit_name_paint,
	[GROUP_type] = unit_type_paint,
	[GROUP_changed_at] = paint_changed_at,
	[GROUP_remote_deleted_at] = paint_deleted_at,
	[GROUP_parent_id] = unit_parent_paint,
	[GROUP_remote_data] = unit_remote_data_paint,
};

static painter *const entity_painters[ENTITY_MEMBERS] = {
	[ENTITY_id] = paint_record_id,
	[ENTITY_remote_id] = unit_remote_id_paint,
	[ENTITY_name] = unit_name_paint,
	[ENTITY_address] = unit_address_paint,
	[ENTITY_changed_at] = paint_changed_at,
	[ENTITY_remote_deleted_at] = paint_deleted_at,
	[ENTITY_remote_data] = unit_remote_data_paint,
};

static painter *const location_painters[LOCATION_MEMBERS] = {
	[LOCATION_id] = paint_record_id,
	[LOCATION_remote_id] = unit_remote_id_paint,
	[LOCATION_name] = unit_name_paint,
	[LOCATION_address] = unit_address_paint,
	[LOCATION_type] = unit_type_paint,
	[LOCATION_changed_at] = paint_changed_at,
	[LOCATION_remote_deleted_at] = paint_deleted_at,
	[LOCATION_remote_data] = unit_remote_data_paint,
};

static void
unit_paint(struct scene *scene, enum kind_id kind, struct unit *unit,
    const struct sight *sight, uint64_t present)
{
	static painter *const *const painters[KIND_LISTED] = {
		[KIND_GROUP] = group_painters,
		[KIND_ENTITY] = entity_painters,
		[KIND_LOCATION] = location_painters,
	};
	struct record record = { .sight = sight, .unit = unit, .unit_kind = kind };
	char id[TENANT_ID_SIZE];

	tenant_kombo_id(scene->tenant, unit->key, id);
	record.id = id;
	paint_object(scene, kind, painters[kind], &record,
	    paint_outline(scene, kind, &record, present));
}

void
render_unit(struct scene *scene, enum kind_id kind, struct unit *unit,
    const struct sight *sight)
{
	unit_paint(scene, kind, unit, sight, scene->shape->present[kind]);
}

/*
 * The copy of a deleted unit depends on the time; any other is kept until something
 * changes.
 */
void
paint_unit_copy(struct scene *scene, enum kind_id kind, struct unit *unit)
{
	struct buf *page = scene->out;
	struct sight sight;

	if (unit->deleted_at == 0 && !scene->truth &&
	    unit->copy_version == scene->tenant->version) {
		emit_raw(page, unit->copy.data, unit->copy.len);
		return;
	}
	sight = track_unit(scene->tenant, kind, unit, scene->now);
	unit->copy.len = 0;
	scene->out = &unit->copy;
	unit_paint(scene, kind, unit, &sight, scene->shape->copied[kind]);
	scene->out = page;
	unit->copy_version = scene->truth ? 0 : scene->tenant->version;
	emit_raw(page, unit->copy.data, unit->copy.len);
}
