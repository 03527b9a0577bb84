/*
 * Loads an LDAP server: connections that each send one search at a time, drawn from a file, for
 * some seconds; or, at a rate, searches that arrive whether or not the last one was answered
 * (a latency then counts from the arrival). libldap encodes each search once; the bytes are
 * sent again and again.
 *
 * usage: ldapload [-c CONNECTIONS] [-s SECONDS | -1] [-r RATE] [-P SIZE] [-D DN -w PASSWORD]
 *                 [-p PID] URI FILE
 *
 * With -1 each connection sends one search, which ends in its own time.
 * With -P the first search is done once, in pages of that size (RFC 2696).
 *
 * A line of FILE is "base TAB scope TAB filter TAB attribute TAB …". Prints one line of JSON;
 * cpu_us is the CPU time of process PID for one search.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <ldap.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "base/mem.h"

/* Of libldap, in a header it does not install for everybody. */
extern int ldap_init_fd(ber_socket_t fd, int proto, const char *url, LDAP **ld);

#define LOAD_PROTO_TCP	1
#define LOAD_BUCKETS	200000		/* of a microsecond each; the last one holds the rest */
#define LOAD_TAG_ENTRY	0x64
#define LOAD_TAG_DONE	0x65

struct bytes {
	char	*data;
	size_t	 len;
};

struct connection {
	int		 fd;
	bool		 busy;
	double		 since;		/* when its search was sent, or arrived */
	struct buf	 in;
	size_t		 at;		/* of the first byte not looked at */
};

struct load {
	const char		*uri;
	const char		*dn;
	const char		*password;
	size_t			 connection_count;
	double			 seconds;
	double			 rate;		/* 0: as fast as answers come */
	bool			 once;		/* a search on each connection, to its end */
	int			 page;		/* entries of a page, 0: no pages */
	long			 pid;
	struct berval		 cookie;	/* of the next page */
	char			*first;		/* line of FILE */
	struct bytes		*searches;
	size_t			 search_count;
	size_t			 search_room;
	struct connection	*connections;
	int			 epoll;
	size_t			 idle;		/* connections that wait for no answer */
	uint64_t		 random;
	uint64_t		 done, entries, bytes, failed;
	uint32_t		*buckets;
};

static _Noreturn void
load_fail(const char *what, const char *why)
{
	(void)fprintf(stderr, "ldapload: %s: %s\n", what, why);
	exit(1);
}

static double
load_time(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return ((double)now.tv_sec + (double)now.tv_nsec / 1e9);
}

/* ---- requests ---------------------------------------------------------------------------- */

/* A handle of libldap whose bytes come out at *other. */
static LDAP *
load_encoder(int *other)
{
	int pair[2], version = LDAP_VERSION3;
	LDAP *ld;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		load_fail("socketpair", strerror(errno));
	if (ldap_init_fd(pair[0], LOAD_PROTO_TCP, "ldap://localhost", &ld) != LDAP_SUCCESS)
		load_fail("libldap", "ldap_init_fd failed");
	(void)ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
	*other = pair[1];
	return (ld);
}

static struct bytes
load_encoded(int other)
{
	char text[65536];
	struct bytes bytes;
	ssize_t n;

	n = read(other, text, sizeof(text));
	if (n <= 0)
		load_fail("libldap", "no request came out");
	bytes.len = (size_t)n;
	bytes.data = mem_alloc(bytes.len);
	memcpy(bytes.data, text, bytes.len);
	return (bytes);
}

static int
load_scope(const char *name)
{
	return (strcmp(name, "base") == 0 ? LDAP_SCOPE_BASE : strcmp(name, "one") == 0 ?
	    LDAP_SCOPE_ONELEVEL : LDAP_SCOPE_SUBTREE);
}

static void
load_read_search(struct load *load, LDAP *ld, int other, char *line)
{
	char *attributes[16] = { NULL }, *part[3];
	struct bytes *search;
	size_t i;
	int id;

	for (i = 0; i < 3; i++)
		if ((part[i] = strsep(&line, "\t")) == NULL)
			load_fail("a search", "a line has base, scope and filter");
	for (i = 0; i < 15 && line != NULL; i++)
		attributes[i] = strsep(&line, "\t");
	if (ldap_search_ext(ld, part[0], load_scope(part[1]), part[2], attributes, 0, NULL, NULL,
	    NULL, 0, &id) != LDAP_SUCCESS)
		load_fail(part[2], "libldap refuses the search");
	search = mem_grow(&load->searches, load->search_count++, &load->search_room,
	    sizeof(*search));
	*search = load_encoded(other);
}

