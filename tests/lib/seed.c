/*
 * rollcall-seed: makes the database of a made-up organisation, and changes it, without a
 * daemon: for the tests and benchmarks of what reads views.
 */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/behind.h"
#include "base/clock.h"
#include "base/digest.h"
#include "store/client.h"
#include "store/view.h"
#include "tests/lib/seed_publish.h"

static const char usage_text[] =
"usage: rollcall-seed create [--people N] [--seed S] [--big N] [--suffix DN]\n"
"                            [--organization TEXT] DB\n"
"       rollcall-seed change DB STEP [, STEP] ...\n"
"       rollcall-seed client DB add NAME [--protocol ldap|scim] [--view V] [--rights R]\n"
"                            [--secret TEXT | --hash HASH] [--expires SECONDS]\n"
"       rollcall-seed client DB rotate NAME --secret TEXT [--expires SECONDS]\n"
"       rollcall-seed client DB delete NAME [--protocol ldap|scim]\n"
"\n"
"A change is one revision. Steps:\n"
"  set ID FIELD VALUE   another value; an empty one is none\n"
"  status ID STATUS     onboarding, active, offboarding, departed\n"
"  manager ID OTHER     another manager, 0 for none\n"
"  join ID GROUP        (and leave)\n"
"  hide ID              (and show: as she was made)\n"
"  rename GROUP CN\n"
"  random N [SALT]      N people with another title, some of them in another group\n"
"  setting NAME VALUE   (sync/settings.h)\n";

static int
usage(struct err *err)
{
	(void)fputs(usage_text, stderr);
	return (err_set(err, ERR_USAGE, "wrong usage"));
}

static bool
read_number(const char *text, int64_t *number)
{
	char *end;

	*number = strtoll(text, &end, 10);
	return (end != text && *end == '\0');
}

/* ---- create ---------------------------------------------------------------------------------- */

static int
create_settings(struct db *db, const char *suffix, const char *organization, struct err *err)
{
	char name[64];
	size_t i;

	if (setting_put(db, "suffix", suffix, err) < 0 ||
	    setting_put(db, "organization", organization, err) < 0 ||
	    setting_put(db, "max_age", NULL, err) < 0 ||
	    setting_put(db, "user_name", "work-email", err) < 0 ||
	    setting_put(db, "view.ldap", "active offboarding", err) < 0 ||
	    setting_put(db, "view.scim", "onboarding active offboarding departed", err) < 0)
		return (-1);
	for (i = 0; i < FIELD_N; i++) {
		(void)snprintf(name, sizeof(name), "field.%s",
		    field_get((enum field_id)i)->name);
		if (setting_put(db, name, "readOnly", err) < 0)
			return (-1);
	}
	return (0);
}

static int
create_people(struct publication *publication, struct err *err)
{
	int64_t groups[SEED_GROUPS_A_PERSON], id;
	struct served_person person;
	size_t count;

	for (id = 1; id <= publication->seed.people; id++) {
		arena_reset(publication->arena);
		seed_person(&publication->seed, id, publication->arena, &person);
		count = seed_groups(&publication->seed, id, groups);
		if (publish_put(publication, &person, seed_manager(&publication->seed, id),
		    groups, count, err) < 0)
			return (-1);
	}
	return (0);
}

static int
command_create(int argc, char **argv, struct err *err)
{
	static const struct option options[] = {
		{ "people", required_argument, NULL, 'p' },
		{ "seed", required_argument, NULL, 's' },
		{ "big", required_argument, NULL, 'b' },
		{ "suffix", required_argument, NULL, 'd' },
		{ "organization", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 }
	};
	struct publication publication = { .seed = { 1, 100, SEED_BIG_MEMBERS } };
	const char *organization = NULL, *suffix = "dc=example,dc=com";
	int c, result;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if ((c == 'p' && read_number(optarg, &publication.seed.people)) ||
		    (c == 's' && read_number(optarg, &publication.seed.number)) ||
		    (c == 'b' && read_number(optarg, &publication.seed.big)))
			continue;
		if (c == 'd')
			suffix = optarg;
		else if (c == 'o')
			organization = optarg;
		else
			return (usage(err));
	}
	if (optind + 1 != argc)
		return (usage(err));
	if (publication_open(&publication, argv[optind], true, err) < 0)
		return (-1);
	result = create_settings(publication.db, suffix, organization, err);
	if (result == 0)
		result = create_people(&publication, err);
	return (publication_close(&publication, result, err));
}

