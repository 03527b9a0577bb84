/*
 * Owns the identities a process has shown, newest first: libmicrohttpd's callback has
 * no context, so there is one list for all listeners. Any thread may retrieve while one
 * loads.
 */
#include "config.h"

#include "base/http_tls.h"

#include <gnutls/gnutls.h>
#include <stdatomic.h>

#include "base/mem.h"

#define TLS_CHAIN 16		/* certificates in a chain at most */

struct tls_identity {
	gnutls_pcert_st		 chain[TLS_CHAIN];
	unsigned int		 count;
	gnutls_privkey_t	 key;
	struct tls_identity	*older;
};

static _Atomic(struct tls_identity *) tls_shown;

static void
tls_free(struct tls_identity *identity)
{
	unsigned int i;

	for (i = 0; i < identity->count; i++)
		gnutls_pcert_deinit(&identity->chain[i]);
	if (identity->key != NULL)
		gnutls_privkey_deinit(identity->key);
	mem_free(&identity);
}

static int
tls_fail(int result, const char *what, struct err *err)
{
	return (err_set(err, ERR_CONFIG, "%s: %s", what, gnutls_strerror(result)));
}

/* Whether they belong together: GnuTLS tells when it is asked to use them. */
static int
tls_check(const gnutls_datum_t *certificate, const gnutls_datum_t *key)
{
	gnutls_certificate_credentials_t credentials;
	int result;

	result = gnutls_certificate_allocate_credentials(&credentials);
	if (result < 0)
		return (result);
	result = gnutls_certificate_set_x509_key_mem(credentials, certificate, key,
	    GNUTLS_X509_FMT_PEM);
	gnutls_certificate_free_credentials(credentials);
	return (result);
}

static int
tls_import(struct tls_identity *identity, const gnutls_datum_t *certificate,
    const gnutls_datum_t *key)
{
	unsigned int count = TLS_CHAIN;
	int result;

	result = tls_check(certificate, key);
	if (result < 0)
		return (result);
	result = gnutls_pcert_list_import_x509_raw(identity->chain, &count, certificate,
	    GNUTLS_X509_FMT_PEM, 0);
	if (result < 0)
		return (result);
	identity->count = count;
	result = gnutls_privkey_init(&identity->key);
	if (result < 0)
		return (result);
	return (gnutls_privkey_import_x509_raw(identity->key, key, GNUTLS_X509_FMT_PEM,
	    NULL, 0));
}

int
tls_load(const char *certificate, const char *key, struct err *err)
{
	gnutls_datum_t cert_data = { .data = NULL }, key_data = { .data = NULL };
	struct tls_identity *identity;
	int result;

	result = gnutls_load_file(certificate, &cert_data);
	if (result < 0)
		return (tls_fail(result, certificate, err));
	result = gnutls_load_file(key, &key_data);
	if (result < 0) {
		gnutls_free(cert_data.data);
		return (tls_fail(result, key, err));
	}
	identity = mem_alloc(sizeof(*identity));
	result = tls_import(identity, &cert_data, &key_data);
	gnutls_free(cert_data.data);
	gnutls_memset(key_data.data, 0, key_data.size);
	gnutls_free(key_data.data);
	if (result < 0) {
		tls_free(identity);
		return (err_set(err, ERR_CONFIG, "%s with %s: %s", certificate, key,
		    gnutls_strerror(result)));
	}
	identity->older = atomic_load(&tls_shown);
	atomic_store(&tls_shown, identity);
	return (0);
}

void
tls_unload(void)
{
	struct tls_identity *identity, *older;

	for (identity = atomic_exchange(&tls_shown, NULL); identity != NULL;
	     identity = older) {
		older = identity->older;
		tls_free(identity);
	}
}

int
tls_retrieve(gnutls_session_t session __attribute__((unused)),
    const gnutls_datum_t *authorities __attribute__((unused)),
    int count __attribute__((unused)),
    const gnutls_pk_algorithm_t *algorithms __attribute__((unused)),
    int algorithm_count __attribute__((unused)), gnutls_pcert_st **certificates,
    unsigned int *certificate_count, gnutls_privkey_t *key)
{
	struct tls_identity *identity;

	identity = atomic_load(&tls_shown);
	if (identity == NULL)
		return (-1);
	*certificates = identity->chain;
	*certificate_count = identity->count;
	*key = identity->key;
	return (0);
}
