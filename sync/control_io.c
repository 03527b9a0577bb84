/*
 * Owns nothing; a reader belongs to its connection.
 */
#include "config.h"

#include "sync/control_io.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void
control_reader_close(struct control_reader *reader)
{
	buf_close(&reader->buf);
	if (reader->has_file)
		(void)close(reader->file);
	reader->has_file = false;
}

void
control_set_timeout(int fd)
{
	const struct timeval patience = { .tv_sec = 30 };

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

/* Drops the bytes that were given out. */
static void
control_compact(struct control_reader *reader)
{
	if (reader->used == 0)
		return;
	reader->buf.len -= reader->used;
	memmove(reader->buf.data, reader->buf.data + reader->used, reader->buf.len + 1);
	reader->used = 0;
}

/* Keeps the descriptor of a message; there is room for no other (SCM_RIGHTS, unix(7)). */
static void
control_take_file(struct control_reader *reader, struct msghdr *header)
{
	struct cmsghdr *part;

	for (part = CMSG_FIRSTHDR(header); part != NULL; part = CMSG_NXTHDR(header, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		if (reader->has_file)
			(void)close(reader->file);
		memcpy(&reader->file, CMSG_DATA(part), sizeof(reader->file));
		reader->has_file = true;
	}
}

union control_room {
	char		bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr	align;
};

static ssize_t
control_receive(struct control_reader *reader, char *room, size_t size)
{
	struct iovec bytes = { .iov_base = room, .iov_len = size };
	union control_room control;
	struct msghdr header = { .msg_iov = &bytes, .msg_iovlen = 1,
	    .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes) };
	ssize_t n;

	n = recvmsg(reader->fd, &header, MSG_CMSG_CLOEXEC);
	if (n > 0)
		control_take_file(reader, &header);
	return (n);
}

int
control_read(struct control_reader *reader, json_t **message, struct err *err)
{
	json_error_t error;
	size_t looked;
	ssize_t n;
	char *end;

	control_compact(reader);
	for (looked = 0;;) {
		end = reader->buf.len == looked ? NULL :
		    memchr(reader->buf.data + looked, '\n', reader->buf.len - looked);
		if (end != NULL)
			break;
		looked = reader->buf.len;
		if (reader->buf.len > CONTROL_LINE_MAX)
			return (err_set(err, ERR_TOO_LARGE, "the message is too long"));
		n = control_receive(reader, buf_reserve(&reader->buf, 65536), 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)	/* control_ask_within */
			return (err_set(err, ERR_BUSY, "rollcalld does not answer in time; what was "
			    "asked for is done whole, or not at all"));
		if (n <= 0)
			return (n == 0 ? 0 : err_set_errno(err, ERR_UNREACHABLE, errno,
			    "the control socket"));
		reader->buf.len += (size_t)n;
		reader->buf.data[reader->buf.len] = '\0';
	}
	reader->used = (size_t)(end - reader->buf.data) + 1;
	*message = json_loadb(reader->buf.data, reader->used, 0, &error);
	if (*message == NULL)
		return (err_set(err, ERR_USAGE, "the message is no JSON: %s", error.text));
	return (1);
}

static ssize_t
control_send(int fd, char *text, size_t len, const int *file)
{
	struct iovec bytes = { .iov_base = text, .iov_len = len };
	union control_room control = { .bytes = { 0 } };
	struct msghdr header = { .msg_iov = &bytes, .msg_iovlen = 1 };
	struct cmsghdr *part;

	if (file != NULL) {
		header.msg_control = control.bytes;
		header.msg_controllen = sizeof(control.bytes);
		part = CMSG_FIRSTHDR(&header);
		part->cmsg_level = SOL_SOCKET;
		part->cmsg_type = SCM_RIGHTS;
		part->cmsg_len = CMSG_LEN(sizeof(*file));
		memcpy(CMSG_DATA(part), file, sizeof(*file));
	}
	return (sendmsg(fd, &header, MSG_NOSIGNAL));
}

int
control_write(int fd, const json_t *message)
{
	return (control_write_file(fd, message, NULL));
}

int
control_write_file(int fd, const json_t *message, const int *file)
{
	size_t len, sent;
	char *text;
	ssize_t n;

	text = json_dumps(message, JSON_COMPACT | JSON_ENSURE_ASCII);
	if (text == NULL)
		return (-1);
	len = strlen(text);
	text[len++] = '\n';	/* in place of the NUL */
	n = 0;
	for (sent = 0; sent < len; sent += (size_t)n) {
		n = control_send(fd, text + sent, len - sent, sent == 0 ? file : NULL);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			break;
	}
	free(text);
	return (n < 0 ? -1 : 0);
}

int
control_address(const char *path, struct sockaddr_un *address, struct err *err)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return (err_set(err, ERR_CONFIG, "[server] socket: %s is too long: at most %zu "
		    "bytes", path, sizeof(address->sun_path) - 1));
	memcpy(address->sun_path, path, strlen(path));
	return (0);
}

int
control_connect(const char *path, struct err *err)
{
	struct sockaddr_un address;
	int error, fd;

	if (control_address(path, &address, err) < 0)
		return (-1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
		control_set_timeout(fd);
		return (fd);
	}
	error = errno;
	if (fd >= 0)
		(void)close(fd);
	return (err_set_errno(err, error == EACCES || error == EPERM ? ERR_DENIED :
	    ERR_UNREACHABLE, error, "rollcalld cannot be reached at %s", path));
}
