/*
 * Owns what one reading has gathered until it is handed over. Runs in a thread of its own, on
 * its own connection; of the people only keys' hashes are held.
 */
#include "config.h"

#include "sync/csv/file.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/text.h"
#include "store/record.h"
#include "sync/csv/columns.h"
#include "sync/csv/named.h"
#include "sync/kombo/known.h"
#include "sync/step.h"
#include "sync/typed.h"

#define FILE_PROBLEMS	1000	/* named one by one; more are counted only */
#define FILE_PACE	250	/* rows between two words of progress */

struct file {
	const struct fetch_order	*order;
	struct csv_input		 input;
	struct fetched			*out;
	struct db			*db;		/* NULL when there is none yet */
	struct known			*known;
	struct named			*named;
	struct columns			 columns;
	bool				 has_header;
	bool				 header_wrong;	/* told; rows are only counted */
	struct map			 keys;		/* hash of a key → line */
	struct arena			*arena;		/* of one row */
};

/* A row on its way to a record. */
struct file_row {
	struct file		*file;
	struct table		*table;
	const struct table_row	*cells;
	struct employee		 employee;
	struct place		 work;
	struct place		 home;
	struct buf		 groups;
};

/* ---- cells ---------------------------------------------------------------------------------- */

static void
file_problem(struct file_row *row, const char *column, const char *flaw)
{
	struct fetched *out = row->file->out;
	struct problem_row *problem;

	if (out->problem_count >= FILE_PROBLEMS)
		return;
	problem = mem_grow(&out->problems, out->problem_count++, &out->problem_room,
	    sizeof(*out->problems));
	*problem = (struct problem_row){
		.model = "employees",
		.kombo = arena_dup(out->arena, row->employee.kombo),
		.code = "invalid-value",
		.detail = arena_printf(out->arena, "line %" PRId64 ", column %s: %s",
		    row->cells->line, column, flaw),
	};
}

/* The id that stands for a name, NULL for none. */
static const char *
file_name(struct file_row *row, enum unit_model model, const char *name, const char *type,
    const char *place)
{
	const struct unit unit = { .model = model, .name = name, .type = type, .place = place };
	int64_t other;
	const char *id;

	if (name == NULL)
		return (NULL);
	id = named_id(row->file->named, row->file->arena, &unit, row->cells->line, &other);
	if (other != 0)
		table_flaw(row->table, "the work location has another address on line %" PRId64,
		    other);
	return (id);
}

/* "Sales | Berlin": each is a group of the type that the field names. */
static void
file_add_groups(struct file_row *row, enum field_id id, const char *cell)
{
	const char *end, *name;

	while (cell != NULL) {
		end = strchr(cell, '|');
		name = end == NULL ? cell : arena_dup_len(row->file->arena, cell,
		    (size_t)(end - cell));
		name = file_name(row, UNIT_GROUP, text_clean(row->file->arena, name),
		    named_type(id), NULL);
		if (name != NULL)
			buf_printf(&row->groups, "%s%c", name, LIST_ITEM_END);
		cell = end == NULL ? NULL : end + 1;
	}
}

static const char *
file_key(struct file *file, const char *cell)
{
	const char *key;

	key = text_clean(file->arena, cell);
	return (file->columns.list[file->columns.key].field == FIELD_WORK_EMAIL ?
	    text_lower(file->arena, key) : key);
}

static void
file_cell(struct file_row *row, const struct column *column, const char *cell)
{
	struct arena *arena = row->file->arena;
	const struct field *field = field_get(column->field);
	const char *flaw;

	if (field->kind == KIND_GROUP) {
		file_add_groups(row, column->field, cell);
	} else if (field->kind == KIND_PLACE) {
		row->work.part[column->part == PLACE_N ? PLACE_NAME : column->part] =
		    text_clean(arena, cell);
	} else if (field->kind == KIND_ADDRESS) {
		row->home.part[column->part == PLACE_N ? PLACE_RAW : column->part] =
		    text_clean(arena, cell);
	} else if (field->kind == KIND_PERSON) {
		row->employee.value[column->field] = file_key(row->file, cell);
	} else if (field->kind == KIND_ENTITY) {
		row->employee.value[column->field] = file_name(row, UNIT_ENTITY,
		    text_clean(arena, cell), NULL, NULL);
	} else {
		flaw = typed_read(arena, column->field, cell,
		    &row->employee.value[column->field]);
		if (flaw == NULL)
			return;
		file_problem(row, column->name, flaw);
		row->employee.invalid |= UINT32_C(1) << column->field;
	}
}

static void
file_cells(struct file_row *row)
{
	const struct columns *columns = &row->file->columns;
	struct employee *employee = &row->employee;
	struct place address;
	size_t i;

	for (i = 0; i < columns->count; i++)
		if (columns->list[i].read)
			file_cell(row, &columns->list[i], row->cells->cells[i]);
	employee->value[FIELD_HOME_ADDRESS] = place_join(row->file->arena, &row->home);
	address = row->work;
	address.part[PLACE_NAME] = NULL;
	employee->value[FIELD_WORK_LOCATION] = file_name(row, UNIT_LOCATION,
	    row->work.part[PLACE_NAME], NULL, place_join(row->file->arena, &address));
	if (row->groups.len > 0)
		employee->value[FIELD_GROUPS] = arena_dup(row->file->arena, row->groups.data);
}