static void
load_read_searches(struct load *load, const char *path)
{
	char *line = NULL;
	size_t room = 0;
	FILE *file;
	int other;
	LDAP *ld;

	file = fopen(path, "r");
	if (file == NULL)
		load_fail(path, strerror(errno));
	ld = load_encoder(&other);
	while (getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (load->first == NULL)
			load->first = mem_dup(line);
		load_read_search(load, ld, other, line);
	}
	if (load->search_count == 0)
		load_fail(path, "no searches");
	free(line);
	(void)fclose(file);
	(void)close(other);
	(void)ldap_destroy(ld);
}

/* ---- connections ----------------------------------------------------------------------------- */

static int
load_connect_local(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		load_fail(path, strerror(errno));
	return (fd);
}

static int
load_connect_tcp(const char *host, const char *port)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *address;
	int fd, on = 1;

	if (getaddrinfo(host, port, &hints, &address) != 0)
		load_fail(host, "no such address");
	fd = socket(address->ai_family, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, address->ai_addr, address->ai_addrlen) < 0)
		load_fail(host, strerror(errno));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	freeaddrinfo(address);
	return (fd);
}

static int
load_connect(const struct load *load)
{
	LDAPURLDesc *url;
	char port[16];
	int fd;

	if (ldap_url_parse(load->uri, &url) != LDAP_SUCCESS)
		load_fail(load->uri, "not an LDAP address");
	(void)snprintf(port, sizeof(port), "%d", url->lud_port);
	fd = strcmp(url->lud_scheme, "ldapi") == 0 ? load_connect_local(url->lud_host) :
	    load_connect_tcp(url->lud_host, port);
	ldap_free_urldesc(url);
	return (fd);
}

static void
load_send(const struct connection *connection, const struct bytes *bytes)
{
	if (write(connection->fd, bytes->data, bytes->len) != (ssize_t)bytes->len)
		load_fail("sending", strerror(errno));
}

/* Binds all connections; the answers are those of a simple bind: short, resultCode in them. */
static void
load_bind(struct load *load)
{
	struct berval password = { .bv_val = (char *)(uintptr_t)load->password };
	struct bytes bind;
	char answer[512];
	size_t i;
	int id, other;
	LDAP *ld;

	password.bv_len = strlen(load->password);
	ld = load_encoder(&other);
	if (ldap_sasl_bind(ld, load->dn, LDAP_SASL_SIMPLE, &password, NULL, NULL, &id) !=
	    LDAP_SUCCESS)
		load_fail(load->dn, "libldap refuses the bind");
	bind = load_encoded(other);
	for (i = 0; i < load->connection_count; i++) {
		load_send(&load->connections[i], &bind);
		/* 30 len 02 01 id 61 len 0a 01 code */
		if (read(load->connections[i].fd, answer, sizeof(answer)) < 10 || answer[9] != 0)
			load_fail(load->dn, "the bind was refused");
	}
	mem_free(&bind.data);
	(void)close(other);
	(void)ldap_destroy(ld);
}

static void
load_open(struct load *load)
{
	struct epoll_event event = { .events = EPOLLIN };
	size_t i;

	load->connections = mem_alloc(load->connection_count * sizeof(*load->connections));
	for (i = 0; i < load->connection_count; i++)
		load->connections[i].fd = load_connect(load);
	if (load->dn != NULL)
		load_bind(load);
	load->epoll = epoll_create1(0);
	for (i = 0; i < load->connection_count; i++) {
		event.data.ptr = &load->connections[i];
		(void)fcntl(load->connections[i].fd, F_SETFL, O_NONBLOCK);
		(void)epoll_ctl(load->epoll, EPOLL_CTL_ADD, load->connections[i].fd, &event);
	}
}

/* ---- answers ------------------------------------------------------------------------------------ */

/* The length of an element whose length octets start at *at; -1 when more bytes must come. */
static ssize_t
load_length(const struct buf *in, size_t *at)
{
	size_t count, len;

	if (*at >= in->len)
		return (-1);
	len = (unsigned char)in->data[(*at)++];
	if (len < 0x80)
		return ((ssize_t)len);
	count = len & 0x7f;
	if (*at + count > in->len)
		return (-1);
	for (len = 0; count > 0; count--)
		len = len << 8 | (unsigned char)in->data[(*at)++];
	return ((ssize_t)len);
}

