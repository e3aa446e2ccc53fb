// SPDX-License-Identifier: MIT
// From a segment's offset to bytes of the guest's memory.

#include "vmm/x86/guest_memory.h"

#include "vmm/guests/memory.h"
#include "vmm/x86/allocator.h"
#include "vmm/x86/cpu.h"
#include "vmm/x86/paging.h"
#include "vmm/x86/vmx.h"

enum { VECTOR_SS = 12, VECTOR_PF = 14 };
enum { FLAG_AC = 1 << 18, CR4_PSE = 1 << 4, CR4_SMEP = 1 << 20, CR4_SMAP = 1 << 21 };
enum { TYPE_CODE = 8, TYPE_DOWN = 4, TYPE_WRITE_OR_READ = 2 };
enum { EDX_GIGABYTE_PAGES = 1 << 26 };

static bool in_64_bit_mode(void)
{
    return vmcs_read(GUEST_EFER) & EFER_LMA && vmcs_read(GUEST_CS_RIGHTS) & RIGHTS_L;
}

static bool read_entry(void *context, uint64_t physical, unsigned size, uint64_t *entry)
{
    const void *at = allocator_memory(context, physical, size);

    if (at == NULL) return false;
    *entry = 0;
    memcpy(entry, at, size);
    return true;
}

static void set_bits(void *context, uint64_t physical, unsigned size, uint64_t bits)
{
    uint8_t *at = allocator_memory(context, physical, size);

    if (at != NULL) *at |= (uint8_t)bits;
}

static struct paging paging_of(struct vm *v)
{
    const uint64_t cr0 = vmcs_read(GUEST_CR0), cr4 = vmcs_read(GUEST_CR4);
    const uint64_t efer = vmcs_read(GUEST_EFER);
    struct paging p = {
        .cr3 = vmcs_read(GUEST_CR3),
        .pse = cr4 & CR4_PSE,
        .write_protect = cr0 & CR0_WP,
        .nx = efer & EFER_NXE,
        .smep = cr4 & CR4_SMEP,
        .smap = cr4 & CR4_SMAP,
        .ac = vmcs_read(GUEST_RFLAGS) & FLAG_AC,
        .gigabyte_pages = cpuid(0x80000001, 0).edx & EDX_GIGABYTE_PAGES,
        .address_bits = v->capabilities->address_bits,
        .context = v,
        .read = read_entry,
        .set = set_bits,
    };

    p.mode = !(cr0 & CR0_PG)   ? PAGING_OFF
             : efer & EFER_LMA ? PAGING_4_LEVELS
             : cr4 & CR4_PAE   ? PAGING_PAE
                               : PAGING_32;
    if (p.mode == PAGING_PAE)
        for (unsigned i = 0; i < 4; i++)
            p.pdpte[i] = vmcs_read((enum vmcs_field)(GUEST_PDPTE0 + 2 * i));
    return p;
}

static bool canonical(uint64_t linear)
{
    return (uint64_t)((int64_t)(linear << 16) >> 16) == linear;
}

// SDM 3A, 5.3 and 5.5; in real and virtual-8086 mode only limits are looked at.
static bool segment_allows(enum segment segment, uint64_t offset, unsigned size, bool write)
{
    const uint64_t rights = vmcs_read(segment_rights(segment));
    const uint64_t limit = vmcs_read(segment_limit(segment)), last = offset + size - 1;
    const bool code = rights & TYPE_CODE;

    if (rights & RIGHTS_UNUSABLE) return false;
    if (vmcs_read(GUEST_CR0) & CR0_PE && !(vmcs_read(GUEST_RFLAGS) & FLAG_VM)) {
        if (write && (code || !(rights & TYPE_WRITE_OR_READ))) return false;
        if (!write && code && !(rights & TYPE_WRITE_OR_READ)) return false;
    }
    if (!code && rights & TYPE_DOWN)
        return offset > limit && last <= (rights & RIGHTS_D ? UINT32_MAX : UINT16_MAX);
    return last <= limit;
}

enum guest_access guest_find(struct vm *v, enum segment segment, uint64_t offset, unsigned size,
                             bool write, struct guest_place *place)
{
    const bool wide = in_64_bit_mode();
    const bool has_base = !wide || segment == SEGMENT_FS || segment == SEGMENT_GS;
    const uint64_t mask = wide ? UINT64_MAX : UINT32_MAX;
    const uint64_t linear = (offset + (has_base ? vmcs_read(segment_base(segment)) : 0)) & mask;
    const bool user = (vmcs_read(GUEST_SS_RIGHTS) >> 5 & 3) == 3;
    struct paging p = paging_of(v);

    if (wide ? !canonical(linear) || !canonical(linear + size - 1)
             : !segment_allows(segment, offset, size, write)) {
        vm_inject_exception(v, segment == SEGMENT_SS ? VECTOR_SS : VECTOR_GP, true, 0);
        return GUEST_FAULTS;
    }
    const unsigned room = 4096 - (linear & 4095);
    place->size[0] = size < room ? size : room;
    place->size[1] = size - place->size[0];
    place->piece[0] = place->piece[1] = NULL;
    for (unsigned i = 0; i < 2 && place->size[i] > 0; i++) {
        const uint64_t at = (linear + (i == 0 ? 0 : room)) & mask;
        uint64_t physical;
        uint32_t code;
        switch (paging_walk(&p, at, (write ? PAGE_WRITE : 0) | (user ? PAGE_USER : 0), &physical,
                            &code)) {
        case PAGING_NOWHERE: return GUEST_NOWHERE;
        case PAGING_FAULT:
            v->g.cr2 = at;
            vm_inject_exception(v, VECTOR_PF, true, code);
            return GUEST_FAULTS;
        case PAGING_FOUND: place->piece[i] = allocator_memory(v, physical, place->size[i]); break;
        }
    }
    return GUEST_DONE;
}

uint64_t guest_read(const struct guest_place *place)
{
    uint64_t value = UINT64_MAX;

    for (unsigned i = 0; i < 2; i++)
        if (place->piece[i] != NULL)
            memcpy((uint8_t *)&value + (i == 0 ? 0 : place->size[0]), place->piece[i],
                   place->size[i]);
    return value;
}

void guest_write(const struct guest_place *place, uint64_t value)
{
    for (unsigned i = 0; i < 2; i++)
        if (place->piece[i] != NULL)
            memcpy(place->piece[i], (uint8_t *)&value + (i == 0 ? 0 : place->size[0]),
                   place->size[i]);
}
