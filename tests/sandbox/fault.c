/*
 * Owns the scripts that are still to strike. The sandbox's lock covers them.
 */
#include "config.h"

#include "tests/sandbox/fault.h"

#include <stdio.h>
#include <string.h>

#include "tests/sandbox/deliver.h"

#define OVERSIZE_USUAL (UINT64_C(64) * 1024 * 1024 + 1)	/* kombo/api.md §10, 10 */

static void
body_set(struct answer *answer, unsigned int status, const char *type, const char *text)
{
	answer->status = status;
	answer->type = type == NULL ? NULL : arena_dup(answer->texts, type);
	buf_reset(&answer->body);
	buf_str(&answer->body, text);
}

static const char *
message_of(const struct fault *fault)
{
	return (fault->message != NULL ? fault->message : "This failure was scripted.");
}

static void
error_replace(const struct fault *fault, struct answer *answer)
{
	answer_error(answer, fault->status, fault->code, fault->title,
	    message_of(fault));
}

static void
old_error_replace(const struct fault *fault, struct answer *answer)
{
	answer_old_error(answer, fault->status != 0 ? fault->status : 503,
	    message_of(fault));
}

static void
rate_limit_replace(const struct fault *fault, struct answer *answer)
{
	char reset[16];

	answer_error(answer, 429, "PLATFORM.RATE_LIMIT_EXCEEDED", NULL,
	    message_of(fault));
	(void)snprintf(reset, sizeof(reset), "%u", fault->reset);
	answer_header(answer, "ratelimit-limit", "300");
	answer_header(answer, "ratelimit-remaining", "0");
	answer_header(answer, "ratelimit-reset", reset);
}

static void
html_replace(const struct fault *fault, struct answer *answer)
{
	body_set(answer, fault->status != 0 ? fault->status : 502, "text/html",
	    "<html><head><title>502 Bad Gateway</title></head>\n"
	    "<body><center><h1>502 Bad Gateway</h1></center></body></html>\n");
}

static void
empty_replace(const struct fault *fault, struct answer *answer)
{
	body_set(answer, fault->status != 0 ? fault->status : 503, NULL, "");
}

static void
body_replace(const struct fault *fault, struct answer *answer)
{
	body_set(answer, fault->status != 0 ? fault->status : 200, fault->content_type,
	    fault->text != NULL ? fault->text : "");
}

static void
invalid_json_replace(const struct fault *fault, struct answer *answer)
{
	body_set(answer, fault->status != 0 ? fault->status : 200, "application/json",
	    "{\"status\":\"success\",\"data\":{\"next\":null,\"results\":[{]}}");
}

static void
redirect_replace(const struct fault *fault, struct answer *answer)
{
	body_set(answer, fault->status != 0 ? fault->status : 302, NULL, "");
	answer_header(answer, "Location", fault->location != NULL ? fault->location :
	    "http://127.0.0.1:9/elsewhere");
}

static void
truncated_spoil(const struct fault *fault, struct answer *answer)
{
	answer->body.len = fault->size != 0 && fault->size < answer->body.len ?
	    (size_t)fault->size : answer->body.len / 2;
}

static void
content_type_spoil(const struct fault *fault, struct answer *answer)
{
	answer->type = fault->content_type == NULL ? NULL :
	    arena_dup(answer->texts, fault->content_type);
}

static void
bom_spoil(const struct fault *fault, struct answer *answer)
{
	struct buf marked = BUF_INIT;

	(void)fault;
	buf_str(&marked, "\xef\xbb\xbf");
	buf_add(&marked, answer->body.data, answer->body.len);
	buf_close(&answer->body);
	answer->body = marked;
}

/* The delay is all there is to it, and every fault may have one. */
static void
slow_spoil(const struct fault *fault, struct answer *answer)
{
	(void)fault;
	(void)answer;
}

