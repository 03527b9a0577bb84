/*
 * Owns the file DATABASE.erased: one line a person, "UUID INSTANT keep|return K:HEX R:HEX U:HEX",
 * appended and never changed. It holds nobody's values, only hashes under the database's key.
 */
#include "config.h"

#include "sync/erase.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "store/incoming.h"
#include "store/person.h"
#include "store/record.h"
#include "store/retire.h"
#include "store/source.h"
#include "store/suppress.h"

#define ERASE_LINE_MAX	65536

/* ---- one person -------------------------------------------------------------------------- */

struct erase {
	struct db		*db;
	const struct erase_order *order;
	struct arena		*arena;
	struct source_row	*sources;
	size_t			 source_count;
	struct uuid		 uuid;
	struct buf		 hashes;
	struct err		*err;
	int			 result;
};

static void
erase_hash(struct erase *erase, enum suppress_kind kind, const char *source,
    const char *text)
{
	struct suppress_row row = { .uuid = erase->uuid, .kind = (char)kind,
	    .erased_at = erase->order->now };
	char hex[DIGEST_SHA256_SIZE * 2 + 1];

	if (erase->result < 0 || text == NULL)
		return;
	erase->result = suppress_hash(erase->db, kind, source, text, row.hash, erase->err);
	if (erase->result == 0)
		erase->result = suppress_add(erase->db, &row, erase->err);
	buf_printf(&erase->hashes, " %c:%s", (char)kind, digest_hex(row.hash, sizeof(row.hash),
	    hex));
}

static const char *
erase_source_name(const struct erase *erase, int64_t source)
{
	size_t i;

	for (i = 0; i < erase->source_count; i++)
		if (erase->sources[i].id == source)
			return (erase->sources[i].name);
	return ("");
}

/* Hashes of everything that would bring the person back. */
static int
erase_suppress(struct erase *erase, const struct person *person, struct err *err)
{
	struct record_row row;
	const char *source;
	size_t count, i;
	int64_t *ids;

	if (source_list(erase->db, erase->arena, &erase->sources, &erase->source_count,
	    err) < 0 || record_ids_of_person(erase->db, person->id, erase->arena, &ids, &count,
	    err) < 0)
		return (-1);
	erase->uuid = person->uuid;
	for (i = 0; i < count; i++) {
		if (record_get(erase->db, ids[i], erase->arena, &row, err) < 1)
			return (-1);
		source = erase_source_name(erase, row.source);
		erase_hash(erase, SUPPRESS_KOMBO, source, row.kombo);
		erase_hash(erase, SUPPRESS_REMOTE, source, row.remote);
		/* A held fetch holds values of hers as well (store/incoming.h). */
		if (incoming_forget(erase->db, row.source, row.kombo, row.id, err) < 0)
			return (-1);
	}
	erase_hash(erase, SUPPRESS_UID, "", person->uid);
	return (erase->result);
}

static int
erase_publish(const struct erase *erase, struct plan_report *report, struct err *err)
{
	const struct plan_note note = { .what = "erase", .reason = erase->order->reason };
	const struct plan_order order = {
		.conf = erase->order->conf,
		.people = &erase->order->person,
		.people_count = 1,
		.erase = true,
		.zones = erase->order->zones,
		.now = erase->order->now,
		.actor = erase->order->actor,
		.note = &note,
	};
	struct plan *plan;
	int result;

	if (plan_open(erase->db, &order, &plan, err) < 0)
		return (-1);
	result = plan_publish(plan, report, err);
	plan_close(&plan);
	return (result);
}

static int
erase_inside(struct erase *erase, struct plan_report *report, struct err *err)
{
	struct person person;

	if (person_get(erase->db, erase->order->person, erase->arena, &person, err) < 1)
		return (-1);
	if (erase_suppress(erase, &person, err) < 0 || erase_publish(erase, report, err) < 0 ||
	    retire_forget(erase->db, person.id, err) < 0)
		return (-1);
	/* Without a row of its own a record that may return is a new one. */
	if (erase->order->may_return)
		return (suppress_delete(erase->db, &person.uuid, err));
	return (0);
}

int
erase_person(struct db *db, const struct erase_order *order, struct arena *arena,
    struct erase_line *line, struct plan_report *report, struct err *err)
{
	struct erase erase = { .db = db, .order = order, .arena = arena, .hashes = BUF_INIT,
	    .err = err };
	int result;

