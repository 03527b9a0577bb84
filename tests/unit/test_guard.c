/*
 * base/http_guard.h: who is connected and who has to go; base/net.h: addresses.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/http_guard.h"

#define REQUEST		(10 * CLOCK_SECOND)
#define IDLE		(60 * CLOCK_SECOND)
#define PEOPLE		16

/* ---- addresses ----------------------------------------------------------- */

static void
addresses_have_one_way_to_be_written(void **state __attribute__((unused)))
{
	static const struct {
		const char	*text, *written;	/* NULL: it is none */
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "192.0.2.0/24", "192.0.2.0/24" },
		{ "192.0.2.1/32", "192.0.2.1" },
		{ "0.0.0.0/0", "0.0.0.0/0" },
		{ "::1", "::1" },
		{ "2001:DB8:0::/32", "2001:db8::/32" },
		{ "::/0", "::/0" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "unix", "unix" },
		{ "", NULL },
		{ "192.0.2", NULL },
		{ "192.0.2.1/", NULL },
		{ "192.0.2.1/33", NULL },
		{ "192.0.2.1/-1", NULL },
		{ "192.0.2.1/+1", NULL },
		{ "192.0.2.1/0024", NULL },
		{ "192.0.2.1/24", NULL },	/* bits beyond its length */
		{ "::1/129", NULL },
		{ "::1/64", NULL },
		{ "192.0.2.1:80", NULL },
		{ "[::1]", NULL },
		{ "unix:/run/x", NULL },
		{ "Unix", NULL },
		{ "localhost", NULL },
		{ "1111111111111111111111111111111111111111111111111111111111111111111", NULL },
	};
	char text[NET_TEXT_SIZE];
	struct net net;
	struct err err;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		err = (struct err)ERR_INIT;
		assert_row(i, (net_parse(rows[i].text, &net, &err) == 0) ==
		    (rows[i].written != NULL));
		assert_row(i, (err.code == ERR_NONE) == (rows[i].written != NULL));
		if (rows[i].written != NULL)
			assert_row(i, strcmp(net_format(&net, text),
			    rows[i].written) == 0);
	}
}

static struct net
net_of(const char *text)
{
	struct err err = ERR_INIT;
	struct net net;

	if (net_parse(text, &net, &err) < 0)
		fail_msg("%s %s", text, err.text);
	return (net);
}

static void
networks_have_their_addresses(void **state __attribute__((unused)))
{
	static const struct {
		const char	*net, *address;
		bool		 has;
	} rows[] = {
		{ "192.0.2.0/24", "192.0.2.255", true },
		{ "192.0.2.0/24", "192.0.3.0", false },
		{ "192.0.2.128/25", "192.0.2.127", false },
		{ "10.0.0.0/8", "10.255.255.255", true },
		{ "0.0.0.0/0", "203.0.113.9", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "0.0.0.0/0", "unix", false },
		{ "::/0", "unix", false },
		{ "unix", "unix", true },
		{ "unix", "127.0.0.1", false },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "::1", "::1", true },
		{ "::1", "::2", false },
	};
	struct net address, net;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		net = net_of(rows[i].net);
		address = net_of(rows[i].address);
		assert_row(i, net_has(&net, &address) == rows[i].has);
	}
}

static void
one_host_counts_as_one(void **state __attribute__((unused)))
{
	static const struct {
		const char	*one, *other;
		bool		 same;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "2001:db8::1", "2001:db8::ffff:0:1", true },
		{ "2001:db8::1", "2001:db8:0:1::1", false },
		{ "unix", "::", false },
	};
	struct net one, other;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		one = net_of(rows[i].one);
		other = net_of(rows[i].other);
		assert_row(i, (net_hash(&one, 7) == net_hash(&other, 7)) == rows[i].same);
		assert_row(i, net_hash(&one, 7) != net_hash(&one, 8));
	}
}

/* ---- connections --------------------------------------------------------- */

struct end {
	struct guard_conn	*conn;
	int			 ours, theirs;
};

struct crowd {
	struct guard	*guard;
	struct end	 ends[PEOPLE];
	size_t		 count;
	int64_t		 now;
};

