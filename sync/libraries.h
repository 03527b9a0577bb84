/*
 * What rollcalld and the command do first: libraries that take an allocator get the one that
 * does not fail (base/mem.h).
 */
#ifndef ROLLCALL_SYNC_LIBRARIES_H
#define ROLLCALL_SYNC_LIBRARIES_H

/* ICU and jansson. First in main. */
void	sync_libraries_start(void);

/* libcurl, for whoever will fetch; ends the process when it finds no memory. */
void	sync_network_start(void);
void	sync_network_stop(void);

#endif
