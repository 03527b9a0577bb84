/*
 * Owns nothing: what is read lies in the arena of the documents.
 *
 * Lines are read here and not by libini_config, which takes keys and sections for the
 * same when only their letter case differs, refuses a whole file without naming a line
 * when a key is not ASCII ("Québec = America/Toronto"), does not tell the line of a
 * section, and hides all values behind the first error of syntax.
 */
#include "config.h"

#include "base/conf/read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define FILE_LARGEST	(1024 * 1024)

struct conf_doc *
conf_doc_add(struct conf_docs *docs, const char *path)
{
	struct conf_doc *doc;

	doc = arena_grow(docs->arena, &docs->list, docs->count++, sizeof(*doc));
	doc->path = arena_dup(docs->arena, path);
	doc->kind = strcmp(path, CONF_MAIN_FILE) == 0 ? CONF_MAIN : CONF_SOURCE;
	return (doc);
}

struct conf_section *
conf_section_add(struct conf_docs *docs, struct conf_doc *doc, const char *name,
    unsigned int line)
{
	struct conf_section *section;

	section = arena_grow(docs->arena, &doc->sections, doc->count++,
	    sizeof(*section));
	section->name = name;
	section->line = line;
	return (section);
}

void
conf_entry_add(struct conf_docs *docs, struct conf_section *section,
    struct conf_entry entry)
{
	struct conf_entry *slot;

	slot = arena_grow(docs->arena, &section->entries, section->count++,
	    sizeof(*slot));
	*slot = entry;
}

/* Why a line cannot be text, or NULL. */
static const char *
line_flaw(const char *line, size_t len)
{
	size_t i;

	if (memchr(line, '\0', len) != NULL)
		return ("a NUL byte stands in this line");
	if (!text_valid(line, len))
		return ("this line is not UTF-8: save the file as UTF-8");
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];

		/* 0xc2 0x80 to 0xc2 0x9f are the control characters of Latin-1. */
		if ((c < 0x20 && c != '\t') || c == 0x7f ||
		    (c == 0xc2 && (unsigned char)line[i + 1] < 0xa0))
			return ("a control character stands in this line");
	}
	return (NULL);
}

/* Trimmed and NFC, "" when nothing is left. */
static const char *
part_clean(struct conf_docs *docs, const char *part, size_t len)
{
	const char *clean;

	clean = text_clean(docs->arena, arena_dup_len(docs->arena, part, len));
	return (clean != NULL ? clean : "");
}

/* What is between the brackets of a section line, or NULL after a finding. */
static const char *
section_name(struct conf_docs *docs, struct conf_at at, const char *line, size_t len)
{
	const char *close, *name;

	close = memchr(line, ']', len);
	if (close == NULL) {
		conf_finding_error(docs->findings, at,
		    "the closing bracket ] is missing");
		return (NULL);
	}
	if (close + 1 != line + len) {
		conf_finding_error(docs->findings, at,
		    "nothing may follow the closing bracket; a comment needs a line of "
		    "its own");
		return (NULL);
	}
	name = part_clean(docs, line + 1, (size_t)(close - line) - 1);
	if (*name == '\0') {
		conf_finding_error(docs->findings, at,
		    "the brackets are empty: a section needs a name");
		return (NULL);
	}
	return (name);
}

/* Splits "key = value". False after a finding. */
static bool
line_split(struct conf_docs *docs, struct conf_at at, const char *line, size_t len,
    struct conf_entry *entry)
{
	const char *equals;

	equals = memchr(line, '=', len);
	if (equals == NULL) {
		conf_finding_error(docs->findings, at,
		    "this line is neither [section] nor key = value (a value ends with "
		    "its line; repeat the key for a list)");
		return (false);
	}
	entry->line = at.line;
	entry->key = part_clean(docs, line, (size_t)(equals - line));
	entry->value = part_clean(docs, equals + 1, len - (size_t)(equals - line) - 1);
	if (*entry->key == '\0') {
		conf_finding_error(docs->findings, at, "the key before = is missing");
		return (false);
	}
	if (strchr(entry->key, '\t') != NULL) {
		conf_finding_error(docs->findings, at, "a tab stands inside the key");
		return (false);
	}
	return (true);
}

