/*
 * Configuration: rollcall.conf and sources.d/NAME.conf of one folder, read whole,
 * checked whole, immutable afterwards (spec/config.md). The rows of schema/conf.def say
 * what there is.
 */
#ifndef ROLLCALL_BASE_CONF_H
#define ROLLCALL_BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf/finding.h"
#include "base/err.h"
#include "base/fields.h"
#include "base/mem.h"

enum conf_key {
#define CONF(ID, file, section, key, type, range, standard, flags, help) CONF_##ID,
#include "schema/conf.def"
#undef CONF
	CONF_N
};

enum conf_type {
	CONF_TYPE_TEXT,		/* trimmed, NFC, not empty */
	CONF_TYPE_PATH,		/* absolute */
	CONF_TYPE_NUMBER,
	CONF_TYPE_BOOL,		/* yes no true false on off 1 0; number is 1 or 0 */
	CONF_TYPE_DURATION,	/* 30s 15m 1h 7d 2w; number is in microseconds */
	CONF_TYPE_CHOICE,	/* number is the choice's place in the range, from 0 */
	CONF_TYPE_ZONE,		/* IANA time zone */
	CONF_TYPE_DN,
	CONF_TYPE_URL,		/* http(s), no query, no fragment, no final slash */
	CONF_TYPE_LISTEN,	/* address:port, [v6]:port, unix:/path */
	CONF_TYPE_NET,		/* 192.0.2.1, 192.0.2.0/24, 2001:db8::/32, unix */
	CONF_TYPE_SECRET,	/* a reference, base/secret.h */
	CONF_TYPE_LIMIT		/* "5 10%": conf_limit takes the number apart */
};

enum conf_file { CONF_MAIN, CONF_SOURCE };

#define CONF_MAIN_FILE		"rollcall.conf"
#define CONF_SOURCE_FOLDER	"sources.d/"
#define CONF_ENDING		".conf"

enum conf_flags {
	CONF_REQUIRED = 1,
	CONF_MANY = 2,
	CONF_RESTART = 4,
	CONF_KOMBO = 8,		/* of a source: only with provider = kombo, with csv; such a row */
	CONF_CSV = 16		/* is required, has a standard and may be given only there */
};

/* One row of schema/conf.def. */
struct conf_row {
	enum conf_file	 file;
	const char	*section;
	const char	*key;
	enum conf_type	 type;
	const char	*range;
	const char	*standard;
	unsigned int	 flags;		/* enum conf_flags */
	const char	*help;
};

const struct conf_row *conf_row(enum conf_key key);

/* One value as it was given. Standards have file NULL and line 0. */
struct conf_item {
	const char	*text;		/* in the one way of writing it: "1h" for 60m */
	int64_t		 number;	/* NUMBER, BOOL, DURATION, CHOICE; else 0 */
	const char	*name;		/* the key itself where the row's key is "*" */
	const char	*file;		/* "rollcall.conf" or "sources.d/fr.conf" */
	unsigned int	 line;
};

struct conf_list {
	const struct conf_item	*items;
	size_t			 count;
};

/* The values of one rollcall.conf, of one source, one view or one hook, by key. */
struct conf_set {
	struct conf_list	 lists[CONF_N];
};

struct conf_source {
	const char	*name;		/* the file's name without .conf: [a-z0-9-]+ */
	const char	*file;		/* "sources.d/fr.conf" */
	struct conf_set	 set;
	/*
	 * Settled from [fields], [nulls], [purposes]. The standard mode is `default` where the
	 * field allows it and continuous elsewhere, off for the optional ones (rulings
	 * A25); the line is then that of `default`. A line is 0 where nothing was
	 * given.
	 */
	enum field_mode	 mode[FIELD_N];
	unsigned int	 mode_line[FIELD_N];
	bool		 keep[FIELD_N];		/* null policy: keep */
	unsigned int	 keep_line[FIELD_N];
	const char	*purpose[FIELD_N];	/* [purposes], else that of fields.def */
	unsigned int	 purpose_line[FIELD_N];
	bool		 carried;		/* its file is no more (base/conf/carry.h) */
};

/* Bits of view.statuses, in the order of conf.def's choices. */
enum conf_status_bits {
	CONF_STATUS_ONBOARDING = 1,
	CONF_STATUS_ACTIVE = 2,
	CONF_STATUS_OFFBOARDING = 4,
	CONF_STATUS_DEPARTED = 8
};

struct conf_view {
	const char	*name;
	unsigned int	 statuses;	/* enum conf_status_bits */
	unsigned int	 line;		/* of its section, 0 when it has none */
	struct conf_set	 set;
};

/* Bits of hook.events, in the order of conf.def's choices: enum event_kind of base/event.h. */
struct conf_hook {
	const char	*name;
	uint32_t	 events;
	unsigned int	 line;		/* of its section */
	struct conf_set	 set;
};

/*
 * The two views "ldap" and "scim" always exist, first and second
 * (design/architecture.md §4); a section [view/ldap] changes them. Sources are sorted
 * by (priority, name).
 */
