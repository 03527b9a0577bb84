/*
 * Owns nothing; arenas and buffers belong to their callers, one thread each.
 */
#include "config.h"

#include "base/mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARENA_FIRST	(16 * 1024 - 64)
#define ARENA_LARGEST	(1024 * 1024)

struct block {
	struct block	*next;
	size_t		 size;
	size_t		 used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block	*first;
	struct block	*last;
	size_t		 total;
};

void
mem_exhausted(void)
{
	static const char text[] = "out of memory: giving up; nothing half-done is kept\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(MEM_EXIT_STATUS);
	_exit(MEM_EXIT_STATUS);
}

static void *
mem_or_exit(void *p)
{
	if (p == NULL)
		mem_exhausted();
	return (p);
}

void *
mem_alloc(size_t size)
{
	return (mem_or_exit(calloc(1, size > 0 ? size : 1)));
}

void *
mem_realloc(void *p, size_t size)
{
	return (mem_or_exit(realloc(p, size > 0 ? size : 1)));
}

void
mem_ahead(size_t size)
{
	void *volatile memory;		/* else compilers see that nothing is done with it */

	memory = malloc(size);
	free(memory);
}

void *
mem_library_alloc(size_t size)
{
	return (mem_realloc(NULL, size));
}

void *
mem_library_array(size_t count, size_t size)
{
	return (mem_or_exit(calloc(count > 0 ? count : 1, size > 0 ? size : 1)));
}

void
mem_library_free(void *p)
{
	free(p);
}

char *
mem_dup(const char *text)
{
	return (text == NULL ? NULL : mem_dup_len(text, strlen(text)));
}

char *
mem_dup_len(const char *text, size_t len)
{
	char *copy;

	copy = mem_realloc(NULL, len + 1);
	memcpy(copy, text, len);
	copy[len] = '\0';
	return (copy);
}

char *
mem_printf(const char *fmt, ...)
{
	struct buf buf = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&buf, fmt, ap);
	va_end(ap);
	return (buf_take(&buf));
}

void
mem_free(void *p)
{
	void *memory;

	memcpy(&memory, p, sizeof(memory));
	free(memory);
	memory = NULL;
	memcpy(p, &memory, sizeof(memory));
}

void *
mem_grow(void *items, size_t count, size_t *room, size_t size)
{
	unsigned char *array;

	memcpy(&array, items, sizeof(array));
	if (count >= *room) {
		*room = *room > 0 ? *room * 2 : 8;
		array = mem_realloc(array, *room * size);
		memcpy(items, &array, sizeof(array));
	}
	memset(array + count * size, 0, size);
	return (array + count * size);
}

static struct block *
block_new(size_t size)
{
	struct block *block;

	block = mem_realloc(NULL, sizeof(*block) + size);
	block->next = NULL;
	block->size = size;
	block->used = 0;
	return (block);
}

struct arena *
arena_open(void)
{
	struct arena *arena;

	arena = mem_alloc(sizeof(*arena));
	arena->first = arena->last = block_new(ARENA_FIRST);
	arena->total = ARENA_FIRST;
	return (arena);
}

void
arena_reset(struct arena *arena)
{
	struct block *block, *next;

	for (block = arena->first->next; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	arena->first->next = NULL;
	arena->first->used = 0;
	arena->last = arena->first;
	arena->total = arena->first->size;
}

void
arena_close(struct arena **arena)
{
	if (*arena == NULL)
		return;
	arena_reset(*arena);
	free((*arena)->first);
	mem_free(arena);
}

static void
arena_extend(struct arena *arena, size_t need)
{
	size_t size;

	size = arena->last->size * 2;
	if (size > ARENA_LARGEST)
		size = ARENA_LARGEST;
	if (size < need)
		size = need;
	arena->last->next = block_new(size);
	arena->last = arena->last->next;
	arena->total += size;
}

static void *
arena_take(struct arena *arena, size_t size)
{
	struct block *block;
	size_t need;
	void *p;

	need = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (arena->last->size - arena->last->used < need)
		arena_extend(arena, need);
	block = arena->last;
	p = block->bytes + block->used;
	block->used += need;
	return (p);
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return (memset(arena_take(arena, size), 0, size));
}

char *
arena_dup(struct arena *arena, const char *text)
{
	return (text == NULL ? NULL : arena_dup_len(arena, text, strlen(text)));
}

char *
arena_dup_len(struct arena *arena, const char *text, size_t len)
{
	char *copy;

	copy = arena_take(arena, len + 1);
	if (len > 0)	/* `text` may be NULL then: an empty buffer's */
		memcpy(copy, text, len);
	copy[len] = '\0';
	return (copy);
}

char *
arena_printf(struct arena *arena, const char *fmt, ...)
{
	char *text;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		len = 0;
	text = arena_take(arena, (size_t)len + 1);
	text[0] = '\0';
	va_start(ap, fmt);
	(void)vsnprintf(text, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return (text);
}

void *
arena_grow(struct arena *arena, void *items, size_t count, size_t size)
{
	unsigned char *array, *larger;

	memcpy(&array, items, sizeof(array));
	/* Rooms are powers of two: a count that is one says that the array is full. */
	if ((count & (count - 1)) == 0) {
		larger = arena_take(arena, (count > 0 ? count * 2 : 1) * size);
		if (count > 0)
			memcpy(larger, array, count * size);
		array = larger;
		memcpy(items, &array, sizeof(array));
	}
	return (memset(array + count * size, 0, size));
}

void *
arena_keep(struct arena *arena, void *items, size_t count, size_t size)
{
	void *array, *copy;

	memcpy(&array, items, sizeof(array));
	copy = arena_take(arena, count * size + 1);
	if (count > 0)
		memcpy(copy, array, count * size);
	mem_free(items);
	return (copy);
}

size_t
arena_size(const struct arena *arena)
{
	return (arena->total);
}

void
buf_close(struct buf *buf)
{
	mem_free(&buf->data);
	buf->len = buf->room = 0;
}

void
buf_reset(struct buf *buf)
{
	buf->len = 0;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

char *
buf_reserve(struct buf *buf, size_t len)
{
	size_t room;

	if (buf->room - buf->len <= len) {
		room = buf->room > 0 ? buf->room : 128;
		while (room - buf->len <= len)
			room *= 2;
		buf->data = mem_realloc(buf->data, room);
		buf->room = room;
	}
	return (buf->data + buf->len);
}

void
buf_add(struct buf *buf, const void *bytes, size_t len)
{
	char *end;

	end = buf_reserve(buf, len);
	if (len > 0)
		memcpy(end, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void
buf_str(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_char(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void
buf_number(struct buf *buf, unsigned long long number)
{
	char digits[32], *at = digits + sizeof(digits);

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	buf_add(buf, at, (size_t)(digits + sizeof(digits) - at));
}

void
buf_vprintf(struct buf *buf, const char *fmt, va_list ap)
{
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		return;
	(void)buf_reserve(buf, (size_t)len);
	(void)vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, ap);
	buf->len += (size_t)len;
}

void
buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(buf, fmt, ap);
	va_end(ap);
}

char *
buf_take(struct buf *buf)
{
	char *text;

	text = buf->data != NULL ? buf->data : mem_dup("");
	buf->data = NULL;
	buf->len = buf->room = 0;
	return (text);
}
