/*
 * Included before all else: OpenLDAP's source, as if it were configured without SLAPI; the names
 * of the package stay ours.
 */
#include "portable.h"

#undef LDAP_SLAPI
#undef PACKAGE_NAME
#undef PACKAGE_STRING
#undef PACKAGE_TARNAME
#undef PACKAGE_VERSION
