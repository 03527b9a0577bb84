/*
 * Owns an answer's body, texts and file descriptor until answer_close. One thread at a
 * time.
 */
#include "config.h"

#include "tests/sandbox/answer.h"

#include <string.h>
#include <unistd.h>

#include "tests/sandbox/emit.h"

static const struct {
	const char	*code;
	unsigned int	 status;
	const char	*title;
} codes[] = {
#define CODE(code, status, title) { code, status, title },
#include "tests/sandbox/code.def"
#undef CODE
};

#define CODES (sizeof(codes) / sizeof(codes[0]))

void
answer_open(struct answer *answer)
{
	memset(answer, 0, sizeof(*answer));
	answer->status = 200;
	answer->fd = -1;
	answer->dropped_at = ANSWER_WHOLE;
	answer->texts = arena_open();
}

void
answer_close(struct answer *answer)
{
	buf_close(&answer->body);
	arena_close(&answer->texts);
	if (answer->fd >= 0)
		(void)close(answer->fd);
	answer->fd = -1;
}

void
answer_header(struct answer *answer, const char *name, const char *value)
{
	if (answer->header_count == ANSWER_HEADERS)
		return;
	answer->headers[answer->header_count].name = name;
	answer->headers[answer->header_count].value = arena_dup(answer->texts, value);
	answer->header_count++;
}

void
answer_json(struct answer *answer, unsigned int status)
{
	answer->status = status;
	answer->type = "application/json; charset=utf-8";
	buf_reset(&answer->body);
}

static size_t
code_find(const char *code)
{
	size_t i;

	for (i = 0; code != NULL && i < CODES; i++)
		if (strcmp(codes[i].code, code) == 0)
			return (i);
	return (CODES);
}

unsigned int
answer_code_status(const char *code)
{
	size_t i;

	i = code_find(code);
	return (i < CODES ? codes[i].status : 400);
}

void
answer_error(struct answer *answer, unsigned int status, const char *code,
    const char *title, const char *message)
{
	struct buf *out = &answer->body;
	size_t i;

	i = code_find(code);
	answer_json(answer, status != 0 ? status : answer_code_status(code));
	emit_lit(out, "{\"status\":\"error\",\"error\":{");
	emit_pair_text(out, "code", code);
	emit_pair_text(out, "title",
	    title != NULL ? title :
		i < CODES ? codes[i].title :
			    NULL);
	emit_pair_text(out, "message", message);
	emit_pair_text(out, "log_url", "https://app.kombo.example/logs/sandbox");
	emit_close(out, '}');
	emit_lit(out, "}");
	emit_end(out);
}

void
answer_old_error(struct answer *answer, unsigned int status, const char *message)
{
	struct buf *out = &answer->body;

	answer_json(answer, status);
	emit_lit(out, "{\"status\":\"error\",\"error\":{\"message\":");
	emit_text(out, message);
	emit_lit(out, "}}");
	emit_end(out);
}

void
answer_data(struct answer *answer)
{
	answer_json(answer, 200);
	emit_lit(&answer->body, "{\"status\":\"success\",\"data\":{");
}

void
answer_data_end(struct answer *answer)
{
	emit_close(&answer->body, '}');
	emit_lit(&answer->body, "}");
	emit_end(&answer->body);
}
