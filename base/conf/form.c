/*
 * Owns nothing.
 */
#include "config.h"

#include "base/conf/form.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "base/text.h"

#define DIGITS		"0123456789"
#define LETTERS		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define HEX		DIGITS "abcdefABCDEF"
#define HOST_SIZE	256
#define UNIX_PREFIX	"unix:"

/* ---- distinguished names (RFC 4514 section 3) ---- */

/* The length of the attribute type text begins with, 0 for none. */
static size_t
dn_type(const char *text)
{
	size_t digits, len;

	len = strspn(text, LETTERS);
	if (len > 0)
		return (len + strspn(text + len, LETTERS DIGITS "-"));
	for (;;) {
		digits = strspn(text + len, DIGITS);
		if (digits == 0 || (digits > 1 && text[len] == '0'))
			return (0);
		len += digits;
		if (text[len] != '.')
			break;
		len++;
	}
	return (memchr(text, '.', len) != NULL ? len : 0);
}

/* The length of "\," or "\2C", 0 when the backslash escapes nothing. */
static size_t
dn_escape(const char *text)
{
	if (text[1] != '\0' && strchr("\\ #=\"+,;<>", text[1]) != NULL)
		return (2);
	return (strspn(text + 1, HEX) >= 2 ? 3 : 0);
}

static size_t
dn_hex_value(const char *text, struct err *err)
{
	size_t len;

	len = strspn(text + 1, HEX);
	if (len > 0 && len % 2 == 0)
		return (len + 1);
	(void)err_set(err, ERR_CONFIG, "has a # without pairs of hexadecimal digits");
	return (0);
}

/* The length of the attribute value text begins with; 0 for none, and err says why. */
static size_t
dn_value(const char *text, struct err *err)
{
	size_t len, step;

	if (*text == '#')
		return (dn_hex_value(text, err));
	step = 0;
	for (len = 0; strcspn(text + len, ",+") > 0; len += step) {
		step = text[len] == '\\' ? dn_escape(text + len) : 1;
		if (step == 0 || strchr("\";<>", text[len]) != NULL) {
			(void)err_set(err, ERR_CONFIG,
			    "has a %c that needs a backslash before it", text[len]);
			return (0);
		}
	}
	if (len == 0) {
		(void)err_set(err, ERR_CONFIG, "has an attribute without a value");
		return (0);
	}
	if (*text == ' ' || (step == 1 && text[len - 1] == ' ')) {
		(void)err_set(err, ERR_CONFIG,
		    "has a blank beside a separator: none may stand beside , = and +");
		return (0);
	}
	return (len);
}

int
conf_form_dn(const char *text, struct err *err)
{
	size_t len;

	for (;; text++) {
		if (*text == '\0' || *text == ' ')
			return (err_set(err, ERR_CONFIG,
			    "has %s where an attribute=value should stand; write it "
			    "like dc=example,dc=com",
			    *text == ' ' ? "a blank" : "nothing"));
		len = dn_type(text);
		if (len == 0 || text[len] != '=')
			return (err_set(err, ERR_CONFIG,
			    "has no attribute=value at \"%.*s\"; write it like "
			    "dc=example,dc=com", (int)text_fit(text, 20), text));
		text += len + 1;
		len = dn_value(text, err);
		if (len == 0)
			return (-1);
		text += len;
		if (*text == '\0')
			return (0);
	}
}

/* ---- hosts and ports ---- */

static bool
port_valid(const char *text)
{
	unsigned int port;
	size_t len;

	len = strspn(text, DIGITS);
	if (len == 0 || len > 5 || text[len] != '\0')
		return (false);
	port = 0;
	for (; *text != '\0'; text++)
		port = port * 10 + (unsigned int)(*text - '0');
	return (port >= 1 && port <= 65535);
}

static bool
host_is_v4(const char *host)
{
	struct in_addr address;

	return (inet_pton(AF_INET, host, &address) == 1);
}

static bool
host_is_v6(const char *host)
{
	struct in6_addr address;

	return (inet_pton(AF_INET6, host, &address) == 1);
}

/* Labels of letters, digits and hyphens (RFC 1123), or an IPv4 address. */
static bool
host_is_name(const char *host)
{
	size_t len;

	for (;; host += len + 1) {
		len = strspn(host, LETTERS DIGITS "-_");
		if (len == 0 || len > 63 || host[0] == '-' || host[len - 1] == '-')
			return (false);
		if (host[len] == '\0')
			return (true);
		if (host[len] != '.')
			return (false);
	}
}