/* The cookie of the page that a result ends; empty after the last one (RFC 2696 §2). */
static void
load_read_cookie(struct load *load, char *message, size_t len)
{
	struct berval oid, value, whole = { .bv_len = len, .bv_val = message };
	BerElement *ber, *inner;
	ber_int_t id, size;

	ber = ber_init(&whole);
	if (ber == NULL || ber_scanf(ber, "{ix{{mm", &id, &oid, &value) == LBER_ERROR ||
	    (inner = ber_init(&value)) == NULL)
		load_fail(load->uri, "a page without a cookie");
	ber_memfree(load->cookie.bv_val);
	if (ber_scanf(inner, "{io", &size, &load->cookie) == LBER_ERROR)
		load_fail(load->uri, "a page with a strange cookie");
	ber_free(inner, 1);
	ber_free(ber, 1);
}

/* Takes one message off the connection; its tag, or 0 when more bytes must come. */
static int
load_message(struct load *load, struct connection *connection)
{
	size_t at = connection->at + 1, body, end;
	ssize_t len;
	int tag;

	len = load_length(&connection->in, &at);
	if (len < 0 || at + (size_t)len > connection->in.len)
		return (0);
	end = at + (size_t)len;
	at++;			/* the tag of the message's id */
	len = load_length(&connection->in, &at);
	at += (size_t)len;
	tag = (unsigned char)connection->in.data[at];
	load->entries += tag == LOAD_TAG_ENTRY;
	if (tag == LOAD_TAG_DONE) {
		body = at + 1;
		(void)load_length(&connection->in, &body);
		load->failed += connection->in.data[body + 2] != 0;
		if (load->page > 0)
			load_read_cookie(load, connection->in.data + connection->at,
			    end - connection->at);
	}
	connection->at = end;
	return (tag);
}

static void
load_note(struct load *load, struct connection *connection)
{
	double late;

	late = (load_time() - connection->since) * 1e6;
	load->buckets[late < LOAD_BUCKETS - 1 ? (size_t)late : LOAD_BUCKETS - 1]++;
	load->done++;
	load->idle++;
	connection->busy = false;
}

/* Reads what has come; true when the search is answered. */
static bool
load_receive(struct load *load, struct connection *connection)
{
	char text[65536];
	ssize_t n;
	int tag;

	n = read(connection->fd, text, sizeof(text));
	if (n < 0 && errno == EAGAIN)
		return (false);
	if (n <= 0)
		load_fail(load->uri, "the server closed a connection");
	load->bytes += (uint64_t)n;
	buf_add(&connection->in, text, (size_t)n);
	while (connection->at < connection->in.len &&
	    (tag = load_message(load, connection)) != 0)
		if (tag == LOAD_TAG_DONE)
			load_note(load, connection);
	connection->in.len -= connection->at;
	memmove(connection->in.data, connection->in.data + connection->at, connection->in.len);
	connection->at = 0;
	return (!connection->busy);
}

/* ---- the load ------------------------------------------------------------------------------------ */

static void
load_search(struct load *load, struct connection *connection, double since)
{
	load->random = load->random * UINT64_C(6364136223846793005) + 1442695040888963407;
	load->idle--;
	connection->busy = true;
	connection->since = since;
	load_send(connection, &load->searches[(load->random >> 33) % load->search_count]);
}

/* Gives arrived searches to idle connections; *next is when the next one arrives. */
static void
load_arrive(struct load *load, double *next)
{
	size_t i;

	for (i = 0; i < load->connection_count && *next <= load_time(); i++) {
		if (load->connections[i].busy)
			continue;
		load_search(load, &load->connections[i], *next);
		*next += 1 / load->rate;
	}
}

/* How long to wait for answers: with a rate, until the next search arrives. */
static struct timespec
load_patience(const struct load *load, double next)
{
	double wait;

	wait = load->rate > 0 && load->idle > 0 ? next - load_time() : 0.1;
	if (wait < 0 || wait > 0.1)
		wait = wait < 0 ? 0 : 0.1;
	return ((struct timespec){ .tv_nsec = (long)(wait * 1e9) });
}

static void
load_run(struct load *load)
{
	struct epoll_event events[256];
	struct timespec patience;
	struct connection *connection;
	double end, next;
	size_t i;
	int count, n;

	load->idle = load->connection_count;
	next = load_time();
	end = next + load->seconds;
	for (i = 0; load->rate == 0 && i < load->connection_count; i++)
		load_search(load, &load->connections[i], next);
	while (load->once ? load->done < load->connection_count : load_time() < end) {
		if (load->rate > 0)
			load_arrive(load, &next);
		patience = load_patience(load, next);
		count = epoll_pwait2(load->epoll, events, 256, &patience, NULL);
		for (n = 0; n < count; n++) {
			connection = events[n].data.ptr;
			if (load_receive(load, connection) && load->rate == 0 && !load->once)
				load_search(load, connection, load_time());
		}
	}
}

