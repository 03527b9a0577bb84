/*
 * rollcall-sandbox: a faithful stand-in for Kombo, for the demo, the tests and the
 * benchmarks. The main thread starts everything and waits for a signal; requests have
 * threads of their own.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/log.h"
#include "tests/sandbox/api.h"
#include "tests/sandbox/control.h"
#include "tests/sandbox/options.h"
#include "tests/sandbox/sandbox.h"

static int
tenants_open(struct sandbox *sandbox, const struct options *options, struct err *err)
{
	struct tenant *tenant;
	day_number today;
	size_t i, count;

	today = options->today != DAY_NONE ? options->today :
	    (day_number)(clock_now() / CLOCK_DAY);
	count = options->integration_count > 0 ? options->integration_count : 1;
	for (i = 0; i < count; i++) {
		tenant = options_tenant(options->integration_count > 0 ?
		    options->integrations[i] : "", today, err);
		if (tenant == NULL)
			return (err_context(err, "--integration"));
		if (sandbox_find(sandbox, tenant->id) != NULL) {
			(void)err_set(err, ERR_CONFLICT, "two integrations are %s",
			    tenant->id);
			tenant_close(&tenant);
			return (-1);
		}
		sandbox_add(sandbox, tenant);
	}
	return (0);
}

static int
sandbox_start(struct sandbox *sandbox, const struct options *options, struct err *err)
{
	if (tenants_open(sandbox, options, err) != 0)
		return (-1);
	sandbox->gzip = options->gzip;
	if (options->rate_limit > 0) {
		sandbox->traffic.limit = options->rate_limit;
		sandbox->traffic.enforced = true;
	}
	sandbox->hook.url = mem_dup(options->webhook_url);
	sandbox->hook.secret = mem_dup(options->webhook_secret);
	sandbox->hook.automatic = options->webhook_url != NULL;
	if (options->prerecord && tape_open(sandbox->tenants, sandbox->tenant_count,
	    sandbox->gzip, sandbox_now(sandbox), &sandbox->tape, err) != 0)
		return (-1);
	if (options->churn > 0)
		sandbox_churn(sandbox, options->churn);
	return (0);
}

/* Whoever waits for the file finds it whole. */
static int
ports_write(const char *path, uint16_t api, uint16_t control, struct err *err)
{
	char *draft;
	FILE *file;
	int result;

	draft = mem_printf("%s.new", path);
	file = fopen(draft, "w");
	result = file == NULL ||
		fprintf(file, "api %u\ncontrol %u\n", api, control) < 0 ?
	    -1 :
	    0;
	if (file != NULL && fclose(file) != 0)
		result = -1;
	if (result != 0 || rename(draft, path) != 0)
		result = err_set_errno(err, ERR_SYSTEM, errno, "cannot write %s", path);
	mem_free(&draft);
	return (result);
}

static int
ready(const struct options *options, const struct serve *api,
    const struct serve *control, struct err *err)
{
	const char *host;

	if (options->ports_file != NULL &&
	    ports_write(options->ports_file, serve_port(api), serve_port(control),
		err) != 0)
		return (-1);
	host = options->address;
	(void)printf(strchr(host, ':') != NULL ?
	    "ready api=http://[%s]:%u/v1 control=http://[%s]:%u\n" :
	    "ready api=http://%s:%u/v1 control=http://%s:%u\n",
	    host, serve_port(api), host, serve_port(control));
	(void)fflush(stdout);
	return (0);
}

static int
serve_until(const sigset_t *signals, struct sandbox *sandbox,
    const struct options *options, struct err *err)
{
	struct serve_conf conf = { .address = options->address, .port = options->port,
	    .gzip = options->gzip, .handler = api_handle, .closure = sandbox };
	struct serve *api = NULL, *control = NULL;
	int number, result;

	result = serve_open(&conf, &api, err);
	conf.port = options->control_port;
	conf.gzip = false;
	conf.handler = control_handle;
	if (result == 0)
		result = serve_open(&conf, &control, err);
	if (result == 0)
		result = ready(options, api, control, err);
	if (result == 0)
		(void)sigwait(signals, &number);
	serve_close(&control);
	serve_close(&api);
	return (result);
}

static int
run(const struct options *options, struct err *err)
{
	struct sandbox sandbox;
	sigset_t signals;
	int result;

	/* Before any thread is made, so that all inherit it. */
	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGINT);
	(void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)nation_get((enum nation_id)0);
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
	sandbox_open(&sandbox);
	result = sandbox_start(&sandbox, options, err);
	if (result == 0)
		result = serve_until(&signals, &sandbox, options, err);
	sandbox_close(&sandbox);
	nation_close();
	curl_global_cleanup();
	return (result);
}

int
main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	struct options options;

	if (options_read(argc, argv, &options, &err) == 0) {
		if (options.help) {
			(void)fputs(options_help, stdout);
			return (0);
		}
		if (run(&options, &err) == 0)
			return (0);
	}
	(void)fprintf(stderr, "rollcall-sandbox: %s\n", err.text);
	return (err_kind(err.code)->exit_status);
}
