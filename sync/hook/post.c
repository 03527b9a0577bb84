/*
 * Owns a transfer while it goes on. Follows no redirect, so that a signed event goes nowhere
 * else.
 */
#include "config.h"

#include "sync/hook/post.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/secret.h"

#define POST_CONNECT_SECONDS	10L
#define POST_ANSWER_MAX		65536	/* more of an answer is not waited for */
#define POST_BASE64		"whsec_"
#define POST_KEY_MAX		256

struct post {
	CURL			*curl;
	struct curl_slist	*headers;
	const atomic_bool	*stop;
	size_t			 received;
};

/* ---- signing --------------------------------------------------------------------------------- */

/* base64, in either alphabet, with or without padding. */
static bool
post_decode(const char *text, uint8_t *key, size_t *len)
{
	char *copy, *p;
	bool ok;

	copy = mem_dup(text);
	for (p = copy; *p != '\0'; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
	while (p > copy && p[-1] == '=')
		*--p = '\0';
	ok = *copy != '\0' && digest_from_base64url(copy, key, len);
	secret_free(&copy);
	return (ok);
}

int
hook_sign(const char *secret, const char *id, int64_t timestamp, const struct buf *body,
    char signature[HOOK_SIGNATURE_SIZE], struct err *err)
{
	uint8_t decoded[POST_KEY_MAX], mac[DIGEST_SHA256_SIZE];
	struct buf text = BUF_INIT;
	const void *key = secret;
	size_t len;

	len = sizeof(decoded);
	if (strncmp(secret, POST_BASE64, strlen(POST_BASE64)) == 0) {
		if (!post_decode(secret + strlen(POST_BASE64), decoded, &len))
			return (err_set(err, ERR_SECRET, "what follows " POST_BASE64 " in the "
			    "secret is no base64"));
		key = decoded;
	} else {
		len = strlen(secret);
	}
	buf_printf(&text, "%s.%" PRId64 ".", id, timestamp);
	buf_add(&text, body->data, body->len);
	digest_hmac_sha256(key, len, text.data, text.len, mac);
	explicit_bzero(decoded, sizeof(decoded));
	buf_close(&text);
	memcpy(signature, "v1,", 3);
	(void)digest_base64(mac, sizeof(mac), signature + 3);
	return (0);
}

/* ---- the transfer ------------------------------------------------------------------------------ */

static size_t
post_receive(char *bytes __attribute__((unused)), size_t size, size_t count, void *context)
{
	struct post *post = context;

	post->received += size * count;
	return (post->received > POST_ANSWER_MAX ? 0 : size * count);
}

static int
post_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct post *post = context;

	(void)a, (void)b, (void)c, (void)d;
	return (post->stop != NULL && atomic_load(post->stop) ? 1 : 0);
}

static void __attribute__((format(printf, 2, 3)))
post_header(struct post *post, const char *fmt, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	post->headers = curl_slist_append(post->headers, line);
}

static int
post_set_headers(struct post *post, const struct conf_set *set, const struct hook_body *body,
    struct err *err)
{
	char signature[HOOK_SIGNATURE_SIZE], *secret;
	int64_t timestamp;
	int result;

	if (secret_read(conf_text(set, CONF_HOOK_SECRET), &secret, err) < 0)
		return (-1);
	timestamp = clock_now() / CLOCK_SECOND;
	result = hook_sign(secret, body->id, timestamp, &body->json, signature, err);
	secret_free(&secret);
	if (result < 0)
		return (-1);
	post_header(post, "Content-Type: application/json");
	post_header(post, "webhook-id: %s", body->id);
	post_header(post, "webhook-timestamp: %" PRId64, timestamp);
	post_header(post, "webhook-signature: %s", signature);
	return (0);
}

static void
post_set_options(struct post *post, const struct conf_set *set, const struct hook_body *body)
{
	CURL *curl = post->curl;

	(void)curl_easy_setopt(curl, CURLOPT_URL, conf_text(set, CONF_HOOK_URL));
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, post->headers);
	(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->json.data);
	(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body->json.len);
	(void)curl_easy_setopt(curl, CURLOPT_USERAGENT, "rollcall/" PACKAGE_VERSION);
	(void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, POST_CONNECT_SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
	    (long)(conf_number(set, CONF_HOOK_TIMEOUT) / 1000));
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, post_receive);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, post);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, post_progress);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, post);
	(void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

/* The status decides: a good one that is followed by too much is good. */
static int
post_send(struct post *post, const struct conf_set *set, struct err *err)
{
	CURLcode result;
	long status;

	result = curl_easy_perform(post->curl);
	if (post->stop != NULL && atomic_load(post->stop))
		return (err_set(err, ERR_CANCELLED, "the daemon stops"));
	status = 0;
	(void)curl_easy_getinfo(post->curl, CURLINFO_RESPONSE_CODE, &status);
	if (result != CURLE_OK && post->received <= POST_ANSWER_MAX)
		return (err_set(err, ERR_HOOK, "%s: %s", conf_text(set, CONF_HOOK_URL),
		    curl_easy_strerror(result)));
	if (status < 200 || status > 299)
		return (err_set(err, ERR_HOOK, "%s: the answer is HTTP %ld",
		    conf_text(set, CONF_HOOK_URL), status));
	return (0);
}

int
hook_post(const struct conf_set *set, const struct hook_body *body, const atomic_bool *stop,
    struct err *err)
{
	struct post post = { .stop = stop };
	int result;

	post.curl = curl_easy_init();
	if (post.curl == NULL)
		return (err_set(err, ERR_INTERNAL, "libcurl cannot be set up"));
	result = post_set_headers(&post, set, body, err);
	if (result == 0) {
		post_set_options(&post, set, body);
		result = post_send(&post, set, err);
	}
	curl_slist_free_all(post.headers);
	curl_easy_cleanup(post.curl);
	return (result);
}
