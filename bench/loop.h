// SPDX-License-Identifier: MIT
// A benchmark loop: machine code that every runner runs, and what each runner makes of it.
#ifndef TRAPEZE_BENCH_LOOP_H
#define TRAPEZE_BENCH_LOOP_H

#include "vmm/machine/hardware.h"

#include <stddef.h>
#include <stdint.h>

enum {
    LOOP_MEMORY = 3 << 20, // bytes of memory that a runner gives it
    LOOP_WORDS = 0x200000, // guest/start.S: rounds, result, address of the last ECALL
};

struct loop {
    const char *name;
    uint8_t *file;           // the ELF file as it is
    size_t file_size, words; // offset of LOOP_WORDS in the file
    uint32_t entry, done;
    uint64_t first, more; // instructions: of a run of one round, of each more
};

// What a run took.
struct run {
    double seconds;        // of processor time, which other processes on the host lengthen least
    uint32_t result;       // what the loop computed; 8 bits of it from qemu
    uint64_t instructions; // completed; 0 where the runner does not count
};

// Reads build/bench/NAME.elf. Ends the program with a message where it is not what the Makefile
// builds.
struct loop loop_read(const char *name);

// The loop's memory at the start, LOOP_MEMORY bytes that the caller frees.
uint8_t *loop_memory(const struct loop *l, uint32_t rounds);

// Runs `rounds` rounds; on an engine under `depth` trap-and-emulate monitors, 0 for the bare
// machine. These do not return where a runner fails.
struct run run_engine(const struct loop *l, uint32_t rounds, const struct engine *e,
                      uint32_t depth);
struct run run_qemu(const struct loop *l, uint32_t rounds);
struct run run_unicorn(const struct loop *l, uint32_t rounds);

// Runs the guests that end in EBREAK: `rounds` calls of the supervisor, or of privileged
// instructions.
struct run run_traps(const struct loop *l, uint32_t rounds, const struct engine *e, uint32_t depth);

// Processor time of `isa-analyzer check` on that machine with one thread, in seconds.
double run_analyzer(const char *machine);

// Processor time of this thread, in seconds.
double seconds_now(void);

// Says on standard error what is wrong and ends the program with status 64.
_Noreturn void bench_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
