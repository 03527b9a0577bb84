/*
 * Owns nothing but tables. The sandbox's lock covers the integration.
 */
#include "config.h"

#include "tests/sandbox/details.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sandbox/cursor.h"
#include "tests/sandbox/emit.h"

static const struct {
	const char	*key, *label, *source, *description;
} custom_fields[] = {
	{ "t_shirt_size", "T-shirt", "shirt", NULL },
	{ "langs", "Languages", "languages", "Spoken at work" },
	{ "badge", "Badge", NULL, NULL },
	{ "remote_worker", NULL, "remote", NULL },
	{ "cost_rate", "Cost rate", "rate", NULL },
	{ "nickname", "Nickname", NULL, NULL },
};

static const struct {
	const char	*key, *model, *type, *label;
	bool		 passthrough;
} integration_fields[] = {
	{ "site", "hris_employees", "CUSTOM", "Site", true },
	{ "shirt", "hris_employees", "CUSTOM", "Shirt", false },
	{ "languages", "hris_employees", "CUSTOM", NULL, false },
	{ "remote", "hris_employees", "DEFAULT", "Works remotely", false },
	{ "rate", "hris_employees", "DEFAULT", "Rate", false },
	{ "grade", "hris_employments", "CUSTOM", "Grade", false },
};

#define CUSTOM_FIELDS		(sizeof(custom_fields) / sizeof(custom_fields[0]))
#define INTEGRATION_FIELDS (sizeof(integration_fields) / sizeof(integration_fields[0]))

bool
details_is_custom_field(const char *key)
{
	size_t i;

	for (i = 0; i < CUSTOM_FIELDS; i++)
		if (strcmp(custom_fields[i].key, key) == 0)
			return (true);
	return (false);
}

static void
item_emit(struct buf *out, const struct scope_item *item)
{
	emit_pair_bool(out, "is_available", scope_available(item));
	emit_pair_text(out, "coverage_status", scope_coverage_name(item->coverage));
	emit_pair_text(out, "scope_config_setting", scope_setting_name(item->setting));
	emit_pair_bool(out, "opted_out_by_customer", item->opted_out);
}

static void
model_emit(const struct tenant *tenant, enum kind_id kind, struct buf *out)
{
	const struct kind *row;
	size_t i;

	row = kind_get(kind);
	emit_lit(out, "{");
	emit_pair_text(out, "id", row->name);
	emit_pair_text(out, "label", row->label);
	item_emit(out, &tenant->scope.model[kind]);
	emit_lit(out, "\"fields\":[");
	for (i = 0; i < row->count; i++) {
		if ((row->members[i].flags & (KIND_CORE | KIND_EXTENSION)) != 0)
			continue;
		emit_lit(out, "{");
		emit_pair_text(out, "id", row->members[i].key);
		item_emit(out, &tenant->scope.member[kind][i]);
		emit_close(out, '}');
		emit_lit(out, ",");
	}
	emit_close(out, ']');
	emit_lit(out, "},");
}

static void
tool_emit(const struct tenant *tenant, struct buf *out)
{
	emit_lit(out, "\"tool\":{");
	emit_pair_text(out, "id", tenant->slug);
	emit_pair_text(out, "label", tenant->tool->label);
	emit_pair_text(out, "internal_label", NULL);
	emit_pair_text(out, "logo_url", "https://assets.kombo.example/logo.svg");
	emit_pair_text(out, "icon_url", "https://assets.kombo.example/icon.svg");
	emit_close(out, '}');
	emit_lit(out, ",");
}

void
details_integration(const struct tenant *tenant, struct buf *out)
{
	const struct life_row *life;
	size_t kind;

	life = life_row(tenant->life);
	emit_pair_text(out, "id", tenant->id);
	tool_emit(tenant, out);
	emit_pair_text(out, "category", "HRIS");
	emit_pair_text(out, "status", life->status);
	emit_pair_text(out, "setup_status", life->setup);
	emit_lit(out, "\"end_user\":{");
	emit_pair_text(out, "organization_name", tenant->name);
	emit_pair_text(out, "creator_email", NULL);
	emit_pair_text(out, "origin_id", tenant->origin);
	emit_close(out, '}');
	emit_lit(out,
	    ",\"scope_config\":{\"id\":\"sandbox-scope\",\"name\":\"Directory\"},");
	emit_pair_instant(out, "data_expired_at", tenant->expired_at);
	emit_pair_instant(out, "created_at", tenant->created_at);
	emit_pair_bool(out, "beta", false);
	emit_lit(out, "\"read_models\":[");
	for (kind = 0; kind < KIND_NAMED; kind++)
		model_emit(tenant, (enum kind_id)kind, out);
	emit_close(out, ']');
	emit_lit(out, ",\"write_actions\":[],");
}