	result = erase_inside(&erase, report, err);
	*line = (struct erase_line){ .uuid = erase.uuid, .made_at = order->now,
	    .may_return = order->may_return, .hashes = arena_dup(arena,
	    erase.hashes.data != NULL ? erase.hashes.data : "") };
	buf_close(&erase.hashes);
	return (result);
}

/* ---- the file ---------------------------------------------------------------------------------- */

int
erase_remember(struct db *db, const struct erase_line *line, struct err *err)
{
	char *path, *text, uuid[UUID_TEXT_SIZE];
	ssize_t written;
	int fd;

	path = mem_printf("%s.erased", db_path(db));
	text = mem_printf("%s %" PRId64 " %s%s\n", uuid_format(&line->uuid, uuid),
	    line->made_at, line->may_return ? "return" : "keep", line->hashes);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	written = fd < 0 ? -1 : write(fd, text, strlen(text));
	if (written != (ssize_t)strlen(text) || fsync(fd) < 0)
		(void)err_set_errno(err, ERR_SYSTEM, errno, "%s cannot be written: the person is "
		    "erased, but a backup that is put back would bring the values back", path);
	else
		written = 0;
	if (fd >= 0)
		(void)close(fd);
	mem_free(&path);
	mem_free(&text);
	return (written == 0 ? 0 : -1);
}

/* ---- after a restore ----------------------------------------------------------------------------- */

enum erase_how { ERASE_RETURN = 1, ERASE_KEEP };

struct erase_again {
	struct db	*db;
	int64_t		 restored;	/* instant of the backup this is; none: never */
	struct map	 known;		/* first eight bytes of the database's hashes */
	struct map	 named;		/* … of UUIDs in the file */
	struct map	 people;	/* … of the file's other hashes → enum erase_how */
	struct map	 found;		/* person id → enum erase_how */
	struct arena	*arena;
	struct source_row *sources;
	size_t		 source_count;
};

static uint64_t
erase_key(const uint8_t *hash)
{
	uint64_t key;

	memcpy(&key, hash, sizeof(key));
	return (key);
}

/* Notes a hash of the file; what the database knows already was erased here. */
static int
erase_take_hash(struct erase_again *again, struct suppress_row *row, const char *word,
    bool may_return, struct err *err)
{
	uint64_t known;

	if (word[0] == '\0' || word[1] != ':' ||
	    !digest_from_hex(word + 2, row->hash, sizeof(row->hash)) ||
	    map_get(&again->known, erase_key(row->hash), &known))
		return (0);
	row->kind = word[0];
	map_set(&again->people, erase_key(row->hash), may_return ? ERASE_RETURN : ERASE_KEEP);
	return (may_return ? 0 : suppress_add(again->db, row, err));
}

static int
erase_take_line(struct erase_again *again, char *line, struct err *err)
{
	struct suppress_row row = { .kind = 0 };
	char *save, *uuid, *when, *word;
	bool may_return;

	uuid = strtok_r(line, " \n", &save);
	when = strtok_r(NULL, " \n", &save);
	word = strtok_r(NULL, " \n", &save);
	if (uuid == NULL || when == NULL || word == NULL || !uuid_parse(uuid, &row.uuid))
		return (0);
	map_set(&again->named, erase_key(row.uuid.bytes), 1);
	row.erased_at = strtoll(when, NULL, 10);
	may_return = strcmp(word, "return") == 0;
	/* Who was allowed to return may have done so since, unless this is a backup of before. */
	if (may_return && row.erased_at <= again->restored)
		return (0);
	while ((word = strtok_r(NULL, " \n", &save)) != NULL)
		if (erase_take_hash(again, &row, word, may_return, err) < 0)
			return (-1);
	return (0);
}

static int
erase_read_file(struct erase_again *again, FILE *file, struct err *err)
{
	char *line;
	int result;

	line = mem_alloc(ERASE_LINE_MAX);
	result = 0;
	while (result == 0 && fgets(line, ERASE_LINE_MAX, file) != NULL)
		result = erase_take_line(again, line, err);
	mem_free(&line);
	return (result);
}

