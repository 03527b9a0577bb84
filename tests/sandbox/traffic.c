/*
 * Owns the notes. The sandbox's lock covers them.
 */
#include "config.h"

#include "tests/sandbox/traffic.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "tests/sandbox/emit.h"

#define WINDOW CLOCK_MINUTE

static void
count_add(struct traffic_count *counts, size_t *count, size_t room, const char *name)
{
	size_t i;

	for (i = 0; i < *count; i++)
		if (strcmp(counts[i].name, name) == 0)
			break;
	if (i == *count && i + 1 == room)
		name = "other";
	if (i == *count && i < room) {
		counts[i].name = mem_dup(name);
		++*count;
	}
	counts[i < room ? i : room - 1].count++;
}

static void
request_emit(struct buf *out, const struct request *request,
    const struct answer *answer, int64_t now)
{
	const struct query_pair *pair;

	emit_lit(out, "{");
	emit_pair_instant(out, "at", now);
	emit_pair_text(out, "method", request->method);
	emit_pair_text(out, "path", request->path);
	emit_lit(out, "\"parameters\":{");
	for (pair = request->pairs; pair->name != NULL; pair++)
		emit_pair_text(out, pair->name, pair->value);
	emit_close(out, '}');
	emit_lit(out, ",");
	emit_pair_text(out, "integration", request_header(request, "X-Integration-Id"));
	emit_pair_text(out, "accept", request_header(request, "Accept"));
	emit_pair_text(out, "accept_encoding",
	    request_header(request, "Accept-Encoding"));
	emit_pair_text(out, "user_agent", request_header(request, "User-Agent"));
	emit_pair_integer(out, "status", answer->status);
	emit_pair_bool(out, "stored", answer->fd >= 0);
	emit_close(out, '}');
	emit_end(out);
}

void
traffic_note(struct traffic *traffic, const struct request *request,
    const struct answer *answer, int64_t now)
{
	struct buf line = BUF_INIT;
	char **place, name[256];

	(void)snprintf(name, sizeof(name), "%s %s", request->method, request->path);
	count_add(traffic->paths, &traffic->path_count, TRAFFIC_PATHS, name);
	(void)snprintf(name, sizeof(name), "%u", answer->status);
	count_add(traffic->statuses, &traffic->status_count, 64, name);
	request_emit(&line, request, answer, now);
	place = &traffic->kept[traffic->total++ % TRAFFIC_KEPT];
	mem_free(place);
	*place = buf_take(&line);
}

static void
counts_clear(struct traffic_count *counts, size_t *count)
{
	while (*count > 0) {
		--*count;
		mem_free(&counts[*count].name);
		counts[*count].count = 0;
	}
}

void
traffic_clear(struct traffic *traffic)
{
	size_t i;

	counts_clear(traffic->paths, &traffic->path_count);
	counts_clear(traffic->statuses, &traffic->status_count);
	for (i = 0; i < TRAFFIC_KEPT; i++)
		mem_free(&traffic->kept[i]);
	traffic->total = 0;
}

static void
number_header(struct answer *answer, const char *name, int64_t number)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)number);
	answer_header(answer, name, text);
}

bool
traffic_admit(struct traffic *traffic, struct answer *answer, int64_t now)
{
	uint32_t left;
	bool admitted;

	if (now < traffic->window || now - traffic->window >= WINDOW) {
		traffic->window = now;
		traffic->used = 0;
	}
	admitted = !traffic->enforced || traffic->used < traffic->limit;
	if (traffic->used < traffic->limit)
		traffic->used++;
	left = traffic->limit - traffic->used;
	number_header(answer, "ratelimit-limit", traffic->limit);
	number_header(answer, "ratelimit-remaining", left);
	number_header(answer, "ratelimit-reset",
	    (traffic->window + WINDOW - now + CLOCK_SECOND - 1) / CLOCK_SECOND);
	return (admitted);
}

static void
counts_emit(struct buf *out, const char *key, const struct traffic_count *counts,
    size_t count)
{
	size_t i;

	emit_key(out, key);
	emit_lit(out, "{");
	for (i = 0; i < count; i++)
		emit_pair_integer(out, counts[i].name, (int64_t)counts[i].count);
	emit_close(out, '}');
	emit_lit(out, ",");
}

void
traffic_counts(const struct traffic *traffic, struct buf *out)
{
	emit_lit(out, "{");
	emit_pair_integer(out, "total", (int64_t)traffic->total);
	counts_emit(out, "paths", traffic->paths, traffic->path_count);
	counts_emit(out, "statuses", traffic->statuses, traffic->status_count);
	emit_close(out, '}');
}

void
traffic_requests(const struct traffic *traffic, struct buf *out)
{
	uint64_t first, i;
	const char *line;

	first = traffic->total > TRAFFIC_KEPT ? traffic->total - TRAFFIC_KEPT : 0;
	emit_lit(out, "[");
	for (i = first; i < traffic->total; i++) {
		line = traffic->kept[i % TRAFFIC_KEPT];
		emit_raw(out, line, strlen(line));
		emit_lit(out, ",");
	}
	emit_close(out, ']');
}
