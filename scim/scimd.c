/*
 * rollcall-scimd: views over SCIM 2.0. Threads: this one follows the database and takes
 * signals; libmicrohttpd's answer requests from snapshots, those of the pool do writes.
 */
#include "config.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#include <systemd/sd-daemon.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/http.h"
#include "base/libraries.h"
#include "base/log.h"
#include "scim/pool.h"
#include "scim/route.h"
#include "scim/request.h"

#define STEP_NS		(10 * 1000 * 1000)	/* between two looks at the database */
#define REPORT_STEP	CLOCK_SECOND		/* between two words on refusals */
#define KILOBYTE	((size_t)1 << 10)
#define MEGABYTE	((size_t)1 << 20)

struct scimd {
	struct conf	*conf;
	struct site	*site;
	struct views	*views;
	struct server	 server;
	struct http	*http;
	int64_t		 report_at;		/* clock_monotonic() */
	unsigned long	 reported;		/* refused requests the log knows of */
};

static int
usage(FILE *stream, int status)
{
	(void)fputs("usage: rollcall-scimd [-c FOLDER]\n"
	    "  -c, --config FOLDER  configuration (default " ROLLCALL_CONFDIR ")\n"
	    "  -h, --help           this text\n"
	    "  -V, --version        the version\n"
	    "Runs in the foreground, logs to standard error; see rollcall-scimd(8).\n",
	    stream);
	return (status);
}

/* ---- starting ------------------------------------------------------------ */

static void
scimd_print_findings(const struct conf_findings *findings)
{
	struct buf line = BUF_INIT;
	size_t i;

	for (i = 0; i < findings->count; i++) {
		if (findings->list[i].severity == CONF_NOTE)
			continue;
		buf_reset(&line);
		conf_finding_format(&findings->list[i], &line);
		(void)fprintf(stderr, "%s\n", line.data);
	}
	buf_close(&line);
}

static int
scimd_configure(struct scimd *scimd, const char *folder, struct err *err)
{
	struct conf_findings findings = { .list = NULL };
	enum log_level level;
	int result;

	result = conf_load_main(folder, &scimd->conf, &findings, err);
	scimd_print_findings(&findings);
	conf_findings_close(&findings);
	if (result < 0)
		return (-1);
	if (log_level_from_name(conf_text(&scimd->conf->set, CONF_LOG_LEVEL), &level))
		log_set_level(level);
	return (0);
}

/* NULL when nothing is configured. */
static const char *
scimd_path(const struct scimd *scimd, enum conf_key key)
{
	return (conf_given(&scimd->conf->set, key) ?
	    conf_text(&scimd->conf->set, key) : NULL);
}

static size_t
scimd_size(const struct scimd *scimd, enum conf_key key)
{
	return ((size_t)conf_number(&scimd->conf->set, key));
}

/* "0660": one of the choices of conf.def. */
static mode_t
scimd_mode(const struct scimd *scimd)
{
	return ((mode_t)strtoul(conf_text(&scimd->conf->set, CONF_SCIM_MODE), NULL, 8));
}

static int
scimd_listen(struct scimd *scimd, struct err *err)
{
	const struct http_setup setup = {
		.listen = conf_list(&scimd->conf->set, CONF_SCIM_LISTEN),
		.certificate = scimd_path(scimd, CONF_SCIM_CERTIFICATE),
		.key = scimd_path(scimd, CONF_SCIM_KEY),
		.unix_group = scimd_path(scimd, CONF_SCIM_GROUP),
		.unix_mode = scimd_mode(scimd),
		.connections = scimd_size(scimd, CONF_SCIM_CONNECTIONS),
		.per_address = scimd_size(scimd, CONF_SCIM_PER_ADDRESS),
		.trusted = scimd->server.origin->trusted,
		.trusted_count = scimd->server.origin->count,
		.head = scimd_size(scimd, CONF_SCIM_HEAD) * KILOBYTE,
		.memory = scimd_size(scimd, CONF_SCIM_MEMORY) * MEGABYTE,
		.request = conf_number(&scimd->conf->set, CONF_SCIM_REQUEST_TIME),
		.idle = conf_number(&scimd->conf->set, CONF_SCIM_IDLE_TIME),
		.handler = route_request,
		.completed = route_completed,
		.suspends = true,
		.context = &scimd->server,
	};

	return (http_open(&setup, &scimd->http, err));
}

static void
scimd_follow(struct scimd *scimd)
{
	clients_refresh(scimd->server.clients);
	views_refresh(scimd->views);
}