static void
drop_spoil(const struct fault *fault, struct answer *answer)
{
	answer->dropped_at = fault->size < answer->body.len ? fault->size :
	    answer->body.len - 1;
}

static void
reset_spoil(const struct fault *fault, struct answer *answer)
{
	(void)fault;
	answer->dropped_at = 0;
	answer->reset = true;
}

static void
gzip_spoil(const struct fault *fault, struct answer *answer)
{
	struct buf packed = BUF_INIT;

	deliver_pack(answer->body.data, answer->body.len, &packed);
	if (fault->size != 0 && fault->size < packed.len)
		packed.len = (size_t)fault->size;
	else
		packed.data[packed.len / 2] ^= 0x5a;
	buf_close(&answer->body);
	answer->body = packed;
	answer->packed = true;
}

static void
oversize_spoil(const struct fault *fault, struct answer *answer)
{
	answer->inflated = fault->size != 0 ? fault->size : OVERSIZE_USUAL;
}

static const struct {
	const char	*name;
	void		(*replace)(const struct fault *fault, struct answer *answer);
	void		(*spoil)(const struct fault *fault, struct answer *answer);
} fault_rows[FAULT_N] = {
#define FAULT(id, name, replace, spoil, help) [FAULT_##id] = { name, replace, spoil },
#include "tests/sandbox/fault.def"
#undef FAULT
};

const char *
fault_name(enum fault_kind kind)
{
	return (fault_rows[kind].name);
}

enum fault_kind
fault_find(const char *name)
{
	size_t i;

	for (i = 0; i < FAULT_N; i++)
		if (strcmp(fault_rows[i].name, name) == 0)
			break;
	return ((enum fault_kind)i);
}

void
faults_add(struct faults *faults, const struct fault *fault)
{
	struct fault *place;

	place = mem_grow(&faults->list, faults->count, &faults->room, sizeof(*place));
	*place = *fault;
	faults->count++;
}

static void
fault_close(struct fault *fault)
{
	mem_free(&fault->path);
	mem_free(&fault->integration);
	mem_free(&fault->code);
	mem_free(&fault->title);
	mem_free(&fault->message);
	mem_free(&fault->text);
	mem_free(&fault->content_type);
	mem_free(&fault->location);
}

void
faults_clear(struct faults *faults)
{
	size_t i;

	for (i = 0; i < faults->count; i++)
		fault_close(&faults->list[i]);
	mem_free(&faults->list);
	faults->count = faults->room = 0;
}

static bool
fault_meets(const struct fault *fault, const char *path, const char *integration)
{
	if (fault->path != NULL && strncmp(path, fault->path, strlen(fault->path)) != 0)
		return (false);
	return (fault->integration == NULL ||
	    (integration != NULL && strcmp(fault->integration, integration) == 0));
}

struct fault *
faults_strike(struct faults *faults, const char *path, const char *integration)
{
	size_t i;

	for (i = 0; i < faults->count; i++) {
		if (!fault_meets(&faults->list[i], path, integration))
			continue;
		if (faults->list[i].skip == 0)
			return (&faults->list[i]);
		faults->list[i].skip--;
		return (NULL);
	}
	return (NULL);
}

bool
fault_replace(const struct fault *fault, struct answer *answer)
{
	if (fault_rows[fault->kind].replace == NULL)
		return (false);
	fault_rows[fault->kind].replace(fault, answer);
	return (true);
}

void
fault_spoil(const struct fault *fault, struct answer *answer)
{
	answer->delay = fault->delay;
	if (fault_rows[fault->kind].spoil != NULL)
		fault_rows[fault->kind].spoil(fault, answer);
}

void
fault_spend(struct faults *faults, struct fault *fault)
{
	size_t place;

	if (fault->times == 0)
		return;
	if (--fault->times > 0)
		return;
	fault_close(fault);
	place = (size_t)(fault - faults->list);
	faults->count--;
	memmove(fault, fault + 1, (faults->count - place) * sizeof(*fault));
}
