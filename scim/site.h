/*
 * What is the same for everybody, from the configuration at the start: where the
 * service is found and how large pages are.
 */
#ifndef ROLLCALL_SCIM_SITE_H
#define ROLLCALL_SCIM_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/mem.h"
#include "scim/attr.h"

struct site {
	char		*base_url;	/* no slash at its end */
	const char	*base_path;	/* its path, "" or "/scim/v2" */
	size_t		 base_path_len;
	uint64_t	 hash;		/* of what representations owe to this struct */
	unsigned int	 page_size;
	unsigned int	 page_size_max;
	int64_t		 cursor_timeout;	/* microseconds */
	bool		 tls;
	size_t		 head_max;	/* bytes of a request's head */
	struct buf	 provider;	/* /ServiceProviderConfig */
	struct buf	 types;		/* /ResourceTypes */
	struct buf	 type[RESOURCE_N];	/* /ResourceTypes/{name} */
};

/* The base URL is [scim] base_url, else made of the first address to listen on. */
struct site *site_open(const struct conf *conf);
void	site_close(struct site **site);

#endif
