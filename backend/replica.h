/*
 * Tells replicas what was published: follows the image of a database, and hands each change to
 * syncprov as an operation of slapd's own, in the order of CSNs, after readers can see it. Does
 * nothing where the database has no syncprov.
 */
#ifndef ROLLCALL_BACKEND_REPLICA_H
#define ROLLCALL_BACKEND_REPLICA_H

#include "backend/given.h"
#include "backend/slapd.h"

#include "image/image.h"
#include "store/view.h"

struct live;
struct replica;

/* Of a database of slapd and its view; path and view are borrowed for good. */
struct replica *replica_open(struct live *live, BackendDB *be, const char *path,
	    const char *view);
/* Gives back what it holds of the image and says nothing more: before the image is closed. */
void	replica_stop(struct replica *replica, struct image *image);
void	replica_close(struct replica **replica);

/*
 * In the transaction that the image is read in, before that. `form` is a hash of the settings
 * that shape entries.
 */
int	replica_read(struct replica *replica, struct db *db, uint64_t form, struct err *err);
/* Where CSNs begin in what is being read; for the thread that reads. */
struct stamp_base replica_base(const struct replica *replica);
/* The image took it in; `whole`: all of it. */
void	replica_changed(struct replica *replica, bool whole, const uint32_t *ids, size_t count);
/* Readers see it. */
void	replica_looked(struct replica *replica, struct image *image);

/*
 * syncprov asked for contextCSN, and knows this one from now on, "" for none: what comes before
 * that it need not be told.
 */
void	replica_asked(struct replica *replica, const char *csn);

/* Writes down that CSNs are given, where syncprov gives them: when the database is opened. */
void	replica_reserve(struct replica *replica);

/*
 * The CSN from which on deletions are remembered, for the log that syncprov asks (backend/
 * gone.h); the length.
 */
size_t	replica_oldest(struct replica *replica, char text[STAMP_CSN_SIZE]);

#endif
