// SPDX-License-Identifier: MIT
// The guest's own paging (SDM 3A, 4.2 to 4.7): from linear to guest-physical addresses, as the
// processor walks. Pure: entries come and go through functions. Protection keys are not looked at.
#ifndef TRAPEZE_VMM_X86_PAGING_H
#define TRAPEZE_VMM_X86_PAGING_H

#include <stdbool.h>
#include <stdint.h>

enum paging_mode { PAGING_OFF, PAGING_32, PAGING_PAE, PAGING_4_LEVELS };

struct paging {
    enum paging_mode mode;
    uint64_t cr3;
    uint64_t pdpte[4]; // PAGING_PAE: the processor's copies of the entries of the third level
    bool pse;          // PAGING_32: CR4.PSE
    bool write_protect, nx, smep, smap; // CR0.WP, EFER.NXE, CR4.SMEP, CR4.SMAP
    bool ac;                            // RFLAGS.AC, which lifts SMAP
    bool gigabyte_pages;                // PAGING_4_LEVELS: the processor has them
    unsigned address_bits;              // of physical addresses
    void *context;
    // An entry of 4 or 8 bytes at a guest-physical address; whether there is memory.
    bool (*read)(void *context, uint64_t physical, unsigned size, uint64_t *entry);
    // Sets bits (accessed, dirty) of an entry that has been read.
    void (*set)(void *context, uint64_t physical, unsigned size, uint64_t bits);
};

// An access, and an error code of a page fault (SDM 3A, figure 4-12).
enum {
    PAGE_PRESENT = 1 << 0, // error code only
    PAGE_WRITE = 1 << 1,
    PAGE_USER = 1 << 2,
    PAGE_RESERVED = 1 << 3, // error code only
    PAGE_FETCH = 1 << 4,
    PAGE_IMPLICIT = 1 << 8, // access only: to descriptor tables and the like, whatever AC is
};

enum paging_result {
    PAGING_FOUND,
    PAGING_FAULT,
    PAGING_NOWHERE, // a table of the guest's is where no memory is
};

// Where `linear` is: then *physical, for all of the 4 KiB around it; or *code of the page fault.
// Sets the accessed and dirty bits where it is found. A canonical address is the caller's affair.
enum paging_result paging_walk(const struct paging *p, uint64_t linear, unsigned access,
                               uint64_t *physical, uint32_t *code);

#endif
