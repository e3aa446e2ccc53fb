// SPDX-License-Identifier: MIT
// The commands of isa-analyzer, a file each, and the command line that they share.
#ifndef TRAPEZE_ISA_COMMAND_COMMAND_H
#define TRAPEZE_ISA_COMMAND_COMMAND_H

#include "isa-analyzer/classify/classify.h"

enum status {
    STATUS_HOLDS = 0,
    STATUS_FAILS = 1,
    STATUS_USAGE = 2,
    STATUS_UNDECIDED = 3,
    STATUS_FAULT = 64
};

enum { SETTINGS_MAX = 64, WORDS_MAX = 3 };

struct options {
    const char *words[WORDS_MAX]; // the command, and what stands behind it
    unsigned words_n;
    const char *output;
    const char *settings[SETTINGS_MAX];
    unsigned settings_n;
    int require; // a theorem, or -1
    const char *witnesses;
    const char *vtx; // a file of controls, or null
    bool no_witnesses;
    unsigned work; // millions of units of the solver's count
    unsigned threads;
    bool json;
    bool color;     // in diagnostics, on standard error
    bool color_out; // on standard output
    // What was given, to tell the command that has no use for it; see options_only.
    unsigned given;
};

enum given {
    GIVEN_OUTPUT = 1,
    GIVEN_CONFIG = 2,
    GIVEN_REQUIRE = 4,
    GIVEN_WITNESSES = 8,
    GIVEN_WORK = 16,
    GIVEN_THREADS = 32,
    GIVEN_JSON = 64,
    GIVEN_VTX = 128,
};

// Reads the command line. Returns -1 to go on, or an exit status: after --help, --version and
// mistakes.
int options_read(struct options *o, int argc, char **argv);

// Reports a mistake in usage on standard error; returns the exit status for it.
int usage(const char *problem, const char *what);

// Whether nothing but these options (of enum given, together) was given, and `words` words, the
// command among them. Otherwise reports what has no meaning with the command.
bool options_only(const struct options *o, unsigned allowed, unsigned words, const char *missing);

// Reads and configures the description `file`; null after reporting.
struct description *options_description(const struct options *o, struct arena *a, const char *file);

// How to classify, as the options say; with a line of progress on a terminal, which
// options_progress_end wipes out.
struct classify_options options_classify(const struct options *o);
void options_progress_end(void);

// Writes a text to where -o says, or to standard output. Returns the exit status, after reporting
// what is wrong.
int output_write(const struct options *o, const char *text, size_t length);

int command_check(const struct options *o);
int command_emit(const struct options *o);
int command_emit_smt2(const struct options *o, const struct description *m); // part of emit
int command_explain(const struct options *o);
int command_replay(const struct options *o);
int command_redpill(const struct options *o);
int command_repair(const struct options *o);
int command_certify(const struct options *o);
int command_probe(const struct options *o);

#endif
