// SPDX-License-Identifier: MIT
// A bytecode interpreter: a stack machine with eight variables, running a small program. An
// interpreter on an interpreted machine: its indirect jumps are the hard part for an engine.
#include <stdint.h>
#include "vmm/guests/print.h"

enum op { PUSH, LOAD, STORE, ADD, SUB, MUL, DIV, REM, LESS, JUMP, JUMP_IF_0, STOP };

// The longest Collatz sequence that starts below 300: variable 0 the start, 1 the number,
// 2 the length, 3 the longest, 4 its start.
// clang-format off
static const int16_t program[] = {
    PUSH, 1, STORE, 0,                                             // 0: start := 1
    LOAD, 0, STORE, 1, PUSH, 0, STORE, 2,                          // 4: number, length
    PUSH, 1, LOAD, 1, LESS, JUMP_IF_0, 46,                         // 12: while number > 1
    LOAD, 1, PUSH, 2, REM, JUMP_IF_0, 36,                          // 19: odd?
    LOAD, 1, PUSH, 3, MUL, PUSH, 1, ADD, JUMP, 41,                 // 26: 3 number + 1
    LOAD, 1, PUSH, 2, DIV,                                         // 36: number / 2
    STORE, 1, JUMP, 71, STOP,                                      // 41
    LOAD, 3, LOAD, 2, LESS, JUMP_IF_0, 61,                         // 46: longer than the longest?
    LOAD, 2, STORE, 3, LOAD, 0, STORE, 4,                          // 53
    LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, 80, STOP,               // 61: next start
    LOAD, 2, PUSH, 1, ADD, STORE, 2, JUMP, 12,                     // 71: length + 1
    LOAD, 0, PUSH, 300, LESS, JUMP_IF_0, 89, JUMP, 4,              // 80: start < 300?
    STOP,                                                          // 89
};
// clang-format on

static int32_t variable[8];

// Runs the program from its beginning; returns how many operations it took.
static uint32_t run(const int16_t *code)
{
    int32_t stack[16], *top = stack; // top: one above the last
    for (uint32_t n = 1;; n++) {
        switch (*code++) {
        case PUSH: *top++ = *code++; break;
        case LOAD: *top++ = variable[*code++]; break;
        case STORE: variable[*code++] = *--top; break;
        case ADD: top--, top[-1] += *top; break;
        case SUB: top--, top[-1] -= *top; break;
        case MUL: top--, top[-1] *= *top; break;
        case DIV: top--, top[-1] /= *top; break;
        case REM: top--, top[-1] %= *top; break;
        case LESS: top--, top[-1] = top[-1] < *top; break;
        case JUMP: code = program + *code; break;
        case JUMP_IF_0: code = *--top == 0 ? program + *code : code + 1; break;
        case STOP: return n;
        }
    }
}

int main(void)
{
    uint32_t n = run(program);
    print("%d takes %d steps to 1; found in %u operations\n", variable[4], variable[3], n);
    return !(variable[4] == 231 && variable[3] == 127);
}
