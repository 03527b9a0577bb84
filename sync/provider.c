/*
 * Owns nothing.
 */
#include "config.h"

#include "sync/provider.h"

#include "sync/csv/file.h"

int
provider_check(const struct conf_source *source, const struct csv_input *input,
    struct err *err)
{
	switch (conf_provider(source)) {
	case CONF_FROM_KOMBO:
		break;
	case CONF_FROM_CSV:
		if (input != NULL || conf_source_fetches(source))
			return (0);
		return (err_set(err, ERR_REFUSED, "source %s has no file of its own: `rollcall "
		    "import FILE --source %s`, or write file = PATH in %s", source->name,
		    source->name, source->file));
	case CONF_FROM_HAND:
		return (err_set(err, ERR_REFUSED, "the people of source %s are added by hand: "
		    "nothing is fetched (`rollcall add`, `rollcall list`)", source->name));
	}
	if (input != NULL)
		return (err_set(err, ERR_REFUSED, "source %s is no CSV source: files are imported "
		    "into one with provider = csv", source->name));
	return (0);
}

int
provider_fetch(const struct fetch_order *order, const struct csv_input *input,
    const char *path, struct fetched **fetched, struct err *err)
{
	if (conf_provider(order->source) == CONF_FROM_CSV)
		return (file_fetch(order, input, path, fetched, err));
	return (fetch_run(order, path, fetched, err));
}

int
provider_probe(const struct fetch_order *order, struct buf *report, struct err *err)
{
	if (conf_provider(order->source) == CONF_FROM_CSV)
		return (file_probe(order, report, err));
	return (fetch_probe(order, report, err));
}
