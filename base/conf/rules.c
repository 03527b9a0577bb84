/*
 * Owns nothing. Each rule is a function of its own in one of the tables at the end. An
 * item with an empty text has a finding already, and rules pass over it.
 */
#include "config.h"

#include "base/conf/rules.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf/form.h"
#include "base/conf/provider.h"
#include "base/conf/rows.h"
#include "base/digest.h"
#include "base/map.h"
#include "base/secret.h"
#include "base/text.h"

#define INTERVAL_USEFUL	(10 * CLOCK_MINUTE)	/* rulings F21 */

struct rules {
	const struct conf	*conf;
	struct conf_findings	*findings;
};

/* The keys of filters and the fields they look at. */
static const struct {
	const char	*key;
	enum field_id	 field;
} filter_fields[] = {
	{ "legal_entity", FIELD_LEGAL_ENTITY },
	{ "employment_type", FIELD_EMPLOYMENT_TYPE },
	{ "group", FIELD_GROUPS },
	{ "location", FIELD_WORK_LOCATION },
	{ "employee_number", FIELD_EMPLOYEE_NUMBER },
};
#define FILTER_FIELDS	(sizeof(filter_fields) / sizeof(filter_fields[0]))

/* The dates of a contract, and what comes of one that does not follow the HR system. */
static const struct {
	enum field_id	 field;
	const char	*effect;
} date_fields[] = {
	{ FIELD_START_DATE,
	    "when the HR system moves it, people still join on the old day" },
	{ FIELD_TERMINATION_DATE,
	    "when the HR system sets or moves it, people do not leave by it" },
};

/* Filters that say yes and no to the same thing. */
static const struct {
	enum conf_key	include;
	enum conf_key	exclude;
} filter_pairs[] = {
	{ CONF_IN_ENTITY, CONF_EX_ENTITY },
	{ CONF_IN_TYPE, CONF_EX_TYPE },
	{ CONF_IN_GROUP, CONF_EX_GROUP },
	{ CONF_IN_LOCATION, CONF_EX_LOCATION },
	{ CONF_VIEW_IN_ENTITY, CONF_VIEW_EX_ENTITY },
	{ CONF_VIEW_IN_TYPE, CONF_VIEW_EX_TYPE },
	{ CONF_VIEW_IN_GROUP, CONF_VIEW_EX_GROUP },
	{ CONF_VIEW_IN_LOCATION, CONF_VIEW_EX_LOCATION },
};
#define FILTER_PAIRS	(sizeof(filter_pairs) / sizeof(filter_pairs[0]))

/* The first item of a key, or NULL when it is missing or could not be read. */
static const struct conf_item *
item_good(const struct conf_set *set, enum conf_key key)
{
	const struct conf_list *list = &set->lists[key];

	if (list->count == 0 || *list->items[0].text == '\0')
		return (NULL);
	return (&list->items[0]);
}

/* ---- rules on sets of any kind; `file` is the path of theirs ---- */

static void
interval_check(struct rules *rules, const struct conf_item *item, const char *file)
{
	if (item == NULL || item->number >= INTERVAL_USEFUL)
		return;
	conf_finding_warning(rules->findings, conf_at(file, item->line), "W105",
	    "interval: Kombo asks the HR system every few hours only; runs less than "
	    "10 minutes apart find nothing new");
}

static void
secret_check(struct rules *rules, const struct conf_item *item, const char *key,
    struct conf_at at)
{
	struct err err = ERR_INIT;
	enum secret_kind kind;
	const char *name;
	char *secret;

	if (!secret_parse(item->text, &kind, &name))
		return;
	if (kind == SECRET_LITERAL)
		conf_finding_warning(rules->findings, at, "W102",
		    "%s: the secret itself stands in this file; keep it elsewhere, as "
		    "cred:NAME or file:/PATH", key);
	if (kind == SECRET_CRED && !secret_has_credentials()) {
		conf_finding_note(rules->findings, at,
		    "%s: %s was not read: credentials exist only inside the service",
		    key, item->text);
		return;
	}
	if (secret_read(item->text, &secret, &err) < 0)
		conf_finding_error(rules->findings, at, "%s: %s", key, err.text);
	secret_free(&secret);
}

