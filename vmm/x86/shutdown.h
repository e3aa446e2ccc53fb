// SPDX-License-Identifier: MIT
// How the monitor ends the machine that it runs on, so that who started it learns how it went.
#ifndef TRAPEZE_VMM_X86_SHUTDOWN_H
#define TRAPEZE_VMM_X86_SHUTDOWN_H

// Does not return. Prints the last line, `vtx-end status=N`, and ends Bochs with status 0 where N
// is 0, else 1; QEMU with 2 N + 1, where it has isa-debug-exit at port 0xF4. On other machines the
// processor halts. N: 0 done and holds, 1 something failed, 2 the machine or the command line will
// not do, 64 a fault of the monitor's own.
__attribute__((noreturn)) void shutdown(unsigned status);

#endif
