/*
 * The nations of nation.def, taken apart.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_NATION_H
#define ROLLCALL_TESTS_SANDBOX_NATION_H

#include <stddef.h>

enum nation_id {
#define NATION(code, ...) NATION_##code,
#include "tests/sandbox/nation.def"
#undef NATION
	NATION_N
};

enum nation_flags {
	NATION_NUMBER_FIRST = 1,	/* "12 rue de …", else "Hauptstraße 5" */
	NATION_NUMBER_LAST = 2,
	NATION_FAMILY_FIRST = 4		/* in full names */
};

struct nation_name {
	const char	*text;		/* precomposed (NFC) */
	const char	*apart;		/* with combining marks (NFD); may equal text */
	const char	*ascii;		/* for the local part of an e-mail address */
};

struct nation_names {
	struct nation_name	*list;
	size_t			 count;
};

struct nation_city {
	const char	*name;
	const char	*zip;
	const char	*state;
};

struct nation {
	const char		*code;
	const char		*country;
	const char		*nationality;
	const char		*phone;
	const char		*currency;
	const char		*company;
	unsigned int		 flags;		/* enum nation_flags */
	struct nation_names	 given;		/* women's first */
	size_t			 women;
	struct nation_names	 family;
	struct nation_names	 titles;	/* ascii and apart are not used */
	struct nation_names	 streets;
	struct nation_city	*cities;
	size_t			 city_count;
};

/*
 * Made at the first call, which must come before other threads; lives until
 * nation_close.
 */
const struct nation *nation_get(enum nation_id id);

/* NULL when there is none of that code. */
const struct nation *nation_find(const char *code, size_t len);

void	nation_close(void);

#endif
