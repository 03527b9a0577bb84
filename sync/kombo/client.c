/*
 * Owns a curl handle and the last body. One thread at a time. Follows no redirect, so that the
 * key goes nowhere else.
 */
#include "config.h"

#include "sync/kombo/client.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>
#include <jansson.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/secret.h"
#include "sync/pause.h"

#define KOMBO_CONNECT_SECONDS	15L
#define KOMBO_BACKOFF_FIRST	(CLOCK_SECOND / 2)
#define KOMBO_BACKOFF_MOST	CLOCK_MINUTE
#define KOMBO_FEW		3
#define KOMBO_ERROR_BODY_MAX	65536

enum kombo_action { ACTION_RETRY, ACTION_FEW, ACTION_STOP, ACTION_WAIT, ACTION_EMPTY };

static const struct kombo_error {
	const char		*code;
	enum kombo_action	 action;
	enum err_code		 error;
	const char		*advice;
} kombo_errors[] = {
#define KOMBO_ERROR(name, what, kind, text) { name, ACTION_##what, ERR_##kind, text },
#include "schema/kombo.def"
#undef KOMBO_ERROR
};

/* What to do when there is no code, by status (kombo/api.md §5.1). */
static const struct kombo_error kombo_transient = { "", ACTION_RETRY, ERR_KOMBO_SERVER,
    "the run is repeated at the next interval" };
static const struct kombo_error kombo_limited = { "", ACTION_RETRY, ERR_KOMBO_LIMIT,
    "the run is repeated at the next interval" };
static const struct kombo_error kombo_unknown_key = { "", ACTION_STOP, ERR_KOMBO_KEY,
    "check `api_key` and `api`" };
static const struct kombo_error kombo_not_ready = { "", ACTION_WAIT, ERR_KOMBO_NOT_READY,
    "the integration is being set up; it is asked again" };
static const struct kombo_error kombo_refused = { "", ACTION_STOP, ERR_KOMBO_CONFIG,
    "check `api` and `integration`" };
static const struct kombo_error kombo_odd = { "", ACTION_FEW, ERR_KOMBO_ANSWER,
    "check that `api` is Kombo's address and no proxy answers in its place" };
static const struct kombo_error kombo_network = { "", ACTION_RETRY, ERR_NETWORK,
    "check `api`, the name service, the firewall and a proxy" };

struct kombo {
	CURL			*curl;
	struct curl_slist	*headers;
	char			*api;
	struct buf		 body;
	const atomic_bool	*cancel;
	int64_t			 timeout;
	int64_t			 patience;	/* what is left of retry_for */
	int64_t			 date;
	int64_t			 reset;		/* ratelimit-reset, microseconds; on every answer */
	int64_t			 retry_after;	/* Retry-After, microseconds */
	unsigned int		 requests;
	bool			 too_large;
	bool			 posts;		/* has posted: its head has a content type */
};

/* ---- the handle -------------------------------------------------------------- */

static bool
kombo_cancelled(const struct kombo *kombo)
{
	return (kombo->cancel != NULL && atomic_load(kombo->cancel));
}

static size_t
kombo_receive(char *bytes, size_t size, size_t count, void *context)
{
	struct kombo *kombo = context;

	if (kombo->body.len + size * count > KOMBO_BODY_MAX) {
		kombo->too_large = true;
		return (0);
	}
	buf_add(&kombo->body, bytes, size * count);
	return (size * count);
}

static bool
kombo_header_is(const char *line, size_t len, const char *name, const char **value)
{
	size_t name_len;

	name_len = strlen(name);
	if (len <= name_len || strncasecmp(line, name, name_len) != 0 || line[name_len] != ':')
		return (false);
	*value = line + name_len + 1;
	*value += strspn(*value, " \t");
	return (true);
}

static int64_t
kombo_seconds(const char *text)
{
	long seconds;

	seconds = strtol(text, NULL, 10);
	return (seconds > 0 && seconds <= 86400 ? (int64_t)seconds * CLOCK_SECOND : 0);
}

