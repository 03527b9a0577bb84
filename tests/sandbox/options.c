/*
 * Owns nothing; options point into the command line.
 */
#include "config.h"

#include "tests/sandbox/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define OPTIONS_PEOPLE_MIN 3
#define OPTIONS_PEOPLE_MAX 5000000

const char options_help[] =
    "usage: rollcall-sandbox [OPTION ...]\n"
    "\n"
    "A stand-in for Kombo on loopback: /v1 on one port, a control interface on\n"
    "another. tests/sandbox/README.md describes both.\n"
    "\n"
    "  --integration KEY=VALUE,...  an integration; may be given several times\n"
    "      id=SLUG:TEXT    its id; the slug chooses the tool that is imitated\n"
    "                      (sandbox, lucca, personio, kenjo, sdworx, or any other)\n"
    "      people=N        3 to 5000000 (150); oddities begin with 50\n"
    "      seed=N          chooses the people (1)\n"
    "      key=TEXT        API key (sandbox-key); integrations may share one\n"
    "      countries=A:B   where people come from, such as FR:BE:JP (23 countries)\n"
    "      name=TEXT       the customer's name, without a comma\n"
    "      domain=TEXT     of work e-mails (made from the name)\n"
    "      origin=TEXT     end_user.origin_id\n"
    "      hide=pending:inactive   people whom the credentials do not show\n"
    "  --address ADDRESS     a loopback address (127.0.0.1)\n"
    "  --port N              of /v1; 0 picks a free one (0)\n"
    "  --control-port N      of the control interface (0)\n"
    "  --print-ports FILE    writes \"api N\" and \"control N\" there when ready\n"
    "  --today YYYY-MM-DD    the day that all dates of people count from (today)\n"
    "  --churn SECONDS       a hire, move, leaver or rename every so often\n"
    "  --prerecord           renders all pages of a complete fetch (page_size=250,\n"
    "                        include_deleted=true) at start and sends them from a\n"
    "                        file in $TMPDIR or /var/tmp: some 4.4 KB a person with the\n"
    "                        employments, and a fifth of that for gzip, so about 5 GB\n"
    "                        for a million people\n"
    "  --no-gzip             never compresses\n"
    "  --rate-limit N        answers 429 beyond N requests a minute (not enforced)\n"
    "  --webhook-url URL     sends data-changed there after every change\n"
    "  --webhook-secret TEXT signs with it\n"
    "  --help\n"
    "\n"
    "Prints \"ready api=URL control=URL\" and serves until SIGTERM or SIGINT.\n";

/* What is being read. */
struct reading {
	struct options	*options;
	const char	*name, *value;
	struct err	*err;
};

static int
number_read(const char *name, const char *text, uint64_t max, uint64_t *number,
    struct err *err)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || *number > max)
		return (err_set(err, ERR_USAGE,
		    "%s: expected a number up to %llu, not \"%s\"", name,
		    (unsigned long long)max, text));
	return (0);
}

static int
integration_read(const struct reading *r)
{
	if (r->options->integration_count == OPTIONS_INTEGRATIONS)
		return (err_set(r->err, ERR_USAGE, "too many integrations"));
	r->options->integrations[r->options->integration_count++] = r->value;
	return (0);
}

static int
address_read(const struct reading *r)
{
	r->options->address = r->value;
	return (0);
}

static int
port_read(const struct reading *r)
{
	uint64_t number;

	if (number_read(r->name, r->value, UINT16_MAX, &number, r->err) != 0)
		return (-1);
	if (strcmp(r->name, "port") == 0)
		r->options->port = (uint16_t)number;
	else
		r->options->control_port = (uint16_t)number;
	return (0);
}

static int
ports_file_read(const struct reading *r)
{
	r->options->ports_file = r->value;
	return (0);
}

static int
today_read(const struct reading *r)
{
	if (!day_parse(r->value, &r->options->today))
		return (
		    err_set(r->err, ERR_USAGE, "today: \"%s\" is no date", r->value));
	return (0);
}

static int
churn_read(const struct reading *r)
{
	uint64_t number;

	if (number_read(r->name, r->value, 86400, &number, r->err) != 0)
		return (-1);
	r->options->churn = (int64_t)number;
	return (0);
}

static int
prerecord_read(const struct reading *r)
{
	r->options->prerecord = true;
	return (0);
}

static int
no_gzip_read(const struct reading *r)
{
	r->options->gzip = false;
	return (0);
}

static int
rate_limit_read(const struct reading *r)
{
	uint64_t number;

	if (number_read(r->name, r->value, 1000000, &number, r->err) != 0)
		return (-1);
	r->options->rate_limit = (uint32_t)number;
	return (0);
}

static int
webhook_url_read(const struct reading *r)
{
	r->options->webhook_url = r->value;
	return (0);
}

static int
webhook_secret_read(const struct reading *r)
{
	r->options->webhook_secret = r->value;
	return (0);
}

static int
help_read(const struct reading *r)
{
	r->options->help = true;
	return (0);
}

