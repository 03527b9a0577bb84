/*
 * Owns the private part of each database. slapd calls everything here while no operation runs.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/setup.h"

#include <stdio.h>

#include "backend/definition.h"
#include "backend/monitor.h"
#include "backend/ops.h"

#define SETUP_VIEW	"ldap"	/* the view that every configuration has */

enum setup_keyword { KEYWORD_DATABASE = 1, KEYWORD_VIEW };

static int setup_keyword(ConfigArgs *c);
static int setup_serve(BackendDB *be, ConfigReply *cr);

static const char setup_followed[] = "cannot be changed while replicas follow (syncprov): "
    "take the overlay away before";

static char setup_attributes[2][256];
static char setup_class[256];

static ConfigTable setup_table[] = {
	{ "rollcall-database", "path", 2, 2, 0, ARG_STRING | ARG_MAGIC | KEYWORD_DATABASE,
	    setup_keyword, setup_attributes[0], NULL, { .v_int = 0 } },
	{ "rollcall-view", "name", 2, 2, 0, ARG_STRING | ARG_MAGIC | KEYWORD_VIEW,
	    setup_keyword, setup_attributes[1], NULL, { .v_int = 0 } },
	{ NULL, NULL, 0, 0, 0, ARG_IGNORED, NULL, NULL, NULL, { .v_int = 0 } }
};

static ConfigOCs setup_classes[] = {
	{ .co_def = setup_class, .co_type = Cft_Database, .co_table = setup_table },
	{ .co_def = NULL }
};

int
setup_register(BackendInfo *bi)
{
	(void)snprintf(setup_attributes[0], sizeof(setup_attributes[0]), "( %s.%d.1 NAME "
	    "'olcRollcallDatabase' DESC 'database of rollcalld' EQUALITY caseExactMatch "
	    "SYNTAX OMsDirectoryString SINGLE-VALUE )", definition_oid,
	    DEFINITION_CONFIG_ATTRIBUTES);
	(void)snprintf(setup_attributes[1], sizeof(setup_attributes[1]), "( %s.%d.2 NAME "
	    "'olcRollcallView' DESC 'view that is served' EQUALITY caseExactMatch "
	    "SYNTAX OMsDirectoryString SINGLE-VALUE )", definition_oid,
	    DEFINITION_CONFIG_ATTRIBUTES);
	(void)snprintf(setup_class, sizeof(setup_class), "( %s.%d.1 NAME 'olcRollcallConfig' "
	    "DESC 'people of an HR system' SUP olcDatabaseConfig MUST olcRollcallDatabase "
	    "MAY olcRollcallView )", definition_oid, DEFINITION_CONFIG_CLASSES);
	bi->bi_cf_ocs = setup_classes;
	return (config_register_schema(setup_table, setup_classes));
}

/* ---- keywords ------------------------------------------------------------------------------ */

/*
 * A keyword was changed through cn=config, and all changes of one request are there now. What
 * is served goes on until the new view stands.
 */
static int
setup_apply(ConfigArgs *c)
{
	struct database *database = c->be->be_private;
	struct live *before;

	if (!database->reopen)
		return (0);
	database->reopen = false;
	before = database->live;
	if (setup_serve(c->be, &c->reply) != 0) {
		database->live = before;
		return (LDAP_OTHER);
	}
	live_close(&before);
	return (0);
}

static void
setup_changed(ConfigArgs *c, struct database *database)
{
	if (database->live == NULL)
		return;
	database->reopen = true;
	(void)config_push_cleanup(c, setup_apply);
}

static int
setup_refuse(ConfigArgs *c, const char *text)
{
	(void)snprintf(c->cr_msg, sizeof(c->cr_msg), "%s %s", c->argv[0], text);
	Debug(LDAP_DEBUG_ANY, "%s: %s\n", c->log, c->cr_msg);
	ch_free(c->value_string);
	return (ARG_BAD_CONF);
}

/* Replicas follow the database there is: they would not learn that it became another one. */
static bool
setup_is_followed(ConfigArgs *c, const struct database *database)
{
	return (database->live != NULL && overlay_is_inst(c->be, "syncprov"));
}

