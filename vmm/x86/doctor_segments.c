// SPDX-License-Identifier: MIT
// The VM-entry doctor's checks on the guest's segment and descriptor-table registers (SDM 3C,
// 26.3.1.2 and 26.3.1.3).

#include "vmm/x86/cpu.h"
#include "vmm/x86/doctor_checks.h"

enum { TYPE_ACCESSED = 1, TYPE_WRITABLE = 2, TYPE_CODE = 8 };
enum { TI = 4, RPL = 3 };
enum { VIRTUAL_8086_LIMIT = 0xffff, VIRTUAL_8086_RIGHTS = 0xf3 };

static uint64_t rights(const struct patient *p, enum segment n)
{
    return value_of(p, segment_rights(n));
}

static bool usable(const struct patient *p, enum segment n)
{
    return !(rights(p, n) & RIGHTS_UNUSABLE);
}

static unsigned type(const struct patient *p, enum segment n)
{
    return rights(p, n) & RIGHTS_TYPE;
}

static unsigned dpl(const struct patient *p, enum segment n)
{
    return rights(p, n) >> 5 & 3;
}

static unsigned rpl(const struct patient *p, enum segment n)
{
    return value_of(p, segment_selector(n)) & RPL;
}

static void virtual_8086(struct patient *p)
{
    for (enum segment n = SEGMENT_ES; n <= SEGMENT_GS; n++) {
        must(p, value_of(p, segment_base(n)) == value_of(p, segment_selector(n)) << 4,
             segment_base(n), "must be 16 times the selector in virtual-8086 mode");
        must(p, value_of(p, segment_limit(n)) == VIRTUAL_8086_LIMIT, segment_limit(n),
             "must be 0xffff in virtual-8086 mode");
        must(p, rights(p, n) == VIRTUAL_8086_RIGHTS, segment_rights(n),
             "must be 0xf3 in virtual-8086 mode");
    }
}

static void bases(struct patient *p)
{
    static const enum segment long_ones[] = {SEGMENT_TR, SEGMENT_FS, SEGMENT_GS};
    static const enum segment short_ones[] = {SEGMENT_SS, SEGMENT_DS, SEGMENT_ES};

    for (unsigned i = 0; i < 3; i++)
        must(p, is_canonical(value_of(p, segment_base(long_ones[i]))), segment_base(long_ones[i]),
             "must be canonical");
    if (usable(p, SEGMENT_LDTR))
        must(p, is_canonical(value_of(p, GUEST_LDTR_BASE)), GUEST_LDTR_BASE, "must be canonical");
    must_be_zero(p, GUEST_CS_BASE, value_of(p, GUEST_CS_BASE) >> 32 << 32, "bits 63:32 must be 0");
    for (unsigned i = 0; i < 3; i++)
        if (usable(p, short_ones[i]))
            must_be_zero(p, segment_base(short_ones[i]),
                         value_of(p, segment_base(short_ones[i])) >> 32 << 32,
                         "bits 63:32 must be 0");
}

// Of those rights that all segments have: P, G, the reserved bits.
static void present(struct patient *p, enum segment n)
{
    const uint64_t limit = value_of(p, segment_limit(n)), r = rights(p, n);
    const enum vmcs_field field = segment_rights(n);

    must(p, r & RIGHTS_P, field, "P (bit 7) must be 1");
    must_be_zero(p, field, r & 0xf00, "bits 11:8 must be 0");
    must(p, (limit & 0xfff) == 0xfff || !(r & RIGHTS_G), field,
         "G (bit 15) must be 0 where any of the limit's bits 11:0 is 0");
    must(p, (limit & 0xfff00000) == 0 || r & RIGHTS_G, field,
         "G (bit 15) must be 1 where any of the limit's bits 31:20 is 1");
    must_be_zero(p, field, r & 0xfffe0000, "bits 31:17 must be 0");
}

static void code_segment(struct patient *p, bool unrestricted)
{
    const unsigned t = type(p, SEGMENT_CS), d = dpl(p, SEGMENT_CS), ss = dpl(p, SEGMENT_SS);
    const enum vmcs_field field = GUEST_CS_RIGHTS;

    must(p,
         (t & (TYPE_CODE | TYPE_ACCESSED)) == (TYPE_CODE | TYPE_ACCESSED) ||
             (t == 3 && unrestricted),
         field, "the type must be 9, 11, 13 or 15 (or 3 with 'unrestricted guest')");
    must(p, rights(p, SEGMENT_CS) & RIGHTS_S, field, "S (bit 4) must be 1");
    must(p, t != 3 || d == 0, field, "DPL must be 0 where the type is 3");
    must(p, (t != 9 && t != 11) || d == ss, field, "DPL must be SS.DPL where the type is 9 or 11");
    must(p, (t != 13 && t != 15) || d <= ss, field,
         "DPL must not exceed SS.DPL where the type is 13 or 15");
    present(p, SEGMENT_CS);
    must(p,
         !is_on(p, ENTRY, ENTRY_GUEST_64) ||
             (rights(p, SEGMENT_CS) & (RIGHTS_L | RIGHTS_D)) != (RIGHTS_L | RIGHTS_D),
         field, "D/B (bit 14) must be 0 where L is 1 in IA-32e mode");
}

