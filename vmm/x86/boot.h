// SPDX-License-Identifier: MIT
// Systems that others wrote, each in a virtual machine with the devices of a PC, in turns.
#ifndef TRAPEZE_VMM_X86_BOOT_H
#define TRAPEZE_VMM_X86_BOOT_H

#include "vmm/x86/boot/multiboot.h"
#include "vmm/x86/controls.h"

// Starts a virtual machine for each kernel among the loaded modules. A kernel's text is the name of
// its machine, `memory=` with MiB, and its command line; a module with the text `initrd` belongs to
// the kernel before it. `options`: `until=S` ends all after S seconds of the machine's time,
// `vga=S` prints what is on each VGA every S seconds. At the end prints for each what has become of
// it and
// its exits by reason. The monitor's exit status: 0 where each has switched itself off, halted, or
// been ended as wished; 1 where one ended in another way; 2 where there is nothing to start.
unsigned boot_run(const struct capabilities *c, const char *options,
                  const struct multiboot_information *loaded);

// Starts the one kernel that was loaded on the real machine, without the monitor, with as much
// memory as its text says. Returns only where that cannot be done: 2.
unsigned boot_bare(const struct multiboot_information *loaded);

#endif
