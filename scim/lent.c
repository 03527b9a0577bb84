/*
 * Owns, with each response, the text and the hold on the snapshot. Whoever reads slowly
 * keeps one snapshot from being freed, and no copy of what it asked for.
 */
#include "config.h"

#include "scim/lent.h"

#include <string.h>

#include "base/mem.h"

/* Pieces go out behind the head, with a system call of their own: shorter is copied. */
#define LENT_COPY	((size_t)16 * 1024)

/* What a response gives back when it is gone. */
struct loan {
	struct view			*view;
	const struct image_snap		*snap;
	char				*text;
};

static struct lent_piece *
lent_piece(struct lent *lent, size_t i)
{
	return (i < LENT_FEW ? &lent->few[i] : &lent->rest[i - LENT_FEW]);
}

void
lent_add(struct lent *lent, const struct buf *text, const char *bytes, size_t len)
{
	if (lent->count == LENT_FEW)
		lent->rest = mem_realloc(NULL,
		    (LENT_MAX - LENT_FEW) * sizeof(*lent->rest));
	*lent_piece(lent, lent->count++) = (struct lent_piece){ .at = text->len,
		.bytes = bytes, .len = len };
}

void
lent_close(struct lent *lent)
{
	mem_free(&lent->rest);
	lent->count = 0;
}

static void
lent_give_back(void *context)
{
	struct loan *loan = context;

	view_release(loan->view, loan->snap);
	mem_free(&loan->text);
	mem_free(&loan);
}

/* Text and pieces as they follow each other; how many they are. */
static unsigned int
lent_join(struct lent *lent, const struct buf *text, struct MHD_IoVec *parts)
{
	const struct lent_piece *piece;
	unsigned int n;
	size_t at, i;

	n = 0;
	for (i = at = 0; i < lent->count; i++) {
		piece = lent_piece(lent, i);
		if (piece->at > at)
			parts[n++] = (struct MHD_IoVec){ text->data + at,
				piece->at - at };
		at = piece->at;
		parts[n++] = (struct MHD_IoVec){ piece->bytes, piece->len };
	}
	if (text->len > at)
		parts[n++] = (struct MHD_IoVec){ text->data + at, text->len - at };
	return (n);
}

/* NULL: they are too long for it. */
static struct MHD_Response *
lent_copy(const struct MHD_IoVec *parts, unsigned int count)
{
	size_t len;
	unsigned int i;
	char *copy;

	for (i = 0, len = 0; i < count; i++)
		len += parts[i].iov_len;
	if (len > LENT_COPY)
		return (NULL);
	copy = mem_realloc(NULL, len);
	for (i = 0, len = 0; i < count; len += parts[i++].iov_len)
		memcpy(copy + len, parts[i].iov_base, parts[i].iov_len);
	return (MHD_create_response_from_buffer(len, copy, MHD_RESPMEM_MUST_FREE));
}

struct MHD_Response *
lent_response(struct lent *lent, struct buf *text, struct view *view,
    const struct image_snap **snap)
{
	struct MHD_IoVec parts[2 * LENT_MAX + 1];
	struct MHD_Response *response;
	unsigned int count;
	struct loan *loan;

	count = lent_join(lent, text, parts);
	response = count > 1 ? lent_copy(parts, count) : NULL;
	if (response != NULL)
		return (response);
	loan = mem_alloc(sizeof(*loan));
	response = count == 1 ?
	    MHD_create_response_from_buffer_with_free_callback_cls(parts[0].iov_len,
	    (void *)(uintptr_t)parts[0].iov_base, lent_give_back, loan) :
	    MHD_create_response_from_iovec(parts, count, lent_give_back, loan);
	if (response == NULL) {
		mem_free(&loan);
		return (NULL);
	}
	*loan = (struct loan){ view, *snap, text->len > 0 ? buf_take(text) : NULL };
	*snap = NULL;
	return (response);
}
