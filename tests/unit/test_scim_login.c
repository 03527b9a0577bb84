/*
 * scim/origin.h: whose address a request has; scim/throttle.h: failed logins.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "scim/origin.h"
#include "scim/throttle.h"

#define PER_MINUTE	6		/* one in ten seconds */
#define FLOOD		200000

static struct net
net_of(const char *text)
{
	struct err err = ERR_INIT;
	struct net net;

	if (net_parse(text, &net, &err) < 0)
		fail_msg("%s %s", text, err.text);
	return (net);
}

/* ---- whose address ------------------------------------------------------- */

struct walk {
	const char	*peer;
	const char	*lines[3];
	const char	*client;
};

static void
walks_check(enum origin_header header, const struct walk *rows, size_t count)
{
	struct net trusted[] = { net_of("10.0.0.0/8"), net_of("2001:db8:a::/48"),
		net_of("unix") };
	const struct origin origin = { header, trusted, ROWS(trusted) };
	char text[NET_TEXT_SIZE];
	struct net address;
	size_t i, lines;

	for (i = 0; i < count; i++) {
		address = net_of(rows[i].peer);
		for (lines = 0; lines < 3 && rows[i].lines[lines] != NULL; lines++)
			continue;
		origin_walk(&origin, rows[i].lines, lines, &address);
		if (strcmp(net_format(&address, text), rows[i].client) != 0)
			fail_msg("row %zu: %s", i, text);
	}
}

static void
x_forwarded_for_is_read_from_its_end(void **state __attribute__((unused)))
{
	static const struct walk rows[] = {
		{ "10.0.0.1", { "192.0.2.1" }, "192.0.2.1" },
		{ "unix", { "192.0.2.1" }, "192.0.2.1" },
		{ "10.0.0.1", { NULL }, "10.0.0.1" },
		{ "10.0.0.1", { "" }, "10.0.0.1" },
		/* what a client says of itself stands before, and is not believed */
		{ "10.0.0.1", { "203.0.113.9, 192.0.2.1" }, "192.0.2.1" },
		{ "10.0.0.1", { "203.0.113.9", "192.0.2.1" }, "192.0.2.1" },
		/* other proxies of ours are passed through */
		{ "10.0.0.1", { "203.0.113.9, 192.0.2.1, 10.0.0.7" }, "192.0.2.1" },
		{ "10.0.0.1", { "192.0.2.1", "10.0.0.7, 10.0.0.8" }, "192.0.2.1" },
		{ "10.0.0.1", { "10.0.0.9,10.0.0.8" }, "10.0.0.9" },
		/* forms that proxies write */
		{ "10.0.0.1", { "192.0.2.1:4711" }, "192.0.2.1" },
		{ "10.0.0.1", { "2001:db8::1" }, "2001:db8::1" },
		{ "10.0.0.1", { "[2001:db8::1]" }, "2001:db8::1" },
		{ "10.0.0.1", { "[2001:db8::1]:4711" }, "2001:db8::1" },
		{ "10.0.0.1", { "\t192.0.2.1 ,  , " }, "192.0.2.1" },
		{ "2001:db8:a::1", { "::ffff:192.0.2.1" }, "192.0.2.1" },
		/* behind what cannot be read nothing is believed */
		{ "10.0.0.1", { "192.0.2.1, unknown" }, "10.0.0.1" },
		{ "10.0.0.1", { "192.0.2.1, 10.0.0.7, unix" }, "10.0.0.1" },
		{ "10.0.0.1", { "192.0.2.1, x, 10.0.0.7" }, "10.0.0.7" },
		{ "10.0.0.1", { "192.0.2.0/24" }, "10.0.0.1" },
		{ "10.0.0.1", { "[192.0.2.1" }, "10.0.0.1" },
		{ "10.0.0.1", { "[]" }, "10.0.0.1" },
		{ "10.0.0.1", { ":" }, "10.0.0.1" },
	};

	walks_check(ORIGIN_X_FORWARDED_FOR, rows, ROWS(rows));
}

static void
forwarded_is_that_of_rfc_7239(void **state __attribute__((unused)))
{
	static const struct walk rows[] = {
		{ "10.0.0.1", { "for=192.0.2.60;proto=http;by=203.0.113.43" },
		    "192.0.2.60" },
		{ "10.0.0.1", { "For=\"[2001:db8:cafe::17]:4711\"" }, "2001:db8:cafe::17" },
		{ "10.0.0.1", { "for=203.0.113.9, for=192.0.2.1" }, "192.0.2.1" },
		{ "10.0.0.1", { "for=192.0.2.1, for=10.1.1.1;by=10.0.0.1" }, "192.0.2.1" },
		{ "10.0.0.1", { "proto=https; for=\"192.0.2.1:80\" " }, "192.0.2.1" },
		{ "10.0.0.1", { "for=192.0.2.1", "by=\"a,b;c\";for=10.0.0.2" },
		    "192.0.2.1" },
		/* a quote that the client leaves open hides nothing of the proxy's */
		{ "10.0.0.1", { "for=\"203.0.113.9, for=192.0.2.1" }, "192.0.2.1" },
		{ "10.0.0.1", { "for=192.0.2.1, for=unknown" }, "10.0.0.1" },
		{ "10.0.0.1", { "for=192.0.2.1, for=_hidden" }, "10.0.0.1" },
		{ "10.0.0.1", { "192.0.2.1" }, "10.0.0.1" },
		{ "10.0.0.1", { "by=192.0.2.1" }, "10.0.0.1" },
		{ "10.0.0.1", { "for=" }, "10.0.0.1" },
		{ "10.0.0.1", { "for=\"" }, "10.0.0.1" },
		{ "10.0.0.1", { ";" }, "10.0.0.1" },
	};

	walks_check(ORIGIN_FORWARDED, rows, ROWS(rows));
}

