// SPDX-License-Identifier: MIT
// PG32's numbers for guests, in C and in assembly: bits of the status word, causes, the fixed
// places in low memory, ports. The privileged instructions as C functions are in pg32.h.
#ifndef TRAPEZE_VMM_GUESTS_PSW_H
#define TRAPEZE_VMM_GUESTS_PSW_H

// status word
#define PSW_USER 0x1      // M: user mode
#define PSW_IE 0x2        // interrupts may be taken
#define PSW_CAUSE_SHIFT 8 // bits 8-15, written by traps only
#define PSW_SIZE 16       // status, P, l, b

// causes, in the status word that a trap stores
#define CAUSE_MEMORY 0     // info: the address
#define CAUSE_PRIVILEGED 1 // info: the instruction
#define CAUSE_ILLEGAL 2    // info: the instruction
#define CAUSE_ECALL 3
#define CAUSE_EBREAK 4
#define CAUSE_TIMER 5
#define CAUSE_DEVICE 6

// low memory, physical
#define LOW_STATUS 0x00 // a trap stores the PSW here
#define LOW_P 0x04
#define LOW_L 0x08
#define LOW_B 0x0c
#define LOW_INFO 0x10 // the information word here
#define LOW_T 0x14    // and the timer here
#define LOW_NEW 0x20  // and loads the PSW from here
#define LOW_NEW_P 0x24
#define LOW_NEW_L 0x28
#define LOW_NEW_B 0x2c
#define LOW_SAVE 0x30 // to 0xff: free for the handler, reached without a base register

// ports
#define PORT_CONSOLE 0 // read: a byte, or all ones; write: a byte
#define PORT_CONSOLE_STATUS 1
#define PORT_DISK_SECTOR 2  // write: sector of the next command; read: sectors there are
#define PORT_DISK_DATA 3    // the next word of the sector buffer
#define PORT_DISK_COMMAND 4 // write: command; read: status of the last one, 0 done

#define CONSOLE_READY 0x1 // a byte waits
#define DISK_READ 1
#define DISK_WRITE 2
#define DISK_REWIND 3
#define SECTOR_SIZE 512

#endif
