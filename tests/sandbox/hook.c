/*
 * Owns where webhooks go and the last one sent, for replays. The sandbox's lock covers
 * a struct hook; a post belongs to whoever sends it.
 */
#include "config.h"

#include "tests/sandbox/hook.h"

#include <string.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/digest.h"
#include "tests/sandbox/emit.h"

#define HOOK_TIMEOUT 10L	/* seconds */

static const char *const variant_names[HOOK_VARIANT_N] = {
	[HOOK_GOOD] = "good",
	[HOOK_WRONG_SIGNATURE] = "wrong_signature",
	[HOOK_NO_SIGNATURE] = "no_signature",
	[HOOK_REPLAY] = "replay",
	[HOOK_DUPLICATE_ID] = "duplicate_id",
};

enum hook_variant
hook_variant_find(const char *name)
{
	size_t i;

	for (i = 0; i < HOOK_VARIANT_N; i++)
		if (strcmp(variant_names[i], name) == 0)
			break;
	return ((enum hook_variant)i);
}

const char *
hook_sign(const char *secret, const void *body, size_t len, char text[64])
{
	uint8_t mac[DIGEST_SHA256_SIZE];

	digest_hmac_sha256(secret, strlen(secret), body, len, mac);
	return (digest_base64url(mac, sizeof(mac), text));
}

static void
end_user_emit(struct buf *out, const struct tenant *tenant)
{
	emit_lit(out, "\"end_user\":{");
	emit_pair_text(out, "organization_name", tenant->name);
	emit_pair_text(out, "creator_email", NULL);
	emit_pair_text(out, "origin_id", tenant->origin);
	emit_close(out, '}');
	emit_lit(out, ",");
}

static void
tool_emit(struct buf *out, const struct tenant *tenant)
{
	emit_pair_text(out, "integration_tool", tenant->slug);
	emit_pair_text(out, "integration_category", "HRIS");
}

static void
model_emit(struct buf *out, const char *name)
{
	emit_lit(out, "{");
	emit_pair_text(out, "name", name);
	emit_close(out, '}');
	emit_lit(out, ",");
}

static void
data_changed_emit(struct buf *out, const struct hook_event *event)
{
	size_t kind;

	emit_pair_text(out, "integration_id", event->tenant->id);
	tool_emit(out, event->tenant);
	emit_lit(out, "\"changed_models\":[");
	for (kind = 0; kind < KIND_NAMED; kind++)
		if ((event->models & TENANT_NEWS(kind)) != 0)
			model_emit(out, kind_get((enum kind_id)kind)->name);
	if ((event->models & TENANT_NEWS_JOIN) != 0)
		model_emit(out, "hris_join_employees_teams");
	if (event->model != NULL)
		model_emit(out, event->model);
	emit_close(out, ']');
}

static void
sync_finished_emit(struct buf *out, const struct hook_event *event)
{
	emit_key(out, "sync_id");
	buf_printf(out, "\"sync%020llu\",", (unsigned long long)event->serial);
	emit_pair_text(out, "sync_state",
	    event->state != NULL ? event->state : "SUCCEEDED");
	emit_pair_instant(out, "sync_started_at", event->now - 90 * CLOCK_SECOND);
	emit_pair_instant(out, "sync_ended_at", event->now);
	emit_pair_integer(out, "sync_duration_seconds", 90);
	emit_pair_text(out, "integration_id", event->tenant->id);
	tool_emit(out, event->tenant);
	end_user_emit(out, event->tenant);
	emit_pair_text(out, "log_url", "https://app.kombo.example/logs/sync");
}

static void
state_changed_emit(struct buf *out, const struct hook_event *event)
{
	const struct life_row *life;

	life = life_row(event->tenant->life);
	emit_pair_text(out, "integration_id", event->tenant->id);
	tool_emit(out, event->tenant);
	end_user_emit(out, event->tenant);
	emit_pair_text(out, "qa_status", life->qa);
	emit_pair_text(out, "setup_status", life->setup);
	emit_pair_text(out, "state", life->status);
	emit_pair_instant(out, "updated_at", event->now);
}

/* integration-created and integration-deleted name things otherwise. */
static void
created_emit(struct buf *out, const struct hook_event *event)
{
	emit_pair_text(out, "id", event->tenant->id);
	emit_pair_text(out, "tool", event->tenant->slug);
	emit_pair_text(out, "category", "HRIS");
	end_user_emit(out, event->tenant);
}

