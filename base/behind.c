/*
 * Owns nothing.
 */
#include "config.h"

#include "base/behind.h"

#include <errno.h>
#include <linux/sched/types.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BEHIND_SLICE	UINT64_C(100000)	/* ns, the least there is */

void
behind_others(int nice)
{
	struct sched_attr attr = { .size = sizeof(attr), .sched_runtime = BEHIND_SLICE };
	int now;

	errno = 0;
	now = getpriority(PRIO_PROCESS, 0);	/* of this thread alone, on Linux */
	if (now == -1 && errno != 0)
		return;
	attr.sched_nice = now > nice ? now : nice;
	(void)setpriority(PRIO_PROCESS, 0, attr.sched_nice);
	(void)syscall(SYS_sched_setattr, 0, &attr, 0);
}