/* ---- change ---------------------------------------------------------------------------------- */

/* What a step changes of a person that is served. */
struct edit {
	struct served_person	 person;
	int64_t			 manager;
	int64_t			*groups;
	size_t			 count;
};

static int
edit_group(struct edit *edit, struct arena *arena, int64_t group, bool join)
{
	int64_t *groups;
	size_t i, n;

	groups = arena_alloc(arena, (edit->count + 1) * sizeof(*groups));
	for (i = n = 0; i < edit->count && edit->groups[i] < group; i++)
		groups[n++] = edit->groups[i];
	if (join)
		groups[n++] = group;
	for (; i < edit->count; i++)
		if (edit->groups[i] != group)
			groups[n++] = edit->groups[i];
	edit->groups = groups;
	edit->count = n;
	return (0);
}

static int
edit_status(struct edit *edit, const char *name, struct err *err)
{
	size_t i;

	for (i = 0; i < STATUS_N; i++)
		if (strcmp(status_name((enum person_status)i), name) == 0)
			break;
	if (i == STATUS_N)
		return (err_set(err, ERR_USAGE, "no status %s", name));
	edit->person.status = (enum person_status)i;
	edit->person.active = i == STATUS_ACTIVE || i == STATUS_OFFBOARDING;
	return (0);
}

static int
edit_value(struct edit *edit, const char *field, const char *value, struct err *err)
{
	enum field_id id;

	id = field_find(field);
	if (id == FIELD_N)
		return (err_set(err, ERR_USAGE, "no field %s", field));
	edit->person.value[id] = *value != '\0' ? value : NULL;
	return (0);
}

static int
edit_apply(struct edit *edit, struct arena *arena, char **words, struct err *err)
{
	int64_t number = 0;

	(void)read_number(words[2], &number);
	if (strcmp(words[0], "set") == 0)
		return (edit_value(edit, words[2], words[3], err));
	if (strcmp(words[0], "status") == 0)
		return (edit_status(edit, words[2], err));
	if (strcmp(words[0], "manager") == 0) {
		edit->manager = number;
		return (0);
	}
	return (edit_group(edit, arena, number, strcmp(words[0], "join") == 0));
}

static int
step_edit(struct publication *publication, char **words, struct err *err)
{
	struct edit edit;
	int64_t id;
	int result;

	if (!read_number(words[1], &id))
		return (usage(err));
	result = publish_get(publication, id, &edit.person, &edit.manager, &edit.groups,
	    &edit.count, err);
	if (result <= 0)
		return (result < 0 ? -1 : err_set(err, ERR_NOT_FOUND, "person %s is not "
		    "served", words[1]));
	if (edit_apply(&edit, publication->arena, words, err) < 0)
		return (-1);
	return (publish_put(publication, &edit.person, edit.manager, edit.groups, edit.count,
	    err));
}

static int
step_show(struct publication *publication, int64_t id, struct err *err)
{
	int64_t groups[SEED_GROUPS_A_PERSON];
	struct served_person person;
	size_t count;

	seed_person(&publication->seed, id, publication->arena, &person);
	count = seed_groups(&publication->seed, id, groups);
	return (publish_put(publication, &person, seed_manager(&publication->seed, id), groups,
	    count, err));
}