static void stack_segment(struct patient *p, bool unrestricted)
{
    const bool zero = type(p, SEGMENT_CS) == 3 || !(value_of(p, GUEST_CR0) & CR0_PE);
    const enum vmcs_field field = GUEST_SS_RIGHTS;

    must(p, unrestricted || dpl(p, SEGMENT_SS) == rpl(p, SEGMENT_SS), field,
         "DPL must be the selector's RPL without 'unrestricted guest'");
    must(p, !zero || dpl(p, SEGMENT_SS) == 0, field,
         "DPL must be 0 in real mode, and where CS's type is 3");
    if (!usable(p, SEGMENT_SS)) return;
    must(p, (type(p, SEGMENT_SS) & 11) == 3, field, "the type must be 3 or 7 where SS is usable");
    must(p, rights(p, SEGMENT_SS) & RIGHTS_S, field, "S (bit 4) must be 1");
    present(p, SEGMENT_SS);
}

static void data_segment(struct patient *p, enum segment n, bool unrestricted)
{
    const unsigned t = type(p, n);
    const enum vmcs_field field = segment_rights(n);

    if (!usable(p, n)) return;
    must(p, t & TYPE_ACCESSED, field, "the type's bit 0 (accessed) must be 1");
    must(p, !(t & TYPE_CODE) || t & TYPE_WRITABLE, field, "a code segment here must be readable");
    must(p, rights(p, n) & RIGHTS_S, field, "S (bit 4) must be 1");
    must(p, unrestricted || t > 11 || dpl(p, n) >= rpl(p, n), field,
         "DPL must not be below the selector's RPL without 'unrestricted guest'");
    present(p, n);
}

static void system_segments(struct patient *p)
{
    const unsigned task = type(p, SEGMENT_TR);

    must(p, !(value_of(p, GUEST_TR) & TI), GUEST_TR, "TI must be 0");
    must(p, task == 11 || (task == 3 && !is_on(p, ENTRY, ENTRY_GUEST_64)), GUEST_TR_RIGHTS,
         "the type must be 11 (a busy TSS), or 3 outside IA-32e mode");
    must(p, !(rights(p, SEGMENT_TR) & RIGHTS_S), GUEST_TR_RIGHTS, "S (bit 4) must be 0");
    must(p, usable(p, SEGMENT_TR), GUEST_TR_RIGHTS, "TR must be usable (bit 16 must be 0)");
    present(p, SEGMENT_TR);

    if (!usable(p, SEGMENT_LDTR)) return;
    must(p, !(value_of(p, GUEST_LDTR) & TI), GUEST_LDTR, "TI must be 0 where LDTR is usable");
    must(p, type(p, SEGMENT_LDTR) == 2, GUEST_LDTR_RIGHTS, "the type must be 2 (LDT)");
    must(p, !(rights(p, SEGMENT_LDTR) & RIGHTS_S), GUEST_LDTR_RIGHTS, "S (bit 4) must be 0");
    present(p, SEGMENT_LDTR);
}

void examine_segments(struct patient *p)
{
    const bool unrestricted = is_on(p, PROCESSOR2, PROCESSOR2_UNRESTRICTED);
    const bool virtual = value_of(p, GUEST_RFLAGS) & FLAG_VM;

    p->section = "26.3.1.2";
    must(p, virtual || unrestricted || rpl(p, SEGMENT_SS) == rpl(p, SEGMENT_CS), GUEST_SS,
         "RPL must be CS's without 'unrestricted guest'");
    bases(p);
    if (virtual) {
        virtual_8086(p);
    } else {
        code_segment(p, unrestricted);
        stack_segment(p, unrestricted);
        data_segment(p, SEGMENT_ES, unrestricted);
        data_segment(p, SEGMENT_DS, unrestricted);
        data_segment(p, SEGMENT_FS, unrestricted);
        data_segment(p, SEGMENT_GS, unrestricted);
    }
    system_segments(p);

    p->section = "26.3.1.3";
    must(p, is_canonical(value_of(p, GUEST_GDTR_BASE)), GUEST_GDTR_BASE, "must be canonical");
    must(p, is_canonical(value_of(p, GUEST_IDTR_BASE)), GUEST_IDTR_BASE, "must be canonical");
    must_be_zero(p, GUEST_GDTR_LIMIT, value_of(p, GUEST_GDTR_LIMIT) >> 16 << 16,
                 "bits 31:16 must be 0");
    must_be_zero(p, GUEST_IDTR_LIMIT, value_of(p, GUEST_IDTR_LIMIT) >> 16 << 16,
                 "bits 31:16 must be 0");
}
