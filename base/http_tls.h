/*
 * Inside base/ only: the certificate and key that a process shows, one pair at a time.
 */
#ifndef ROLLCALL_BASE_HTTP_TLS_H
#define ROLLCALL_BASE_HTTP_TLS_H

#include <gnutls/abstract.h>

#include "base/err.h"

/* TLS 1.2 and 1.3 only. */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

/*
 * Reads both files and shows them from now on; what was shown before stays in memory
 * for the handshakes under way. ERR_CONFIG: they cannot be read or do not belong
 * together.
 */
int	tls_load(const char *certificate, const char *key, struct err *err);

/* Frees all of them; no handshake may be under way. */
void	tls_unload(void);

/* For MHD_OPTION_HTTPS_CERT_CALLBACK. */
int tls_retrieve(gnutls_session_t session, const gnutls_datum_t *authorities, int count,
    const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
    gnutls_pcert_st **certificates, unsigned int *certificate_count,
    gnutls_privkey_t *key);

#endif
