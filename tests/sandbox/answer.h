/*
 * An HTTP answer in the making: what it says, and how it is delivered or spoilt.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_ANSWER_H
#define ROLLCALL_TESTS_SANDBOX_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

struct MHD_Connection;

#define ANSWER_HEADERS	8
#define ANSWER_WHOLE	UINT64_MAX

struct answer {
	unsigned int	 status;
	const char	*type;		/* Content-Type, NULL for none; see `texts` */
	struct buf	 body;
	/* Further headers; names are literals, see `texts` for values. */
	struct {
		const char	*name, *value;
	} headers[ANSWER_HEADERS];
	size_t		 header_count;
	struct arena	*texts;		/* whatever has to live as long */
	/* A body that lies in a file instead. */
	int		 fd;		/* -1 for none; closed with the answer */
	uint64_t	 offset, len;
	bool		 packed;	/* it is gzip */
	/* How it goes wrong. */
	int64_t		 delay;		/* microseconds before anything is sent */
	bool		 reset;		/* … with RST, when dropped before anything is sent */
	uint64_t	 dropped_at;	/* the connection ends after so many bytes */
	uint64_t	 inflated;	/* blanks fill the body up to this, 0: not */
};

void	answer_open(struct answer *answer);
void	answer_close(struct answer *answer);

/* `value` is copied. */
void	answer_header(struct answer *answer, const char *name, const char *value);

/* Begins anew with that status; JSON is written to answer->body by the caller. */
void	answer_json(struct answer *answer, unsigned int status);

/*
 * The error envelope (kombo/api.md §5.1). `status` 0: what §5.2 has for the code;
 * `title` NULL: the code's. code NULL: null.
 */
void	answer_error(struct answer *answer, unsigned int status, const char *code,
	    const char *title, const char *message);

/* As it was before August 2025: a message alone. */
void answer_old_error(struct answer *answer, unsigned int status, const char *message);

/* {"status":"success","data":{…}}: the caller writes the members of data in between. */
void	answer_data(struct answer *answer);
void	answer_data_end(struct answer *answer);

/* The HTTP status of a code (kombo/api.md §5.2), 400 for unknown ones. */
unsigned int answer_code_status(const char *code);

#endif
