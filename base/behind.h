/*
 * Work that others should not wait for.
 */
#ifndef ROLLCALL_BASE_BEHIND_H
#define ROLLCALL_BASE_BEHIND_H

/*
 * Puts the calling thread, and those it starts, behind others: it gets less of a processor that is
 * wanted (`nice` as in setpriority(2), no lower than it is), and gives it up after a tenth of a
 * millisecond to whoever wakes up meanwhile (Linux 6.12 and later; before that the nicer thread
 * is interrupted anyway). Where the system refuses, things stay as they are.
 */
void	behind_others(int nice);

#endif
