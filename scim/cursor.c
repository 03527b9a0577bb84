/*
 * Owns nothing. A cursor is a head and, where the list is sorted by a text, the text,
 * sealed and written as base64url. Its form is this machine's: so is the database's.
 */
#include "config.h"

#include "scim/cursor.h"

#include <string.h>

#define CURSOR_FORM	1

struct cursor_head {
	uint8_t		form;
	uint8_t		kind;		/* enum sort_kind */
	uint16_t	text_len;
	uint32_t	id;
	uint64_t	epoch;		/* hash */
	uint64_t	query;
	int64_t		count;
	int64_t		made_at;
	int64_t		instant;
};

struct cursor {
	struct cursor_head	head;
	char			text[SORT_TEXT_MAX];
};

static uint64_t
cursor_epoch(const struct cursor_bond *bond)
{
	return (hash64(bond->epoch->bytes, sizeof(bond->epoch->bytes)));
}

void
cursor_write(struct buf *out, const struct cursor_bond *bond, const struct sort_key *key)
{
	uint8_t sealed[sizeof(struct cursor) + CIPHER_GROWTH];
	char text[sizeof(sealed) * 4 / 3 + 4];
	struct cursor cursor;
	size_t len;

	memset(&cursor, 0, sizeof(cursor));
	cursor.head = (struct cursor_head){ .form = CURSOR_FORM,
	    .kind = (uint8_t)key->kind, .id = key->id, .epoch = cursor_epoch(bond),
	    .query = bond->query, .count = bond->count, .made_at = bond->now,
	    .instant = key->instant };
	len = key->kind == SORT_TEXT ? key->text.len : 0;
	if (len > SORT_TEXT_MAX) {
		cursor.head.kind = SORT_LONG;
		cursor.head.instant = (int64_t)hash64(key->text.text, len);
		len = 0;
	}
	cursor.head.text_len = (uint16_t)len;
	if (len > 0)
		memcpy(cursor.text, key->text.text, len);
	len += sizeof(cursor.head);
	cipher_seal(bond->key, &cursor, len, sealed);
	buf_str(out, digest_base64url(sealed, len + CIPHER_GROWTH, text));
}

/* False when it is none of ours. */
static bool
cursor_open(const struct cursor_bond *bond, const char *text, struct cursor *cursor)
{
	uint8_t sealed[sizeof(*cursor) + CIPHER_GROWTH];
	size_t len = sizeof(sealed);

	return (digest_from_base64url(text, sealed, &len) &&
	    len >= sizeof(cursor->head) + CIPHER_GROWTH &&
	    cipher_open(bond->key, sealed, len, cursor) &&
	    cursor->head.form == CURSOR_FORM && cursor->head.kind <= SORT_LONG &&
	    len - CIPHER_GROWTH == sizeof(cursor->head) + cursor->head.text_len);
}

int
cursor_read(struct arena *arena, const struct cursor_bond *bond, const char *text,
    struct sort_key *key, struct err *err)
{
	struct cursor cursor;
	const struct cursor_head *head = &cursor.head;

	if (!cursor_open(bond, text, &cursor))
		return (err_set(err, ERR_SCIM_CURSOR, "the cursor was not given out here: "
		    "take nextCursor as it is, or begin with an empty one"));
	if (head->epoch != cursor_epoch(bond))
		return (err_set(err, ERR_SCIM_EXPIRED,
		    "the directory was restored or rebuilt: begin with an empty cursor"));
	if (bond->now - head->made_at > bond->timeout)
		return (err_set(err, ERR_SCIM_EXPIRED,
		    "the cursor is older than cursorTimeout: begin with an empty one"));
	if (head->query != bond->query)
		return (err_set(err, ERR_SCIM_CURSOR, "the cursor belongs to another query: "
		    "only cursor may change between the pages of one"));
	if (head->count != bond->count)
		return (err_set(err, ERR_SCIM_COUNT,
		    "count is another than on the pages before"));
	*key = (struct sort_key){ .kind = head->kind, .id = head->id,
	    .instant = head->instant,
	    .text = { arena_dup_len(arena, cursor.text, head->text_len),
	    head->text_len } };
	return (0);
}
