/*
 * Owns what a response is still to send, through libmicrohttpd. Safe from any thread.
 */
#include "config.h"

#include "tests/sandbox/deliver.h"

#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>
#include <zlib.h>

#define DELIVER_BLOCK	65536
#define DELIVER_PACKED	400	/* smaller bodies are not worth compressing */
#define GZIP_WINDOW	(15 + 16)	/* zlib: the largest window, in gzip's format */

/* A body that is longer than what there is, or shorter. */
struct drip {
	char		*bytes;
	size_t		 len;
	uint64_t	 total;		/* blanks before the last byte fill it up */
	uint64_t	 stop;		/* the connection ends here */
};

void
deliver_pack(const void *bytes, size_t len, struct buf *out)
{
	z_stream stream;

	memset(&stream, 0, sizeof(stream));
	if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, 9,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	stream.next_in = (Bytef *)(uintptr_t)bytes;
	stream.avail_in = (uInt)len;
	stream.avail_out = (uInt)deflateBound(&stream, len);
	stream.next_out = (Bytef *)buf_reserve(out, stream.avail_out);
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		abort();
	out->len = stream.total_out;
	(void)deflateEnd(&stream);
}

static ssize_t
drip_read(void *closure, uint64_t pos, char *out, size_t max)
{
	const struct drip *drip = closure;
	uint64_t end;

	end = drip->stop < drip->total ? drip->stop : drip->total;
	if (pos >= end)
		return (drip->stop < drip->total ? MHD_CONTENT_READER_END_WITH_ERROR :
		    MHD_CONTENT_READER_END_OF_STREAM);
	if (max > end - pos)
		max = (size_t)(end - pos);
	memset(out, ' ', max);
	if (pos < drip->len - 1)
		memcpy(out, drip->bytes + pos,
		    drip->len - 1 - pos < max ? drip->len - 1 - pos : max);
	if (pos + max == drip->total)
		out[max - 1] = drip->bytes[drip->len - 1];
	return ((ssize_t)max);
}

static void
drip_close(void *closure)
{
	struct drip *drip = closure;

	mem_free(&drip->bytes);
	mem_free(&drip);
}

static struct MHD_Response *
drip_response(struct answer *answer)
{
	struct drip *drip;

	drip = mem_alloc(sizeof(*drip));
	if (answer->body.len == 0)
		buf_char(&answer->body, ' ');
	drip->len = answer->body.len;
	drip->bytes = buf_take(&answer->body);
	drip->total = answer->inflated > drip->len ? answer->inflated : drip->len;
	drip->stop = answer->dropped_at;
	return (MHD_create_response_from_callback(drip->total, DELIVER_BLOCK, drip_read,
	    drip, drip_close));
}

static struct MHD_Response *
stored_response(struct answer *answer)
{
	struct MHD_Response *response;

	response = MHD_create_response_from_fd_at_offset64(answer->len, answer->fd,
	    answer->offset);
	if (response != NULL)
		answer->fd = -1;
	return (response);
}

static struct MHD_Response *
body_response(struct answer *answer)
{
	size_t len;

	len = answer->body.len;
	return (MHD_create_response_from_buffer(len, buf_take(&answer->body),
	    MHD_RESPMEM_MUST_FREE));
}

static void
body_pack(struct answer *answer)
{
	struct buf packed = BUF_INIT;

	deliver_pack(answer->body.data, answer->body.len, &packed);
	buf_close(&answer->body);
	answer->body = packed;
	answer->packed = true;
}

struct MHD_Response *
deliver_response(struct answer *answer, bool gzip)
{
	struct MHD_Response *response;
	size_t i;

	if (answer->dropped_at == 0)
		return (NULL);
	if (answer->fd >= 0) {
		response = stored_response(answer);
	} else if (answer->dropped_at != ANSWER_WHOLE || answer->inflated > 0) {
		response = drip_response(answer);
	} else {
		if (gzip && !answer->packed && answer->body.len >= DELIVER_PACKED)
			body_pack(answer);
		response = body_response(answer);
	}
	if (response == NULL)
		return (NULL);
	if (answer->type != NULL)
		(void)MHD_add_response_header(response, "Content-Type", answer->type);
	if (answer->packed)
		(void)MHD_add_response_header(response, "Content-Encoding", "gzip");
	(void)MHD_add_response_header(response, "Vary", "Accept-Encoding");
	for (i = 0; i < answer->header_count; i++)
		(void)MHD_add_response_header(response, answer->headers[i].name,
		    answer->headers[i].value);
	return (response);
}
