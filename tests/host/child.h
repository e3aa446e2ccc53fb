// SPDX-License-Identifier: MIT
// The command `vmm` of the build under test as a child process whose input the test types, and
// whose output it reads as it comes.
#ifndef TRAPEZE_TESTS_HOST_CHILD_H
#define TRAPEZE_TESTS_HOST_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

enum child_input {
    CHILD_NOTHING, // /dev/null
    CHILD_PIPE,
    CHILD_TERMINAL, // a pseudo-terminal, which is the child's controlling one
};

struct child {
    pid_t pid;
    int input;                 // the end where the test types; -1: closed
    int terminal;              // the child's end of the pseudo-terminal; -1: none
    struct termios attributes; // of the pseudo-terminal before the start
    int output_fd, errors_fd;
    char output[4096], errors[16384]; // so far; the latter ends with a null character
    size_t output_n, errors_n;
};

// Starts `vmm` with these arguments, the last a null pointer. What goes wrong ends the test's
// process.
void child_start(struct child *c, enum child_input input, const char *const *arguments);

void child_type(struct child *c, const char *bytes, size_t n);
void child_close_input(struct child *c);

// Waits until `n` bytes of standard output have come in all; false after 20 s without one.
bool child_expect(struct child *c, size_t n);

// Waits for the end, reading all output; the exit status, or minus the signal. After 20 s without
// output the child is killed. child_free closes what is open; child_end does both.
int child_wait(struct child *c);
void child_free(struct child *c);
int child_end(struct child *c);

#endif
