/*
 * Owns the mapping of the order, made before main and never given up. Safe from any thread.
 */
#include "config.h"

#include "tests/faults/fault.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct fault_order *fault_order;

__attribute__((constructor(150))) static void
fault_begin(void)
{
	const char *path;
	void *map;
	int fd;

	path = getenv("ROLLCALL_FAULT");
	fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	map = mmap(NULL, sizeof(*fault_order), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (map != MAP_FAILED)
		fault_order = map;
}

enum fault_kind
fault_strikes(enum fault_call call)
{
	struct fault_order *order = fault_order;
	int64_t n;

	if (order == NULL || (order->calls & (int64_t)call) == 0)
		return (FAULT_NONE);
	n = ++order->counted;
	if (order->kind == FAULT_NONE || (order->forever != 0 ? n < order->nth : n != order->nth))
		return (FAULT_NONE);
	order->struck++;
	return ((enum fault_kind)order->kind);
}