static const struct {
	const char	*name;
	bool		 has_value;
	int		(*read)(const struct reading *r);
} rows[] = {
	{ "integration", true, integration_read },
	{ "address", true, address_read },
	{ "port", true, port_read },
	{ "control-port", true, port_read },
	{ "print-ports", true, ports_file_read },
	{ "today", true, today_read },
	{ "churn", true, churn_read },
	{ "prerecord", false, prerecord_read },
	{ "no-gzip", false, no_gzip_read },
	{ "rate-limit", true, rate_limit_read },
	{ "webhook-url", true, webhook_url_read },
	{ "webhook-secret", true, webhook_secret_read },
	{ "help", false, help_read },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* One option, "--name", "--name=value" or "--name value"; *at is moved behind it. */
static int
option_read(char **argv, int *at, struct reading *r)
{
	const char *name, *value;
	size_t i, len;

	name = argv[*at];
	if (strncmp(name, "--", 2) != 0)
		return (err_set(r->err, ERR_USAGE, "\"%s\" is no option; see --help",
		    name));
	name += 2;
	len = strcspn(name, "=");
	for (i = 0; i < ROWS; i++)
		if (strlen(rows[i].name) == len &&
		    strncmp(rows[i].name, name, len) == 0)
			break;
	if (i == ROWS)
		return (err_set(r->err, ERR_USAGE,
		    "there is no option --%s; see --help", name));
	value = name[len] == '=' ? name + len + 1 : NULL;
	if (rows[i].has_value && value == NULL)
		value = argv[++*at];
	if (rows[i].has_value != (value != NULL))
		return (err_set(r->err, ERR_USAGE, "--%s takes %s value", rows[i].name,
		    rows[i].has_value ? "a" : "no"));
	++*at;
	r->name = rows[i].name;
	r->value = value;
	return (rows[i].read(r));
}

int
options_read(int argc, char **argv, struct options *options, struct err *err)
{
	struct reading r = { .options = options, .err = err };
	int at;

	memset(options, 0, sizeof(*options));
	options->address = "127.0.0.1";
	options->today = DAY_NONE;
	options->gzip = true;
	for (at = 1; at < argc;)
		if (option_read(argv, &at, &r) != 0)
			return (-1);
	return (0);
}

/* An integration in the reading. */
struct spec {
	struct tenant_conf	*conf;
	const char		*value;
	struct err		*err;
};

static int
people_set(const struct spec *spec)
{
	uint64_t number;

	if (number_read("people", spec->value, OPTIONS_PEOPLE_MAX, &number,
		spec->err) != 0)
		return (-1);
	if (number < OPTIONS_PEOPLE_MIN)
		return (err_set(spec->err, ERR_USAGE, "people: at least %d",
		    OPTIONS_PEOPLE_MIN));
	spec->conf->people = (uint32_t)number;
	return (0);
}

static int
seed_set(const struct spec *spec)
{
	return (
	    number_read("seed", spec->value, UINT64_MAX, &spec->conf->seed, spec->err));
}

static int
countries_set(const struct spec *spec)
{
	struct tenant_conf *conf = spec->conf;
	const char *code;
	size_t len;

	for (code = spec->value; *code != '\0'; code += len + (code[len] == ':')) {
		len = strcspn(code, ":");
		if (conf->nation_count == LINKS_NATIONS)
			return (err_set(spec->err, ERR_USAGE, "countries: too many"));
		conf->nations[conf->nation_count] = nation_find(code, len);
		if (conf->nations[conf->nation_count++] == NULL)
			return (err_set(spec->err, ERR_USAGE,
			    "countries: there is no %.*s", (int)len, code));
	}
	return (0);
}

static int
hide_set(const struct spec *spec)
{
	spec->conf->limited[LIMIT_PENDING] = strstr(spec->value, "pending") != NULL;
	spec->conf->limited[LIMIT_INACTIVE] = strstr(spec->value, "inactive") != NULL;
	return (0);
}

static int
id_set(const struct spec *spec)
{
	if (strchr(spec->value, ':') == NULL)
		return (err_set(spec->err, ERR_USAGE,
		    "id: expected slug:text, not \"%s\"", spec->value));
	spec->conf->id = spec->value;
	return (0);
}

static int
text_set(const struct spec *spec, const char *key)
{
	if (strcmp(key, "key") == 0)
		spec->conf->key = spec->value;
	else if (strcmp(key, "name") == 0)
		spec->conf->name = spec->value;
	else if (strcmp(key, "domain") == 0)
		spec->conf->domain = spec->value;
	else if (strcmp(key, "origin") == 0)
		spec->conf->origin = spec->value;
	else
		return (
		    err_set(spec->err, ERR_USAGE, "an integration has no \"%s\"", key));
	return (0);
}

static int
pair_set(const struct spec *spec, const char *key)
{
	static const struct {
		const char	*key;
		int		(*set)(const struct spec *spec);
	} setters[] = {
		{ "id", id_set },
		{ "people", people_set },
		{ "seed", seed_set },
		{ "countries", countries_set },
		{ "hide", hide_set },
	};
	size_t i;

	if (spec->value == NULL)
		return (err_set(spec->err, ERR_USAGE, "expected key=value, not \"%s\"",
		    key));
	for (i = 0; i < sizeof(setters) / sizeof(setters[0]); i++)
		if (strcmp(setters[i].key, key) == 0)
			return (setters[i].set(spec));
	return (text_set(spec, key));
}

struct tenant *
options_tenant(const char *text, day_number today, struct err *err)
{
	struct tenant_conf conf = { .id = "sandbox:Zq4Test7Integration9Aa1",
		.people = 150,
		.seed = 1,
		.key = "sandbox-key",
		.today = today };
	struct spec spec = { .conf = &conf, .err = err };
	struct tenant *tenant;
	char *copy, *pair, *rest;
	int result;

	copy = rest = mem_dup(text);
	result = 0;
	while (result == 0 && (pair = strsep(&rest, ",")) != NULL) {
		spec.value = pair;
		pair = strsep((char **)&spec.value, "=");
		if (*pair != '\0')
			result = pair_set(&spec, pair);
	}
	tenant = result == 0 ? tenant_open(&conf) : NULL;
	mem_free(&copy);
	return (tenant);
}
