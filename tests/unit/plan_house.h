/*
 * A publisher without a daemon: a database, a configuration, two HR systems, a file, people added
 * by hand, and a clock of its own, to drive sync/ through whole histories.
 */
#ifndef ROLLCALL_TESTS_UNIT_PLAN_HOUSE_H
#define ROLLCALL_TESTS_UNIT_PLAN_HOUSE_H

#include "base/day.h"
#include "base/map.h"
#include "store/stmt.h"
#include "sync/engine_inside.h"
#include "sync/plan/plan.h"
#include "tests/unit/plan_hr.h"

struct house {
	char			 folder[64];
	char			*path;		/* of the database */
	uint64_t		 seed;
	struct engine		 engine;	/* for requests and reloads: house_engine() */
	struct db		*db;
	struct db		*reader;	/* beside it */
	const struct conf	*conf;		/* in force: the engine's */
	struct zones		*zones;
	int64_t			 now;
	bool			 compared;	/* … with one that is shuffled: nothing at random */
	struct hr		 hr[HR_SOURCES];	/* de, fr, and the file csv */
	struct draw		 draw;		/* of the history */
	struct draw		*order;		/* of staged rows, NULL: as they come */
	struct draw		 order_draw;
	struct plan_report	 report;	/* of the last publication */
	struct map		 by_sql;	/* hash of a text → index in queries */
	sqlite3_stmt		**queries;
	size_t			 query_count;
	size_t			 query_room;
};

/* Texts of the files of a configuration; NULL: there is no such source. */
struct house_files {
	const char	*main;
	const char	*de;
	const char	*fr;
	const char	*csv;
	const char	*local;
};

#define HOUSE_MAIN	"[directory]\nsuffix = dc=example,dc=com\n"
#define HOUSE_DE	"[source]\nintegration = lucca:de\npriority = 10\n"		\
	"api_key = env:ROLLCALL_TEST_KEY\n"
#define HOUSE_CSV	"[source]\nprovider = csv\nkey = id\npriority = 30\nfile = "
#define HOUSE_LOCAL	"[source]\nprovider = local\npriority = 40\n"
#define HOUSE_FR	"[source]\nintegration = lucca:fr\npriority = 20\n"		\
	"api_key = env:ROLLCALL_TEST_KEY\n"

/* The folder that folders of houses are made in: where a commit need not wait for a disk. */
const char *house_top(void);

/* `shuffle`: stages get their rows in another order each time. */
void	house_open(struct house *house, uint64_t seed, bool shuffle);
void	house_close(struct house *house);

/*
 * Reads the files; sources whose files are gone go on as they were. NULL: they have errors. The
 * caller's until it is in force.
 */
struct conf *house_load(struct house *house, const struct house_files *files);
/*
 * Tries a configuration as a reload does, through the safeguards when `gated`. True: it is in
 * force; false: it is held, and nothing changed but fields that it switches off (rulings A19).
 */
bool	house_try(struct house *house, struct conf *conf, bool gated);

/* The engine, its clock set to the house's: for what sync/ does by itself. */
struct engine *house_engine(struct house *house);
/* The file that the source csv reads, the same for each house of a history. */
const char *house_csv_path(void);
/* Files drawn at random, without errors; in the arena. */
void	house_draw_files(struct house *house, struct arena *arena, struct house_files *files);

/* Plans under the configuration in force, unless the order has one, and publishes. */
void	house_publish(struct house *house, struct plan_order *order);
/* The same plan, told and not published. */
void	house_preview(struct house *house, struct plan_order *order,
	    int (*found)(void *context, const struct plan_item *item), void *context);
/* Time passes, and dates take effect. */
void	house_wait(struct house *house, int64_t time);
/* Publishes after a decision about a person. */
void	house_judge(struct house *house, int64_t person);
/* Publishes and rolls back; true when it would change nothing, else it says what. */
bool	house_changes_nothing(struct house *house, struct plan_order *order);

/* hide, ignore-onboarding, release: made or, with `undo`, taken back. */
void	house_decide(struct house *house, int64_t person, const char *kind, bool undo);
/* As `rollcall set` and `reset` do it; nothing happens where they refuse. */
void	house_set(struct house *house, int64_t person, enum field_id id, const char *value);
void	house_reset(struct house *house, int64_t person, enum field_id id);

/* People by record: 0 when the record has none. */
int64_t	house_person(struct house *house, size_t source, const struct hr_person *person);
/* Any known person, 0 when there is none. */
int64_t	house_somebody(struct house *house);

day_number house_today(struct house *house);	/* in UTC */

/* Says where two dumps part. */
void	house_print_difference(const char *a, const char *b);
void	house_forget_queries(struct house *house);

/* A statement, prepared once and reset; the caller resets it when it is done. */
sqlite3_stmt *house_query(struct house *house, const char *sql);
/* The first column of the first row, 0 for none and for null. */
int64_t	house_number(struct house *house, const char *sql);
/* All rows of a query as text: columns parted by |, a line each. The caller closes it. */
void	house_dump(struct house *house, const char *sql, struct buf *out);

#endif
