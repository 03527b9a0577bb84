/*
 * Owns nothing; a scene belongs to its answer. The sandbox's lock covers the
 * integration.
 */
#include "config.h"

#include "tests/sandbox/paint.h"

#include "tests/sandbox/draw.h"
#include "tests/sandbox/emit.h"

#define BIT(member) (UINT64_C(1) << (member))

struct outline
paint_outline(const struct scene *scene, enum kind_id kind, const struct record *record,
    uint64_t present)
{
	struct outline outline = { .present = present, .nulls = 0 };

	if (scene->truth)
		return (outline);
	outline.nulls = scene->tenant->scope.off[kind];
	if (record->sight->anonymous)
		outline.nulls |= ~kind_members_with(kind, KIND_STAMP) &
		    ~(scene->tenant->anonymise_firm ? 0 :
		    kind_members_with(kind, KIND_FIRM));
	return (outline);
}

/* Optional members are left out where they are null, if that is the shape. */
static void
sparse_trim(struct scene *scene, const struct kind_member *member, size_t start)
{
	struct buf *out = scene->out;

	if (scene->shape->keys == SHAPE_SPARSE &&
	    (member->flags & KIND_OPTIONAL) != 0 &&
	    out->len - start == member->json_len + 4 &&
	    memcmp(out->data + out->len - 4, "null", 4) == 0)
		out->len = start;
	else
		emit_lit(out, ",");
}

static void
extra_paint(struct buf *out)
{
	emit_lit(out,
	    "\"kombo_future\":{\"list\":[1,2.5,null,{\"a\":\"b\"}],\"on\":true},"
	    "\"another_new_key\":\"…\",");
}

void
paint_object(struct scene *scene, enum kind_id kind, painter *const *painters,
    const struct record *record, struct outline outline)
{
	const struct kind_member *member;
	const struct kind *rows;
	const uint8_t *order;
	size_t i, start;

	rows = kind_get(kind);
	order = scene->shape->order[kind];
	emit_lit(scene->out, "{");
	for (i = 0; i < rows->count; i++) {
		if ((outline.present & BIT(order[i])) == 0)
			continue;
		member = &rows->members[order[i]];
		start = scene->out->len;
		emit_raw(scene->out, member->json, member->json_len);
		if ((outline.nulls & BIT(order[i])) == 0)
			painters[order[i]](scene, record, order[i]);
		else if ((member->flags & KIND_LIST) != 0)
			emit_lit(scene->out, "[]");
		else
			emit_null(scene->out);
		sparse_trim(scene, member, start);
	}
	if (scene->shape->extra && kind != KIND_ADDRESS)
		extra_paint(scene->out);
	emit_close(scene->out, '}');
}

void
paint_id(struct scene *scene, const char *key)
{
	char id[TENANT_ID_SIZE + 2];

	if (key == NULL) {
		emit_null(scene->out);
		return;
	}
	id[0] = '"';
	tenant_kombo_id(scene->tenant, key, id + 1);
	id[TENANT_ID_SIZE] = '"';
	emit_raw(scene->out, id, TENANT_ID_SIZE + 1);
}

void
paint_word(struct scene *scene, const char *text, uint64_t which)
{
	static const char *const words[] = { "Sonstiges", "Autre (préciser)", "その他",
		"x" };

	if (scene->shape->extra && text != NULL &&
	    draw_chance(scene->tenant->people.seed, DRAW_EXTRA, which, 20))
		text = words[which % 4];
	emit_text(scene->out, text);
}

static void
address_part_paint(struct scene *scene, const struct record *record, size_t member)
{
	emit_text(scene->out, record->address->part[member]);
}

void
paint_address(struct scene *scene, const struct address *address)
{
	static painter *const painters[ADDRESS_MEMBERS] = {
		[ADDRESS_city] = address_part_paint,
		[ADDRESS_country] = address_part_paint,
		[ADDRESS_raw] = address_part_paint,
		[ADDRESS_state] = address_part_paint,
		[ADDRESS_street_1] = address_part_paint,
		[ADDRESS_street_2] = address_part_paint,
		[ADDRESS_zip_code] = address_part_paint,
	};
	struct record record = { .address = address };
	struct outline outline = { .present = scene->shape->present[KIND_ADDRESS],
		.nulls = 0 };

	if (address == NULL)
		emit_null(scene->out);
	else
		paint_object(scene, KIND_ADDRESS, painters, &record, outline);
}

void
paint_record_id(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_lit(scene->out, "\"");
	emit_raw(scene->out, record->id, TENANT_ID_SIZE - 1);
	emit_lit(scene->out, "\"");
}

void
paint_changed_at(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_instant(scene->out, record->sight->changed_at);
}

void
paint_deleted_at(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	emit_instant(scene->out, record->sight->deleted_at);
}

void
paint_empty_list(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	(void)record;
	emit_lit(scene->out, "[]");
}

void
paint_empty_object(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	(void)record;
	emit_lit(scene->out, "{}");
}

void
paint_null(struct scene *scene, const struct record *record, size_t member)
{
	(void)member;
	(void)record;
	emit_null(scene->out);
}

void
paint_remote_data(struct scene *scene, const char *path, const char *remote_id)
{
	if (!scene->shape->remote_data) {
		emit_null(scene->out);
		return;
	}
	emit_lit(scene->out, "{\"");
	emit_text_part(scene->out, path);
	emit_lit(scene->out, "\":{\"id\":");
	emit_text(scene->out, remote_id);
	emit_lit(scene->out,
	    ",\"_links\":{\"self\":{\"href\":\"/v2\"}},\"salary\":\"hidden\"}}");
}