static size_t
kombo_header(char *bytes, size_t size, size_t count, void *context)
{
	struct kombo *kombo = context;
	const char *value;
	size_t len;
	char line[256];
	time_t date;

	len = size * count < sizeof(line) - 1 ? size * count : sizeof(line) - 1;
	memcpy(line, bytes, len);
	line[len] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	if (kombo_header_is(line, len, "date", &value)) {
		date = curl_getdate(value, NULL);
		kombo->date = date > 0 ? (int64_t)date * CLOCK_SECOND : 0;
	} else if (kombo_header_is(line, len, "ratelimit-reset", &value)) {
		kombo->reset = kombo_seconds(value);
	} else if (kombo_header_is(line, len, "retry-after", &value)) {
		kombo->retry_after = kombo_seconds(value);
	}
	return (size * count);
}

static int
kombo_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void)a, (void)b, (void)c, (void)d;
	return (kombo_cancelled(context) ? 1 : 0);
}

static void
kombo_add_header(struct kombo *kombo, const char *line)
{
	struct curl_slist *list;

	list = curl_slist_append(kombo->headers, line);
	if (list == NULL)
		mem_exhausted();	/* a request without its key would be told as a wrong key */
	kombo->headers = list;
}

static void
kombo_set_headers(struct kombo *kombo, const struct kombo_options *options)
{
	char *line;

	kombo_add_header(kombo, "Accept: application/json");
	line = mem_printf("Authorization: Bearer %s", options->key);
	kombo_add_header(kombo, line);
	secret_free(&line);
	line = mem_printf("X-Integration-Id: %s", options->integration);
	kombo_add_header(kombo, line);
	mem_free(&line);
}

static void
kombo_set_options(struct kombo *kombo)
{
	CURL *curl = kombo->curl;

	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, kombo->headers);
	(void)curl_easy_setopt(curl, CURLOPT_USERAGENT, "rollcall/" PACKAGE_VERSION);
	(void)curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	(void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, KOMBO_CONNECT_SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(kombo->timeout / 1000));
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, kombo_receive);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, kombo);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, kombo_header);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, kombo);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, kombo_progress);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, kombo);
	(void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 262144L);
}

/* The key must not cross a network in the clear. */
static int
kombo_check_api(const char *api, struct err *err)
{
	static const char *const loopback[] = { "http://127.", "http://[::1]",
	    "http://localhost" };
	size_t i;

	if (strncmp(api, "https://", 8) == 0)
		return (0);
	for (i = 0; i < sizeof(loopback) / sizeof(loopback[0]); i++)
		if (strncmp(api, loopback[i], strlen(loopback[i])) == 0)
			return (0);
	return (err_set(err, ERR_KOMBO_CONFIG, "%s is not encrypted, and the API key would "
	    "cross the network: use https in `api`", api));
}

int
kombo_open(const struct kombo_options *options, struct kombo **out, struct err *err)
{
	struct kombo *kombo;

	*out = NULL;
	if (kombo_check_api(options->api, err) < 0)
		return (-1);
	if (strpbrk(options->key, "\r\n") != NULL)
		return (err_set(err, ERR_SECRET, "the API key has more than one line"));
	kombo = mem_alloc(sizeof(*kombo));
	kombo->api = mem_dup(options->api);
	kombo->cancel = options->cancel;
	kombo->timeout = options->timeout;
	kombo->patience = options->retry_for;
	kombo->curl = curl_easy_init();
	if (kombo->curl == NULL) {
		kombo_close(&kombo);
		return (err_set(err, ERR_INTERNAL, "libcurl cannot be set up"));
	}
	kombo_set_headers(kombo, options);
	kombo_set_options(kombo);
	*out = kombo;
	return (0);
}

void
kombo_close(struct kombo **kombo)
{
	struct curl_slist *header;

	if (*kombo == NULL)
		return;
	for (header = (*kombo)->headers; header != NULL; header = header->next)
		explicit_bzero(header->data, strlen(header->data));
	curl_slist_free_all((*kombo)->headers);
	curl_easy_cleanup((*kombo)->curl);
	buf_close(&(*kombo)->body);
	mem_free(&(*kombo)->api);
	mem_free(kombo);
}

