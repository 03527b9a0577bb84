/*
 * Owns a VFS of SQLite's in front of the standard one, made the standard before main: calls that
 * the order names fail as they would on a disk that is full, broken or read-only.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include <sqlite3.h>

#include "tests/faults/fault.h"

#define VFS_CALLS	(FAULT_READ | FAULT_WRITE | FAULT_SYNC | FAULT_TRUNCATE | FAULT_OPEN |	\
	FAULT_DELETE | FAULT_SHARE | FAULT_LOCK | FAULT_SIZE)

/* The real file follows it in memory. */
struct vfs_file {
	sqlite3_file	base;
	int		error;		/* the last one of the system, 0 for none */
};

static sqlite3_vfs *vfs_real;

static sqlite3_file *
vfs_file(sqlite3_file *file)
{
	return ((sqlite3_file *)((struct vfs_file *)file + 1));
}

/* What the system says to a call that fails, 0 when it does not. */
static int
vfs_error(enum fault_call call)
{
	switch (fault_strikes(call)) {
	case FAULT_FULL:
		return (ENOSPC);
	case FAULT_READONLY:
		return (EROFS);
	case FAULT_IO:
		return (EIO);
	case FAULT_NONE:
	case FAULT_HEAP:
		break;
	}
	return (0);
}

/* SQLITE_OK, or what the standard VFS answers where the system fails so. */
static int
file_fails(sqlite3_file *file, enum fault_call call, int io)
{
	int error;

	error = vfs_error(call);
	if (error == 0)
		return (SQLITE_OK);
	((struct vfs_file *)file)->error = error;
	return (error == ENOSPC && call == FAULT_WRITE ? SQLITE_FULL : io);
}

/* ---- files ------------------------------------------------------------------------------- */

static int
file_close(sqlite3_file *file)
{
	return (vfs_file(file)->pMethods->xClose(vfs_file(file)));
}

static int
file_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 offset)
{
	int result;

	result = file_fails(file, FAULT_READ, SQLITE_IOERR_READ);
	return (result != SQLITE_OK ? result :
	    vfs_file(file)->pMethods->xRead(vfs_file(file), bytes, len, offset));
}

static int
file_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
	int result;

	result = file_fails(file, FAULT_WRITE, SQLITE_IOERR_WRITE);
	if (result == SQLITE_OK)
		return (vfs_file(file)->pMethods->xWrite(vfs_file(file), bytes, len, offset));
	/* What the disk still took before it failed: a page torn in the middle. */
	if (len > 1 && ((struct vfs_file *)file)->error != EROFS)
		(void)vfs_file(file)->pMethods->xWrite(vfs_file(file), bytes, len / 2, offset);
	return (result);
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	int result;

	result = file_fails(file, FAULT_TRUNCATE, SQLITE_IOERR_TRUNCATE);
	return (result != SQLITE_OK ? result :
	    vfs_file(file)->pMethods->xTruncate(vfs_file(file), size));
}

static int
file_sync(sqlite3_file *file, int flags)
{
	int result;

	result = file_fails(file, FAULT_SYNC, SQLITE_IOERR_FSYNC);
	return (result != SQLITE_OK ? result :
	    vfs_file(file)->pMethods->xSync(vfs_file(file), flags));
}

static int
file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	int result;

	result = file_fails(file, FAULT_SIZE, SQLITE_IOERR_FSTAT);
	return (result != SQLITE_OK ? result :
	    vfs_file(file)->pMethods->xFileSize(vfs_file(file), size));
}

static int
file_lock(sqlite3_file *file, int kind)
{
	int result;

	result = file_fails(file, FAULT_LOCK, SQLITE_IOERR_LOCK);
	return (result != SQLITE_OK ? result :
	    vfs_file(file)->pMethods->xLock(vfs_file(file), kind));
}

static int
file_unlock(sqlite3_file *file, int kind)
{
	return (vfs_file(file)->pMethods->xUnlock(vfs_file(file), kind));
}

static int
file_check_lock(sqlite3_file *file, int *out)
{
	return (vfs_file(file)->pMethods->xCheckReservedLock(vfs_file(file), out));
}

static int
file_control(sqlite3_file *file, int op, void *argument)
{
	if (op == SQLITE_FCNTL_LAST_ERRNO) {
		*(int *)argument = ((struct vfs_file *)file)->error;
		return (SQLITE_OK);
	}
	return (vfs_file(file)->pMethods->xFileControl(vfs_file(file), op, argument));
}

static int
file_sector(sqlite3_file *file)
{
	return (vfs_file(file)->pMethods->xSectorSize(vfs_file(file)));
}

static int
file_traits(sqlite3_file *file)
{
	return (vfs_file(file)->pMethods->xDeviceCharacteristics(vfs_file(file)));
}

static int
file_share(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
	int result;

	/* Mapping what is there needs no room on the disk. */
	result = extend == 0 ? SQLITE_OK : file_fails(file, FAULT_SHARE, SQLITE_IOERR_SHMSIZE);
	return (result != SQLITE_OK ? result :
	    vfs_file(file)->pMethods->xShmMap(vfs_file(file), page, size, extend, out));
}

static int
file_share_lock(sqlite3_file *file, int offset, int n, int flags)
{
	int result;

	/* Giving a lock back does not fail. */
	result = (flags & SQLITE_SHM_UNLOCK) != 0 ? SQLITE_OK :
	    file_fails(file, FAULT_LOCK, SQLITE_IOERR_SHMLOCK);
	return (result != SQLITE_OK ? result :
	    vfs_file(file)->pMethods->xShmLock(vfs_file(file), offset, n, flags));
}

static void
file_share_barrier(sqlite3_file *file)
{
	vfs_file(file)->pMethods->xShmBarrier(vfs_file(file));
}

static int
file_share_end(sqlite3_file *file, int delete)
{
	return (vfs_file(file)->pMethods->xShmUnmap(vfs_file(file), delete));
}

static const sqlite3_io_methods file_methods = {
	.iVersion = 2,		/* without memory-mapped pages */
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_traits,
	.xShmMap = file_share,
	.xShmLock = file_share_lock,
	.xShmBarrier = file_share_barrier,
	.xShmUnmap = file_share_end,
};

/* ---- the file system ---------------------------------------------------------------------- */

static int
vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	int result;

	(void)vfs;
	file->pMethods = NULL;
	((struct vfs_file *)file)->error = 0;
	result = vfs_error(FAULT_OPEN) != 0 ? SQLITE_CANTOPEN : SQLITE_OK;
	if (result == SQLITE_OK)
		result = vfs_real->xOpen(vfs_real, name, vfs_file(file), flags, out);
	if (result == SQLITE_OK)
		file->pMethods = &file_methods;
	return (result);
}

static int
vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	int result;

	(void)vfs;
	result = vfs_error(FAULT_DELETE) != 0 ? SQLITE_IOERR_DELETE : SQLITE_OK;
	return (result != SQLITE_OK ? result : vfs_real->xDelete(vfs_real, name, sync));
}

__attribute__((constructor(200))) static void
vfs_begin(void)
{
	static sqlite3_vfs vfs;

	if (fault_order == NULL)
		return;
	vfs_real = sqlite3_vfs_find(NULL);
	vfs = *vfs_real;	/* all but these goes to the standard one */
	vfs.pNext = NULL;
	vfs.zName = "faults";
	vfs.szOsFile = (int)sizeof(struct vfs_file) + vfs_real->szOsFile;
	vfs.xOpen = vfs_open;
	vfs.xDelete = vfs_delete;
	(void)sqlite3_vfs_register(&vfs, 1);
	fault_order->abilities |= VFS_CALLS;
}