static uint64_t
name_hash(struct arena *arena, const char *name)
{
	return (hash64_text(text_fold(arena, name)));
}

/* Warns of included values that are excluded as well, and of what that comes to. */
static void
pair_check(struct rules *rules, const struct conf_set *set, enum conf_key key,
    const struct conf_list *exclude, const char *file)
{
	const struct conf_list *include = &set->lists[key];
	struct arena *arena = arena_open();
	struct map lines = MAP_INIT;
	size_t both, i;
	uint64_t line;

	for (i = 0; i < exclude->count; i++)
		map_set(&lines, name_hash(arena, exclude->items[i].text),
		    exclude->items[i].line);
	both = 0;
	for (i = 0; i < include->count; i++) {
		if (!map_get(&lines, name_hash(arena, include->items[i].text), &line))
			continue;
		both++;
		conf_finding_warning(rules->findings,
		    conf_at(file, include->items[i].line), "W108",
		    "%s %s is included here and excluded on line %u: exclude wins",
		    conf_row(key)->key, include->items[i].text, (unsigned int)line);
	}
	if (both > 1 && both == include->count)
		conf_finding_warning(rules->findings,
		    conf_at(file, include->items[0].line), "W108",
		    "every included %s is excluded as well: nobody is left",
		    conf_row(key)->key);
	map_close(&lines);
	arena_close(&arena);
}

static void
overlap_check(struct rules *rules, const struct conf_set *set, const char *file)
{
	const struct conf_list *exclude;
	size_t i;

	for (i = 0; i < FILTER_PAIRS; i++) {
		exclude = &set->lists[filter_pairs[i].exclude];
		if (exclude->count > 0)
			pair_check(rules, set, filter_pairs[i].include, exclude, file);
	}
}

/* The field a filter looks at, or FIELD_N when the row is no filter. */
static enum field_id
filter_field(const struct conf_row *row)
{
	size_t i;

	for (i = 0; i < FILTER_FIELDS; i++)
		if (strcmp(filter_fields[i].key, row->key) == 0)
			return (filter_fields[i].field);
	return (FIELD_N);
}

/* Filters on fields that are off in the source (rulings A23). */
static void
off_check(struct rules *rules, const struct conf_set *set,
    const struct conf_source *source, const char *file)
{
	const struct conf_list *list;
	enum conf_key key;
	enum field_id id;

	for (key = 0; key < CONF_N; key++) {
		list = &set->lists[key];
		id = filter_field(conf_row(key));
		if (list->count == 0 || id == FIELD_N || source->mode[id] != MODE_OFF)
			continue;
		conf_finding_error(rules->findings, conf_at(file, list->items[0].line),
		    "%s cannot be a filter: %s is off (%s:%u), so nobody has one",
		    conf_row(key)->key, field_get(id)->name, source->file,
		    source->mode_line[id]);
	}
}

/* ---- rules on the main file ---- */

static void
main_interval(struct rules *rules)
{
	interval_check(rules, item_good(&rules->conf->set, CONF_INTERVAL),
	    CONF_MAIN_FILE);
}

/* A certificate and its key come together. */
static void
certificate_check(struct rules *rules, enum conf_key certificate_key, enum conf_key key_key)
{
	const struct conf_set *set = &rules->conf->set;
	const struct conf_item *certificate, *key;

	certificate = item_good(set, certificate_key);
	key = item_good(set, key_key);
	if (certificate != NULL && set->lists[key_key].count == 0)
		conf_finding_error(rules->findings,
		    conf_at(CONF_MAIN_FILE, certificate->line),
		    "tls_certificate needs tls_key beside it");
	if (key != NULL && set->lists[certificate_key].count == 0)
		conf_finding_error(rules->findings, conf_at(CONF_MAIN_FILE, key->line),
		    "tls_key needs tls_certificate beside it");
}

static void
main_certificate(struct rules *rules)
{
	certificate_check(rules, CONF_SCIM_CERTIFICATE, CONF_SCIM_KEY);
	certificate_check(rules, CONF_WEBHOOK_CERTIFICATE, CONF_WEBHOOK_KEY);
}

static void
main_state_key(struct rules *rules)
{
	const struct conf_item *item;

	item = item_good(&rules->conf->set, CONF_STATE_KEY);
	if (item != NULL)
		secret_check(rules, item, conf_row(CONF_STATE_KEY)->key,
		    conf_at(CONF_MAIN_FILE, item->line));
}