/* Leaves out blanks at both ends. */
static const char *
line_trim(const char *line, size_t *len)
{
	while (*len > 0 && (*line == ' ' || *line == '\t')) {
		line++;
		(*len)--;
	}
	while (*len > 0 && (line[*len - 1] == ' ' || line[*len - 1] == '\t'))
		(*len)--;
	return (line);
}

/*
 * Reads one line, without its end, into `doc`. After a section line that cannot be read
 * the keys below it are passed over: where they belong is not known.
 */
static void
line_read(struct conf_docs *docs, struct conf_doc *doc, unsigned int number,
    const char *line, size_t len)
{
	struct conf_at at = conf_at(doc->path, number);
	struct conf_section *section;
	struct conf_entry entry;
	const char *flaw;

	flaw = line_flaw(line, len);
	if (flaw != NULL) {
		conf_finding_error(docs->findings, at, "%s", flaw);
		return;
	}
	line = line_trim(line, &len);
	if (len == 0 || *line == '#' || *line == ';')
		return;
	if (*line == '[') {
		(void)conf_section_add(docs, doc, section_name(docs, at, line, len),
		    number);
		return;
	}
	if (!line_split(docs, at, line, len, &entry))
		return;
	section = doc->count > 0 ? &doc->sections[doc->count - 1] : NULL;
	if (section == NULL)
		conf_finding_error(docs->findings, at,
		    "\"%s\" stands before any section: put a [section] line above it",
		    entry.key);
	else if (section->name != NULL)
		conf_entry_add(docs, section, entry);
}

void
conf_read_bytes(struct conf_docs *docs, const char *path, const char *bytes, size_t len)
{
	const char *end, *line, *next;
	struct conf_doc *doc;
	unsigned int number;

	doc = conf_doc_add(docs, path);
	if (len >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 ||
	    memcmp(bytes, "\xfe\xff", 2) == 0)) {
		conf_finding_error(docs->findings, conf_at(path, 0),
		    "the file is UTF-16: save it as UTF-8");
		return;
	}
	end = bytes + len;
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		bytes += 3;
	number = 0;
	for (line = bytes; line < end; line = next + 1) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (next == NULL)
			next = end;
		len = (size_t)(next - line);
		if (len > 0 && line[len - 1] == '\r')
			len--;
		line_read(docs, doc, ++number, line, len);
	}
}

/* What makes an open file unfit, or NULL. */
static const char *
file_flaw(const struct stat *st)
{
	if (S_ISDIR(st->st_mode))
		return ("is a folder; a file is wanted");
	if (!S_ISREG(st->st_mode))
		return ("is not a regular file");
	if (st->st_size > FILE_LARGEST)
		return ("is larger than 1 MiB, which no configuration should be");
	return (NULL);
}

/* The content of an open file. errno tells why not, when false. */
static bool
file_content(int fd, struct buf *content)
{
	ssize_t n;

	do {
		n = read(fd, buf_reserve(content, 8192), 8192);
		if (n > 0)
			content->len += (size_t)n;
	} while ((n > 0 && content->len <= FILE_LARGEST) || (n < 0 && errno == EINTR));
	return (n >= 0);
}

static void
file_unreadable(struct conf_docs *docs, const char *path)
{
	struct conf_at at = conf_at(path, 0);
	char reason[128];

	if (errno == ENOENT)
		conf_finding_error(docs->findings, at,
		    "there is no such file: make it, or name the folder that holds it");
	else
		conf_finding_error(docs->findings, at, "cannot be read: %s",
		    strerror_r(errno, reason, sizeof(reason)));
}

