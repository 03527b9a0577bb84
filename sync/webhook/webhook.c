/*
 * Owns the HTTP listener, the secrets, and the ids of the last webhooks. Threads: one of
 * libmicrohttpd's answers, the daemon's main thread opens, reloads and closes; `lock` guards
 * what both touch. Answering takes neither the engine's lock nor the database.
 */
#include "config.h"

#include "sync/webhook/webhook.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/http.h"
#include "base/log.h"
#include "base/secret.h"
#include "sync/hints.h"
#include "sync/webhook/message.h"

#define WEBHOOK_CONNECTIONS	32
#define WEBHOOK_HEAD		(16 * 1024)	/* bytes of a request's head */
#define WEBHOOK_REQUEST		(10 * CLOCK_SECOND)	/* a request may take in all */
#define WEBHOOK_IDLE		(10 * CLOCK_SECOND)	/* until the next one */
#define WEBHOOK_IDS		4096		/* that are remembered against replays */
#define WEBHOOK_REPORT		CLOCK_MINUTE	/* refusals are told no more often */

/* Texts that are replaced whole at a reload. */
struct webhook_list {
	char	**texts;
	size_t	  count;
	size_t	  room;
};

struct webhook {
	struct engine		*engine;
	struct hints		*hints;
	const struct conf	*conf;		/* held: the list of addresses is its own */
	struct http		*http;
	pthread_t		 main;
	pthread_mutex_t		 lock;
	struct webhook_list	 secrets;
	struct webhook_list	 integrations;	/* of our sources */
	uint64_t		 ids[WEBHOOK_IDS];	/* hashes, 0 for none */
	size_t			 next_id;
	int64_t			 report_at;	/* clock_monotonic() */
	unsigned long		 refused;	/* since the last report */
};

/* A request while it arrives. */
struct webhook_post {
	struct buf	body;
	bool		too_large;
};

static void
list_close(struct webhook_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		secret_free(&list->texts[i]);
	mem_free(&list->texts);
	*list = (struct webhook_list){ .texts = NULL };
}

static char **
list_add(struct webhook_list *list)
{
	return (mem_grow(&list->texts, list->count++, &list->room, sizeof(*list->texts)));
}

/* ---- what is told ------------------------------------------------------------------------------ */

/* Whether the id came before; it is remembered. Locked. */
static bool
webhook_repeats(struct webhook *webhook, const char *id)
{
	uint64_t hash;
	size_t i;

	hash = hash64_text(id) | 1;
	for (i = 0; i < WEBHOOK_IDS; i++)
		if (webhook->ids[i] == hash)
			return (true);
	webhook->ids[webhook->next_id] = hash;
	webhook->next_id = (webhook->next_id + 1) % WEBHOOK_IDS;
	return (false);
}

/* Locked. */
static bool
webhook_knows(const struct webhook *webhook, const char *integration)
{
	size_t i;

	for (i = 0; integration != NULL && i < webhook->integrations.count; i++)
		if (strcmp(webhook->integrations.texts[i], integration) == 0)
			return (true);
	return (false);
}

/* A line a minute, however many there are. Locked. */
static void
webhook_report(struct webhook *webhook, const char *why)
{
	webhook->refused++;
	if (webhook->report_at > clock_monotonic())
		return;
	log_warning("webhook.refused", "count=%lu msg=\"%s\"", webhook->refused, why);
	webhook->report_at = clock_monotonic() + WEBHOOK_REPORT;
	webhook->refused = 0;
}

static void
webhook_note(struct webhook *webhook, const struct message *message)
{
	if (message->finished)
		hints_finish(webhook->hints, message->integration, message->state);
	if (message->wants)
		hints_want(webhook->hints, message->integration);
	log_info("webhook", "type=%s integration=%s fetch=%s", message->type,
	    message->integration, message->wants ? "yes" : "no");
	(void)pthread_kill(webhook->main, SIGUSR1);
}

