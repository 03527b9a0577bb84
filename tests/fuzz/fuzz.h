/*
 * What libFuzzer calls, and replay.c too.
 */
#ifndef ROLLCALL_TESTS_FUZZ_FUZZ_H
#define ROLLCALL_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int	LLVMFuzzerInitialize(int *argc, char ***argv);
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The main of replay.c, where a target is no program: -Dmain=fuzz_main. */
int	fuzz_main(int argc, char **argv);

#endif
