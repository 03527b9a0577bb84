/*
 * The listener for Kombo's webhooks: a hint to fetch now, never a carrier of data. Whatever is
 * lost, the interval makes up for.
 */
#ifndef ROLLCALL_SYNC_WEBHOOK_WEBHOOK_H
#define ROLLCALL_SYNC_WEBHOOK_WEBHOOK_H

#include "sync/engine.h"

#define WEBHOOK_PATH	"/kombo"
#define WEBHOOK_BODY_MAX 65536

struct webhook;

/*
 * Listens where [webhook] says; *webhook is NULL when it says nothing. What comes is noted in
 * the engine's hints, and the calling thread is woken by SIGUSR1. Errors as of http_open, and
 * ERR_SECRET.
 */
int	webhook_open(struct engine *engine, struct webhook **webhook, struct err *err);

/* Reads secrets, certificate and the names of integrations again; on -1 the old ones stay. */
int	webhook_reload(struct webhook *webhook, struct err *err);

void	webhook_close(struct webhook **webhook);

#endif