/* ---- pages ---------------------------------------------------------------------------------------- */

/* Asks for the page that a cookie leads to; `part` is base, scope and filter. */
static void
load_ask_page(struct load *load, LDAP *ld, int other, char **part)
{
	LDAPControl *asked[2] = { NULL };
	struct bytes request;
	int id;

	if (ldap_create_page_control(ld, load->page, &load->cookie, 0, &asked[0]) !=
	    LDAP_SUCCESS || ldap_search_ext(ld, part[0], load_scope(part[1]), part[2], NULL, 0,
	    asked, NULL, NULL, 0, &id) != LDAP_SUCCESS)
		load_fail(part[2], "libldap refuses the search");
	ldap_control_free(asked[0]);
	request = load_encoded(other);
	load_send(&load->connections[0], &request);
	mem_free(&request.data);
}

static void
load_run_pages(struct load *load)
{
	struct connection *connection = &load->connections[0];
	char *line = load->first, *part[3];
	struct epoll_event event;
	int other;
	size_t i;
	LDAP *ld;

	for (i = 0; i < 3; i++)
		part[i] = strsep(&line, "\t");
	ld = load_encoder(&other);
	do {
		load->idle = 0;
		connection->busy = true;
		connection->since = load_time();
		load_ask_page(load, ld, other, part);
		do
			(void)epoll_wait(load->epoll, &event, 1, -1);
		while (!load_receive(load, connection));
	} while (load->cookie.bv_len > 0);
	ber_memfree(load->cookie.bv_val);
	(void)close(other);
	(void)ldap_destroy(ld);
	load->done = 1;
}

/* ---- figures -------------------------------------------------------------------------------------- */

/* CPU seconds of a process so far. */
static double
load_cpu(long pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid((pid_t)pid, &clock) != 0 || clock_gettime(clock, &used) < 0)
		load_fail("-p", "no such process");
	return ((double)used.tv_sec + (double)used.tv_nsec / 1e9);
}

static double
load_quantile(const struct load *load, double part)
{
	uint64_t seen = 0;
	size_t i;

	for (i = 0; i < LOAD_BUCKETS; i++) {
		seen += load->buckets[i];
		if ((double)seen >= part * (double)load->done)
			break;
	}
	return ((double)i);
}

static void
load_print(const struct load *load, double seconds, double cpu)
{
	(void)printf("{\"searches\": %llu, \"failed\": %llu, \"entries\": %llu, \"per_second\": "
	    "%.0f, \"entries_per_second\": %.0f, \"p50_us\": %.0f, \"p99_us\": %.0f, "
	    "\"cpu_us\": %.2f}\n", (unsigned long long)load->done,
	    (unsigned long long)load->failed, (unsigned long long)load->entries,
	    (double)load->done / seconds, (double)load->entries / seconds,
	    load_quantile(load, 0.5), load_quantile(load, 0.99),
	    load->done > 0 ? cpu * 1e6 / (double)load->done : 0);
}

int
main(int argc, char **argv)
{
	struct load load = { .connection_count = 4, .seconds = 3, .random = 1 };
	double began, cpu;
	int option;

	while ((option = getopt(argc, argv, "1c:s:r:P:D:w:p:")) >= 0) {
		switch (option) {
		case '1': load.once = true; break;
		case 'c': load.connection_count = strtoul(optarg, NULL, 10); break;
		case 's': load.seconds = strtod(optarg, NULL); break;
		case 'r': load.rate = strtod(optarg, NULL); break;
		case 'P': load.page = atoi(optarg); break;
		case 'D': load.dn = optarg; break;
		case 'w': load.password = optarg; break;
		case 'p': load.pid = strtol(optarg, NULL, 10); break;
		default: return (2);
		}
	}
	if (argc - optind != 2)
		load_fail("usage", "ldapload [-c N] [-s SECONDS | -1] [-r RATE] [-P SIZE] "
		    "[-D DN -w PASSWORD] [-p PID] URI FILE");
	(void)signal(SIGPIPE, SIG_IGN);
	load.uri = argv[optind];
	load.buckets = mem_alloc(LOAD_BUCKETS * sizeof(*load.buckets));
	load_read_searches(&load, argv[optind + 1]);
	load_open(&load);
	cpu = load.pid != 0 ? load_cpu(load.pid) : 0;
	began = load_time();
	if (load.page > 0)
		load_run_pages(&load);
	else
		load_run(&load);
	began = load_time() - began;
	cpu = load.pid != 0 ? load_cpu(load.pid) - cpu : 0;
	load_print(&load, began, cpu);
	return (0);
}
