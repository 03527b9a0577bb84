/*
 * Configuration files as they are written: sections, keys, values and their lines, with
 * no idea of what they mean.
 *
 * The grammar is that of spec/config.md 4.2: lines "[section]", "key = value", comments
 * that begin with # or ;, empty lines; blanks around all of them do not count. A value
 * ends with its line, a repeated key is a list, there are no quotes and no comments
 * behind a value. Keys and section names are taken as written, letter case and all;
 * UTF-8 with or without a byte order mark, lines ended by LF or CR LF.
 */
#ifndef ROLLCALL_BASE_CONF_READ_H
#define ROLLCALL_BASE_CONF_READ_H

#include "base/conf.h"

struct conf_entry {
	const char	*key;
	const char	*value;		/* trimmed, NFC; may be "" */
	unsigned int	 line;
};

struct conf_section {
	const char		*name;
	unsigned int		 line;
	struct conf_entry	*entries;
	size_t			 count;
};

struct conf_doc {
	const char		*path;	/* "rollcall.conf", "sources.d/fr.conf" */
	enum conf_file		 kind;
	struct conf_section	*sections;	/* as in the file; names may repeat */
	size_t			 count;
};

struct conf_docs {
	struct conf_doc		*list;
	size_t			 count;
	struct arena		*arena;		/* all of the above, and the texts */
	struct conf_findings	*findings;
};

/*
 * Adds rollcall.conf and every sources.d/NAME.conf of the folder. What cannot be read
 * becomes a finding, and the file is left out. -1: the folder itself is none.
 */
int	conf_read_folder(struct conf_docs *docs, const char *folder, struct err *err);

/* Adds rollcall.conf alone. */
int	conf_read_main(struct conf_docs *docs, const char *folder, struct err *err);

/* Adds a file's content; what cannot be read in it becomes findings. */
void	conf_read_bytes(struct conf_docs *docs, const char *path, const char *bytes,
	    size_t len);

/*
 * The parts of a document, for who makes one otherwise. Valid until the next is added.
 */
struct conf_doc *conf_doc_add(struct conf_docs *docs, const char *path);
struct conf_section *conf_section_add(struct conf_docs *docs, struct conf_doc *doc,
	    const char *name, unsigned int line);
void	conf_entry_add(struct conf_docs *docs, struct conf_section *section,
	    struct conf_entry entry);

#endif