static int
setup_keyword(ConfigArgs *c)
{
	struct database *database = c->be->be_private;
	char **text;

	text = c->type == KEYWORD_DATABASE ? &database->path : &database->view;
	if (c->op == SLAP_CONFIG_EMIT) {
		if (*text == NULL)
			return (1);
		c->value_string = ch_strdup(*text);
		return (0);
	}
	if (c->op == LDAP_MOD_DELETE && setup_is_followed(c, database)) {
		c->value_string = NULL;
		return (setup_refuse(c, setup_followed));
	}
	if (c->op == LDAP_MOD_DELETE) {
		ch_free(*text);
		*text = NULL;
		setup_changed(c, database);
		return (0);
	}
	if (c->type == KEYWORD_DATABASE && c->value_string[0] != '/')
		return (setup_refuse(c, "must be an absolute path"));
	if (c->value_string[0] == '\0')
		return (setup_refuse(c, "must not be empty"));
	if (setup_is_followed(c, database))
		return (setup_refuse(c, setup_followed));
	ch_free(*text);
	*text = c->value_string;
	setup_changed(c, database);
	return (0);
}

/* ---- the life of a database ------------------------------------------------------------------ */

/* Puts an error into the answer that whoever changes cn=config gets. */
static int
setup_answer(ConfigReply *cr, const struct err *err)
{
	if (cr != NULL) {
		cr->err = LDAP_OTHER;
		(void)snprintf(cr->msg, sizeof(cr->msg), "rollcall: %.240s", err->text);
	}
	return (-1);
}

/* … and into the log. */
static int
setup_fail(const BackendDB *be, ConfigReply *cr, const struct err *err)
{
	const char *suffix;

	suffix = be->be_suffix != NULL ? be->be_suffix[0].bv_val : "no suffix";
	Debug(LDAP_DEBUG_ANY, "rollcall: %s: %s\n", suffix, err->text);
	return (setup_answer(cr, err));
}

int
setup_init(BackendDB *be, ConfigReply *cr)
{
	struct err err = ERR_INIT;

	/* Not when the module is loaded: cn=config reads schema files after that. */
	if (types_load(&err) < 0)
		return (setup_fail(be, cr, &err));
	be->be_private = ch_calloc(1, sizeof(struct database));
	be->be_cf_ocs = be->bd_info->bi_cf_ocs;
	monitor_init(be);
	return (0);
}

/*
 * A database that cannot be read now may be readable later: slapd starts, answers unavailable
 * and looks again (rulings F17). Tools, slaptest among them, say so and go on. One that belongs
 * to another suffix is an error of configuration. What cannot be read is said by the image.
 */
static int
setup_load(BackendDB *be, struct live *live, ConfigReply *cr)
{
	struct err err = ERR_INIT;
	int result;

	result = (slapMode & SLAP_TOOL_MODE) != 0 ? live_load(live, &err) :
	    live_start(live, &err);
	if (result == 0)
		return (0);
	if (err.code == ERR_CONFIG)
		return (setup_answer(cr, &err));
	if (err.code == ERR_SYSTEM)
		return (setup_fail(be, cr, &err));
	Debug(LDAP_DEBUG_ANY, "rollcall: %s: answers unavailable until the database can be "
	    "read\n", be->be_suffix[0].bv_val);
	return (0);
}

static int
setup_serve(BackendDB *be, ConfigReply *cr)
{
	struct database *database = be->be_private;
	struct err err = ERR_INIT;
	struct live *live;
	const char *view;

	if (database->path == NULL) {
		(void)err_set(&err, ERR_CONFIG, "rollcall-database is missing: it names the "
		    "database of rollcalld");
		return (setup_fail(be, cr, &err));
	}
	if (be->be_suffix == NULL || !BER_BVISNULL(&be->be_suffix[1])) {
		(void)err_set(&err, ERR_CONFIG, "a rollcall database has one suffix");
		return (setup_fail(be, cr, &err));
	}
	view = database->view != NULL ? database->view : SETUP_VIEW;
	if (live_open(database->path, view, be, &live, &err) < 0)
		return (setup_fail(be, cr, &err));
	if (setup_load(be, live, cr) < 0) {
		live_close(&live);
		return (-1);
	}
	database->live = live;
	return (0);
}

int
setup_open(BackendDB *be, ConfigReply *cr)
{
	if (setup_serve(be, cr) < 0)
		return (-1);
	monitor_open(be);
	return (0);
}

int
setup_close(BackendDB *be, ConfigReply *cr)
{
	struct database *database = be->be_private;

	(void)cr;
	monitor_close(be);
	live_close(&database->live);
	return (0);
}

int
setup_destroy(BackendDB *be, ConfigReply *cr)
{
	struct database *database = be->be_private;

	(void)cr;
	if (database == NULL)
		return (0);
	ch_free(database->path);
	ch_free(database->view);
	ch_free(database);
	be->be_private = NULL;
	return (0);
}
