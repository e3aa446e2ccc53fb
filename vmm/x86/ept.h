// SPDX-License-Identifier: MIT
// Extended page tables (SDM 3C, 28.3): guest-physical to host-physical addresses.
#ifndef TRAPEZE_VMM_X86_EPT_H
#define TRAPEZE_VMM_X86_EPT_H

#include <stdbool.h>
#include <stdint.h>

enum { PAGE = 4096, LARGE_PAGE = 2 << 20 };

// Where tables come from: a frame of zeroes. Never null.
typedef uint64_t *ept_frame(void);

// Maps the page of `size` bytes (PAGE or LARGE_PAGE) at guest-physical `guest` to `host`, both so
// aligned: readable, writable, executable, write-back. Nothing may be mapped there yet.
void ept_map(uint64_t *root, uint64_t guest, uint64_t host, uint64_t size, ept_frame *frame);

// The host-physical address of a guest-physical one; whether there is one.
bool ept_find(const uint64_t *root, uint64_t guest, uint64_t *host);

// Gives every table below and including `root` to `give`, and every page that they map.
void ept_release(uint64_t *root, void (*give_table)(void *), void (*give_page)(void *, uint64_t));

// The VMCS's EPT pointer: four levels, write-back.
uint64_t ept_pointer(const uint64_t *root);

#endif
