/*
 * The floor of a sync: downloads every page of a complete fetch and parses it with jansson,
 * doing nothing else. Prints "records bytes wall-seconds cpu-seconds".
 *
 * usage: floor URL INTEGRATION KEY
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

static char *
floor_url(CURL *curl, const char *base, const char *model, const char *cursor)
{
	char *escaped, *url;

	if (cursor == NULL)
		return (mem_printf("%s/hris/%s?page_size=250&include_deleted=true", base, model));
	escaped = curl_easy_escape(curl, cursor, 0);
	url = mem_printf("%s/hris/%s?page_size=250&include_deleted=true&cursor=%s", base, model,
	    escaped);
	curl_free(escaped);
	return (url);
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

	if (argc != 4)
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
			url = floor_url(curl, argv[1], models[i], cursor);
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