struct conf {
	const char		*folder;
	struct conf_set		 set;
	struct conf_source	*sources;
	size_t			 source_count;
	struct conf_view	*views;
	size_t			 view_count;
	struct conf_hook	*hooks;		/* as they stand in the file */
	size_t			 hook_count;
	/*
	 * SHA-256 of all values in force, however and wherever they are written; of
	 * secrets only the reference counts, of literal ones not even that.
	 */
	uint8_t			 digest[32];
	struct arena		*arena;
};

/*
 * Reads and checks the folder. All findings of all files are gathered; *conf is made
 * only when none is an error. 0: *conf made; -1: err says how many errors there are, or
 * why the folder cannot be read. The caller owns *conf and the findings, in both cases.
 */
int	conf_load(const char *folder, struct conf **conf,
	    struct conf_findings *findings, struct err *err);
/*
 * The same for rollcall.conf alone: for a program that has no business with the sources,
 * and must not fail for a mistake or a secret of theirs.
 */
int	conf_load_main(const char *folder, struct conf **conf,
	    struct conf_findings *findings, struct err *err);
void	conf_close(struct conf **conf);

/*
 * A setting of the main file as far as it can be read, whatever else is wrong in the
 * folder; its standard otherwise. In the arena. For the command, which must find the
 * daemon while a file is broken.
 */
const char *conf_peek(const char *folder, enum conf_key key, struct arena *arena);

/*
 * Values by key: the first given one, or the standard. Text NULL and number 0 when
 * none.
 */
const char *conf_text(const struct conf_set *set, enum conf_key key);
int64_t	conf_number(const struct conf_set *set, enum conf_key key);
bool	conf_given(const struct conf_set *set, enum conf_key key);

#define CONF_LIMIT_SCALE	1000		/* item->number is count * this + percent */
#define CONF_LIMIT_MOST		1000000000

/* An allowance: a count or a part of a hundred, whichever is more (CONF_TYPE_LIMIT). */
struct conf_limit {
	int64_t	count;
	int64_t	percent;	/* 0 to 100 */
};
struct conf_limit conf_limit(const struct conf_set *set, enum conf_key key);

const struct conf_list *conf_list(const struct conf_set *set, enum conf_key key);

/*
 * The item in force for a source, or NULL: its own, else what stands for it in the main
 * file (SOURCE_INTERVAL, SOURCE_FULL and SOURCE_ZONE have such a stand-in).
 */
const struct conf_item *conf_source_item(const struct conf *conf,
	    const struct conf_source *source, enum conf_key key);
int64_t	conf_source_number(const struct conf *conf, const struct conf_source *source,
	    enum conf_key key);
const char *conf_source_text(const struct conf *conf, const struct conf_source *source,
	    enum conf_key key);

/* Where the people of a source come from: the place of `provider` in its choices. */
enum conf_provider { CONF_FROM_KOMBO, CONF_FROM_CSV, CONF_FROM_HAND };
enum conf_provider conf_provider(const struct conf_source *source);

/* Whether runs can fetch it: not people added by hand, nor a CSV source without a file. */
bool	conf_source_fetches(const struct conf_source *source);

/* What it is connected to, for people: integration id or file; "" for neither. */
const char *conf_source_origin(const struct conf_source *source);

/* NULL when there is none of that name. */
const struct conf_source *conf_source(const struct conf *conf, const char *name);
const struct conf_view *conf_view(const struct conf *conf, const char *name);
/* DN of the root of a view's LDAP tree: its own, or that of all; also of a name unknown. */
const char *conf_view_suffix(const struct conf *conf, const char *name);
const struct conf_hook *conf_hook(const struct conf *conf, const char *name);

/* One line of `rollcall show-config`. */
struct conf_shown {
	const char	*section;	/* "view/vpn/include" */
	const char	*key;
	const char	*value;		/* a literal secret is masked */
	const char	*origin;	/* "sources.d/fr.conf:12" or "default" */
};

/*
 * Calls `show` for every value in force, in the order of conf.def: of the main file, the
 * views and the hooks when `source` is NULL, else of the source, with what it takes over from the
 * main file and the settled mode and null policy of each field. `only_given` leaves out
 * what nobody wrote. The texts live until `show` returns.
 */
void	conf_show(const struct conf *conf, const struct conf_source *source,
	    bool only_given,
	    void (*show)(const struct conf_shown *shown, void *context), void *context);

/*
 * The configuration as one text for the database (rulings F5): every value with its
 * line, standards too, so that an accepted configuration outlives a release that
 * changes them; literal secrets are left out. conf_load_text makes an equal object of
 * it (same digest, same origins; a literal secret is then the text "literal:", which
 * secret_read refuses) and reads neither files nor secrets. -1: the text is none that
 * this release understands.
 */
void	conf_store_text(const struct conf *conf, struct buf *text);
int	conf_load_text(const char *text, struct conf **conf, struct err *err);

#endif
