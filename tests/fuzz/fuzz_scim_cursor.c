/*
 * Cursors from nowhere: as a text, and what is sealed in one (which nobody but this service makes,
 * perhaps in another release). What must hold: no crash; a text that was made up is refused; what
 * is read can be written, and reads the same again.
 */
#include "config.h"

#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "scim/cursor.h"

#define LONGEST	2048

static const uint8_t key[CIPHER_KEY_SIZE] = "fuzz";
static const struct uuid epoch = { { 1 } };
static const struct cursor_bond bond = {
	.key = key, .epoch = &epoch, .query = 42, .count = 100, .now = 1000 * CLOCK_SECOND,
	.timeout = INT64_C(1) << 62,
};

int
LLVMFuzzerInitialize(int *argc __attribute__((unused)),
    char ***argv __attribute__((unused)))
{
	return (0);
}

static bool
read_one(struct arena *arena, const char *text, struct sort_key *place)
{
	struct err err = ERR_INIT;

	if (cursor_read(arena, &bond, text, place, &err) == 0)
		return (true);
	if ((err.code != ERR_SCIM_CURSOR && err.code != ERR_SCIM_EXPIRED &&
	    err.code != ERR_SCIM_COUNT) || *err.text == '\0' ||
	    !text_valid(err.text, strlen(err.text)))
		abort();
	return (false);
}

static void
write_again(struct arena *arena, const struct sort_key *place)
{
	struct buf out = BUF_INIT;
	struct sort_key again;

	cursor_write(&out, &bond, place);
	if (!read_one(arena, out.data, &again) || again.kind != place->kind ||
	    again.id != place->id || again.instant != place->instant)
		abort();
	if (place->kind == SORT_TEXT && (again.text.len != place->text.len ||
	    memcmp(again.text.text, place->text.text, place->text.len) != 0))
		abort();
	buf_close(&out);
}

/* Sealed as ours are, and bound as they are where it is long enough (struct cursor_head). */
static void
try_sealed(struct arena *arena, const uint8_t *data, size_t size)
{
	uint8_t plain[LONGEST], sealed[LONGEST + CIPHER_GROWTH];
	char text[sizeof(sealed) * 4 / 3 + 4];
	uint64_t hash = hash64(epoch.bytes, sizeof(epoch.bytes));
	struct sort_key place;

	if (size > sizeof(plain))
		return;
	memcpy(plain, data, size);
	if (size >= 40) {
		memcpy(plain + 8, &hash, sizeof(hash));
		memcpy(plain + 16, &bond.query, sizeof(bond.query));
		memcpy(plain + 24, &bond.count, sizeof(bond.count));
		memcpy(plain + 32, &bond.now, sizeof(bond.now));
	}
	cipher_seal(key, plain, size, sealed);
	if (read_one(arena, digest_base64url(sealed, size + CIPHER_GROWTH, text), &place) &&
	    place.kind != SORT_LONG)
		write_again(arena, &place);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_open();
	struct sort_key place;
	char *text;

	try_sealed(arena, data, size);
	text = mem_dup_len((const char *)data, size);
	if (read_one(arena, text, &place))
		abort();
	mem_free(&text);
	arena_close(&arena);
	return (0);
}
