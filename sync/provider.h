/*
 * Fetching a source by its provider: Kombo, or a CSV file.
 */
#ifndef ROLLCALL_SYNC_PROVIDER_H
#define ROLLCALL_SYNC_PROVIDER_H

#include "sync/csv/table.h"
#include "sync/kombo/fetch.h"

/*
 * Whether the source can be fetched, with the file that was given (NULL: none): ERR_REFUSED says
 * what can be done instead.
 */
int	provider_check(const struct conf_source *source, const struct csv_input *input,
	    struct err *err);

/* fetch_run, or file_fetch; `input` is for the latter, order->key for the former. */
int	provider_fetch(const struct fetch_order *order, const struct csv_input *input,
	    const char *path, struct fetched **fetched, struct err *err);

/* fetch_probe, or file_probe. */
int	provider_probe(const struct fetch_order *order, struct buf *report, struct err *err);

#endif
