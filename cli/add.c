/*
 * rollcall add and change: FIELD=VALUE words become the fields of the request.
 */
#include "config.h"

#include <string.h>

#include "cli/cli.h"

int
add_fields(struct cli *cli, struct err *err)
{
	const char *equals, *word;
	json_t *fields;
	size_t i;

	fields = json_object();
	(void)json_object_set_new(cli->arguments, "fields", fields);
	for (i = 0; i < json_array_size(json_object_get(cli->arguments, "field")); i++) {
		word = json_string_value(json_array_get(json_object_get(cli->arguments, "field"),
		    i));
		equals = word == NULL ? NULL : strchr(word, '=');
		if (equals == NULL || equals == word)
			return (err_set(err, ERR_USAGE, "\"%s\" is not FIELD=VALUE",
			    word != NULL ? word : ""));
		(void)json_object_set_new(fields, arena_dup_len(cli->arena, word,
		    (size_t)(equals - word)), json_string(equals + 1));
	}
	(void)json_object_del(cli->arguments, "field");
	return (0);
}
