// SPDX-License-Identifier: MIT
// What a user program has: five system calls, and print.
#ifndef TRAPEZE_VMM_GUESTS_KERNEL_USER_USER_H
#define TRAPEZE_VMM_GUESTS_KERNEL_USER_USER_H

#include <stdint.h>

// start.S. Bytes written or read, or -1 if the buffer is not in the program's memory. read waits a
// while for input, gives at most one line, and 0 if none came.
int write(const void *from, uint32_t n);
int read(void *to, uint32_t n);
_Noreturn void exit(int code);
void yield(void);    // the rest of the slice to the next task
uint32_t time(void); // instructions that this task has executed

// user.ld: the first address beyond the program's memory.
extern char memory_end[];

// print.c. As in format.h; lines are written whole.
void print(const char *text, ...);

#endif
