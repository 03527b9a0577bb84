/*
 * rollcalld: the one publisher. Threads: this one schedules; runs and control connections have
 * their own.
 */
#include "config.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include <systemd/sd-daemon.h>

#include "base/behind.h"
#include "base/clock.h"
#include "base/log.h"
#include "sync/control.h"
#include "sync/libraries.h"
#include "sync/hook/hooks.h"
#include "sync/schedule.h"
#include "sync/step.h"
#include "sync/webhook/webhook.h"

#define DAEMON_NICE	5
#define TEST_CLOCK_STEP (50 * 1000)	/* a clock that is moved by hand is looked at often */

struct daemon_parts {
	struct engine	*engine;
	struct control	*control;
	struct schedule	*schedule;
	struct hooks	*hooks;
	struct webhook	*webhook;
	unsigned int	 followed;	/* serial of the configuration all parts work under */
};

static int
usage(FILE *stream, int status)
{
	(void)fputs("usage: rollcalld [-c FOLDER] [--stop-after STEP]\n"
	    "  -c, --config FOLDER  configuration (default " ROLLCALL_CONFDIR ")\n"
	    "      --stop-after STEP\n"
	    "                       end as by kill -9 when a pass has done that step\n"
	    "  -h, --help           this text\n"
	    "  -V, --version        the version\n"
	    "Runs in the foreground and logs to standard error; see rollcalld(8).\n"
	    "Steps, and what has been done then:\n", stream);
	step_print(stream);
	return (status);
}

static void
print_findings(const struct conf_findings *findings)
{
	struct buf line = BUF_INIT;
	size_t i;

	for (i = 0; i < findings->count; i++) {
		buf_reset(&line);
		conf_finding_format(&findings->list[i], &line);
		(void)fprintf(stderr, "%s\n", line.data);
	}
	buf_close(&line);
}

static int
daemon_start(struct daemon_parts *parts, const char *folder, struct err *err)
{
	struct conf_findings findings = { .list = NULL };
	enum log_level level;
	int result;

	result = engine_open(folder, ENGINE_DAEMON, &findings, &parts->engine, err);
	print_findings(&findings);
	conf_findings_close(&findings);
	if (result < 0)
		return (-1);
	engine_lock(parts->engine);
	if (log_level_from_name(conf_text(&engine_conf(parts->engine)->set, CONF_LOG_LEVEL),
	    &level))
		log_set_level(level);
	engine_unlock(parts->engine);
	parts->followed = engine_conf_serial(parts->engine);
	engine_watch_conf(parts->engine, pthread_self());
	if (control_open(parts->engine, &parts->control, err) < 0)
		return (-1);
	parts->schedule = schedule_open(parts->engine);
	parts->hooks = hooks_open(parts->engine);
	return (webhook_open(parts->engine, &parts->webhook, err));
}

/* A configuration came into force, by a signal or an approval: the parts work under it. */
static void
daemon_follow(struct daemon_parts *parts)
{
	const unsigned int serial = engine_conf_serial(parts->engine);
	struct err err = ERR_INIT;

	if (serial == parts->followed)
		return;
	parts->followed = serial;
	schedule_reload(parts->schedule);
	hooks_reload(parts->hooks);
	if (webhook_reload(parts->webhook, &err) < 0)
		log_err(LOG_LEVEL_ERROR, "webhook.failed", &err, "in_force=old");
}

static void
daemon_reload(struct daemon_parts *parts)
{
	struct conf_findings findings = { .list = NULL };
	struct err err = ERR_INIT;

	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)clock_monotonic());
	if (engine_reload(parts->engine, &findings, &err) < 0) {
		print_findings(&findings);
		log_err(LOG_LEVEL_ERROR, "reload.failed", &err, "in_force=old");
	} else
		log_info("reload.done", "folder=%s", engine_folder(parts->engine));
	daemon_follow(parts);
	conf_findings_close(&findings);
	(void)sd_notify(0, "READY=1");
}

/* Waits for a signal; 0 when the time is over. */
static int
daemon_wait(const sigset_t *signals, int64_t wait)
{
	struct timespec timeout;
	int number;

	if (getenv("ROLLCALL_CLOCK") != NULL && wait > TEST_CLOCK_STEP)
		wait = TEST_CLOCK_STEP;
	timeout = (struct timespec){ .tv_sec = wait / CLOCK_SECOND,
	    .tv_nsec = wait % CLOCK_SECOND * 1000 };
	number = sigtimedwait(signals, NULL, &timeout);
	return (number > 0 ? number : 0);
}

static void
daemon_run(struct daemon_parts *parts, const sigset_t *signals)
{
	uint64_t watchdog;
	int64_t wait;
	int number;

	if (sd_watchdog_enabled(0, &watchdog) <= 0)
		watchdog = 0;
	for (;;) {
		schedule_work(parts->schedule);
		(void)sd_notify(0, "WATCHDOG=1");
		wait = schedule_wait(parts->schedule);
		if (watchdog > 0 && wait > (int64_t)watchdog / 2)
			wait = (int64_t)watchdog / 2;
		number = daemon_wait(signals, wait);
		if (number == SIGTERM || number == SIGINT)
			return;
		if (number == SIGHUP)
			daemon_reload(parts);
		daemon_follow(parts);
	}
}

static void
daemon_stop(struct daemon_parts *parts)
{
	(void)sd_notify(0, "STOPPING=1");
	if (parts->engine != NULL)
		engine_cancel(parts->engine);
	webhook_close(&parts->webhook);
	control_close(&parts->control);
	schedule_close(&parts->schedule);
	hooks_close(&parts->hooks);
	engine_close(&parts->engine);
}

static int
daemon_main(const char *folder)
{
	struct daemon_parts parts = { .engine = NULL };
	struct err err = ERR_INIT;
	sigset_t signals;
	int status;

	(void)prctl(PR_SET_DUMPABLE, 0);	/* secrets must not reach a core file */
	behind_others(DAEMON_NICE);	/* whoever searches goes before fetching and planning */
	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGINT);
	(void)sigaddset(&signals, SIGHUP);
	(void)sigaddset(&signals, SIGUSR1);
	(void)sigprocmask(SIG_BLOCK, &signals, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	sync_network_start();
	status = 0;
	if (daemon_start(&parts, folder, &err) < 0) {
		log_err(LOG_LEVEL_ERROR, "start.failed", &err, "folder=%s", folder);
		status = err_kind(err.code)->exit_status;
	} else {
		(void)sd_notify(0, "READY=1");
		log_info("start", "version=" PACKAGE_VERSION " folder=%s", folder);
		daemon_run(&parts, &signals);
		log_info("stop", "version=" PACKAGE_VERSION);
	}
	daemon_stop(&parts);
	sync_network_stop();
	return (status);
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "stop-after", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	const char *folder = ROLLCALL_CONFDIR;
	struct err err = ERR_INIT;
	int option;

	sync_libraries_start();
	while ((option = getopt_long(argc, argv, "c:hV", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			folder = optarg;
			break;
		case 's':
			if (step_stop_after(optarg, &err) == 0)
				break;
			(void)fprintf(stderr, "rollcalld: %s\n", err.text);
			return (2);
		case 'h':
			return (usage(stdout, 0));
		case 'V':
			(void)printf("rollcalld %s\n", PACKAGE_VERSION);
			return (0);
		default:
			return (usage(stderr, 2));
		}
	}
	if (optind < argc)
		return (usage(stderr, 2));
	return (daemon_main(folder));
}
