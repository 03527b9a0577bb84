/*
 * Owns nothing: a list is one piece of memory, with its texts, and belongs to its group's pack.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/members.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A name that is still a person's. */
struct member {
	struct berval	 pretty;
	struct berval	 normal;
};

static int
member_compare(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->normal.bv_len != y->normal.bv_len)
		return (x->normal.bv_len < y->normal.bv_len ? -1 : 1);
	return (memcmp(x->normal.bv_val, y->normal.bv_val, x->normal.bv_len));
}

static struct member *
members_list(const struct image_snap *snap, uint32_t group, size_t *count)
{
	const struct image_entry *person;
	struct cow_cursor cursor;
	struct member *list, *member;
	const struct pack *pack;
	uint32_t id;
	size_t room;

	list = NULL;
	*count = room = 0;
	snap_members_open(&cursor, snap, group);
	while (snap_key_next(&cursor, &id)) {
		person = snap_entry(snap, id);
		if (person == NULL)
			continue;
		pack = person->payload;
		member = mem_grow(&list, (*count)++, &room, sizeof(*list));
		member->pretty = pack_pretty(pack, &pack->name);
		member->normal = pack_normal(pack, &pack->name);
	}
	if (*count > 1)
		qsort(list, *count, sizeof(*list), member_compare);
	return (list);
}

/* Copies a text behind the others and moves on. */
static struct berval
members_copy(char **text, const struct berval *value)
{
	struct berval copy = { .bv_len = value->bv_len, .bv_val = *text };

	memcpy(*text, value->bv_val, value->bv_len + 1);
	*text += value->bv_len + 1;
	return (copy);
}

struct members *
members_make(const struct image_snap *snap, uint32_t group)
{
	struct members *members;
	struct member *list;
	size_t arrays, count, i, size;
	char *text;

	list = members_list(snap, group, &count);
	for (i = 0, arrays = 1, size = 0; i < count; i++) {
		size += list[i].pretty.bv_len + 1;
		if (list[i].pretty.bv_val != list[i].normal.bv_val)
			arrays = 2;
	}
	for (i = 0; i < count && arrays == 2; i++)
		size += list[i].normal.bv_len + 1;
	members = mem_alloc(sizeof(*members) + arrays * (count + 1) * sizeof(struct berval) +
	    size);
	members->count = (unsigned int)count;
	members->pretty = (struct berval *)(members + 1);
	members->normal = members->pretty + (arrays - 1) * (count + 1);
	text = (char *)(members->pretty + arrays * (count + 1));
	for (i = 0; i < count; i++) {
		members->pretty[i] = members_copy(&text, &list[i].pretty);
		if (arrays == 2)
			members->normal[i] = members_copy(&text, &list[i].normal);
	}
	mem_free(&list);
	return (members);
}
