/*
 * The floor of a sync: downloads every page of a complete fetch and parses it with jansson,
 * doing nothing else. Prints "records bytes wall-seconds cpu-seconds". With an instant (RFC 3339)
 * it downloads only what was updated after it, as an incremental sync does.
 *
 * usage: floor URL INTEGRATION KEY [UPDATED_AFTER]
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <jansson.h>

#include "base/clock.h"
#include "base/mem.h"

static size_t
floor_receive(char *bytes, size_t size, size_t count, void *context)
{
	buf_add(context, bytes, size * count);
	return (size * count);
}

/* One more parameter of a query; the url is replaced. A value of NULL adds nothing. */
static void
floor_add(CURL *curl, char **url, const char *name, const char *value)
{
	char *escaped, *longer;

	if (value == NULL)
		return;
	escaped = curl_easy_escape(curl, value, 0);
	longer = mem_printf("%s&%s=%s", *url, name, escaped);
	curl_free(escaped);
	mem_free(url);
	*url = longer;
}

/* One page; the next cursor is the caller's, NULL at the end. -1 when it failed. */
static int
floor_page(CURL *curl, struct buf *body, const char *url, char **next, long long *records)
{
	json_t *data, *root;

	buf_reset(body);
	(void)curl_easy_setopt(curl, CURLOPT_URL, url);
	if (curl_easy_perform(curl) != CURLE_OK)
		return (-1);
	root = json_loadb(body->data, body->len, 0, NULL);
	data = json_object_get(root, "data");
	*records += (long long)json_array_size(json_object_get(data, "results"));
	*next = mem_dup(json_string_value(json_object_get(data, "next")));
	json_decref(root);
	return (data == NULL ? -1 : 0);
}

int
main(int argc, char **argv)
{
	static const char *const models[] = { "legal-entities", "locations", "groups",
	    "employees" };
	long long bytes = 0, records = 0;
	struct curl_slist *headers = NULL;
	struct buf body = BUF_INIT;
	char *cursor, *line, *next, *url;
	int64_t begin;
	CURL *curl;
	size_t i;

	if (argc != 4 && argc != 5)
		return (2);
	curl = curl_easy_init();
	line = mem_printf("Authorization: Bearer %s", argv[3]);
	headers = curl_slist_append(headers, line);
	mem_free(&line);
	line = mem_printf("X-Integration-Id: %s", argv[2]);
	headers = curl_slist_append(headers, line);
	mem_free(&line);
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, floor_receive);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
	(void)curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	begin = clock_monotonic();
	for (i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		for (cursor = NULL;;) {
			url = mem_printf("%s/hris/%s?page_size=250&include_deleted=true", argv[1],
			    models[i]);
			floor_add(curl, &url, "updated_after", argc > 4 ? argv[4] : NULL);
			floor_add(curl, &url, "cursor", cursor);
			if (floor_page(curl, &body, url, &next, &records) < 0)
				return (1);
			bytes += (long long)body.len;
			mem_free(&url);
			mem_free(&cursor);
			cursor = next;
			if (cursor == NULL)
				break;
		}
	}
	(void)printf("%lld %lld %.3f %.3f\n", records, bytes,
	    (double)(clock_monotonic() - begin) / 1e6, (double)clock_cpu() / 1e6);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	buf_close(&body);
	return (0);
}