static int
erase_match(struct erase_again *again, enum suppress_kind kind, const char *source,
    const char *text, int64_t person, struct err *err)
{
	uint8_t hash[DIGEST_SHA256_SIZE];
	uint64_t how;

	if (text == NULL || person == 0)
		return (0);
	if (suppress_hash(again->db, kind, source, text, hash, err) < 0)
		return (-1);
	if (map_get(&again->people, erase_key(hash), &how))
		map_set(&again->found, (uint64_t)person, how);
	return (0);
}

/* Looks for the people behind the hashes: every record of every source is hashed. */
static int
erase_search(struct erase_again *again, struct err *err)
{
	struct record_row row;
	size_t i;
	int result;

	for (i = 0; i < again->source_count; i++) {
		record_walk(again->db, again->sources[i].id);
		while ((result = record_walk_next(again->db, &row, err)) > 0)
			if (erase_match(again, SUPPRESS_KOMBO, again->sources[i].name, row.kombo,
			    row.person, err) < 0 || erase_match(again, SUPPRESS_REMOTE,
			    again->sources[i].name, row.remote, row.person, err) < 0)
				return (-1);
		if (result < 0)
			return (-1);
	}
	return (0);
}

static void
erase_know(struct erase_again *again, const struct suppress_row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		map_set(&again->known, erase_key(rows[i].hash), 1);
}

/* Lines that never reached the file, since the machine failed between the two. */
static int
erase_complete_file(struct erase_again *again, const struct suppress_row *rows, size_t count,
    struct err *err)
{
	char hex[DIGEST_SHA256_SIZE * 2 + 1];
	struct erase_line line;
	uint64_t named;
	size_t i;

	for (i = 0; i < count; i++) {
		if (map_get(&again->named, erase_key(rows[i].uuid.bytes), &named))
			continue;
		line = (struct erase_line){ .uuid = rows[i].uuid, .made_at = rows[i].erased_at,
		    .hashes = arena_printf(again->arena, " %c:%s", rows[i].kind,
		    digest_hex(rows[i].hash, sizeof(rows[i].hash), hex)) };
		if (erase_remember(again->db, &line, err) < 0)
			return (-1);
	}
	return (0);
}

/* Erases whoever was found. */
static int
erase_found(struct erase_again *again, const struct erase_order *given,
    struct plan_report *report, int64_t *count, struct err *err)
{
	struct erase_order order = *given;
	struct erase_line line;
	uint64_t how, person;
	size_t at;

	at = 0;
	while (map_next(&again->found, &at, &person, &how)) {
		order.person = (int64_t)person;
		order.may_return = how == ERASE_RETURN;
		if (erase_person(again->db, &order, again->arena, &line, report, err) < 0)
			return (-1);
		(*count)++;
	}
	return (0);
}

static int
erase_replay_all(struct erase_again *again, const struct erase_order *order, int64_t *count,
    struct err *err)
{
	struct suppress_row *rows;
	struct plan_report report;
	size_t row_count;
	char *path;
	FILE *file;
	int result;

	if (suppress_list(again->db, again->arena, &rows, &row_count, err) < 0 ||
	    source_list(again->db, again->arena, &again->sources, &again->source_count,
	    err) < 0)
		return (-1);
	erase_know(again, rows, row_count);
	path = mem_printf("%s.erased", db_path(again->db));
	file = fopen(path, "re");
	mem_free(&path);
	result = file == NULL ? 0 : erase_read_file(again, file, err);
	if (file != NULL)
		(void)fclose(file);
	if (result == 0 && again->people.count > 0)
		result = erase_search(again, err);
	if (result == 0)
		result = erase_found(again, order, &report, count, err);
	if (result == 0)
		result = erase_complete_file(again, rows, row_count, err);
	return (result);
}

int
erase_replay(struct db *db, const struct conf *conf, struct zones *zones, int64_t now,
    int64_t *count, struct err *err)
{
	const struct erase_order order = { .conf = conf, .zones = zones, .now = now,
	    .actor = "restore" };
	struct erase_again again = { .db = db };
	int result;

	*count = 0;
	if (db_restored_from(db, &again.restored, err) < 0 || db_begin(db, err) < 0)
		return (-1);
	if (again.restored == 0)
		again.restored = INT64_MAX;
	again.arena = arena_open();
	result = erase_replay_all(&again, &order, count, err);
	if (result == 0)
		result = db_commit(db, err);
	else
		db_rollback(db);
	map_close(&again.known);
	map_close(&again.named);
	map_close(&again.people);
	map_close(&again.found);
	arena_close(&again.arena);
	return (result);
}
