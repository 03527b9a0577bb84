/*
 * Inside cli/ only: what the printers of answers share.
 */
#ifndef ROLLCALL_CLI_SHOW_H
#define ROLLCALL_CLI_SHOW_H

#include "cli/cli.h"
#include "cli/table.h"

#define COLUMNS(list) (list), sizeof(list) / sizeof((list)[0])

/* A member of an object as text, "" when it is none; as a number, 0 when it is none. */
const char *show_string(const json_t *object, const char *name);
long long show_number(const json_t *object, const char *name);

/* "3 min ago" of an instant in RFC 3339; `never` for none. In the call's arena. */
const char *show_age(const struct cli *cli, const json_t *object, const char *name,
	    const char *never);

/* Why, with every line behind it: "filter.legal_entity (sources.d/fr.conf:14 …)". */
const char *show_why_text(struct cli *cli, const json_t *row);

/* The rows of an answer that tell what the HR system overwrote, if there are any. */
void	show_overwritten(struct cli *cli);

/* Plans that are held, an array, with the first people of each. */
void	show_held(struct cli *cli, const json_t *plans);

/* What is wrong with hooks, of an array of them. */
void	show_hook_troubles(struct cli *cli, const json_t *hooks);

#endif
