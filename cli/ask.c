/*
 * Owns the way to the daemon: over its socket, or by its own code when it is down.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/table.h"
#include "sync/control_client.h"
#include "sync/control_io.h"
#include "sync/libraries.h"
#include "sync/request/request.h"
#include "sync/step.h"

/* A progress or row event. */
static int
ask_event(void *context, json_t *event)
{
	struct cli *cli = context;
	json_t *progress, *records, *row;

	row = json_object_get(event, "row");
	if (row != NULL)
		return (json_array_append(cli->rows, row));
	row = json_object_get(event, "change");
	if (row != NULL)
		return (json_array_append(cli->changes, row));
	progress = json_object_get(event, "progress");
	records = json_object_get(progress, "records");
	if (records != NULL && !cli->quiet)
		table_progress(json_string_value(json_object_get(progress, "source")),
		    json_string_value(json_object_get(progress, "model")),
		    json_integer_value(records),
		    json_integer_value(json_object_get(progress, "expected")));
	/* What went well before something failed: told even so. */
	if (json_object_get(progress, "report") != NULL ||
	    json_object_get(progress, "runs") != NULL ||
	    json_object_get(progress, "held") != NULL)
		(void)json_object_update(cli->partial, progress);
	return (0);
}

/* Findings were printed by whoever wanted them: here the number is enough. */
static int
ask_here(struct cli *cli, json_t **result, struct err *err)
{
	struct request request = {
		.actor = "root",
		.arguments = cli->arguments,
		.emit = ask_event,
		.context = cli,
		.own = true,
		.file = cli->file >= 0 ? &cli->file : NULL,
	};
	char actor[32];
	int status;

	if (engine_open(cli->folder, ENGINE_COMMAND, NULL, &request.engine, err) < 0)
		return (-1);
	sync_network_start();
	if (geteuid() != 0) {
		(void)snprintf(actor, sizeof(actor), "uid %u", (unsigned int)geteuid());
		request.actor = actor;
	}
	request.arena = arena_open();
	status = request_handle(&request, cli->command->request, result, err);
	arena_close(&request.arena);
	engine_close(&request.engine);
	sync_network_stop();
	return (status);
}

/* With --stop-after the command must do the work itself, or the daemon would go on. */
static int
ask_nobody(const char *socket, struct err *err)
{
	int fd;

	fd = control_connect(socket, err);
	if (fd < 0)
		return (-1);
	(void)close(fd);
	return (err_set(err, ERR_USAGE, "rollcalld does the work: give it --stop-after, or stop "
	    "it first"));
}

int
cli_ask(struct cli *cli, json_t **result, struct err *err)
{
	const char *socket;
	int status;

	socket = conf_peek(cli->folder, CONF_SOCKET, cli->arena);
	status = step_stops() ? ask_nobody(socket, err) :
	    control_ask_file(socket, cli->command->request, cli->arguments,
	    cli->file >= 0 ? &cli->file : NULL, ask_event, cli, result, err);
	if (status < 0 && err->code == ERR_UNREACHABLE && json_array_size(cli->rows) == 0) {
		if (!cli->quiet && !cli->json)
			(void)fprintf(stderr, "rollcall: rollcalld is not running; the command "
			    "works on the database itself\n");
		err_clear(err);
		status = ask_here(cli, result, err);
	}
	table_progress_end();
	return (status);
}