/* ---- failed logins ------------------------------------------------------- */

#define START	(INT64_C(1000000) * CLOCK_DAY)

static int64_t now;

static struct throttle *
throttle_start(void)
{
	now = START;
	return (throttle_open(PER_MINUTE));
}

/* Fails `count` times; how often the answer was to wait. */
static size_t
fail_times(struct throttle *throttle, const char *address, const char *token,
    size_t count)
{
	struct net net = net_of(address);
	size_t waits;

	for (waits = 0; count > 0; count--)
		waits += throttle_failed(throttle, &net, token, strlen(token),
		    now) > 0;
	return (waits);
}

static void
a_token_waits_alone(void **state __attribute__((unused)))
{
	struct throttle *throttle = throttle_start();
	struct net net = net_of("192.0.2.1");
	unsigned int wait;

	assert_int_equal(fail_times(throttle, "192.0.2.1", "rcs_aaaaaaaa1", PER_MINUTE), 0);
	wait = throttle_failed(throttle, &net, "rcs_aaaaaaaa1", 13, now);
	assert_in_range(wait, 1, 60 / PER_MINUTE);
	/* also from elsewhere, and with another ending */
	assert_int_equal(fail_times(throttle, "192.0.2.2", "rcs_aaaaaaaa2", 5), 5);
	/* others at that address do not */
	assert_int_equal(fail_times(throttle, "192.0.2.1", "rcs_bbbbbbbb", PER_MINUTE), 0);
	assert_int_equal(fail_times(throttle, "192.0.2.1", "rcs_cccccccc", PER_MINUTE), 0);
	throttle_close(&throttle);
	assert_null(throttle);
	throttle_close(&throttle);
}

static void
who_tries_many_tokens_waits_by_address(void **state __attribute__((unused)))
{
	struct throttle *throttle = throttle_start();
	char token[32];
	size_t i, waits;

	assert_int_equal(fail_times(throttle, "192.0.2.1", "rcs_known000", 1), 0);
	waits = 0;
	for (i = 0; i < FLOOD; i++) {
		(void)snprintf(token, sizeof(token), "rcs_%08zx", i);
		waits += fail_times(throttle, "192.0.2.1", token, 1);
	}
	assert_int_equal(waits, FLOOD - PER_MINUTE + 1);
	/* who was counted before is still, and is told 401 */
	assert_int_equal(fail_times(throttle, "192.0.2.1", "rcs_known000", PER_MINUTE), 1);
	/* nor does anybody elsewhere wait */
	assert_int_equal(fail_times(throttle, "192.0.2.2", "rcs_ffffffff", PER_MINUTE), 0);
	/* the rest of an IPv6 network is one address */
	for (i = 0; i < PER_MINUTE; i++) {
		(void)snprintf(token, sizeof(token), "rcs_%08zx", FLOOD + i);
		assert_int_equal(fail_times(throttle, "2001:db8::1", token, 1), 0);
	}
	assert_int_equal(fail_times(throttle, "2001:db8::2", "rcs_gggggggg", 1), 1);
	assert_int_equal(fail_times(throttle, "2001:db8:1::2", "rcs_gggggggg", 1), 0);
	throttle_close(&throttle);
}

static void
short_tokens_count_too(void **state __attribute__((unused)))
{
	struct throttle *throttle = throttle_start();

	assert_int_equal(fail_times(throttle, "192.0.2.1", "x", PER_MINUTE + 2), 2);
	assert_int_equal(fail_times(throttle, "192.0.2.1", "y", PER_MINUTE + 2), 2);
	throttle_close(&throttle);
}

static void
time_takes_failures_back(void **state __attribute__((unused)))
{
	static const struct {
		int64_t	later;
		size_t	count, waits;
	} rows[] = {
		{ 0, PER_MINUTE, 0 },
		{ 0, 1, 1 },
		{ CLOCK_SECOND * 60 / PER_MINUTE - 1, 1, 1 },
		{ 1, 2, 1 },		/* one was forgotten */
		{ CLOCK_SECOND * 20, 3, 1 },
		{ CLOCK_DAY, PER_MINUTE + 1, 1 },
		{ -CLOCK_DAY, 1, 1 },	/* the clock is set back: it waits no longer for it */
		{ CLOCK_SECOND * 10, 1, 0 },
		{ CLOCK_MINUTE, PER_MINUTE + 1, 1 },
	};
	struct throttle *throttle = throttle_start();
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		now += rows[i].later;
		assert_row(i, fail_times(throttle, "192.0.2.1", "rcs_aaaaaaaa",
		    rows[i].count) == rows[i].waits);
	}
	throttle_close(&throttle);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(x_forwarded_for_is_read_from_its_end),
		cmocka_unit_test(forwarded_is_that_of_rfc_7239),
		cmocka_unit_test(a_token_waits_alone),
		cmocka_unit_test(who_tries_many_tokens_waits_by_address),
		cmocka_unit_test(short_tokens_count_too),
		cmocka_unit_test(time_takes_failures_back),
	};

	return (cmocka_run_group_tests_name("scim_login", tests, NULL, NULL));
}