/* ---- records ----------------------------------------------------------------------------------- */

/* Groups of the types that the file has no column for: they stay. */
static const char *
file_keep_groups(const struct file *file, const char *now, const char *stored)
{
	struct buf list = BUF_INIT;
	const char *end, *type;
	enum field_id id;

	buf_str(&list, now != NULL ? now : "");
	for (; stored != NULL && (end = strchr(stored, LIST_ITEM_END)) != NULL; stored = end + 1)
		for (id = 0; id < FIELD_N; id++) {
			if (field_get(id)->kind != KIND_GROUP ||
			    (file->columns.missing & UINT32_C(1) << id) == 0)
				continue;
			type = named_type(id);
			if (strncmp(stored, type, strlen(type)) == 0 &&
			    stored[strlen(type)] == ':')
				buf_add(&list, stored, (size_t)(end - stored) + 1);
		}
	now = list.len > 0 ? arena_dup(file->arena, list.data) : NULL;
	buf_close(&list);
	return (now);
}

/* What the file does not say stays as it is known. */
static int
file_keep_values(const struct file *file, const struct known_record *known,
    struct employee *employee, struct err *err)
{
	const uint32_t bits = file->columns.missing | employee->invalid;
	struct employee stored;
	enum field_id id;
	int result;

	if (bits == 0 || !known->stored)
		return (0);
	result = employee_get(file->db, known->id, file->arena, &stored, err);
	if (result <= 0)
		return (result);
	for (id = 0; id < FIELD_N; id++)
		if ((bits & UINT32_C(1) << id) != 0)
			employee->value[id] = stored.value[id];
	employee->value[FIELD_GROUPS] = file_keep_groups(file, employee->value[FIELD_GROUPS],
	    stored.value[FIELD_GROUPS]);
	return (0);
}

static int
file_stage(struct file *file, struct employee *employee, struct err *err)
{
	struct known_record known;

	if (known_find(file->known, employee->kombo, NULL, &known, err) < 0 ||
	    file_keep_values(file, &known, employee, err) < 0)
		return (-1);
	employee->record = known.id;
	employee->hash = employee_hash(employee);
	if (known.stored && known.hash == employee->hash && !file->order->stage_all)
		return (0);
	return (stage_put(file->out->stage, employee, err));
}

/* False: the row tells nobody, or somebody an earlier one has told; that is said. */
static bool
file_check_key(struct file *file, struct table *table, const struct table_row *row,
    const char *key)
{
	uint64_t *line;

	if (key == NULL) {
		table_flaw(table, "column %s is empty: it tells people apart",
		    file->columns.list[file->columns.key].name);
		return (false);
	}
	line = map_at(&file->keys, hash64_text(key), 0);
	if (*line != 0) {
		table_flaw(table, "column %s holds the same as on line %" PRIu64,
		    file->columns.list[file->columns.key].name, *line);
		return (false);
	}
	*line = (uint64_t)row->line;
	return (true);
}

static bool
file_row_is_empty(const struct table_row *row)
{
	size_t i;

	for (i = 0; i < row->count; i++)
		if (*row->cells[i] != '\0')
			return (false);
	return (true);
}

static int
file_person(struct file *file, struct table *table, const struct table_row *cells,
    struct err *err)
{
	struct file_row row = { .file = file, .table = table, .cells = cells,
	    .groups = BUF_INIT };
	const char *key;

	if (file_row_is_empty(cells))
		return (0);
	if (cells->count != file->columns.count) {
		table_flaw(table, "it has %zu cells, the header has %zu: is a separator missing, "
		    "or not between double quotes?", cells->count, file->columns.count);
		return (0);
	}
	key = file_key(file, cells->cells[file->columns.key]);
	if (!file_check_key(file, table, cells, key))
		return (0);
	row.employee.source = file->order->source_id;
	row.employee.kombo = row.employee.remote = key;
	file_cells(&row);
	buf_close(&row.groups);
	file->out->seen++;
	file->out->live++;
	if (file->order->progress != NULL && file->out->seen % FILE_PACE == 0)
		file->order->progress(file->order->context, "employees", 1, file->out->seen);
	return (file_stage(file, &row.employee, err));
}

static int
file_found_row(void *context, struct table *table, const struct table_row *row,
    struct err *err)
{
	struct file *file = context;

