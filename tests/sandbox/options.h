/*
 * The command line of rollcall-sandbox.
 */
#ifndef ROLLCALL_TESTS_SANDBOX_OPTIONS_H
#define ROLLCALL_TESTS_SANDBOX_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"
#include "base/err.h"
#include "tests/sandbox/tenant.h"

#define OPTIONS_INTEGRATIONS 64

struct options {
	const char	*address;
	uint16_t	 port, control_port;
	const char	*ports_file;	/* NULL for none */
	const char	*integrations[OPTIONS_INTEGRATIONS];
	size_t		 integration_count;
	day_number	 today;		/* DAY_NONE: by the clock */
	int64_t		 churn;		/* seconds, 0 for not */
	bool		 prerecord;
	bool		 gzip;
	uint32_t	 rate_limit;	/* a minute, 0 for not enforced */
	const char	*webhook_url, *webhook_secret;
	bool		 help;
};

int	options_read(int argc, char **argv, struct options *options, struct err *err);

/* What --help prints. */
extern const char options_help[];

/*
 * The integration of a text such as
 * "id=lucca:Abc,people=150,seed=1,key=k,countries=FR:BE, name=ACME France". NULL with
 * err set when it cannot be read.
 */
struct tenant *options_tenant(const char *text, day_number today, struct err *err);

#endif
