/*
 * The request backup: a copy of the database in one file, while everything goes on.
 */
#include "config.h"

#include <sys/stat.h>

#include "base/log.h"
#include "sync/request/request.h"

int
request_backup(struct request *request, json_t **result, struct err *err)
{
	struct request_reader reader;
	const char *file;
	struct stat st;
	int status;

	file = request_need(request, "file", err);
	if (file == NULL)
		return (-1);
	if (*file != '/')
		return (err_set(err, ERR_USAGE, "%s: give the whole path: rollcalld writes the "
		    "file", file));
	if (request_reader_open(request, &reader, err) < 0)
		return (-1);
	status = db_backup(reader.db, file, err);
	request_reader_close(request, &reader);
	if (status < 0)
		return (-1);
	st.st_size = 0;
	(void)stat(file, &st);
	*result = json_pack("{s:s, s:I}", "file", file, "bytes", (json_int_t)st.st_size);
	log_info("backup", "file=\"%s\" bytes=%lld actor=\"%s\"", file,
	    (long long)st.st_size, request->actor);
	return (0);
}