/* The status of the answer to a whole body. */
static unsigned int
webhook_judge(struct webhook *webhook, const struct buf *body, const char *signature)
{
	struct err err = ERR_INIT;
	struct message message;
	struct arena *arena;
	unsigned int status;
	bool known, repeats;

	arena = arena_open();
	(void)pthread_mutex_lock(&webhook->lock);
	status = MHD_HTTP_OK;
	known = repeats = false;
	if (!message_is_signed(signature, body->data, body->len, webhook->secrets.texts,
	    webhook->secrets.count)) {
		status = MHD_HTTP_UNAUTHORIZED;
		webhook_report(webhook, "not signed with a secret of [webhook]");
	} else if (message_read(body->data, body->len, arena, &message, &err) < 0) {
		status = MHD_HTTP_BAD_REQUEST;
		webhook_report(webhook, err.text);
	} else {
		repeats = webhook_repeats(webhook, message.id);
		known = webhook_knows(webhook, message.integration);
	}
	(void)pthread_mutex_unlock(&webhook->lock);
	hints_count(webhook->hints, status != MHD_HTTP_OK ? HINT_REFUSED :
	    repeats ? HINT_REPEATED : HINT_ACCEPTED);
	if (known && !repeats)
		webhook_note(webhook, &message);
	arena_close(&arena);
	return (status);
}

/* ---- HTTP -------------------------------------------------------------------------------------- */

static enum MHD_Result
webhook_answer(struct MHD_Connection *connection, unsigned int status)
{
	struct MHD_Response *response;
	enum MHD_Result result;

	response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	if (response == NULL)
		return (MHD_NO);
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		(void)MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "POST");
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return (result);
}

/* What can be said of a request from its head: a status, or 0 for its body is wanted. */
static unsigned int
webhook_check_head(struct MHD_Connection *connection, const char *url, const char *method)
{
	const char *length;

	if (strcmp(url, WEBHOOK_PATH) != 0)
		return (MHD_HTTP_NOT_FOUND);
	if (strcmp(method, MHD_HTTP_METHOD_POST) != 0)
		return (MHD_HTTP_METHOD_NOT_ALLOWED);
	length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
	    MHD_HTTP_HEADER_CONTENT_LENGTH);
	if (length != NULL && strtoull(length, NULL, 10) > WEBHOOK_BODY_MAX)
		return (MHD_HTTP_CONTENT_TOO_LARGE);
	return (0);
}

static enum MHD_Result
webhook_request(void *context, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version __attribute__((unused)), const char *upload,
    size_t *upload_size, void **state)
{
	struct webhook *webhook = context;
	struct webhook_post *post = *state;
	unsigned int status;

	if (post == NULL) {
		*state = mem_alloc(sizeof(*post));
		status = webhook_check_head(connection, url, method);
		return (status != 0 ? webhook_answer(connection, status) : MHD_YES);
	}
	if (*upload_size > 0) {
		post->too_large |= post->body.len + *upload_size > WEBHOOK_BODY_MAX;
		if (post->too_large)
			return (MHD_NO);	/* its length was not announced: hang up */
		buf_add(&post->body, upload, *upload_size);
		*upload_size = 0;
		return (MHD_YES);
	}
	if (post->body.data == NULL)
		buf_str(&post->body, "");
	status = webhook_judge(webhook, &post->body, MHD_lookup_connection_value(connection,
	    MHD_HEADER_KIND, "X-Kombo-Signature"));
	if (status != MHD_HTTP_UNAUTHORIZED)
		http_known(connection);
	return (webhook_answer(connection, status));
}

static void
webhook_completed(void *context __attribute__((unused)),
    struct MHD_Connection *connection __attribute__((unused)), void **state,
    enum MHD_RequestTerminationCode code __attribute__((unused)))
{
	struct webhook_post *post = *state;

	if (post == NULL)
		return;
	buf_close(&post->body);
	mem_free(state);
}

/* ---- opening and closing ----------------------------------------------------------------------- */

