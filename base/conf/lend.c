/*
 * Owns nothing: what it copies lies in the arena of the configuration that takes it.
 */
#include "config.h"

#include "base/conf/lend.h"

#include <string.h>

#include "base/conf/type.h"

#define LEND_LITERAL "literal:"

bool
conf_lacks_secret(const char *reference)
{
	return (reference != NULL && strcmp(reference, LEND_LITERAL) == 0);
}

static bool
lend_has(const char *reference)
{
	return (!conf_lacks_secret(reference) &&
	    conf_lacks_secret(conf_type_secret_kept(reference)));
}

/* The literal secrets of `from`, in order, to where `to` lacks one; `conf` owns `to`. */
static void
lend_key(struct conf *conf, struct conf_set *to, const struct conf_set *from,
    enum conf_key key)
{
	const struct conf_list *lender = &from->lists[key];
	struct conf_list *list = &to->lists[key];
	struct conf_item *items;
	size_t i, next;

	items = arena_alloc(conf->arena, (list->count + 1) * sizeof(*items));
	for (i = next = 0; i < list->count; i++) {
		items[i] = list->items[i];
		if (!conf_lacks_secret(items[i].text))
			continue;
		while (next < lender->count && !lend_has(lender->items[next].text))
			next++;
		if (next < lender->count)
			items[i].text = arena_dup(conf->arena, lender->items[next++].text);
	}
	list->items = items;
}

static bool
lend_same(const struct conf_set *a, const struct conf_set *b, enum conf_key key)
{
	const char *x = conf_text(a, key), *y = conf_text(b, key);

	return (strcmp(x != NULL ? x : "", y != NULL ? y : "") == 0);
}

static void
lend_hook(struct conf *conf, struct conf_hook *hook, const struct conf *from)
{
	size_t i;

	for (i = 0; i < from->hook_count; i++)
		if (strcmp(from->hooks[i].name, hook->name) == 0 &&
		    lend_same(&from->hooks[i].set, &hook->set, CONF_HOOK_URL))
			lend_key(conf, &hook->set, &from->hooks[i].set, CONF_HOOK_SECRET);
}

void
conf_lend(struct conf *conf, const struct conf *from)
{
	const struct conf_source *lender;
	struct conf_source *source;
	size_t i;

	lend_key(conf, &conf->set, &from->set, CONF_WEBHOOK_SECRET);
	for (i = 0; i < conf->hook_count; i++)
		lend_hook(conf, &conf->hooks[i], from);
	for (i = 0; i < conf->source_count; i++) {
		source = &conf->sources[i];
		lender = conf_source(from, source->name);
		if (lender != NULL && lend_same(&lender->set, &source->set, CONF_INTEGRATION) &&
		    lend_same(&lender->set, &source->set, CONF_API))
			lend_key(conf, &source->set, &lender->set, CONF_API_KEY);
	}
}
