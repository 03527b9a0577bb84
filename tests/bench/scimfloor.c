/*
 * The floor of rollcall-scimd: libmicrohttpd with the same options and threads, which answers every
 * request with the next of some answers that it read from a file, whatever is asked: the same bytes
 * from memory, and nothing else. Runs until a signal ends it.
 *
 * usage: scimfloor PORT FILE
 *
 * FILE holds answers one behind the other: a line "STATUS BYTES", a line for each header
 * ("Name: value"), an empty line, and the bytes of the body.
 */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/mem.h"

/* As schema/conf.def and base/http.c have them. */
#define CONNECTIONS	4096U
#define MEMORY		((size_t)32 * 1024)

struct canned {
	unsigned int		 status;
	struct MHD_Response	*response;
};

struct floor {
	struct canned	*answers;
	size_t		 count;
	size_t		 room;
};

static _Thread_local size_t next_answer;

/* 1 there is one, 0 the end, -1 the file is not as it should be. */
static int
floor_read(struct floor *floor, FILE *file)
{
	struct canned *answer;
	char line[4096], *body, *value;
	size_t len;

	if (fgets(line, sizeof(line), file) == NULL)
		return (0);
	answer = mem_grow(&floor->answers, floor->count, &floor->room, sizeof(*answer));
	answer->status = (unsigned int)strtoul(line, &value, 10);
	len = strtoull(value, NULL, 10);
	body = mem_alloc(len + 1);
	answer->response = MHD_create_response_from_buffer(len, body,
	    MHD_RESPMEM_PERSISTENT);
	while (fgets(line, sizeof(line), file) != NULL && *line != '\n') {
		line[strcspn(line, "\n")] = '\0';
		value = strstr(line, ": ");
		if (value == NULL)
			return (-1);
		*value = '\0';
		(void)MHD_add_response_header(answer->response, line, value + 2);
	}
	floor->count++;
	return (fread(body, 1, len, file) == len ? 1 : -1);
}

static enum MHD_Result
floor_answer(void *context, struct MHD_Connection *connection,
    const char *url __attribute__((unused)), const char *method __attribute__((unused)),
    const char *version __attribute__((unused)), const char *upload __attribute__((unused)),
    size_t *upload_size __attribute__((unused)), void **state)
{
	const struct floor *floor = context;
	const struct canned *answer;

	if (*state == NULL) {
		*state = floor->answers;
		return (MHD_YES);
	}
	answer = &floor->answers[next_answer++ % floor->count];
	return (MHD_queue_response(connection, answer->status, answer->response));
}

static struct MHD_Daemon *
floor_serve(struct floor *floor, uint16_t port)
{
	const struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	return (MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, port, NULL,
	    NULL, floor_answer, floor,
	    MHD_OPTION_SOCK_ADDR, &address,
	    MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, MEMORY,
	    processors > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END,
	    (unsigned int)processors,
	    MHD_OPTION_END));
}

int
main(int argc, char **argv)
{
	struct floor floor = { .answers = NULL };
	FILE *file;
	int result;

	if (argc != 3 || (file = fopen(argv[2], "rb")) == NULL) {
		(void)fputs("usage: scimfloor PORT FILE\n", stderr);
		return (2);
	}
	while ((result = floor_read(&floor, file)) > 0)
		continue;
	(void)fclose(file);
	if (result < 0 || floor.count == 0)
		return (1);
	if (floor_serve(&floor, (uint16_t)strtoul(argv[1], NULL, 10)) == NULL)
		return (1);
	for (;;)
		(void)pause();
}
