/*
 * What an admin can ask for, as JSON: the same code whether the command reaches the daemon over
 * its socket or runs with the daemon down. rollcall(1) lists the requests and their results.
 *
 *   request   {"request": "hide", "arguments": {"person": "zoe.nguyen", "reason": "…"}}
 *   answer    zero or more {"progress": {…}}, {"row": {…}} and {"change": {…}}, then one of
 *             {"result": {…}} and {"error": {"code": "NOT_FOUND", "text": "…"}}
 */
#ifndef ROLLCALL_SYNC_REQUEST_REQUEST_H
#define ROLLCALL_SYNC_REQUEST_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/mem.h"
#include "store/db.h"
#include "sync/csv/table.h"
#include "sync/engine.h"
#include "sync/plan/plan.h"

struct request {
	struct engine	*engine;
	const char	*actor;		/* who asks, for the history: "root" */
	const char	*name;		/* of the request, set by request_handle */
	const json_t	*arguments;	/* an object */
	/* Takes a progress or row event; the caller keeps the reference. -1: nobody listens. */
	int	(*emit)(void *context, json_t *event);
	void		*context;
	const int	*file;		/* a descriptor that was handed over, NULL: none */
	struct arena	*arena;		/* of the request */
	bool		 own;		/* runs with the rights of whoever asks, not the daemon's */
};

/*
 * Answers a request. 0: *result is an object that the caller owns; -1: err. Unknown requests
 * and arguments of the wrong type are ERR_USAGE.
 */
int	request_handle(struct request *request, const char *name, json_t **result,
	    struct err *err);

/* ---- inside sync/request/ ------------------------------------------------------------------ */

/* An argument as text, NULL when it is not given; number and bool likewise. */
const char *request_text(const struct request *request, const char *name);
bool	request_flag(const struct request *request, const char *name);
int64_t	request_number(const struct request *request, const char *name, int64_t standard);
/* The same, but it must be there: NULL and ERR_USAGE otherwise. */
const char *request_need(const struct request *request, const char *name, struct err *err);

/* Sends {"row": row} or {"progress": progress}; takes the reference. */
int	request_row(struct request *request, json_t *row, struct err *err);
int	request_progress(struct request *request, json_t *progress);
/* The same with {"change": change}: what would be different. */
int	request_change(struct request *request, json_t *change, struct err *err);

/*
 * Whoever asks may let the daemon use any key and file: root, or a command that runs with its
 * own rights.
 */
bool	request_trusted(const struct request *request);

/*
 * The configuration that was sent to be tried (argument `configuration`, as conf_store_text
 * makes it); *conf is NULL when there is none, else the caller's.
 */
int	request_conf(struct request *request, struct conf **conf, struct err *err);

/* The file that was handed over, in *room, with its name; NULL: none was. */
const struct csv_input *request_input(const struct request *request, struct csv_input *room);

/*
 * A reading connection of the request's own, in a transaction, and a configuration and zones to
 * judge by: reading never holds up the publisher.
 */
struct request_reader {
	struct db		*db;
	const struct conf	*conf;
	struct zones		*zones;
	int64_t			 now;
};
int	request_reader_open(struct request *request, struct request_reader *reader,
	    struct err *err);
void	request_reader_close(struct request *request, struct request_reader *reader);

/*
 * The person that a uid, UUID, e-mail, employee number, Kombo id or exact display name means.
 * ERR_NOT_FOUND, or ERR_AMBIGUOUS naming the candidates.
 */
int	request_person(struct db *db, const char *text, struct arena *arena, int64_t *person,
	    struct err *err);

/* Publishes after a decision about one person. Lock and transaction are the caller's. */
int	request_publish(struct request *request, int64_t person, struct plan_report *report,
	    struct err *err);

/*
 * Tells the request itself to the history: for what is about nobody alone; `about` is a source or
 * the like. Lock and transaction are the caller's.
 */
int	request_remember(struct request *request, const char *about, struct err *err);

/*
 * A change about nobody alone, and the history's word of it, in a transaction of their own.
 * `change` returns 0, or -1 and nothing was changed; *about is NULL until it names something.
 * Lock is the caller's.
 */
int	request_record(struct request *request, int (*change)(struct request *request,
	    void *context, const char **about, struct err *err), void *context,
	    struct err *err);

json_t	*request_instant(int64_t instant);	/* "2026-…Z", null for 0 */
json_t	*request_string(const char *text);	/* null for NULL */
json_t	*request_uuid(const struct uuid *uuid);

typedef int request_handler(struct request *request, json_t **result, struct err *err);

request_handler request_cases, request_link, request_unlink, request_source_retire;
request_handler request_import, request_local_add, request_local_change,
    request_local_replace, request_local_remove;
request_handler request_scim_write;
request_handler request_status, request_source_list, request_source_test,
    request_source_approve, request_source_enable, request_source_disable, request_sync,
    request_preview, request_list, request_find, request_why, request_hide, request_unhide,
    request_release, request_ignore_onboarding, request_onboardings, request_offboardings,
    request_doctor,
    request_set, request_reset, request_client_add, request_client_list,
    request_client_rotate, request_client_revoke, request_hook_list, request_hook_retry,
    request_hook_test;
request_handler request_log, request_erase, request_backup, request_drift, request_export,
    request_state_export, request_state_import;
request_handler request_confirm_clock, request_plans, request_plan_show, request_plan_approve, request_plan_apply;

#endif
