/*
 * Owns nothing: a connection lives for one request.
 */
#include "config.h"

#include "sync/control_client.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "sync/control_io.h"

static int
control_error(const json_t *error, struct err *err)
{
	const char *code, *text;
	size_t i;

	code = json_string_value(json_object_get(error, "code"));
	text = json_string_value(json_object_get(error, "text"));
	for (i = ERR_NONE + 1; i < ERR_N; i++)
		if (code != NULL && strcmp(err_kind((enum err_code)i)->name, code) == 0)
			break;
	return (err_set(err, i < ERR_N ? (enum err_code)i : ERR_INTERNAL, "%s",
	    text != NULL ? text : "the daemon failed without a word"));
}

static int
control_wait(int fd, int (*event)(void *context, json_t *event), void *context,
    json_t **result, struct err *err)
{
	struct control_reader reader = { .fd = fd };
	json_t *message;
	int status;

	for (;;) {
		status = control_read(&reader, &message, err);
		if (status < 0 && err->code == ERR_BUSY)
			break;
		if (status <= 0) {
			status = err_set(err, ERR_LOST, "rollcalld ended before it answered: its "
			    "log says why; what was asked for is done whole, or not at all");
			break;
		}
		*result = json_incref(json_object_get(message, "result"));
		if (*result != NULL) {
			json_decref(message);
			status = 0;
			break;
		}
		if (json_object_get(message, "error") != NULL)
			status = control_error(json_object_get(message, "error"), err);
		else if (event != NULL && event(context, message) < 0)
			status = err_set(err, ERR_CANCELLED, "stopped");
		json_decref(message);
		if (status < 0)
			break;
	}
	control_reader_close(&reader);
	return (status);
}

int
control_ask(const char *path, const char *name, json_t *arguments,
    int (*event)(void *context, json_t *event), void *context, json_t **result,
    struct err *err)
{
	return (control_ask_file(path, name, arguments, NULL, event, context, result, err));
}

int
control_ask_within(const char *path, const char *name, json_t *arguments,
    unsigned int seconds, json_t **result, struct err *err)
{
	const struct timeval patience = { .tv_sec = (time_t)seconds };
	json_t *message;
	int fd, status;

	*result = NULL;
	fd = control_connect(path, err);
	if (fd < 0)
		return (-1);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	message = json_pack("{s:s, s:O}", "request", name, "arguments", arguments);
	if (control_write(fd, message) < 0)
		status = err_set(err, ERR_UNREACHABLE, "rollcalld at %s does not listen", path);
	else
		status = control_wait(fd, NULL, NULL, result, err);
	json_decref(message);
	(void)close(fd);
	return (status);
}

int
control_ask_file(const char *path, const char *name, json_t *arguments, const int *file,
    int (*event)(void *context, json_t *event), void *context, json_t **result,
    struct err *err)
{
	json_t *message;
	int fd, status;

	*result = NULL;
	fd = control_connect(path, err);
	if (fd < 0)
		return (-1);
	message = json_pack("{s:s, s:O}", "request", name, "arguments", arguments);
	if (control_write_file(fd, message, file) < 0)
		status = err_set(err, ERR_UNREACHABLE, "rollcalld at %s does not listen", path);
	else
		status = control_wait(fd, event, context, result, err);
	json_decref(message);
	(void)close(fd);
	return (status);
}