static bool
host_is_loopback(const char *host)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return (ntohl(v4.s_addr) >> 24 == 127);
	if (inet_pton(AF_INET6, host, &v6) == 1)
		return (IN6_IS_ADDR_LOOPBACK(&v6) ||
		    (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127));
	return (strcmp(host, "localhost") == 0);
}

/*
 * Takes "host", "host:port", "[v6]" or "[v6]:port" apart: the host goes to `host`,
 * *port is what follows the colon, or NULL. False when it has none of these forms.
 */
static bool
host_split(const char *text, char host[HOST_SIZE], const char **port)
{
	const char *end, *start;
	bool bracket;

	bracket = *text == '[';
	start = bracket ? text + 1 : text;
	end = start + strcspn(start, bracket ? "]" : ":");
	if ((size_t)(end - start) >= HOST_SIZE || (bracket && *end != ']'))
		return (false);
	(void)snprintf(host, HOST_SIZE, "%.*s", (int)(end - start), start);
	if (bracket)
		end++;
	*port = *end == ':' ? end + 1 : NULL;
	return ((*end == '\0' || *end == ':') && bracket == host_is_v6(host));
}

/* ---- URLs ---- */

/* What follows the scheme and its slashes, or NULL when the scheme is none of ours. */
static const char *
url_after_scheme(const char *text)
{
	if (strncmp(text, "https://", 8) == 0)
		return (text + 8);
	return (strncmp(text, "http://", 7) == 0 ? text + 7 : NULL);
}

/* Copies "host:port" out of a URL. False when it is too long. */
static bool
url_authority(const char *rest, char authority[HOST_SIZE])
{
	size_t len;

	len = strcspn(rest, "/?#");
	if (len >= HOST_SIZE)
		return (false);
	memcpy(authority, rest, len);
	authority[len] = '\0';
	return (true);
}

int
conf_form_url(const char *text, struct err *err)
{
	char authority[HOST_SIZE], host[HOST_SIZE];
	const char *port, *rest;
	size_t i;

	rest = url_after_scheme(text);
	if (rest == NULL)
		return (err_set(err, ERR_CONFIG,
		    "does not begin with https:// or http://"));
	for (i = 0; text[i] != '\0'; i++)
		if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 0x7f ||
		    strchr("\"<>\\^`{|}", text[i]) != NULL)
			return (err_set(err, ERR_CONFIG,
			    "holds a character that no URL may hold as it is"));
	if (strpbrk(rest, "?#") != NULL)
		return (err_set(err, ERR_CONFIG, "has a query or a fragment"));
	if (strchr(rest, '@') != NULL)
		return (err_set(err, ERR_CONFIG, "names a user, or holds an @"));
	if (!url_authority(rest, authority) || !host_split(authority, host, &port) ||
	    (!host_is_v6(host) && !host_is_name(host)))
		return (err_set(err, ERR_CONFIG, "names no host that there could be"));
	if (port != NULL && !port_valid(port))
		return (err_set(err, ERR_CONFIG,
		    "has a port that is not within 1..65535"));
	return (0);
}

bool
conf_form_url_is_local(const char *text)
{
	char authority[HOST_SIZE], host[HOST_SIZE];
	const char *port, *rest;

	rest = url_after_scheme(text);
	return (rest != NULL && url_authority(rest, authority) &&
	    host_split(authority, host, &port) && host_is_loopback(host));
}

/* ---- addresses to listen on ---- */

int
conf_form_listen(const char *text, struct err *err)
{
	const struct sockaddr_un *local = NULL;
	char host[HOST_SIZE];
	const char *port;

	if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0) {
		text += strlen(UNIX_PREFIX);
		if (*text != '/')
			return (err_set(err, ERR_CONFIG,
			    "has no absolute path after unix:"));
		if (strlen(text) >= sizeof(local->sun_path))
			return (err_set(err, ERR_CONFIG,
			    "is longer than a socket's path can be (%zu bytes)",
			    sizeof(local->sun_path) - 1));
		return (0);
	}
	if (!host_split(text, host, &port) || (!host_is_v4(host) && !host_is_v6(host)))
		return (err_set(err, ERR_CONFIG, "is no address: write 127.0.0.1:8443, "
		    "[::1]:8443 or unix:/path"));
	if (port == NULL || !port_valid(port))
		return (err_set(err, ERR_CONFIG, "has no port within 1..65535"));
	return (0);
}

bool
conf_form_listen_is_local(const char *text)
{
	char host[HOST_SIZE];
	const char *port;

	if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0)
		return (true);
	return (host_split(text, host, &port) && host_is_loopback(host));
}
