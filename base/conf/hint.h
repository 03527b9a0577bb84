/*
 * Findings on names that nobody knows, with what was probably meant.
 */
#ifndef ROLLCALL_BASE_CONF_HINT_H
#define ROLLCALL_BASE_CONF_HINT_H

#include "base/conf/read.h"

/* `pattern` is the section of conf.def that the section of the file is one of. */
void	conf_hint_key(const struct conf_docs *docs, const struct conf_doc *doc,
	    const struct conf_section *section, const char *pattern,
	    const struct conf_entry *entry);
void	conf_hint_field(const struct conf_docs *docs, const struct conf_doc *doc,
	    const struct conf_section *section, const struct conf_entry *entry);
void	conf_hint_section(const struct conf_docs *docs, const struct conf_doc *doc,
	    const struct conf_section *section);

/*
 * The word nearest to `given` so far. Begin with CONF_NEAREST_INIT; `word` stays NULL
 * while none is near. Letter case makes no difference.
 */
struct conf_nearest {
	const char	*word;
	unsigned int	 distance;
};
#define CONF_NEAREST_INIT { .word = NULL, .distance = 4 }

void	conf_nearest_try(struct conf_nearest *nearest, const char *given,
	    const char *word);

/* ": did you mean WORD?", or "". In the arena. */
const char *conf_nearest_question(const struct conf_nearest *nearest,
	    struct arena *arena);

#endif
