/*
 * Memory: allocation that does not fail, arenas for a unit of work, growing buffers.
 *
 * When the system has no memory left, mem_* write one line to standard error and end the
 * process: the store is transactional, so the served view stays whole and the next start
 * goes on from it. Inside slapd the same happens as in slapd's own ch_malloc.
 */
#ifndef ROLLCALL_BASE_MEM_H
#define ROLLCALL_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* Exit status of a process that ran out of memory (schema/errors.def, NOMEM). */
#define MEM_EXIT_STATUS 71

/* Never NULL. The bytes of mem_alloc are zero; those mem_realloc adds are not. */
void	*mem_alloc(size_t size);
void	*mem_realloc(void *p, size_t size);
char	*mem_dup(const char *text);			/* NULL stays NULL */
char	*mem_dup_len(const char *text, size_t len);	/* adds a NUL */
char	*mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Says that there is no memory left and ends the process: for whoever hears it of a library. */
void	 mem_exhausted(void) __attribute__((noreturn));

/*
 * malloc, calloc and free of the same kind, for libraries that take an allocator: what they do
 * not get would come back as an answer that cannot be read, or a record without a name.
 */
void	*mem_library_alloc(size_t size);
void	*mem_library_array(size_t count, size_t size);
void	 mem_library_free(void *p);

/* Frees *p and sets it to NULL. */
void	 mem_free(void *p);

/*
 * Before much that is small: glibc gets memory for any thread but the first page by page, each
 * with a call of the system. Gets so many bytes at once, below 64 KB, for what comes next.
 */
void	 mem_ahead(size_t size);

/*
 * Grows an array: *items (count elements of `size` bytes, room for *room) gets room for one
 * more, doubling. Returns the address of element `count`, zeroed.
 */
void	*mem_grow(void *items, size_t count, size_t *room, size_t size);

/*
 * An arena hands out memory that is given back all at once: one per page, per plan, per
 * request. Not for several threads at a time.
 */
struct arena;

struct arena *arena_open(void);
void	 arena_close(struct arena **arena);
void	 arena_reset(struct arena *arena);	/* keeps the first block for reuse */

/* Never NULL, aligned for any type; arena_alloc's bytes are zero. */
void	*arena_alloc(struct arena *arena, size_t size);
char	*arena_dup(struct arena *arena, const char *text);	/* NULL stays NULL */
char	*arena_dup_len(struct arena *arena, const char *text, size_t len);
char	*arena_printf(struct arena *arena, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* As mem_grow, for an array in an arena that has grown by this function only. */
void	*arena_grow(struct arena *arena, void *items, size_t count, size_t size);

/*
 * Moves an array made with mem_grow (`count` elements of `size` bytes at *items) into the
 * arena: frees it, sets *items to NULL and returns the copy, never NULL.
 */
void	*arena_keep(struct arena *arena, void *items, size_t count, size_t size);

/* Bytes an arena holds, for limits and tests. */
size_t	 arena_size(const struct arena *arena);

/*
 * A growing run of bytes, always followed by a NUL. Initialise with BUF_INIT, give back with
 * buf_close; `data` is never NULL after the first add.
 */
struct buf {
	char	*data;
	size_t	 len;
	size_t	 room;
};
#define BUF_INIT { .data = NULL, .len = 0, .room = 0 }

void	 buf_close(struct buf *buf);
void	 buf_reset(struct buf *buf);			/* length 0, memory kept */
void	 buf_add(struct buf *buf, const void *bytes, size_t len);
void	 buf_str(struct buf *buf, const char *text);
void	 buf_char(struct buf *buf, char c);
void	 buf_number(struct buf *buf, unsigned long long number);	/* in decimal */
void	 buf_printf(struct buf *buf, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	 buf_vprintf(struct buf *buf, const char *fmt, va_list ap)
	    __attribute__((format(printf, 2, 0)));

/* Makes room for `len` more bytes and returns where they go; the caller adds to buf->len. */
char	*buf_reserve(struct buf *buf, size_t len);

/* Hands the text to the caller, who frees it with mem_free; the buffer is empty afterwards. */
char	*buf_take(struct buf *buf);

#endif
