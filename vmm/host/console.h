// SPDX-License-Identifier: MIT
// Console output: the guest's bytes on a stream of the host's, which several guests may share.
#ifndef TRAPEZE_VMM_HOST_CONSOLE_H
#define TRAPEZE_VMM_HOST_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct console {
    FILE *out; // null: output is discarded
    const char
        *prefix;      // before each line, which is then kept until it is whole; null: none, at once
    uint64_t bytes;   // written so far, or discarded
    uint64_t hash;    // of them
    uint64_t printed; // on `out`: what a repeated run writes again is not printed again
    bool mid_line;    // the last one printed was not a newline
    char line[256];   // with a prefix: what is kept
    size_t line_n;
};

// What struct devices' `put` is set to; `console` is a struct console.
void console_put(void *console, uint8_t byte);

// Writes what is kept, as a line of its own.
void console_flush(struct console *c);

// Ends an unfinished line, so that something else may follow on the same stream or terminal.
void console_end_line(struct console *c);

#endif