/* What arrives at the listener for webhooks must be signed, and private on its way. */
static void
main_webhook(struct rules *rules)
{
	const struct conf_set *set = &rules->conf->set;
	const struct conf_list *list = &set->lists[CONF_WEBHOOK_LISTEN];
	const struct conf_list *secrets = &set->lists[CONF_WEBHOOK_SECRET];
	const struct conf_item *item;
	size_t i;

	for (i = 0; i < secrets->count; i++)
		if (*secrets->items[i].text != '\0')
			secret_check(rules, &secrets->items[i], "secret",
			    conf_at(CONF_MAIN_FILE, secrets->items[i].line));
	for (i = 0; i < list->count; i++) {
		item = &list->items[i];
		if (*item->text == '\0')
			continue;
		if (secrets->count == 0)
			conf_finding_error(rules->findings,
			    conf_at(CONF_MAIN_FILE, item->line), "listen needs secret beside "
			    "it: without one nobody can tell who sent a webhook");
		if (set->lists[CONF_WEBHOOK_CERTIFICATE].count == 0 &&
		    !conf_form_listen_is_local(item->text))
			conf_finding_error(rules->findings,
			    conf_at(CONF_MAIN_FILE, item->line), "listen: webhooks would reach "
			    "%s unencrypted: set tls_certificate and tls_key, or listen on "
			    "127.0.0.1 behind a proxy", item->text);
	}
}

static void
main_listen(struct rules *rules)
{
	const struct conf_set *set = &rules->conf->set;
	const struct conf_list *list = &set->lists[CONF_SCIM_LISTEN];
	const struct conf_item *item;
	size_t i;

	if (set->lists[CONF_SCIM_CERTIFICATE].count > 0 ||
	    conf_number(set, CONF_SCIM_PLAIN) != 0)
		return;
	for (i = 0; i < list->count; i++) {
		item = &list->items[i];
		if (*item->text == '\0' || conf_form_listen_is_local(item->text))
			continue;
		conf_finding_error(rules->findings, conf_at(CONF_MAIN_FILE, item->line),
		    "listen: on %s tokens and people would cross the network "
		    "unencrypted: set tls_certificate and tls_key, or listen on "
		    "127.0.0.1 behind a proxy, or say %s = yes", item->text,
		    conf_row(CONF_SCIM_PLAIN)->key);
	}
}

/* The text of a network with no bits ends like this, in its one way of writing. */
static void
main_proxies(struct rules *rules)
{
	const struct conf_list *list = &rules->conf->set.lists[CONF_SCIM_TRUSTED];
	const struct conf_item *item;
	const char *slash;
	size_t i;

	for (i = 0; i < list->count; i++) {
		item = &list->items[i];
		slash = strchr(item->text, '/');
		if (slash != NULL && strcmp(slash, "/0") == 0)
			conf_finding_error(rules->findings,
			    conf_at(CONF_MAIN_FILE, item->line),
			    "trusted_proxy: %s is everybody, who could then name any "
			    "address: write those of the proxies", item->text);
	}
}

static void
main_page(struct rules *rules)
{
	const struct conf_item *most, *page;

	page = item_good(&rules->conf->set, CONF_SCIM_PAGE);
	most = item_good(&rules->conf->set, CONF_SCIM_PAGE_MAX);
	if (page != NULL && most != NULL && page->number > most->number)
		conf_finding_error(rules->findings,
		    conf_at(CONF_MAIN_FILE, page->line > 0 ? page->line : most->line),
		    "page_size (%s) is above page_size_max (%s)", page->text,
		    most->text);
}

static void
main_views(struct rules *rules)
{
	const struct conf *conf = rules->conf;
	size_t i, j;

	for (i = 0; i < conf->view_count; i++) {
		overlap_check(rules, &conf->views[i].set, CONF_MAIN_FILE);
		for (j = 0; j < conf->source_count; j++)
			off_check(rules, &conf->views[i].set, &conf->sources[j],
			    CONF_MAIN_FILE);
	}
}

/* ---- rules on a hook ---- */