const char *
kombo_escape(struct arena *arena, const char *text)
{
	const char *copy;
	char *escaped;

	escaped = curl_easy_escape(NULL, text, 0);
	if (escaped == NULL)
		mem_exhausted();
	copy = arena_dup(arena, escaped);
	curl_free(escaped);
	return (copy);
}

int64_t
kombo_date(const struct kombo *kombo)
{
	return (kombo->date);
}

unsigned int
kombo_requests(const struct kombo *kombo)
{
	return (kombo->requests);
}

/* ---- errors ------------------------------------------------------------------- */

static const struct kombo_error *
kombo_by_status(long status)
{
	switch (status) {
	case 401:
	case 403:
		return (&kombo_unknown_key);
	case 409:
		return (&kombo_not_ready);
	case 429:
		return (&kombo_limited);
	}
	if (status >= 500)
		return (&kombo_transient);
	if (status >= 400)
		return (&kombo_refused);
	return (&kombo_odd);
}

static const struct kombo_error *
kombo_by_code(const char *code)
{
	size_t i;

	for (i = 0; code != NULL && i < sizeof(kombo_errors) / sizeof(kombo_errors[0]); i++)
		if (strcmp(kombo_errors[i].code, code) == 0)
			return (&kombo_errors[i]);
	return (NULL);
}

/*
 * Reads the envelope of §5.1 (also the old one with a message alone) and describes the error:
 * code, status, message. What is no envelope is described by the status.
 */
static const struct kombo_error *
kombo_read_error(struct kombo *kombo, const char *path, long status, struct err *err)
{
	const char *code, *log_url, *message;
	const struct kombo_error *known;
	json_t *error, *root;

	code = message = log_url = NULL;
	root = kombo->body.len == 0 || kombo->body.len > KOMBO_ERROR_BODY_MAX ? NULL :
	    json_loadb(kombo->body.data, kombo->body.len, 0, NULL);
	error = json_object_get(root, "error");
	code = json_string_value(json_object_get(error, "code"));
	message = json_string_value(json_object_get(error, "message"));
	if (message == NULL)
		message = json_string_value(json_object_get(root, "message"));
	log_url = json_string_value(json_object_get(error, "log_url"));
	known = kombo_by_code(code);
	if (known == NULL)
		known = kombo_by_status(status);
	(void)err_set(err, known->error, "%s%s: %s (HTTP %ld)%s%.300s%s%.200s; %s", kombo->api,
	    path, code != NULL ? code : "no error code", status,
	    message != NULL ? ": " : "", message != NULL ? message : "",
	    log_url != NULL ? ", see " : "", log_url != NULL ? log_url : "", known->advice);
	json_decref(root);
	return (known);
}

static const struct kombo_error *
kombo_transport_error(const struct kombo *kombo, const char *path, CURLcode result,
    struct err *err)
{
	if (result == CURLE_OUT_OF_MEMORY)
		mem_exhausted();
	if (kombo->too_large) {
		(void)err_set(err, ERR_KOMBO_ANSWER, "%s%s: the answer is larger than %d MB: "
		    "it was not read", kombo->api, path, KOMBO_BODY_MAX / 1024 / 1024);
		return (&kombo_refused);
	}
	(void)err_set(err, kombo_network.error, "%s%s: %s; %s", kombo->api, path,
	    curl_easy_strerror(result), kombo_network.advice);
	return (&kombo_network);
}

/* ---- requests ------------------------------------------------------------------ */

static bool
kombo_is_json(const struct kombo *kombo)
{
	const char *type;

	type = NULL;
	(void)curl_easy_getinfo(kombo->curl, CURLINFO_CONTENT_TYPE, &type);
	return (type != NULL && strncasecmp(type, "application/json", 16) == 0);
}

