/*
 * Owns what the configuration says once and for all. Immutable after site_open.
 */
#include "config.h"

#include "scim/site.h"

#include <string.h>

#include "base/digest.h"
#include "scim/discovery.h"

#define SITE_PATH	"/scim/v2"
#define SITE_UNIX	"unix:"

/* A Unix socket has no name of its own in a URL. */
static char *
site_url(const struct conf *conf)
{
	const char *listen, *url;

	url = conf_text(&conf->set, CONF_SCIM_BASE_URL);
	if (url != NULL && *url != '\0')
		return (mem_dup(url));
	listen = conf_text(&conf->set, CONF_SCIM_LISTEN);
	return (mem_printf("%s://%s" SITE_PATH,
	    conf_given(&conf->set, CONF_SCIM_CERTIFICATE) ? "https" : "http",
	    strncmp(listen, SITE_UNIX, strlen(SITE_UNIX)) == 0 ? "localhost" : listen));
}

static const char *
site_path(const char *url)
{
	const char *host, *path;

	host = strstr(url, "://");
	host = host != NULL ? host + 3 : url;
	path = strchr(host, '/');
	return (path != NULL ? path : host + strlen(host));
}

struct site *
site_open(const struct conf *conf)
{
	struct site *site;
	enum resource_type i;

	site = mem_alloc(sizeof(*site));
	site->base_url = site_url(conf);
	site->tls = conf_given(&conf->set, CONF_SCIM_CERTIFICATE);
	/* The rest of the connection's memory is for the head of the answer. */
	site->head_max = (size_t)conf_number(&conf->set, CONF_SCIM_HEAD) * 1024 / 8 * 7;
	site->base_path = site_path(site->base_url);
	site->base_path_len = strlen(site->base_path);
	site->hash = hash64_seed(site->base_url, strlen(site->base_url),
	    hash64_text(PACKAGE_VERSION));
	site->page_size = (unsigned int)conf_number(&conf->set, CONF_SCIM_PAGE);
	site->page_size_max = (unsigned int)conf_number(&conf->set, CONF_SCIM_PAGE_MAX);
	site->cursor_timeout = conf_number(&conf->set, CONF_SCIM_CURSOR);
	discovery_provider(&site->provider, site);
	discovery_types(&site->types, site);
	for (i = 0; i < RESOURCE_N; i++)
		discovery_type(&site->type[i], site, i);
	return (site);
}

void
site_close(struct site **site)
{
	enum resource_type i;

	if (*site == NULL)
		return;
	for (i = 0; i < RESOURCE_N; i++)
		buf_close(&(*site)->type[i]);
	buf_close(&(*site)->provider);
	buf_close(&(*site)->types);
	mem_free(&(*site)->base_url);
	mem_free(site);
}
