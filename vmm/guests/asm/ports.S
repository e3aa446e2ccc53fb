// SPDX-License-Identifier: MIT
// in and out: the console's status, ports that are not there, the disk's commands. Runs with or
// without a disk, and with no input.
#include "vmm/guests/bare.h"
    .include "pg32.inc"

    .text
    .globl main
main:
    in a0, PORT_CONSOLE_STATUS                  // no byte, output possible
    IS(a0, 2)
    in a0, PORT_CONSOLE
    IS(a0, -1)
    li a0, 0x1234
    out a0, PORT_CONSOLE_STATUS                 // no effect
    out a0, 5
    out a0, 2047
    in a0, 5
    IS(a0, -1)
    in a0, 2047
    IS(a0, -1)
    // the sector buffer: 128 words, the index wraps; command 3 takes it back to 0
    li a0, DISK_REWIND
    out a0, PORT_DISK_COMMAND
    in a0, PORT_DISK_COMMAND
    IS(a0, 0)
    li a0, 1000
    li a1, 1128
1:  out a0, PORT_DISK_DATA
    addi a0, a0, 1
    bne a0, a1, 1b
    in a0, PORT_DISK_DATA                       // wrapped to word 0
    IS(a0, 1000)
    in a0, PORT_DISK_DATA
    IS(a0, 1001)
    li a0, DISK_REWIND
    out a0, PORT_DISK_COMMAND
    in a0, PORT_DISK_DATA
    IS(a0, 1000)
    li a0, 9                                    // no such command
    out a0, PORT_DISK_COMMAND
    in a0, PORT_DISK_COMMAND
    IS(a0, 3)
    in a0, PORT_DISK_SECTOR                     // a sector beyond the last: the buffer stays
    out a0, PORT_DISK_SECTOR
    li a0, DISK_READ
    out a0, PORT_DISK_COMMAND
    in a0, PORT_DISK_COMMAND
    IS(a0, 1)
    in a0, PORT_DISK_DATA
    IS(a0, 1000)
    in zero, PORT_DISK_DATA                     // read and thrown away: the index moves
    in a0, PORT_DISK_DATA
    IS(a0, 1002)
    li a0, 0xffffff00 | 'A'                     // only the low 8 bits go out
    out a0, PORT_CONSOLE
    li a0, '\n'
    out a0, PORT_CONSOLE
    PASS("ports\n")