static void
file_read(struct conf_docs *docs, const char *path, int fd)
{
	struct conf_at at = conf_at(path, 0);
	struct buf content = BUF_INIT;
	const char *flaw;
	struct stat st;

	if (fstat(fd, &st) < 0) {
		file_unreadable(docs, path);
		return;
	}
	flaw = file_flaw(&st);
	if (flaw != NULL) {
		conf_finding_error(docs->findings, at, "%s", flaw);
		return;
	}
	if ((st.st_mode & (S_IROTH | S_IWOTH)) != 0)
		conf_finding_warning(docs->findings, at, "W103",
		    "everybody on this machine can %s this file (mode %04o): it should "
		    "have 0640", (st.st_mode & S_IWOTH) != 0 ? "change" : "read",
		    st.st_mode & 07777);
	if (file_content(fd, &content))
		conf_read_bytes(docs, path, content.data, content.len);
	else
		file_unreadable(docs, path);
	buf_close(&content);
}

/* A file's name may hold anything; a path in a finding is one line of UTF-8. */
static const char *
path_clean(struct arena *arena, const char *folder, const char *name)
{
	bool valid;
	char *path, *p;

	path = arena_printf(arena, "%s%s", folder, name);
	valid = text_valid(path, strlen(path));
	for (p = path; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c < 0x20 || c == 0x7f || (c >= 0x80 && !valid))
			*p = '?';
	}
	return (path);
}

/* Reads the file `name` of a folder within the configuration's, "" for that itself. */
static void
file_open(struct conf_docs *docs, const char *top, const char *folder, const char *name)
{
	const char *path;
	char *full;
	int fd;

	path = path_clean(docs->arena, folder, name);
	full = mem_printf("%s/%s%s", top, folder, name);
	/* A fifo must not stop us. */
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		file_unreadable(docs, path);
	} else {
		file_read(docs, path, fd);
		(void)close(fd);
	}
	mem_free(&full);
}

/* Files whose names begin with a dot are leftovers of editors. */
static int
entry_is_source(const struct dirent *entry)
{
	size_t len;

	len = strlen(entry->d_name);
	return (entry->d_name[0] != '.' && len > strlen(CONF_ENDING) &&
	    strcmp(entry->d_name + len - strlen(CONF_ENDING), CONF_ENDING) == 0);
}

static void
sources_read(struct conf_docs *docs, const char *top)
{
	struct dirent **names;
	int count, i;
	char *full;

	full = mem_printf("%s/%s", top, CONF_SOURCE_FOLDER);
	count = scandir(full, &names, entry_is_source, alphasort);
	if (count < 0 && errno != ENOENT)
		file_unreadable(docs, CONF_SOURCE_FOLDER);
	mem_free(&full);
	for (i = 0; i < count; i++) {
		file_open(docs, top, CONF_SOURCE_FOLDER, names[i]->d_name);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

int
conf_read_main(struct conf_docs *docs, const char *folder, struct err *err)
{
	struct stat st;

	if (stat(folder, &st) < 0)
		return (err_set_errno(err, ERR_CONFIG, errno,
		    "the folder %s, which should hold %s", folder, CONF_MAIN_FILE));
	if (!S_ISDIR(st.st_mode))
		return (err_set(err, ERR_CONFIG,
		    "%s is not a folder: name the folder that holds %s",
		    folder, CONF_MAIN_FILE));
	if (strchr(folder, '\n') != NULL)
		return (err_set(err, ERR_CONFIG,
		    "the folder's name holds a line feed"));
	file_open(docs, folder, "", CONF_MAIN_FILE);
	return (0);
}

int
conf_read_folder(struct conf_docs *docs, const char *folder, struct err *err)
{
	if (conf_read_main(docs, folder, err) < 0)
		return (-1);
	sources_read(docs, folder);
	return (0);
}
