/*
 * rollcall import: hands a file over to the daemon, which need not be able to open it itself.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "sync/csv/table.h"

#define IMPORT_TOLD 20

/* Standard input may be a pipe: the daemon is given a file without a name. */
static int
import_spool(int *fd, struct err *err)
{
	char room[65536];
	FILE *spool;
	ssize_t n;

	spool = tmpfile();
	if (spool == NULL)
		return (err_set_errno(err, ERR_SYSTEM, errno, "a temporary file"));
	while ((n = read(STDIN_FILENO, room, sizeof(room))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && fwrite(room, 1, (size_t)n, spool) != (size_t)n)
			break;
	if (n != 0 || fflush(spool) != 0) {
		(void)err_set_errno(err, ERR_SYSTEM, errno, "standard input");
		(void)fclose(spool);
		return (-1);
	}
	*fd = dup(fileno(spool));
	(void)fclose(spool);
	return (*fd < 0 ? err_set_errno(err, ERR_SYSTEM, errno, "a temporary file") : 0);
}

int
import_open(struct cli *cli, struct err *err)
{
	struct csv_input input;
	const char *name;

	name = cli_text(cli, "file");
	if (strcmp(name, "-") == 0)
		return (import_spool(&cli->file, err));
	if (table_open(name, &input, err) < 0)
		return (-1);
	cli->file = input.fd;
	return (0);
}

/* What could not be read, with lines and columns. */
static void
import_show_problems(const json_t *problems)
{
	const json_t *problem;
	size_t i;

	json_array_foreach(problems, i, problem) {
		if (i == IMPORT_TOLD) {
			(void)printf("and %zu more; --json lists them all\n",
			    json_array_size(problems) - i);
			break;
		}
		(void)printf("%s: what is known stays\n",
		    json_string_value(json_object_get(problem, "detail")));
	}
}

void
show_import(struct cli *cli, const json_t *result)
{
	const json_t *run;
	size_t i;

	/* The records are shown where a source is named, and here one always is. */
	if (cli_flag(cli, "dry_run")) {
		(void)json_object_set(cli->arguments, "source",
		    json_object_get(result, "source"));
		show_preview(cli, result);
	} else {
		show_runs(cli, result);
	}
	json_array_foreach(json_object_get(result, "sources"), i, run)
		import_show_problems(json_object_get(run, "problems"));
	json_array_foreach(json_object_get(result, "runs"), i, run)
		import_show_problems(json_object_get(run, "problems"));
}