static int
step_random(struct publication *publication, int64_t count, uint64_t salt, struct err *err)
{
	struct arena *arena = publication->arena;
	uint64_t number;
	struct edit edit;
	int64_t i, id;
	int result;

	for (i = 0; i < count; i++) {
		arena_reset(arena);
		number = seed_draw(&publication->seed, 1000 + salt, (uint64_t)i);
		id = 1 + (int64_t)(number % (uint64_t)publication->seed.people);
		result = publish_get(publication, id, &edit.person, &edit.manager,
		    &edit.groups, &edit.count, err);
		if (result < 0)
			return (-1);
		if (result == 0)
			continue;
		edit.person.value[FIELD_JOB_TITLE] = arena_printf(arena, "Title %llu",
		    (unsigned long long)number % 1000);
		if (number / 7 % 5 == 0)
			(void)edit_group(&edit, arena, 2 + (int64_t)(number / 11 %
			    (uint64_t)(seed_group_count(&publication->seed) - 1)),
			    number / 3 % 2 == 0);
		if (publish_put(publication, &edit.person, edit.manager, edit.groups,
		    edit.count, err) < 0)
			return (-1);
	}
	return (0);
}

/* Settings are written all at once: those there are, and the one that changes. */
struct settings {
	const char	*changed;
	struct arena	*arena;
	const char	*name[64];
	const char	*value[64];
	size_t		 count;
};

static void
settings_keep(void *context, const char *name, const char *value)
{
	struct settings *settings = context;

	if (strcmp(name, settings->changed) == 0 || settings->count == 64)
		return;
	settings->name[settings->count] = arena_dup(settings->arena, name);
	settings->value[settings->count++] = arena_dup(settings->arena, value);
}

static int
step_setting(struct publication *publication, const char *name, const char *value,
    struct err *err)
{
	struct settings settings = { .changed = name, .arena = publication->arena };
	struct db *db = publication->db;
	size_t i;

	if (view_settings(db, settings_keep, &settings, err) < 0 || setting_clear(db, err) < 0)
		return (-1);
	for (i = 0; i < settings.count; i++)
		if (setting_put(db, settings.name[i], settings.value[i], err) < 0)
			return (-1);
	return (setting_put(db, name, *value != '\0' ? value : NULL, err));
}

static int
step_do(struct publication *publication, char **words, int count, struct err *err)
{
	static const struct { const char *name; int words; } edits[] = {
		{ "set", 4 }, { "status", 3 }, { "manager", 3 }, { "join", 3 }, { "leave", 3 },
	};
	int64_t number = 0, salt = 0;
	size_t i;

	for (i = 0; i < sizeof(edits) / sizeof(edits[0]); i++)
		if (strcmp(words[0], edits[i].name) == 0 && count == edits[i].words)
			return (step_edit(publication, words, err));
	if (count == 3 && strcmp(words[0], "setting") == 0)
		return (step_setting(publication, words[1], words[2], err));
	if (count < 2 || !read_number(words[1], &number))
		return (usage(err));
	if (strcmp(words[0], "hide") == 0)
		return (publish_hide(publication, number, err));
	if (strcmp(words[0], "show") == 0)
		return (step_show(publication, number, err));
	if (count == 3 && strcmp(words[0], "rename") == 0)
		return (publish_rename(publication, number, words[2], err));
	if (strcmp(words[0], "random") != 0 || (count == 3 && !read_number(words[2], &salt)))
		return (usage(err));
	return (step_random(publication, number, (uint64_t)salt, err));
}

static int
command_change(int argc, char **argv, struct err *err)
{
	struct publication publication = { .db = NULL };
	int at, next, result;

	if (argc < 3)
		return (usage(err));
	if (publication_open(&publication, argv[1], false, err) < 0)
		return (-1);
	result = 0;
	for (at = 2; at < argc && result == 0; at = next + 1) {
		for (next = at; next < argc && strcmp(argv[next], ",") != 0; next++)
			continue;
		arena_reset(publication.arena);
		result = next == at ? usage(err) :
		    step_do(&publication, &argv[at], next - at, err);
	}
	return (publication_close(&publication, result, err));
}

/* ---- client ---------------------------------------------------------------------------------- */

struct client_order {
	const char	*protocol;
	const char	*view;
	const char	*rights;
	const char	*secret;
	const char	*hash;
	int64_t		 expires;
};

