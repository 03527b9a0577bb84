/*
 * The view that one slapd database serves: loaded when the database is opened, followed by a
 * thread, seen by each operation as it was at one revision.
 */
#ifndef ROLLCALL_BACKEND_LIVE_H
#define ROLLCALL_BACKEND_LIVE_H

#include "backend/account.h"
#include "backend/naming.h"
#include "backend/stamp.h"

#include "image/image.h"

struct live;

/* Entries of the tree that are neither people, groups nor clients: the suffix, then the units. */
#define LIVE_NODES	(1 + UNIT_N)
struct nodes {
	struct image_entry	*entry[LIVE_NODES];
	bool			 accounts;	/* people are posixAccounts: `posix` holds */
	struct make_posix	 posix;
	struct stamp_base	 csn;		/* where the CSNs of the snapshot begin */
};

/*
 * What an operation sees. It holds no lock; give it back with live_close_sight, on any thread.
 */
struct sight {
	struct live			*live;
	const struct naming		*naming;
	const struct image_snap		*snap;
	const struct nodes		*nodes;
	struct accounts			*accounts;	/* NULL until sight_accounts */
};

/*
 * Prepares a view for a database of slapd; nothing is read yet. Path and view are copied. -1:
 * the suffix is one that cannot be served.
 */
int	live_open(const char *path, const char *view, BackendDB *be, struct live **live,
	    struct err *err);
/* Ends the follower and frees everything; nobody may hold a sight. */
void	live_close(struct live **live);

/*
 * Reads the view. -1: it cannot be read; ERR_CONFIG says that it never will: its settings name
 * another suffix.
 */
int	live_load(struct live *live, struct err *err);
/*
 * The same, and a thread keeps it current from then on; it goes on trying when the view could
 * not be read.
 */
int	live_start(struct live *live, struct err *err);

/* How the view fares, as image_state says. */
void	live_state(struct live *live, struct image_state *state);

/* Names below the suffix, for as long as the view is open. */
const struct naming *live_naming(const struct live *live);
/* Name of the view. */
const char *live_view(const struct live *live);
/* syncprov takes this contextCSN over, "" for none. */
void	live_asked_csn(struct live *live, const char *csn);
/* The CSN from which on deletions are remembered; the length. */
size_t	live_oldest_csn(struct live *live, char text[STAMP_CSN_SIZE]);

/* False: there is nothing to serve, or nothing fresh enough (rulings F17). */
bool	live_open_sight(struct live *live, struct sight *sight);
void	live_close_sight(struct sight *sight);
const struct accounts *sight_accounts(struct sight *sight);

/*
 * The entry of a normalised name: NULL when there is none. Of two people or groups whose names
 * compare alike, the one with the smaller id has the name, and the other is not shown.
 */
const struct image_entry *sight_find(struct sight *sight, const struct berval *normal);
/* The object classes of entries of a role. */
const struct role_classes *sight_classes(const struct sight *sight, enum role role);

/* Whether an entry is shown: false for a person or group whose name another one has. */
bool	sight_shows(struct sight *sight, const struct image_entry *entry);

#endif