/* Where an event goes: to a command or to a URL, one of the two. */
static void
hook_target(struct rules *rules, const struct conf_hook *hook)
{
	const struct conf_set *set = &hook->set;
	bool command, url;

	command = set->lists[CONF_HOOK_COMMAND].count > 0;
	url = set->lists[CONF_HOOK_URL].count > 0;
	if (command == url)
		conf_finding_error(rules->findings, conf_at(CONF_MAIN_FILE, hook->line),
		    "[hook/%s] needs %s", hook->name, command ?
		    "command or url, not both" : "a command, or a url and a secret");
	if (url && set->lists[CONF_HOOK_SECRET].count == 0)
		conf_finding_error(rules->findings, conf_at(CONF_MAIN_FILE,
		    set->lists[CONF_HOOK_URL].items[0].line), "url needs secret beside it: "
		    "whoever receives an event must be able to tell who sent it");
}

static void
hook_url(struct rules *rules, const struct conf_hook *hook)
{
	const struct conf_item *item;

	item = item_good(&hook->set, CONF_HOOK_URL);
	if (item == NULL || strncmp(item->text, "http://", strlen("http://")) != 0 ||
	    conf_form_url_is_local(item->text))
		return;
	conf_finding_error(rules->findings, conf_at(CONF_MAIN_FILE, item->line),
	    "url: events would cross the network unencrypted: write https://");
}

static void
hook_command(struct rules *rules, const struct conf_hook *hook)
{
	const struct conf_item *item;
	struct arena *arena;
	const char *path;

	item = item_good(&hook->set, CONF_HOOK_COMMAND);
	if (item == NULL || conf_number(&hook->set, CONF_HOOK_SHELL) != 0)
		return;
	arena = arena_open();
	path = arena_dup_len(arena, item->text, strcspn(item->text, " \t"));
	if (*path != '/')
		conf_finding_error(rules->findings, conf_at(CONF_MAIN_FILE, item->line),
		    "command: \"%s\" is no absolute path: programs are not looked for", path);
	else if (access(path, X_OK) < 0)
		conf_finding_warning(rules->findings, conf_at(CONF_MAIN_FILE, item->line),
		    "W110", "command: %s cannot be started: make it executable for the "
		    "daemon's user", path);
	arena_close(&arena);
}

static void
hook_secret(struct rules *rules, const struct conf_hook *hook)
{
	const struct conf_item *item;

	item = item_good(&hook->set, CONF_HOOK_SECRET);
	if (item != NULL)
		secret_check(rules, item, conf_row(CONF_HOOK_SECRET)->key,
		    conf_at(CONF_MAIN_FILE, item->line));
}

static void
main_hooks(struct rules *rules)
{
	const struct conf *conf = rules->conf;
	size_t i;

	for (i = 0; i < conf->hook_count; i++) {
		hook_target(rules, &conf->hooks[i]);
		hook_url(rules, &conf->hooks[i]);
		hook_command(rules, &conf->hooks[i]);
		hook_secret(rules, &conf->hooks[i]);
	}
}

/* ---- rules on a source ---- */

static void
source_interval(struct rules *rules, const struct conf_source *source)
{
	if (conf_provider(source) == CONF_FROM_KOMBO)
		interval_check(rules, item_good(&source->set, CONF_SOURCE_INTERVAL),
		    source->file);
}

static void
source_filters(struct rules *rules, const struct conf_source *source)
{
	off_check(rules, &source->set, source, source->file);
	overlap_check(rules, &source->set, source->file);
}

static void
source_secrets(struct rules *rules, const struct conf_source *source)
{
	const struct conf_item *item;
	enum conf_key key;

	for (key = 0; key < CONF_N; key++) {
		item = item_good(&source->set, key);
		if (item != NULL && conf_row(key)->type == CONF_TYPE_SECRET)
			secret_check(rules, item, conf_row(key)->key,
			    conf_at(source->file, item->line));
	}
}

/* Dates that do not follow the HR system start and end nothing (promises P42). */
static void
source_dates(struct rules *rules, const struct conf_source *source)
{
	enum field_id id;
	size_t i;

	for (i = 0; i < sizeof(date_fields) / sizeof(date_fields[0]); i++) {
		id = date_fields[i].field;
		if (source->mode[id] == MODE_CONTINUOUS)
			continue;
		conf_finding_warning(rules->findings,
		    conf_at(source->file, source->mode_line[id]), "W101",
		    "%s is %s: %s", field_get(id)->name,
		    field_mode_name(source->mode[id]), date_fields[i].effect);
	}
}

