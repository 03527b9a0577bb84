/*
 * Messages on the control socket, for both ends: JSON objects, one a line.
 */
#ifndef ROLLCALL_SYNC_CONTROL_IO_H
#define ROLLCALL_SYNC_CONTROL_IO_H

#include <stdbool.h>
#include <sys/un.h>

#include <jansson.h>

#include "base/err.h"
#include "base/mem.h"

#define CONTROL_LINE_MAX (16 * 1024 * 1024)

struct control_reader {
	int		fd;
	struct buf	buf;
	size_t		used;	/* bytes of buf that were given out */
	bool		has_file;
	int		file;	/* a descriptor that came with a message, when has_file */
};

void	control_reader_close(struct control_reader *reader);

/*
 * 1: *message is the caller's; 0: the other end closed; -1: no message, err says why: ERR_BUSY
 * when the connection's own limit of time has passed.
 */
int	control_read(struct control_reader *reader, json_t **message, struct err *err);

/*
 * Sends one message whole, and with it the descriptor *file when it is not NULL; -1: the other
 * end is gone, or does not take it.
 */
int	control_write(int fd, const json_t *message);
int	control_write_file(int fd, const json_t *message, const int *file);

/* A send that is not taken for half a minute fails. */
void	control_set_timeout(int fd);

int	control_address(const char *path, struct sockaddr_un *address, struct err *err);

/* A connection to the socket: its descriptor, or -1 with ERR_UNREACHABLE or ERR_DENIED. */
int	control_connect(const char *path, struct err *err);

#endif
