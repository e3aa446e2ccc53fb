// SPDX-License-Identifier: MIT
// The benchmark's figures and how they are shown.
#ifndef TRAPEZE_BENCH_REPORT_H
#define TRAPEZE_BENCH_REPORT_H

#include <stdbool.h>
#include <stdio.h>

enum { ROUNDS_MOST = 15 }; // repetitions

enum { ARITHMETIC, ARITHMETIC_WIDE, MEMORY, BRANCHES, LOOPS };
enum { TRAP, TRAP_SKIP, TRAPS };

enum runner { THREADED, SWITCH, QEMU, UNICORN, RUNNERS };
extern const char *const runner_names[RUNNERS];

// One loop: million instructions a second of every runner, a figure a repetition.
struct loop_figures {
    const char *name;
    double mips[RUNNERS][ROUNDS_MOST];
};

// One kind of trap: nanoseconds a round trip.
struct trap_figures {
    const char *name, *what;
    double ns[2][ROUNDS_MOST]; // THREADED, SWITCH
};

// Under trap-and-emulate monitors of depth 0 (the bare machine) to DEPTHS - 1, threaded.
enum { DEPTHS = 6 };
struct depth_figures {
    double mips[LOOPS][DEPTHS][ROUNDS_MOST];
    double ns[DEPTHS][ROUNDS_MOST]; // of one privileged instruction
};

// How long the analyzer takes to classify a machine.
enum { ANALYZE_PG32, ANALYZE_X86, ANALYZED };
extern const char *const analyzed_names[ANALYZED];

struct figures {
    int repetitions;
    double analyzer[ANALYZED][ROUNDS_MOST]; // seconds of processor time, one thread
    struct depth_figures depths;
    struct loop_figures loops[LOOPS];
    struct trap_figures traps[TRAPS];
};

// Show the figures: for people, or as one JSON document. Both return whether every target is met.
bool report_text(FILE *out, const struct figures *f);
bool report_json(FILE *out, const struct figures *f);

#endif
