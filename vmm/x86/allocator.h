// SPDX-License-Identifier: MIT
// P&G's allocator A: frames of memory, what EPT maps, ports and MSRs. No guest reaches anything of
// the machine's but by what is given here.
#ifndef TRAPEZE_VMM_X86_ALLOCATOR_H
#define TRAPEZE_VMM_X86_ALLOCATOR_H

#include "vmm/x86/ept.h"
#include "vmm/x86/vm.h"

// The memory that there is to give: [start, end) of the host's.
void allocator_open(uint64_t start, uint64_t end);

// A frame of zeroes: 4 KiB, or 2 MiB; panics where none is left.
void *allocator_frame(void);
void *allocator_large_frame(void);
void allocator_give_back(void *frame, uint64_t size);

// Gives v its guest-physical memory [0, v->memory_size) but [hole, hole + hole_size), in 2 MiB
// pages except for the first 2 MiB and the remainder; multiples of 4 KiB.
void allocator_give_memory(struct vm *v, uint64_t hole, uint64_t hole_size);
void allocator_take_memory(struct vm *v);

// Where [guest, guest + size) of v's memory is for the monitor; null where not all of it is v's
// own, or it is not one piece here (it is, within a page).
void *allocator_memory(const struct vm *v, uint64_t guest, uint64_t size);

// Puts a device at some of v's ports. Others read all ones and ignore writes.
void allocator_give_ports(struct vm *v, struct port_device device);
const struct port_device *allocator_port(const struct vm *v, uint16_t port);

// The bitmaps of every VM: all ports exit; all MSRs but those that the processor keeps for each VM.
const void *allocator_io_bitmaps(void); // two frames
const void *allocator_msr_bitmap(void);

#endif