/* {SSHA}, as slappasswd makes it; SHA-256 in hexadecimal for SCIM. */
static const char *
client_hash(const struct client_order *order, struct arena *arena)
{
	uint8_t digest[DIGEST_SHA256_SIZE + 4];
	char *salted, text[128];
	size_t len;

	if (order->hash != NULL)
		return (order->hash);
	len = strlen(order->secret);
	if (strcmp(order->protocol, "scim") == 0) {
		digest_sha256(order->secret, len, digest);
		return (arena_dup(arena, digest_hex(digest, DIGEST_SHA256_SIZE, text)));
	}
	salted = arena_printf(arena, "%s0123", order->secret);
	digest_random(salted + len, 4);
	digest_sha1(salted, len + 4, digest);
	memcpy(digest + 20, salted + len, 4);
	return (arena_printf(arena, "{SSHA}%s", digest_base64(digest, 24, text)));
}

static int
client_do(struct db *db, const char *action, const char *name,
    const struct client_order *order, struct arena *arena, struct err *err)
{
	struct client_row row;
	int64_t now;
	int result;

	now = clock_now();
	if (strcmp(action, "add") == 0) {
		row = (struct client_row){ .name = name, .protocol = order->protocol,
		    .view = order->view, .rights = order->rights, .created = now,
		    .expires = order->expires != 0 ? now + order->expires * CLOCK_SECOND : 0,
		    .uuid = uuid_random(), .secret = client_hash(order, arena) };
		return (client_add(db, &row, err));
	}
	result = client_find(db, order->protocol, name, arena, &row, err);
	if (result <= 0)
		return (result < 0 ? -1 : err_set(err, ERR_NOT_FOUND, "no client %s", name));
	if (strcmp(action, "delete") == 0)
		return (client_delete(db, row.id, err));
	if (strcmp(action, "rotate") != 0)
		return (usage(err));
	return (client_rotate(db, row.id, client_hash(order, arena), now,
	    order->expires != 0 ? now + order->expires * CLOCK_SECOND : 0, err));
}

static bool
client_option(struct client_order *order, int option)
{
	switch (option) {
	case 'p':
		order->protocol = optarg;
		return (true);
	case 'v':
		order->view = optarg;
		return (true);
	case 'r':
		order->rights = optarg;
		return (true);
	case 's':
		order->secret = optarg;
		return (true);
	case 'h':
		order->hash = optarg;
		return (true);
	case 'e':
		return (read_number(optarg, &order->expires));
	}
	return (false);
}

static int
command_client(int argc, char **argv, struct err *err)
{
	static const struct option options[] = {
		{ "protocol", required_argument, NULL, 'p' },
		{ "view", required_argument, NULL, 'v' },
		{ "rights", required_argument, NULL, 'r' },
		{ "secret", required_argument, NULL, 's' },
		{ "hash", required_argument, NULL, 'h' },
		{ "expires", required_argument, NULL, 'e' },
		{ NULL, 0, NULL, 0 }
	};
	struct client_order order = { .protocol = "ldap", .rights = "read",
	    .secret = "secret" };
	struct arena *arena;
	struct db *db;
	int c, result;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!client_option(&order, c))
			return (usage(err));
	if (argc - optind != 3)
		return (usage(err));
	if (order.view == NULL)
		order.view = order.protocol;
	if (db_open(argv[optind], DB_WRITER, &db, err) < 0)
		return (-1);
	arena = arena_open();
	result = db_begin(db, err);
	if (result == 0)
		result = client_do(db, argv[optind + 1], argv[optind + 2], &order, arena, err);
	if (result == 0)
		result = db_commit(db, err);
	arena_close(&arena);
	db_close(&db);
	return (result);
}

int
main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	int result;

	behind_others(5);	/* as rollcalld */
	if (argc > 1 && strcmp(argv[1], "create") == 0)
		result = command_create(argc - 1, argv + 1, &err);
	else if (argc > 1 && strcmp(argv[1], "change") == 0)
		result = command_change(argc - 1, argv + 1, &err);
	else if (argc > 1 && strcmp(argv[1], "client") == 0)
		result = command_client(argc - 1, argv + 1, &err);
	else
		result = usage(&err);
	if (result == 0)
		return (0);
	(void)fprintf(stderr, "rollcall-seed: %s\n", err.text);
	return (err_kind(err.code)->exit_status);
}