static void
source_personal(struct rules *rules, const struct conf_source *source)
{
	const struct field *field;
	enum field_id id;

	for (id = 0; id < FIELD_N; id++) {
		field = field_get(id);
		if ((field->flags & FIELD_OPTIONAL) == 0 ||
		    source->mode[id] == MODE_OFF || source->purpose_line[id] != 0)
			continue;
		conf_finding_warning(rules->findings,
		    conf_at(source->file, source->mode_line[id]), "W107",
		    "%s is personal data, off by standard: say what for: [purposes] %s = %s",
		    field->name, field->name, field->purpose);
	}
}

/* Of two sources with one integration the one whose file comes later is told. */
static void
source_integration(struct rules *rules, const struct conf_source *source)
{
	const struct conf_source *other;
	const struct conf_item *item, *same;
	size_t i;

	item = item_good(&source->set, CONF_INTEGRATION);
	for (i = 0; item != NULL && i < rules->conf->source_count; i++) {
		other = &rules->conf->sources[i];
		same = item_good(&other->set, CONF_INTEGRATION);
		if (strcmp(other->name, source->name) >= 0 || same == NULL ||
		    strcmp(same->text, item->text) != 0)
			continue;
		conf_finding_error(rules->findings, conf_at(source->file, item->line),
		    "integration %s is that of %s:%u already", item->text, other->file,
		    same->line);
		return;
	}
}

static void
source_api(struct rules *rules, const struct conf_source *source)
{
	const struct conf_item *item;

	item = item_good(&source->set, CONF_API);
	if (item == NULL || strncmp(item->text, "http://", strlen("http://")) != 0 ||
	    conf_form_url_is_local(item->text))
		return;
	conf_finding_error(rules->findings, conf_at(source->file, item->line),
	    "api: %s would send the key and people's data unencrypted: write https://",
	    item->text);
}

/* ---- [posix] ---- */

/* homeDirectory and loginShell are IA5 strings (RFC 2307 §3), and people differ by %u or %U. */
static void
posix_path_check(struct rules *rules, enum conf_key key, bool pattern)
{
	const struct conf_item *item;
	const char *at;

	item = item_good(&rules->conf->set, key);
	for (at = item != NULL ? item->text : ""; *at != '\0'; at++) {
		if ((unsigned char)*at >= 0x80)
			break;
		if (pattern && *at == '%' && (at[1] == '\0' || strchr("uU%", *++at) == NULL))
			break;
	}
	if (*at != '\0')
		conf_finding_error(rules->findings, conf_at(CONF_MAIN_FILE, item->line),
		    "%s: %s: only ASCII characters are possible%s", conf_row(key)->key,
		    item->text, pattern ? ", and after % one of u, U and %" : "");
}

static void
main_posix(struct rules *rules)
{
	posix_path_check(rules, CONF_POSIX_HOME, true);
	posix_path_check(rules, CONF_POSIX_SHELL, false);
}

/* ---- the tables ---- */

static void (*const main_rules[])(struct rules *) = {
	main_interval,
	main_certificate,
	main_listen,
	main_proxies,
	main_state_key,
	main_webhook,
	main_page,
	main_posix,
	main_views,
	main_hooks,
};

static void (*const source_rules[])(struct rules *, const struct conf_source *) = {
	source_interval,
	source_filters,
	source_secrets,
	source_dates,
	source_personal,
	source_integration,
	source_api,
};

void
conf_rules_check(const struct conf *conf, struct conf_findings *findings)
{
	struct rules rules = { .conf = conf, .findings = findings };
	size_t i, j;

	for (i = 0; i < sizeof(main_rules) / sizeof(main_rules[0]); i++)
		main_rules[i](&rules);
	for (i = 0; i < conf->source_count; i++)
		for (j = 0; j < sizeof(source_rules) / sizeof(source_rules[0]); j++)
			source_rules[j](&rules, &conf->sources[i]);
	for (i = 0; i < conf->source_count; i++)
		conf_provider_check(conf, &conf->sources[i], findings);
}
