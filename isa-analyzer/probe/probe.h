// SPDX-License-Identifier: MIT
// What this processor's system instructions do in an ordinary user process. What is seen here is
// "observed": between the instruction and the process stands the kernel, which may emulate one that
// trapped. What the architecture says is x86-32.isa's affair.
#ifndef TRAPEZE_ISA_PROBE_PROBE_H
#define TRAPEZE_ISA_PROBE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a probe's code left behind, where it completed.
struct probe_values {
    uint32_t eax, edx, flags;
    uint32_t memory[4]; // that esi points to
};

// A piece of 32-bit code around one instruction. It begins with esi at 16 bytes of memory, which
// ebp points to as well, a stack, and ds, es and ss at flat data.
struct probe {
    const char *name;     // of the instruction in x86-32.isa
    const char *selector; // "segment=cs": of its rows there; or null
    const char *text;     // in assembly
    const uint8_t *code;
    size_t size;
    bool enters; // it enters the kernel rather than going on: the code asks to exit
    // Writes what came back, in a few words.
    void (*tell)(const struct probe_values *v, char *out, size_t size);
};

extern const struct probe probes[];
extern const size_t probes_n;

enum seen {
    SEEN_SILENT,  // the code completed
    SEEN_ENTERED, // it entered the kernel, which did what it was asked for
    SEEN_TRAPPED, // a signal came
    SEEN_LOST,    // the process ended in another way, or did not end
};

struct observation {
    enum seen seen;
    struct probe_values values; // SILENT
    int signal, vector;         // TRAPPED: the signal, and the processor's exception
};

// Whether probes can be run: the processor is an x86, and the kernel lets 32-bit code run. If not,
// *why says what is missing.
bool probe_possible(const char **why);

// Runs the probe in a process of its own.
struct observation probe_run(const struct probe *p);

// The flag "umip" of /proc/cpuinfo: the kernel has turned UMIP on, and emulates what traps by it.
bool probe_umip(void);

#endif
