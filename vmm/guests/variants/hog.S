// SPDX-License-Identifier: MIT
// For PG32 with ustm: turns the timer off and runs for ever. Under a monitor that executes ustm
// directly it is the host's timer, and no neighbour gets a turn any more.
#include "vmm/guests/bare.h"
    .include "pg32-ustm.inc"

    .text
    .globl main
main:
    ustm zero
1:  j 1b
