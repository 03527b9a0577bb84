/*
 * Inside sync/request/ only: what several requests show in the same words.
 */
#ifndef ROLLCALL_SYNC_REQUEST_SHOW_H
#define ROLLCALL_SYNC_REQUEST_SHOW_H

#include "store/history.h"
#include "store/hold.h"
#include "store/source.h"
#include "sync/request/request.h"

/*
 * A judged record: name, Included or Excluded with every reason and the lines behind it, the
 * list it stands in, DN and id by view.
 */
json_t	*show_item(struct arena *arena, const struct plan_item *item, uint32_t source);

/*
 * The reasons alone: an array of {code, text, advice, lines}. `source` are those that the state
 * of the record's source adds when the record is not served (rulings B8, B9).
 */
json_t	*show_reasons(struct arena *arena, const struct plan_item *item, uint32_t source);

/* A safeguard that tripped: its numbers, what it is and what to do. */
json_t	*show_class(const struct hold_class *class);

/* A record that could not be read, or a cell: an object. */
json_t	*show_problem(const struct problem_row *row);

/*
 * What the state of a source adds to the reasons of its records that are not served (rulings
 * B8, B9).
 */
uint32_t show_source_reasons(struct db *db, const struct source_row *row,
	    const struct conf *conf);

/* A value as people read it: places and addresses in one line. NULL for NULL. */
const char *show_plain(struct arena *arena, enum field_id id, const char *value);

/* The views of a set of bits: names. */
json_t	*show_views(const struct book *book, uint32_t views);

/* The DN of a person in the LDAP tree of the configuration. */
const char *show_dn(struct arena *arena, const struct conf *conf, const char *uid);

/* A source as `source list` and `status` show it. */
json_t	*show_source(struct request *request, struct db *db, const struct conf *conf,
	    const struct source_row *row, struct err *err);

/* Plans that are held, an array: classes, and of each the first people by name. */
int	show_held_plans(struct request *request, struct db *db, json_t **list, struct err *err);

/* All hooks, an array, as `hooks` and `status` show them; the caller's also when it fails. */
int	show_hook_list(struct request *request, const struct request_reader *reader, json_t **list,
	    struct err *err);

#endif
