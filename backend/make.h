/*
 * Makes packs of what the store holds, and the keys under which they are found: which LDAP
 * attribute shows which field (design/directory.md §1).
 */
#ifndef ROLLCALL_BACKEND_MAKE_H
#define ROLLCALL_BACKEND_MAKE_H

#include "backend/naming.h"
#include "backend/pack.h"

#include "image/image.h"
#include "store/client.h"
#include "store/view.h"

/* Sets of keys of an image. */
enum make_set { SET_EQUAL, SET_GRAMS, SET_N };
/* Orders of an image: stamps, then the values of types that have an order. */
enum make_order { ORDER_MODIFIED, ORDER_CREATED, ORDER_VALUES,
	ORDER_N = ORDER_VALUES + TYPES_ORDERS };

/* For one thread at a time. */
struct maker;

struct maker *maker_open(const struct naming *naming);
void	maker_close(struct maker **maker);

/* What people show besides, where [posix] is on; NULL stands for off. Texts are borrowed. */
struct make_posix {
	const char	*gid_number;
	const char	*home;		/* %u: the uid, %U: the uidNumber, %%: a percent sign */
	const char	*shell;
};

/* Packs, to be freed with mem_free. */
struct pack *make_person(struct maker *maker, const struct make_posix *posix,
	    const struct view_person *row);
struct pack *make_group(struct maker *maker, const struct view_group *row);
struct pack *make_account(struct maker *maker, const struct client_row *row);
struct pack *make_unit(struct maker *maker, enum naming_unit unit);
/* `organization` may be NULL. */
struct pack *make_suffix(struct maker *maker, const char *organization);

/*
 * How many values were left out since the last call, as "mobile 3, c 12" in the arena: what
 * LDAP's syntaxes refuse (rulings F15). NULL when none was.
 */
const char *make_refused(struct maker *maker, struct arena *arena);

/* The keys of a person or a group: image_ops.keys. */
void	make_keys(const struct image_entry *entry, const struct image_entry *other,
	    struct image_keys *keys);

/* Whether an entry is in an order, and how two that are compare in it. */
bool	make_in_order(unsigned int order, const struct image_entry *entry);
int	make_compare(unsigned int order, const struct image_entry *a,
	    const struct image_entry *b);
/* image_ops.rank: values must be compared as bytes. */
uint64_t make_rank(unsigned int order, const struct image_entry *entry);

/* Key in SET_EQUAL of a value as it is compared. */
uint32_t make_key(unsigned int slot, const struct berval *normal);
/* Key in SET_EQUAL of a type that an entry has any value of. */
uint32_t make_presence_key(unsigned int slot);
/* Key in SET_EQUAL of a name as it is compared. */
uint32_t make_name_key(const struct berval *normal);

/*
 * Keys in SET_GRAMS are three bytes that follow one another in a value of any type that is
 * searched by substrings; a zero byte before the first two stands for its beginning.
 */
static inline uint32_t
make_gram(unsigned char a, unsigned char b, unsigned char c)
{
	return ((uint32_t)a << 16 | (uint32_t)b << 8 | c);
}

#endif