static void
crowd_open(struct crowd *crowd, const struct guard_setup *setup)
{
	struct guard_setup limits = *setup;

	limits.request = REQUEST;
	limits.idle = IDLE;
	if (limits.memory == 0)
		limits.memory = SIZE_MAX;
	*crowd = (struct crowd){ .guard = guard_open(&limits),
		.now = clock_monotonic() & ~INT64_C(1) };
	guard_sweep(crowd->guard, crowd->now);
}

static void
crowd_wait(struct crowd *crowd, int64_t time)
{
	crowd->now += time;
	guard_sweep(crowd->guard, crowd->now);
}

static struct guard_conn *
crowd_come(struct crowd *crowd, const char *address)
{
	struct end *end = &crowd->ends[crowd->count++];
	struct net net = net_of(address);
	int pair[2];

	assert_true(crowd->count <= PEOPLE);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	end->ours = pair[0];
	end->theirs = pair[1];
	end->conn = guard_add(crowd->guard, &net, pair[0]);
	return (end->conn);
}

/* Which of them are still connected, "1101". */
static const char *
crowd_left(const struct crowd *crowd, char text[PEOPLE + 1])
{
	size_t i;
	char c;

	for (i = 0; i < crowd->count; i++)
		text[i] = recv(crowd->ends[i].theirs, &c, 1, 0) < 0 && errno == EAGAIN ?
		    '1' : '0';
	text[crowd->count] = '\0';
	return (text);
}

#define assert_left(crowd, wanted)						\
	do {									\
		char left_[PEOPLE + 1];						\
		assert_string_equal(crowd_left(crowd, left_), wanted);		\
	} while (0)

static void
crowd_close(struct crowd *crowd)
{
	size_t i;

	for (i = 0; i < crowd->count; i++) {
		guard_remove(&crowd->ends[i].conn);
		assert_null(crowd->ends[i].conn);
		(void)close(crowd->ends[i].ours);
		(void)close(crowd->ends[i].theirs);
	}
	guard_close(&crowd->guard);
	assert_null(crowd->guard);
}

static void
time_ends_requests_and_then_silence(void **state __attribute__((unused)))
{
	const struct guard_setup setup = { .connections = 8 };
	struct guard_conn *done, *reading;
	struct crowd crowd;

	crowd_open(&crowd, &setup);
	(void)crowd_come(&crowd, "192.0.2.1");		/* never sends anything */
	done = crowd_come(&crowd, "192.0.2.1");
	reading = crowd_come(&crowd, "192.0.2.1");
	guard_begin(done);
	guard_end(done);
	guard_known(reading);				/* a token does not make it faster */
	crowd_wait(&crowd, REQUEST);
	assert_left(&crowd, "111");
	crowd_wait(&crowd, 1000);
	assert_left(&crowd, "010");
	guard_begin(done);				/* the next request has its own time */
	crowd_wait(&crowd, REQUEST);
	assert_left(&crowd, "010");
	guard_end(done);
	crowd_wait(&crowd, IDLE);
	assert_left(&crowd, "010");
	crowd_wait(&crowd, 1000);
	assert_left(&crowd, "000");
	assert_int_equal(guard_counts(crowd.guard).late, 2);
	crowd_wait(&crowd, IDLE);
	assert_int_equal(guard_counts(crowd.guard).late, 2);
	crowd_close(&crowd);
}

static void
a_crowd_makes_room_for_itself(void **state __attribute__((unused)))
{
	const struct guard_setup setup = { .connections = 4 };
	struct guard_conn *busy, *idle;
	struct crowd crowd;

	crowd_open(&crowd, &setup);
	busy = crowd_come(&crowd, "192.0.2.1");
	idle = crowd_come(&crowd, "192.0.2.2");
	guard_known(busy);
	guard_known(idle);
	guard_end(idle);
	(void)crowd_come(&crowd, "192.0.2.3");
	(void)crowd_come(&crowd, "192.0.2.4");
	assert_left(&crowd, "1111");
	(void)crowd_come(&crowd, "192.0.2.5");		/* the oldest fresh one goes */
	assert_left(&crowd, "11011");
	(void)crowd_come(&crowd, "192.0.2.6");
	assert_left(&crowd, "110011");
	guard_known(crowd.ends[4].conn);
	guard_known(crowd.ends[5].conn);
	(void)crowd_come(&crowd, "192.0.2.7");		/* else the oldest idle one */
	assert_left(&crowd, "1000111");
	guard_known(crowd.ends[6].conn);
	(void)crowd_come(&crowd, "192.0.2.8");		/* all are at work: not the new one */
	assert_left(&crowd, "10001110");
	assert_int_equal(guard_counts(crowd.guard).crowded, 4);
	guard_remove(&crowd.ends[0].conn);
	(void)crowd_come(&crowd, "192.0.2.9");
	assert_int_equal(guard_counts(crowd.guard).crowded, 4);
	crowd_close(&crowd);
}