/* One request. NULL: *body is good; else what kind of error err describes. */
static const struct kombo_error *
kombo_once(struct kombo *kombo, const char *path, const char *url, struct err *err)
{
	CURLcode result;
	long status;

	buf_reset(&kombo->body);
	kombo->too_large = false;
	kombo->reset = kombo->retry_after = 0;
	kombo->requests++;
	(void)curl_easy_setopt(kombo->curl, CURLOPT_URL, url);
	result = curl_easy_perform(kombo->curl);
	if (result != CURLE_OK)
		return (kombo_transport_error(kombo, path, result, err));
	status = 0;
	(void)curl_easy_getinfo(kombo->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		return (kombo_read_error(kombo, path, status, err));
	if (kombo->body.len == 0 || !kombo_is_json(kombo)) {
		(void)err_set(err, kombo_odd.error, "%s%s: the answer is %s; %s", kombo->api,
		    path, kombo->body.len == 0 ? "empty" : "no JSON", kombo_odd.advice);
		return (&kombo_odd);
	}
	return (NULL);
}

/* Waits before the next attempt; false when the run's patience is used up. */
static bool
kombo_wait(struct kombo *kombo, const struct kombo_error *error, int64_t *backoff)
{
	uint8_t jitter;
	int64_t wait;

	digest_random(&jitter, sizeof(jitter));
	wait = *backoff * (192 + jitter / 2) / 256;	/* 75 % to 125 % */
	if (error->error == ERR_KOMBO_LIMIT && kombo->reset > wait)
		wait = kombo->reset;
	if (kombo->retry_after > wait)
		wait = kombo->retry_after;
	*backoff = *backoff * 3 / 2 < KOMBO_BACKOFF_MOST ? *backoff * 3 / 2 :
	    KOMBO_BACKOFF_MOST;
	if (wait > kombo->patience)
		return (false);
	kombo->patience -= wait;
	return (pause_for(wait, kombo->cancel));
}

static bool
kombo_again(struct kombo *kombo, const struct kombo_error *error, unsigned int attempt,
    int64_t *backoff)
{
	if (error->action == ACTION_FEW && attempt >= KOMBO_FEW)
		return (false);
	if (error->action != ACTION_RETRY && error->action != ACTION_FEW)
		return (false);
	return (!kombo_cancelled(kombo) && kombo_wait(kombo, error, backoff));
}

/* A request until it is answered, or patience ends. */
static int
kombo_request(struct kombo *kombo, const char *path, const char *query,
    const struct buf **body, struct err *err)
{
	const struct kombo_error *error;
	unsigned int attempt;
	int64_t backoff;
	char *url;

	url = mem_printf("%s%s%s%s", kombo->api, path, *query != '\0' ? "?" : "", query);
	backoff = KOMBO_BACKOFF_FIRST;
	for (attempt = 1;; attempt++) {
		error = kombo_once(kombo, path, url, err);
		if (error == NULL || !kombo_again(kombo, error, attempt, &backoff))
			break;
		log_err(LOG_LEVEL_INFO, "kombo.retry", err, "attempt=%u", attempt);
	}
	mem_free(&url);
	*body = &kombo->body;
	if (kombo_cancelled(kombo))
		return (err_set(err, ERR_CANCELLED, "the run was stopped"));
	if (error == NULL)
		return (0);
	return (error->action == ACTION_EMPTY ? 1 : -1);
}

int
kombo_get(struct kombo *kombo, const char *path, const char *query, const struct buf **body,
    struct err *err)
{
	(void)curl_easy_setopt(kombo->curl, CURLOPT_HTTPGET, 1L);
	return (kombo_request(kombo, path, query, body, err));
}

int
kombo_post(struct kombo *kombo, const char *path, const char *json, const struct buf **body,
    struct err *err)
{
	if (!kombo->posts) {
		/* From then on it stands in every head: a GET is not harmed by it. */
		kombo->headers = curl_slist_append(kombo->headers,
		    "Content-Type: application/json");
		(void)curl_easy_setopt(kombo->curl, CURLOPT_HTTPHEADER, kombo->headers);
		kombo->posts = true;
	}
	(void)curl_easy_setopt(kombo->curl, CURLOPT_POSTFIELDSIZE, (long)strlen(json));
	(void)curl_easy_setopt(kombo->curl, CURLOPT_COPYPOSTFIELDS, json);
	return (kombo_request(kombo, path, "", body, err));
}
