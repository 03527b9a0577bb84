/*
 * base/conf/form.h: distinguished names, URLs, addresses to listen on.
 */
#include "config.h"

#include "tests/unit/unit.h"

#include "base/conf/form.h"

struct form {
	const char	*text;
	bool		 ok;
};

static void
forms_check(const struct form *forms, size_t count,
    int (*check)(const char *, struct err *))
{
	struct err err;
	size_t i;

	for (i = 0; i < count; i++) {
		err = (struct err)ERR_INIT;
		if ((check(forms[i].text, &err) == 0) != forms[i].ok)
			fail_msg("row %zu: %s (%s)", i, forms[i].text, err.text);
		assert_row(i, (err.code == ERR_NONE) == forms[i].ok);
	}
}

static void
dns_are_those_of_rfc_4514(void **state __attribute__((unused)))
{
	static const struct form forms[] = {
		{ "dc=example,dc=com", true },
		{ "DC=Example,DC=COM", true },
		{ "o=ACME", true },
		{ "o=ACME\\, Inc.,c=FR", true },
		{ "o=ACME\\2C Inc.,c=FR", true },
		{ "o=a b,c=FR", true },
		{ "o=a=b", true },
		{ "o=a#b", true },
		{ "o=\\ a\\ ,c=FR", true },
		{ "o=\\#a", true },
		{ "o=a\\\\", true },
		{ "o=Škoda,l=東京", true },
		{ "o=\\C5\\A0koda", true },
		{ "ou=a+cn=b,dc=x", true },
		{ "2.5.4.10=ACME", true },
		{ "0.9.2342.19200300.100.1.25=#04024869", true },
		{ "x-y1=a", true },
		{ "", false },
		{ "example.com", false },
		{ "dc=", false },
		{ "dc=example,", false },
		{ ",dc=example", false },
		{ "dc=example,,dc=com", false },
		{ "dc=example, dc=com", false },
		{ "dc=example ,dc=com", false },
		{ "dc =example", false },
		{ "dc= example", false },
		{ "dc=example ", false },
		{ "o=a\\\\ ,c=FR", false },
		{ "dc=example;dc=com", false },
		{ "o=\"ACME\"", false },
		{ "o=a<b", false },
		{ "o=a\\", false },
		{ "o=a\\z", false },
		{ "o=a\\4", false },
		{ "o=#", false },
		{ "o=#4", false },
		{ "o=#0402486", false },
		{ "o=#0g", false },
		{ "1dc=x", false },
		{ "2.=x", false },
		{ "2=x", false },
		{ "2.05=x", false },
		{ "dc_x=a", false },
		{ "=x", false },
		{ "dc=a+", false },
	};

	forms_check(forms, ROWS(forms), conf_form_dn);
}

static void
urls_are_those_of_rfc_3986(void **state __attribute__((unused)))
{
	static const struct form forms[] = {
		{ "https://api.kombo.dev/v1", true },
		{ "https://api.kombo.dev", true },
		{ "https://api.kombo.dev/", true },
		{ "http://127.0.0.1:8080/v1", true },
		{ "http://[::1]:8080/v1", true },
		{ "https://[2001:db8::1]", true },
		{ "https://a_b.example:65535/%20x", true },
		{ "", false },
		{ "api.kombo.dev", false },
		{ "ftp://api.kombo.dev", false },
		{ "HTTPS://api.kombo.dev", false },
		{ "https:/api.kombo.dev", false },
		{ "https://", false },
		{ "https:///v1", false },
		{ "https://:8080/v1", false },
		{ "https://a..b/", false },
		{ "https://-a/", false },
		{ "https://a:0/", false },
		{ "https://a:65536/", false },
		{ "https://a:/", false },
		{ "https://a:x/", false },
		{ "https://user@a/", false },
		{ "https://user:password@a/", false },
		{ "https://a/?q", false },
		{ "https://a?q", false },
		{ "https://a/#f", false },
		{ "https://a b/", false },
		{ "https://a/b c", false },
		{ "https://a/\"", false },
		{ "https://é.example/", false },
		{ "https://::1/", false },
		{ "https://[::1/", false },
		{ "https://[127.0.0.1]/", false },
	};

	forms_check(forms, ROWS(forms), conf_form_url);
}

static void
listen_is_an_address_with_a_port(void **state __attribute__((unused)))
{
	static const struct form forms[] = {
		{ "127.0.0.1:8443", true }, { "0.0.0.0:1", true },
		{ "[::]:8443", true }, { "[::1]:8443", true },
		{ "[2001:db8::1]:65535", true }, { "unix:/run/x", true },
		{ "", false }, { "8443", false }, { ":8443", false },
		{ "*:8443", false }, { "localhost:8443", false },
		{ "127.0.0.1", false }, { "127.0.0.1:", false },
		{ "127.0.0.1:0", false }, { "127.0.0.1:65536", false },
		{ "127.0.0.1:+1", false }, { "127.0.0.1:1 ", false },
		{ "127.0.0.256:1", false }, { "::1:8443", false },
		{ "[::1]", false }, { "[::1]8443", false }, { "[::1", false },
		{ "[127.0.0.1]:1", false }, { "unix:", false }, { "unix:x", false },
		{ "unix:/a23456789012345678901234567890123456789012345678901234567"
		    "89012345678901234567890123456789012345678901234567890", false },
	};
	static const struct form local[] = {
		{ "127.0.0.1:1", true }, { "127.255.0.1:1", true }, { "[::1]:1", true },
		{ "[::ffff:127.0.0.1]:1", true }, { "unix:/x", true },
		{ "0.0.0.0:1", false }, { "[::]:1", false }, { "128.0.0.1:1", false },
		{ "[::ffff:10.0.0.1]:1", false }, { "nonsense", false },
	};
	size_t i;

	forms_check(forms, ROWS(forms), conf_form_listen);
	for (i = 0; i < ROWS(local); i++)
		assert_row(i, conf_form_listen_is_local(local[i].text) == local[i].ok);
	assert_true(conf_form_url_is_local("http://localhost:80/x"));
	assert_true(conf_form_url_is_local("http://[::1]"));
	assert_false(conf_form_url_is_local("http://localhost.example/"));
	assert_false(conf_form_url_is_local("nonsense"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dns_are_those_of_rfc_4514),
		cmocka_unit_test(urls_are_those_of_rfc_3986),
		cmocka_unit_test(listen_is_an_address_with_a_port),
	};

	return (cmocka_run_group_tests_name("conf_form", tests, NULL, NULL));
}