static void
an_address_has_its_share(void **state __attribute__((unused)))
{
	const struct net trusted[] = { net_of("10.0.0.0/8") };
	const struct guard_setup setup = { .connections = 100, .per_address = 2,
		.trusted = trusted, .trusted_count = ROWS(trusted) };
	static const struct {
		const char	*address;
		bool		 admitted;
	} rows[] = {
		{ "192.0.2.1", true },
		{ "192.0.2.1", true },
		{ "192.0.2.1", false },
		{ "192.0.2.2", true },
		{ "2001:db8::1", true },
		{ "2001:db8::2", true },
		{ "2001:db8::3", false },
		{ "10.1.2.3", true },
		{ "10.1.2.3", true },
		{ "10.1.2.3", true },
		{ "unix", true },
		{ "unix", true },
		{ "unix", true },
	};
	struct crowd crowd;
	struct net net;
	size_t i;

	crowd_open(&crowd, &setup);
	for (i = 0; i < ROWS(rows); i++) {
		net = net_of(rows[i].address);
		assert_row(i, guard_admits(crowd.guard, &net) == rows[i].admitted);
		if (rows[i].admitted)
			(void)crowd_come(&crowd, rows[i].address);
	}
	assert_int_equal(guard_counts(crowd.guard).address, 2);
	(void)crowd_come(&crowd, rows[0].address);	/* admitted together with another */
	assert_left(&crowd, "111111111110");
	guard_remove(&crowd.ends[0].conn);
	guard_remove(&crowd.ends[crowd.count - 1].conn);
	net = net_of(rows[0].address);
	assert_true(guard_admits(crowd.guard, &net));
	crowd_close(&crowd);
}

static void
the_slowest_gives_its_memory_back(void **state __attribute__((unused)))
{
	const struct guard_setup setup = { .connections = 100, .memory = 100 };
	struct guard_conn *conn[5];
	struct crowd crowd;
	size_t i;

	crowd_open(&crowd, &setup);
	for (i = 0; i < ROWS(conn); i++) {
		conn[i] = crowd_come(&crowd, "192.0.2.1");
		guard_end(conn[i]);
	}
	crowd_wait(&crowd, CLOCK_SECOND);
	for (i = 0; i < 3; i++) {
		guard_begin(conn[i]);
		assert_true(guard_hold(conn[i], 30));
		crowd_wait(&crowd, CLOCK_SECOND / 10);
	}
	guard_begin(conn[3]);
	assert_false(guard_hold(conn[3], 30));		/* the others have only begun */
	assert_left(&crowd, "11111");
	guard_end(conn[3]);
	guard_begin(conn[4]);
	assert_true(guard_hold(conn[4], 10));
	guard_end(conn[0]);				/* which gives 30 back */
	guard_begin(conn[3]);
	assert_true(guard_hold(conn[3], 30));
	crowd_wait(&crowd, 2 * CLOCK_SECOND);
	guard_begin(conn[0]);
	assert_true(guard_hold(conn[0], 40));		/* 1 is the oldest, then 2 */
	assert_left(&crowd, "10011");
	assert_int_equal(guard_counts(crowd.guard).memory, 2);
	crowd_close(&crowd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_have_one_way_to_be_written),
		cmocka_unit_test(networks_have_their_addresses),
		cmocka_unit_test(one_host_counts_as_one),
		cmocka_unit_test(time_ends_requests_and_then_silence),
		cmocka_unit_test(a_crowd_makes_room_for_itself),
		cmocka_unit_test(an_address_has_its_share),
		cmocka_unit_test(the_slowest_gives_its_memory_back),
	};

	return (cmocka_run_group_tests_name("guard", tests, NULL, NULL));
}