static void
id_emit(const struct tenant *tenant, const char *prefix, const char *key,
    struct buf *out)
{
	char id[TENANT_ID_SIZE], *whole;

	whole = mem_printf("%s-%s", prefix, key);
	tenant_kombo_id(tenant, whole, id);
	emit_pair_text(out, "id", id);
	mem_free(&whole);
}

static void
source_emit(const struct tenant *tenant, const char *key, struct buf *out)
{
	size_t i;

	emit_key(out, "integration_field");
	for (i = 0; key != NULL && i < INTEGRATION_FIELDS; i++) {
		if (strcmp(integration_fields[i].key, key) != 0)
			continue;
		emit_lit(out, "{");
		id_emit(tenant, "integration-field", key, out);
		emit_pair_text(out, "key", key);
		emit_pair_text(out, "type", integration_fields[i].type);
		emit_pair_text(out, "label", integration_fields[i].label);
		emit_close(out, '}');
		emit_lit(out, ",");
		return;
	}
	emit_lit(out, "null,");
}

static void
custom_emit(const struct tenant *tenant, size_t i, struct buf *out)
{
	emit_lit(out, "{");
	id_emit(tenant, "custom-field", custom_fields[i].key, out);
	emit_pair_text(out, "key", custom_fields[i].key);
	source_emit(tenant, custom_fields[i].source, out);
	emit_pair_text(out, "model", "hris_employees");
	emit_pair_text(out, "label", custom_fields[i].label);
	emit_pair_text(out, "description", custom_fields[i].description);
	emit_close(out, '}');
}

static void
integration_emit(const struct tenant *tenant, size_t i, struct buf *out)
{
	emit_lit(out, "{");
	id_emit(tenant, "integration-field", integration_fields[i].key, out);
	emit_pair_text(out, "key", integration_fields[i].key);
	emit_pair_text(out, "model", integration_fields[i].model);
	emit_pair_text(out, "type", integration_fields[i].type);
	emit_pair_text(out, "label", integration_fields[i].label);
	emit_pair_bool(out, "is_passthrough_enabled",
	    integration_fields[i].passthrough);
	emit_pair_bool(out, "is_writable", false);
	emit_close(out, '}');
}

static const struct {
	size_t		 count;
	unsigned long	 page_max;
	void		(*emit)(const struct tenant *tenant, size_t i, struct buf *out);
} lists[] = {
	[DETAILS_CUSTOM_FIELDS] = { CUSTOM_FIELDS, 250, custom_emit },
	[DETAILS_INTEGRATION_FIELDS] = { INTEGRATION_FIELDS, 2000, integration_emit },
};

/* The page's size and first item. */
static int
fields_page(const struct tenant *tenant, enum details_list list,
    const struct request *request, unsigned long *size, uint64_t *place)
{
	const char *cursor, *text;
	char *end;

	text = request_parameter(request, "page_size");
	*size = 100;
	if (text != NULL) {
		*size = strtoul(text, &end, 10);
		if (*text < '0' || *text > '9' || *end != '\0' || *size < 1 ||
		    *size > lists[list].page_max)
			return (-1);
	}
	cursor = request_parameter(request, "cursor");
	*place = 0;
	return (cursor == NULL ||
		    cursor_read(cursor, *size * 2 + list, tenant->generation, place) ?
		0 :
		-1);
}

int
details_fields(const struct tenant *tenant, enum details_list list,
    const struct request *request, struct buf *out, struct err *err)
{
	char cursor[CURSOR_SIZE];
	const char *next;
	unsigned long size;
	uint64_t place, end;

	if (fields_page(tenant, list, request, &size, &place) != 0)
		return (err_set(err, ERR_USAGE, "page_size or cursor is not valid"));
	end = place + size < lists[list].count ? place + size : lists[list].count;
	next = end < lists[list].count ? cursor_write(end, size * 2 + list,
	    tenant->generation, cursor) : NULL;
	emit_lit(out, "\"results\":[");
	for (; place < end; place++) {
		lists[list].emit(tenant, (size_t)place, out);
		emit_lit(out, ",");
	}
	emit_close(out, ']');
	emit_lit(out, ",");
	emit_pair_text(out, "next", next);
	if (tenant->shape.keys != SHAPE_SDK)
		emit_pair_text(out, "next_cursor", next);
	return (0);
}
