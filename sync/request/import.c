/*
 * The request `import`: a CSV file that the asker hands over, as a run of its source.
 */
#include "config.h"

#include <string.h>

#include "sync/request/request.h"

const struct csv_input *
request_input(const struct request *request, struct csv_input *room)
{
	const char *name;

	if (request->file == NULL)
		return (NULL);
	name = request_text(request, "file");
	*room = (struct csv_input){
		.fd = *request->file,
		.name = name != NULL && strcmp(name, "-") != 0 ? name : "standard input",
	};
	return (room);
}

/* The only CSV source there is. Lock held. */
static const char *
import_only_source(struct request *request, struct err *err)
{
	const struct conf *conf = engine_conf(request->engine);
	const struct conf_source *found = NULL;
	size_t i;

	for (i = 0; i < conf->source_count; i++) {
		if (conf_provider(&conf->sources[i]) != CONF_FROM_CSV)
			continue;
		if (found != NULL) {
			(void)err_set(err, ERR_USAGE, "there is more than one CSV source: say "
			    "--source %s or --source %s", found->name, conf->sources[i].name);
			return (NULL);
		}
		found = &conf->sources[i];
	}
	if (found == NULL)
		(void)err_set(err, ERR_NOT_FOUND, "there is no source for it: write a file "
		    "%s/sources.d/NAME.conf with [source] provider = csv, and reload",
		    engine_folder(request->engine));
	return (found != NULL ? arena_dup(request->arena, found->name) : NULL);
}

/* A file that the source reads by itself would undo the import with its next run. */
static int
import_check(struct request *request, const char *name, struct err *err)
{
	const struct conf_source *source;

	source = conf_source(engine_conf(request->engine), name);
	if (source == NULL || conf_provider(source) != CONF_FROM_CSV ||
	    !conf_source_fetches(source) || request_flag(request, "dry_run"))
		return (0);
	return (err_set(err, ERR_REFUSED, "source %s reads %s by itself: put the file there and "
	    "run `rollcall sync %s`, or try it with --dry-run", name,
	    conf_source_origin(source), name));
}

int
request_import(struct request *request, json_t **result, struct err *err)
{
	struct request again = *request;
	json_t *arguments;
	const char *name;
	int status;

	if (request->file == NULL)
		return (err_set(err, ERR_USAGE, "no file was handed over"));
	name = request_text(request, "source");
	engine_lock(request->engine);
	if (name == NULL)
		name = import_only_source(request, err);
	status = name != NULL ? import_check(request, name, err) : -1;
	engine_unlock(request->engine);
	if (status < 0)
		return (-1);
	arguments = json_copy((json_t *)request->arguments);
	(void)json_object_set_new(arguments, "source", json_string(name));
	again.arguments = arguments;
	status = request_flag(request, "dry_run") ? request_preview(&again, result, err) :
	    request_sync(&again, result, err);
	json_decref(arguments);
	return (status);
}
