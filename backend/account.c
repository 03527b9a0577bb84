/*
 * Owns lists of clients. Made by the image's writer; any thread may let go of one last.
 */
#include "config.h"

#include "backend/slapd.h"

#include "backend/account.h"

#include <stdlib.h>
#include <string.h>

static void
account_close(struct account *account)
{
	struct image_entry *entry = account->entry;
	char *secrets[2] = { (char *)(uintptr_t)account->secret,
	    (char *)(uintptr_t)account->old_secret };
	size_t i;

	for (i = 0; i < 2; i++)
		if (secrets[i] != NULL)
			explicit_bzero(secrets[i], strlen(secrets[i]));
	mem_free(&entry->payload);
	mem_free(&account->entry);
}

struct accounts *
accounts_hold(struct accounts *accounts)
{
	(void)atomic_fetch_add(&accounts->holders, 1);
	return (accounts);
}

void
accounts_let_go(struct accounts **out)
{
	struct accounts *accounts = *out;
	size_t i;

	*out = NULL;
	if (accounts == NULL || atomic_fetch_sub(&accounts->holders, 1) != 1)
		return;
	for (i = 0; i < accounts->count; i++)
		account_close(&accounts->list[i]);
	mem_free(&accounts->list);
	arena_close(&accounts->arena);
	mem_free(&accounts);
}

static void
accounts_add(struct accounts *accounts, struct maker *maker, const struct client_row *row)
{
	struct image_entry *entry;

	entry = mem_alloc(sizeof(*entry));
	entry->id = (uint32_t)row->id;
	entry->uuid = row->uuid;
	entry->created = row->created;
	entry->modified = row->modified;
	entry->active = true;
	entry->payload = make_account(maker, row);
	accounts->list[accounts->count++] = (struct account){ .entry = entry,
	    .expires = row->expires, .secret = row->secret, .old_secret = row->old_secret,
	    .old_expires = row->old_expires };
}

static int
account_compare(const void *a, const void *b)
{
	const struct account *x = a, *y = b;

	return (x->entry->id < y->entry->id ? -1 : x->entry->id > y->entry->id);
}

int
accounts_read(struct db *db, const char *view, struct maker *maker, struct accounts **out,
    struct err *err)
{
	struct accounts *accounts;
	struct client_row *rows;
	size_t count, i;

	accounts = mem_alloc(sizeof(*accounts));
	atomic_init(&accounts->holders, 1);
	accounts->arena = arena_open();
	if (client_list(db, accounts->arena, &rows, &count, err) < 0) {
		accounts_let_go(&accounts);
		return (-1);
	}
	accounts->list = mem_alloc((count + 1) * sizeof(*accounts->list));
	for (i = 0; i < count; i++)
		if (strcmp(rows[i].protocol, "ldap") == 0 && strcmp(rows[i].view, view) == 0)
			accounts_add(accounts, maker, &rows[i]);
	qsort(accounts->list, accounts->count, sizeof(*accounts->list), account_compare);
	*out = accounts;
	return (0);
}

const struct account *
accounts_find(const struct accounts *accounts, const struct berval *normal)
{
	const struct pack *pack;
	struct berval name;
	size_t i;

	for (i = 0; i < accounts->count; i++) {
		pack = accounts->list[i].entry->payload;
		name = pack_normal(pack, &pack->name);
		if (bvmatch(&name, normal))
			return (&accounts->list[i]);
	}
	return (NULL);
}
