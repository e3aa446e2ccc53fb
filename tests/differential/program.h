// SPDX-License-Identifier: MIT
// Random straight-line RV32IM programs that do not trap and that log what they compute. How one is
// run, and with what its log is compared, is elsewhere (qemu.h, bare.h, suite_qemu.c).
//
// A program loads all registers, executes its units, and gives its memory from PROGRAM_DATA on,
// `result_size` bytes, to Linux's write(1, ...) and then exits; on PG32 the first ECALL is its end.
// The result holds the data that loads and stores work on, the first register values, and a log:
// every few units, each register that they wrote. So a wrong result shows near where it arose.
#ifndef TRAPEZE_TESTS_DIFFERENTIAL_PROGRAM_H
#define TRAPEZE_TESTS_DIFFERENTIAL_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The same addresses on both machines, so that AUIPC and links give the same values.
enum {
    PROGRAM_CODE = 0x00100000, // entry: its first word
    PROGRAM_DATA = 0x00300000,
    DATA_SIZE = 4096,
    PROGRAM_FIRST = PROGRAM_DATA + DATA_SIZE, // x0..x31 at the start, a word each
    PROGRAM_LOG = PROGRAM_FIRST + 32 * 4,
    UNIT_WORDS = 8,
};

// Instructions that belong together: one under test, with those that set its operands before it
// and the one that it may jump over after it. Runs anywhere; leaves the reserved registers alone.
struct unit {
    uint32_t words[UNIT_WORDS];
    uint8_t n;
    uint8_t tested;  // index of the word under test
    uint8_t gap_at;  // before which word there is a gap that is always jumped over ...
    uint32_t gap;    // ... of so many words, which would trap
    bool flush;      // the registers written since the last flush are logged after it
    uint32_t writes; // registers, a bit each
};

struct program {
    uint64_t seed;
    struct unit *units;
    size_t units_n;
    uint32_t first[32];     // registers at the start
    uint8_t data[DATA_SIZE];
    unsigned data_register; // holds PROGRAM_DATA + DATA_SIZE / 2 throughout
    unsigned log_register;

    // Made of the units by program_link.
    uint32_t *code;
    size_t code_n, code_room;
    size_t *unit_at;        // index into code of each unit's first word
    struct log_entry {
        uint32_t unit;      // after which it was written; units_n for those at the end
        uint8_t reg;
    } *log;
    size_t log_n, log_room;
    size_t result_size;     // bytes
};

// A random program of `units_n` units; owned by the caller, freed with program_free.
struct program program_random(uint64_t seed, size_t units_n);

// A program of the units of `p` that are in keep[0..units_n-1].
struct program program_subset(const struct program *p, const bool *keep);

void program_free(struct program *p);

#endif
