// SPDX-License-Identifier: MIT
// A walk through the guest's page tables.

#include "vmm/x86/paging.h"

enum { ENTRY_P = 1, ENTRY_RW = 2, ENTRY_US = 4, ENTRY_A = 0x20, ENTRY_D = 0x40, ENTRY_PS = 0x80 };
#define ENTRY_XD (UINT64_C(1) << 63)
#define ENTRY_ADDRESS UINT64_C(0x000ffffffffff000)

// Bits first to last.
static uint64_t bits(unsigned first, unsigned last)
{
    return first > last ? 0 : (~UINT64_C(0) >> (63 - last)) & (~UINT64_C(0) << first);
}

// What must be 0 in an entry (SDM 3A, tables 4-4 to 4-20).
static uint64_t reserved(const struct paging *p, unsigned level, bool large)
{
    const unsigned m = p->address_bits;

    if (p->mode == PAGING_32) {
        if (!large) return 0;
        return bits(21, 21) | (m < 40 ? bits(13 + (m > 32 ? m - 32 : 0), 20) : 0);
    }
    uint64_t r = bits(m, p->mode == PAGING_PAE ? 62 : 51);
    if (!p->nx) r |= ENTRY_XD;
    if (large) r |= level == 4 ? ENTRY_PS : bits(13, level == 3 ? 29 : 20);
    if (large && level == 3 && !p->gigabyte_pages) r |= ENTRY_PS;
    return r;
}

static uint32_t fault_code(const struct paging *p, unsigned access)
{
    const bool tells_fetch = p->smep || (p->nx && p->mode != PAGING_32);

    return access & (PAGE_WRITE | PAGE_USER | (tells_fetch ? PAGE_FETCH : 0));
}

// Whether the access may be, by the bits of all levels together (SDM 3A, 4.6).
static bool allowed(const struct paging *p, uint64_t all, bool no_execute, unsigned access)
{
    const bool user_page = all & ENTRY_US;

    if (access & PAGE_FETCH && no_execute) return false;
    if (access & PAGE_USER) return user_page && (all & ENTRY_RW || !(access & PAGE_WRITE));
    if (user_page && access & PAGE_FETCH) return !p->smep;
    if (user_page && p->smap && (access & PAGE_IMPLICIT || !p->ac)) return false;
    return !(access & PAGE_WRITE) || all & ENTRY_RW || !p->write_protect;
}

enum paging_result paging_walk(const struct paging *p, uint64_t linear, unsigned access,
                               uint64_t *physical, uint32_t *code)
{
    const unsigned size = p->mode == PAGING_32 ? 4 : 8;
    const unsigned index_bits = p->mode == PAGING_32 ? 10 : 9;
    unsigned level = p->mode == PAGING_4_LEVELS ? 4 : 2;
    uint64_t table = p->cr3 & (p->mode == PAGING_4_LEVELS ? ENTRY_ADDRESS : 0xfffff000);
    uint64_t at[5], entry, all = ENTRY_RW | ENTRY_US;
    bool no_execute = false;

    *code = fault_code(p, access);
    if (p->mode == PAGING_OFF) {
        *physical = linear;
        return PAGING_FOUND;
    }
    if (p->mode == PAGING_PAE) {
        table = p->pdpte[linear >> 30 & 3];
        if (!(table & ENTRY_P)) return PAGING_FAULT;
        table &= ENTRY_ADDRESS;
    }
    const unsigned top = level;
    for (;; level--) {
        const unsigned shift = 12 + index_bits * (level - 1);
        at[level] = table + (linear >> shift & ((1u << index_bits) - 1)) * size;
        if (!p->read(p->context, at[level], size, &entry)) return PAGING_NOWHERE;
        if (!(entry & ENTRY_P)) return PAGING_FAULT;
        const bool large = level > 1 && entry & ENTRY_PS && (p->mode != PAGING_32 || p->pse);
        if (entry & reserved(p, level, large)) {
            *code |= PAGE_PRESENT | PAGE_RESERVED;
            return PAGING_FAULT;
        }
        all &= entry;
        if (size == 8) no_execute |= (entry & ENTRY_XD) != 0;
        if (level == 1 || large) {
            const uint64_t offset = (UINT64_C(1) << shift) - 1;
            uint64_t frame = entry & (size == 4 ? 0xfffff000 : ENTRY_ADDRESS) & ~offset;
            if (size == 4 && large) frame |= (entry >> 13 & 0xff) << 32;
            *physical = frame | (linear & offset);
            break;
        }
        table = entry & (size == 4 ? 0xfffff000 : ENTRY_ADDRESS);
    }
    if (!allowed(p, all, no_execute, access)) {
        *code |= PAGE_PRESENT;
        return PAGING_FAULT;
    }
    for (unsigned i = top; i >= level; i--)
        p->set(p->context, at[i], size,
               ENTRY_A | (i == level && access & PAGE_WRITE ? ENTRY_D : 0));
    return PAGING_FOUND;
}