/*
 * Addresses are taken first and served last: who comes while the views are read has to
 * wait.
 */
static int
scimd_start(struct scimd *scimd, const char *folder, struct err *err)
{
	const char *database;

	if (scimd_configure(scimd, folder, err) < 0)
		return (-1);
	attr_init();
	database = conf_text(&scimd->conf->set, CONF_DATABASE);
	scimd->site = site_open(scimd->conf);
	scimd->views = views_open(database, scimd->site);
	scimd->server.site = scimd->site;
	scimd->server.clients = clients_open(database, scimd->views);
	scimd->server.pool = pool_open();
	scimd->server.socket = conf_text(&scimd->conf->set, CONF_SOCKET);
	scimd->server.origin = origin_open(scimd->conf);
	scimd->server.throttle = throttle_open(
	    (unsigned int)conf_number(&scimd->conf->set, CONF_SCIM_FAILED));
	if (scimd_listen(scimd, err) < 0)
		return (-1);
	scimd_follow(scimd);
	if (http_serve(scimd->http, err) < 0)
		return (-1);
	log_info("start", "version=%s base_url=%s database=%s", PACKAGE_VERSION,
	    scimd->site->base_url, database);
	return (0);
}

/* ---- running ------------------------------------------------------------- */

static void
scimd_report(struct scimd *scimd)
{
	unsigned long refused;

	if (scimd->report_at > clock_monotonic())
		return;
	scimd->report_at = clock_monotonic() + REPORT_STEP;
	refused = atomic_load(&scimd->server.refused);
	if (refused != scimd->reported)
		log_warning("scim.refused", "requests=%lu msg=\"without a good token\"",
		    refused - scimd->reported);
	scimd->reported = refused;
}

static void
scimd_reload(struct scimd *scimd)
{
	struct err err = ERR_INIT;

	if (http_reload(scimd->http, &err) < 0)
		log_err(LOG_LEVEL_ERROR, "reload.failed", &err, "in_force=old");
	else
		log_info("reload.done", "msg=\"certificate and key were read again\"");
}

static void
scimd_run(struct scimd *scimd, const sigset_t *signals)
{
	const struct timespec step = { .tv_nsec = STEP_NS };
	int number;

	(void)sd_notify(0, "READY=1");
	for (;;) {
		scimd_follow(scimd);
		scimd_report(scimd);
		(void)sd_notify(0, "WATCHDOG=1");
		number = sigtimedwait(signals, NULL, &step);
		if (number == SIGTERM || number == SIGINT)
			break;
		if (number == SIGHUP)
			scimd_reload(scimd);
	}
	(void)sd_notify(0, "STOPPING=1");
}

static void
scimd_stop(struct scimd *scimd)
{
	/* Connections that wait for the pool may not do so when libmicrohttpd stops. */
	if (scimd->server.pool != NULL)
		pool_stop(scimd->server.pool);
	http_close(&scimd->http);
	pool_close(&scimd->server.pool);
	throttle_close(&scimd->server.throttle);
	origin_close(&scimd->server.origin);
	clients_close(&scimd->server.clients);
	views_close(&scimd->views);
	site_close(&scimd->site);
	conf_close(&scimd->conf);
}

static int
scimd_main(const char *folder)
{
	struct scimd scimd = { .conf = NULL };
	struct err err = ERR_INIT;
	sigset_t signals;
	int status;

	(void)prctl(PR_SET_DUMPABLE, 0);	/* no tokens and people in core files */
	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGINT);
	(void)sigaddset(&signals, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &signals, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	status = 0;
	if (scimd_start(&scimd, folder, &err) < 0) {
		log_err(LOG_LEVEL_ERROR, "start.failed", &err, "folder=%s", folder);
		status = err_kind(err.code)->exit_status;
	} else {
		scimd_run(&scimd, &signals);
		log_info("stop", "refused=%lu", atomic_load(&scimd.server.refused));
	}
	scimd_stop(&scimd);
	return (status);
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 }
	};
	const char *folder = ROLLCALL_CONFDIR;
	int option;

	libraries_start();
	json_set_alloc_funcs(mem_library_alloc, mem_library_free);
	while ((option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			folder = optarg;
			break;
		case 'h':
			return (usage(stdout, 0));
		case 'V':
			(void)puts("rollcall-scimd " PACKAGE_VERSION);
			return (0);
		default:
			return (usage(stderr, err_kind(ERR_USAGE)->exit_status));
		}
	}
	if (optind < argc)
		return (usage(stderr, err_kind(ERR_USAGE)->exit_status));
	return (scimd_main(folder));
}