	if (!file->has_header) {
		file->has_header = true;
		file->header_wrong = columns_read(file->out->arena, file->order->source, table,
		    row, &file->columns) < 0;
		return (0);
	}
	if (file->header_wrong)
		return (0);
	arena_reset(file->arena);
	return (file_person(file, table, row, err));
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static bool
file_has(const struct file *file, enum field_id id)
{
	return ((file->columns.missing & UINT32_C(1) << id) == 0);
}

/* Names that no row names are gone, where the file names such things at all. */
static void
file_settle_models(struct file *file)
{
	file->out->model_whole[0] = file_has(file, FIELD_LEGAL_ENTITY);
	file->out->model_whole[1] = file_has(file, FIELD_WORK_LOCATION);
	file->out->model_whole[2] = file_has(file, FIELD_DEPARTMENT) &&
	    file_has(file, FIELD_TEAM) && file_has(file, FIELD_COST_CENTER);
}

static int
file_read(struct file *file, const char *path, struct err *err)
{
	const struct fetch_order *order = file->order;

	if (path != NULL && db_open(path, DB_ADMIN, &file->db, err) < 0)
		return (-1);
	if (stage_open(&file->out->stage, err) < 0 ||
	    known_open(order->source_id != 0 ? file->db : NULL, order->source_id, true,
	    &file->known, err) < 0)
		return (-1);
	if (table_read(&file->input, columns_separator(order->source), order->cancel,
	    file_found_row, file, err) < 0)
		return (-1);
	if (!file->has_header)
		return (err_set(err, ERR_FILE, "%s is empty: its first row must name the "
		    "columns", file->input.name));
	if (file->out->seen == 0)
		return (err_set(err, ERR_FILE, "%s holds a header and nobody: such a file is "
		    "never taken", file->input.name));
	file->out->unavailable = file->columns.missing;
	file_settle_models(file);
	known_absent(file->known, &file->out->absent, &file->out->absent_count);
	step_done(STEP_EMPLOYEES);
	return (named_stage(file->named, file->out->stage, err));
}

static void
file_start(struct file *file)
{
	struct stat st;

	file->out = mem_alloc(sizeof(*file->out));
	file->out->arena = arena_open();
	file->out->complete = file->out->healthy = true;
	file->out->started = clock_now();
	file->out->tool = "CSV file";
	if (fstat(file->input.fd, &st) == 0)
		file->out->upstream_at = st.st_mtim.tv_sec * CLOCK_SECOND +
		    st.st_mtim.tv_nsec / 1000;
	file->arena = arena_open();
	file->named = named_open(file->order->source_id);
}

static void
file_finish(struct file *file)
{
	known_close(&file->known);
	named_close(&file->named);
	db_close(&file->db);
	map_close(&file->keys);
	arena_close(&file->arena);
}

/* The source's own file, opened; or the one that was given. */
static int
file_input(struct file *file, const struct csv_input *given, struct err *err)
{
	const char *path;

	if (given != NULL) {
		file->input = *given;
		return (0);
	}
	path = conf_text(&file->order->source->set, CONF_CSV_FILE);
	return (table_open(path, &file->input, err));
}

int
file_fetch(const struct fetch_order *order, const struct csv_input *input, const char *path,
    struct fetched **fetched, struct err *err)
{
	struct file file = { .order = order };
	int result;

	*fetched = NULL;
	if (file_input(&file, input, err) < 0)
		return (-1);
	file_start(&file);
	result = file_read(&file, path, err);
	file_finish(&file);
	if (input == NULL)
		(void)close(file.input.fd);
	if (result < 0)
		fetched_close(&file.out);
	*fetched = file.out;
	return (result);
}

/* ---- source test ------------------------------------------------------------------------------------ */

static void
file_probe_columns(const struct file *file, struct buf *report)
{
	const struct columns *columns = &file->columns;
	enum field_id id;
	size_t i;

	buf_str(report, "columns      ");
	for (i = 0; i < columns->count; i++)
		if (columns->list[i].read || columns->list[i].key)
			buf_printf(report, " %s%s", columns->list[i].name,
			    columns->list[i].key ? " (key)" : "");
	buf_str(report, "\nnot read     ");
	for (i = 0; i < columns->count; i++)
		if (!columns->list[i].read && !columns->list[i].key)
			buf_printf(report, " %s", columns->list[i].name);
	buf_str(report, "\nnot given    ");
	for (id = 0; id < FIELD_N; id++)
		if ((columns->missing & UINT32_C(1) << id) != 0)
			buf_printf(report, " %s", field_get(id)->name);
	buf_char(report, '\n');
}

static void
file_probe_problems(const struct fetched *out, struct buf *report)
{
	size_t i;

	for (i = 0; i < out->problem_count && i < 10; i++)
		buf_printf(report, "attention     %s\n", out->problems[i].detail);
	if (i < out->problem_count)
		buf_printf(report, "attention     and %zu more cells that cannot be read\n",
		    out->problem_count - i);
}

int
file_probe(const struct fetch_order *order, struct buf *report, struct err *err)
{
	struct file file = { .order = order };
	char changed[CLOCK_TEXT_SIZE];
	int result;

	if (file_input(&file, NULL, err) < 0)
		return (-1);
	file_start(&file);
	buf_printf(report, "file          %s, changed %s\n", file.input.name,
	    clock_format(file.out->upstream_at, 0, changed));
	result = file_read(&file, NULL, err);
	if (file.has_header && !file.header_wrong)
		file_probe_columns(&file, report);
	if (result == 0)
		buf_printf(report, "people        %" PRId64 "\n", file.out->seen);
	file_probe_problems(file.out, report);
	file_finish(&file);
	(void)close(file.input.fd);
	fetched_close(&file.out);
	return (result);
}
