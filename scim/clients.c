/*
 * Owns the table of tokens and the connection it is read from. Threads: one refreshes,
 * any number look up; `lock` guards the table.
 */
#include "config.h"

#include "scim/clients.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/client.h"

#define CLIENTS_RETRY	CLOCK_SECOND

/*
 * A hash that lets somebody in: a client has one, or two while its token is being
 * changed.
 */
struct token {
	uint8_t		 digest[DIGEST_SHA256_SIZE];
	int64_t		 expires;	/* 0: never */
	struct client	 client;
};

struct clients {
	char			*database;
	struct views		*views;
	struct externals	*externals;
	struct db		*db;
	int64_t			 data_version;
	int64_t			 retry_at;	/* clock_monotonic() */
	bool			 failing;
	atomic_bool		 known;
	pthread_rwlock_t	 lock;
	struct token		*tokens;	/* ascending by digest */
	size_t			 count;
};

struct clients *
clients_open(const char *database, struct views *views)
{
	struct clients *clients;

	clients = mem_alloc(sizeof(*clients));
	clients->database = mem_dup(database);
	clients->views = views;
	clients->externals = externals_open();
	(void)pthread_rwlock_init(&clients->lock, NULL);
	return (clients);
}

void
clients_close(struct clients **clients)
{
	if (*clients == NULL)
		return;
	db_close(&(*clients)->db);
	externals_close(&(*clients)->externals);
	(void)pthread_rwlock_destroy(&(*clients)->lock);
	mem_free(&(*clients)->tokens);
	mem_free(&(*clients)->database);
	mem_free(clients);
}

/* ---- reading the table --------------------------------------------------- */

struct token_list {
	struct token	*tokens;
	size_t		 count;
	size_t		 room;
};

static void
tokens_add(struct token_list *list, const struct client *client, const char *hash,
    int64_t expires)
{
	struct token token = { .expires = expires, .client = *client };

	if (hash == NULL || !digest_from_hex(hash, token.digest, sizeof(token.digest)))
		return;
	*(struct token *)mem_grow(&list->tokens, list->count, &list->room,
	    sizeof(token)) = token;
	list->count++;
}

/* The old token dies with the client, or before. */
static int64_t
clients_earlier(int64_t expires, int64_t old_expires)
{
	return (expires != 0 && expires < old_expires ? expires : old_expires);
}

/* A client's own: who has another id, view or day of birth is another client. */
static void
client_derive_key(const uint8_t key[DIGEST_SHA256_SIZE], const struct client_row *row,
    struct client *client)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%lld %lld %s", (long long)row->id, (long long)row->created,
	    row->view);
	digest_hmac_sha256(key, DIGEST_SHA256_SIZE, text.data, text.len,
	    client->cursor_key);
	buf_close(&text);
}

static enum right
clients_right(const char *name)
{
	if (strcmp(name, "local") == 0)
		return (RIGHT_LOCAL);
	return (strcmp(name, "edit") == 0 ? RIGHT_EDIT : RIGHT_READ);
}

static int
token_compare(const void *a, const void *b)
{
	const struct token *x = a, *y = b;

	return (memcmp(x->digest, y->digest, sizeof(x->digest)));
}

static int
clients_read(struct clients *clients, struct arena *arena, struct err *err)
{
	uint8_t key[DIGEST_SHA256_SIZE];
	struct token_list list = { .tokens = NULL };
	struct client_row *rows;
	struct client client;
	size_t count, i;

	if (client_cursor_key(clients->db, key, err) < 0 ||
	    client_list(clients->db, arena, &rows, &count, err) < 0)
		return (-1);
	for (i = 0; i < count; i++) {
		if (strcmp(rows[i].protocol, "scim") != 0)
			continue;
		client = (struct client){ .id = rows[i].id,
			.right = clients_right(rows[i].rights),
			.view = views_get(clients->views, rows[i].view) };
		client_derive_key(key, &rows[i], &client);
		tokens_add(&list, &client, rows[i].secret, rows[i].expires);
		if (rows[i].old_expires != 0)
			tokens_add(&list, &client, rows[i].old_secret,
			    clients_earlier(rows[i].expires, rows[i].old_expires));
	}
	if (list.count > 1)
		qsort(list.tokens, list.count, sizeof(*list.tokens), token_compare);
	(void)pthread_rwlock_wrlock(&clients->lock);
	mem_free(&clients->tokens);
	clients->tokens = list.tokens;
	clients->count = list.count;
	(void)pthread_rwlock_unlock(&clients->lock);
	atomic_store(&clients->known, true);
	return (0);
}

static int
clients_look(struct clients *clients, struct err *err)
{
	struct arena *arena;
	int64_t version;
	int result;

	if (clients->db == NULL || db_replaced(clients->db)) {
		db_close(&clients->db);
		clients->data_version = -1;
		if (db_open(clients->database, DB_READER, &clients->db, err) < 0)
			return (-1);
	}
	if (db_data_version(clients->db, &version, err) < 0)
		return (-1);
	if (version == clients->data_version)
		return (0);
	arena = arena_open();
	result = clients_read(clients, arena, err);
	arena_close(&arena);
	if (result == 0)
		result = externals_refresh(clients->externals, clients->db,
		    clients->data_version == -1, err);
	if (result == 0)
		clients->data_version = version;
	return (result);
}

void
clients_refresh(struct clients *clients)
{
	struct err err = ERR_INIT;

	if (clients->retry_at > clock_monotonic())
		return;
	if (clients_look(clients, &err) == 0) {
		if (clients->failing)
			log_info("scim.clients",
			    "msg=\"the database can be read again\"");
		clients->failing = false;
		return;
	}
	if (!clients->failing)
		log_err(LOG_LEVEL_ERROR, "scim.clients", &err,
		    "msg=\"the clients stay as they are\"");
	clients->failing = true;
	clients->retry_at = clock_monotonic() + CLIENTS_RETRY;
	db_close(&clients->db);
}

/* ---- looking up ---------------------------------------------------------- */

struct externals *
clients_externals(struct clients *clients)
{
	return (clients->externals);
}

bool
clients_known(const struct clients *clients)
{
	return (atomic_load(&clients->known));
}

/* The first token whose digest is not below. */
static size_t
tokens_place(const struct clients *clients, const struct token *wanted)
{
	size_t high, low, middle;

	low = 0;
	high = clients->count;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (token_compare(&clients->tokens[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return (low);
}

/*
 * All that time can tell is how the digest of some token begins, and that leads to no
 * token: they are random.
 */
bool
clients_find(struct clients *clients, const char *token, size_t len,
    struct client *client)
{
	int64_t now = clock_now();
	const struct token *row;
	struct token wanted;
	bool found;
	size_t i;

	digest_sha256(token, len, wanted.digest);
	found = false;
	(void)pthread_rwlock_rdlock(&clients->lock);
	for (i = tokens_place(clients, &wanted); i < clients->count && !found; i++) {
		row = &clients->tokens[i];
		if (!digest_equal(row->digest, wanted.digest, sizeof(wanted.digest)))
			break;
		found = row->expires == 0 || now < row->expires;
		if (found)
			*client = row->client;
	}
	(void)pthread_rwlock_unlock(&clients->lock);
	return (found);
}