static void
deleted_emit(struct buf *out, const struct hook_event *event)
{
	created_emit(out, event);
	emit_pair_instant(out, "deleted_at", event->now);
}

static void
flow_failed_emit(struct buf *out, const struct hook_event *event)
{
	tool_emit(out, event->tenant);
	end_user_emit(out, event->tenant);
	emit_pair_text(out, "log_url", "https://app.kombo.example/logs/flow");
}

static void
data_emit(struct buf *out, const struct hook_event *event)
{
	static const struct {
		const char	*type;
		void (*emit)(struct buf *out, const struct hook_event *event);
	} rows[] = {
		{ "data-changed", data_changed_emit },
		{ "sync-finished", sync_finished_emit },
		{ "integration-state-changed", state_changed_emit },
		{ "integration-created", created_emit },
		{ "integration-deleted", deleted_emit },
		{ "connection-flow-failed", flow_failed_emit },
	};
	size_t i;

	emit_lit(out, "{");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].type, event->type) == 0)
			rows[i].emit(out, event);
	emit_close(out, '}');
}

static void
body_make(struct hook *hook, const struct hook_event *event, struct hook_post *post)
{
	struct buf *out = &post->body;

	if (event->variant == HOOK_REPLAY && hook->last_id != NULL) {
		post->id = mem_dup(hook->last_id);
		buf_add(out, hook->last_body.data, hook->last_body.len);
		return;
	}
	post->id = event->variant == HOOK_DUPLICATE_ID && hook->last_id != NULL ?
	    mem_dup(hook->last_id) :
	    mem_printf("Evt%021llu", (unsigned long long)event->serial);
	emit_lit(out, "{");
	emit_pair_text(out, "id", post->id);
	emit_pair_text(out, "type", event->type);
	emit_key(out, "data");
	data_emit(out, event);
	emit_close(out, '}');
	emit_end(out);
}

int
hook_make(struct hook *hook, const struct hook_event *event, struct hook_post *post,
    struct err *err)
{
	const char *secret;

	memset(post, 0, sizeof(*post));
	if (hook->url == NULL)
		return (err_set(err, ERR_NOT_FOUND,
		    "no webhook URL was given: POST /webhook"));
	post->url = mem_dup(hook->url);
	body_make(hook, event, post);
	employee_text_set((const char **)&hook->last_id, post->id);
	buf_reset(&hook->last_body);
	buf_add(&hook->last_body, post->body.data, post->body.len);
	secret = event->variant == HOOK_WRONG_SIGNATURE ? "another secret" :
	    hook->secret != NULL ? hook->secret : "";
	if (event->variant != HOOK_NO_SIGNATURE)
		(void)hook_sign(secret, post->body.data, post->body.len,
		    post->signature);
	return (0);
}

static size_t
swallow(char *bytes, size_t size, size_t count, void *closure)
{
	(void)bytes;
	(void)closure;
	return (size * count);
}

int
hook_send(struct hook_post *post, struct err *err)
{
	struct curl_slist *headers;
	char header[128];
	CURLcode code;
	CURL *curl;

	(void)snprintf(header, sizeof(header), "X-Kombo-Signature: %s",
	    post->signature);
	headers = curl_slist_append(NULL, "Content-Type: application/json");
	if (post->signature[0] != '\0')
		headers = curl_slist_append(headers, header);
	curl = curl_easy_init();
	(void)curl_easy_setopt(curl, CURLOPT_URL, post->url);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, HOOK_TIMEOUT);
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body.data);
	(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)post->body.len);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, swallow);
	(void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
	code = curl_easy_perform(curl);
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &post->status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	if (code != CURLE_OK)
		return (err_set(err, ERR_NETWORK, "webhook to %s: %s", post->url,
		    curl_easy_strerror(code)));
	return (0);
}

void
hook_post_close(struct hook_post *post)
{
	mem_free(&post->url);
	mem_free(&post->id);
	buf_close(&post->body);
}

void
hook_close(struct hook *hook)
{
	mem_free(&hook->url);
	mem_free(&hook->secret);
	mem_free(&hook->last_id);
	buf_close(&hook->last_body);
}