static int
webhook_read_secrets(const struct conf *conf, struct webhook_list *secrets, struct err *err)
{
	const struct conf_list *list;
	size_t i;

	list = conf_list(&conf->set, CONF_WEBHOOK_SECRET);
	for (i = 0; i < list->count; i++)
		if (secret_read(list->items[i].text, list_add(secrets), err) < 0)
			return (err_context(err, "[webhook] secret"));
	return (0);
}

/* Takes over secrets and integrations of the configuration. */
static int
webhook_take(struct webhook *webhook, const struct conf *conf, struct err *err)
{
	struct webhook_list integrations = { .texts = NULL }, secrets = { .texts = NULL };
	const char *text;
	size_t i;

	if (webhook_read_secrets(conf, &secrets, err) < 0) {
		list_close(&secrets);
		return (-1);
	}
	for (i = 0; i < conf->source_count; i++) {
		text = conf_text(&conf->sources[i].set, CONF_INTEGRATION);
		if (text != NULL)
			*list_add(&integrations) = mem_dup(text);
	}
	(void)pthread_mutex_lock(&webhook->lock);
	list_close(&webhook->secrets);
	list_close(&webhook->integrations);
	webhook->secrets = secrets;
	webhook->integrations = integrations;
	(void)pthread_mutex_unlock(&webhook->lock);
	return (0);
}

static int
webhook_listen(struct webhook *webhook, struct err *err)
{
	const struct conf_set *set = &webhook->conf->set;
	const struct http_setup setup = {
		.listen = conf_list(set, CONF_WEBHOOK_LISTEN),
		.certificate = conf_text(set, CONF_WEBHOOK_CERTIFICATE),
		.key = conf_text(set, CONF_WEBHOOK_KEY),
		.threads = 1,
		.connections = WEBHOOK_CONNECTIONS,
		.head = WEBHOOK_HEAD,
		.request = WEBHOOK_REQUEST,
		.idle = WEBHOOK_IDLE,
		.handler = webhook_request,
		.completed = webhook_completed,
		.context = webhook,
	};

	if (http_open(&setup, &webhook->http, err) < 0 ||
	    http_serve(webhook->http, err) < 0)
		return (err_context(err, "[webhook]"));
	return (0);
}

int
webhook_open(struct engine *engine, struct webhook **out, struct err *err)
{
	struct webhook *webhook;

	*out = webhook = mem_alloc(sizeof(*webhook));
	webhook->engine = engine;
	webhook->hints = engine_hints(engine);
	webhook->main = pthread_self();
	(void)pthread_mutex_init(&webhook->lock, NULL);
	engine_lock(engine);
	webhook->conf = engine_hold_conf(engine);
	engine_unlock(engine);
	if (conf_list(&webhook->conf->set, CONF_WEBHOOK_LISTEN)->count == 0) {
		webhook_close(out);
		return (0);
	}
	if (webhook_take(webhook, webhook->conf, err) < 0 || webhook_listen(webhook, err) < 0) {
		webhook_close(out);
		return (-1);
	}
	hints_set_listening(webhook->hints, true);
	return (0);
}

int
webhook_reload(struct webhook *webhook, struct err *err)
{
	const struct conf *conf;
	int result;

	if (webhook == NULL)
		return (0);
	engine_lock(webhook->engine);
	conf = engine_hold_conf(webhook->engine);
	engine_unlock(webhook->engine);
	result = webhook_take(webhook, conf, err);
	engine_lock(webhook->engine);
	engine_release_conf(webhook->engine, conf);
	engine_unlock(webhook->engine);
	if (http_reload(webhook->http, err) < 0)
		result = -1;
	return (result);
}

void
webhook_close(struct webhook **out)
{
	struct webhook *webhook = *out;

	if (webhook == NULL)
		return;
	http_close(&webhook->http);
	engine_lock(webhook->engine);
	engine_release_conf(webhook->engine, webhook->conf);
	engine_unlock(webhook->engine);
	list_close(&webhook->secrets);
	list_close(&webhook->integrations);
	(void)pthread_mutex_destroy(&webhook->lock);
	mem_free(out);
}
