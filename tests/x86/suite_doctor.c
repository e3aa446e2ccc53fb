// SPDX-License-Identifier: MIT
// The VM-entry doctor on values alone: a healthy state has no findings; each row of broken_states
// has its own first. Controls follow from capabilities.

#include "tests/suites.h"

#include "vmm/x86/controls.h"
#include "vmm/x86/doctor.h"
#include "vmm/x86/tests/broken.h"

#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#define MAY(bits) ((uint64_t)(uint32_t)(bits) << 32)

// A processor like those from 2013 on, without the exception that bit 56 of IA32_VMX_BASIC makes.
static const struct capabilities processor = {
    .basic = UINT64_C(1) << 55 | 4,
    .misc = 4 << 16 | 7 << 6,
    .ept_vpid = 0xf0106334141,
    .words =
        {
            [PIN] = MAY(0x7f) | 0x16,
            [PROCESSOR] = MAY(0xfff9fffe) | 0x04006172,
            [PROCESSOR2] = MAY(0x7fff),
            [EXIT] = MAY(0x7fffff) | 0x36dfb,
            [ENTRY] = MAY(0xffff) | 0x11fb,
        },
    .cr0_fixed0 = 0x80000021,
    .cr0_fixed1 = 0xffffffff,
    .cr4_fixed0 = 0x2000,
    .cr4_fixed1 = 0x3727ff,
    .address_bits = 40,
};

static struct vmcs_image image;

static void set(enum vmcs_field field, uint64_t value)
{
    *vmcs_slot(&image, field) = value;
}

static void set_segment(enum segment n, uint64_t selector, uint64_t limit, uint64_t rights)
{
    set(segment_selector(n), selector);
    set(segment_limit(n), limit);
    set(segment_rights(n), rights);
}

// A guest in 64-bit mode, as the monitor would enter it.
static void make_healthy(void)
{
    memset(&image, 0, sizeof image);
    set(PIN_CONTROLS, controls_compute(&processor, PIN));
    set(PROCESSOR_CONTROLS, controls_compute(&processor, PROCESSOR));
    set(PROCESSOR2_CONTROLS, controls_compute(&processor, PROCESSOR2));
    set(EXIT_CONTROLS, controls_compute(&processor, EXIT));
    set(ENTRY_CONTROLS, controls_compute(&processor, ENTRY) | ENTRY_GUEST_64);
    set(VPID, 1);
    set(IO_BITMAP_A, 0x200000);
    set(IO_BITMAP_B, 0x201000);
    set(MSR_BITMAP, 0x202000);
    set(EPT_POINTER, 0x20301e);
    set(LINK_POINTER, UINT64_MAX);

    set(HOST_CR0, 0x80010033);
    set(HOST_CR3, 0x1000);
    set(HOST_CR4, 0x42220);
    set(HOST_EFER, 0x500);
    set(HOST_PAT, 0x0007040600070406);
    set(HOST_CS, 8);
    set(HOST_SS, 16);
    set(HOST_DS, 16);
    set(HOST_ES, 16);
    set(HOST_TR, 24);
    set(HOST_RIP, 0x100000);
    set(HOST_RSP, 0x180000);

    for (enum segment n = SEGMENT_ES; n <= SEGMENT_GS; n++) set_segment(n, 16, 0xffffffff, 0xc093);
    set_segment(SEGMENT_CS, 24, 0xffffffff, 0xa09b);
    set_segment(SEGMENT_LDTR, 0, 0xffff, 0x82);
    set_segment(SEGMENT_TR, 0, 0xffff, 0x8b);
    set(GUEST_CR0, 0x80000031);
    set(GUEST_CR3, 0x3000);
    set(GUEST_CR4, 0x2020);
    set(GUEST_EFER, 0x500);
    set(GUEST_PAT, 0x0007040600070406);
    set(GUEST_DR7, 0x400);
    set(GUEST_RFLAGS, 2);
    set(GUEST_RIP, 0x8000);
    set(GUEST_GDTR_LIMIT, 0x2f);
    set(GUEST_IDTR_LIMIT, 0xfff);
}

static size_t examine(struct diagnosis *found)
{
    memset(found, 0, sizeof *found);
    return doctor_examine(&image, &processor, found, 1);
}

static void of_a_healthy_state_nothing_is_found(void)
{
    struct diagnosis found;

    make_healthy();
    CU_ASSERT_EQUAL(examine(&found), 0);

    // Real mode.
    for (enum segment n = SEGMENT_ES; n <= SEGMENT_GS; n++) set_segment(n, 0, 0xffff, 0x93);
    set_segment(SEGMENT_CS, 0xf000, 0xffff, 0x9b);
    set(GUEST_CS_BASE, 0xffff0000);
    set(GUEST_CR0, 0x30);
    set(GUEST_CR4, 0x2000);
    set(GUEST_EFER, 0);
    set(ENTRY_CONTROLS, controls_compute(&processor, ENTRY));
    CU_ASSERT_EQUAL(examine(&found), 0);

    // Virtual-8086 mode.
    for (enum segment n = SEGMENT_ES; n <= SEGMENT_GS; n++) {
        set_segment(n, 0x1234, 0xffff, 0xf3);
        set(segment_base(n), 0x12340);
    }
    set(GUEST_CR0, 0x31);
    set(GUEST_RFLAGS, 0x20002);
    CU_ASSERT_EQUAL(examine(&found), 0);
}

static void each_broken_state_has_its_finding(void)
{
    CU_ASSERT(broken_states_count >= 30);
    for (unsigned i = 0; i < broken_states_count; i++) {
        const struct broken *b = &broken_states[i];
        struct diagnosis found;

        make_healthy();
        for (unsigned k = 0; k < BROKEN_CHANGES; k++) {
            uint64_t *slot = vmcs_slot(&image, b->changes[k].field);
            const bool changes = b->changes[k].field != 0 || b->changes[k].keep != 0;
            if (changes) *slot = (*slot & b->changes[k].keep) | b->changes[k].set;
        }
        const size_t count = examine(&found);
        const bool right =
            count > 0 && found.field == b->field && strcmp(found.section, b->section) == 0;
        if (!right)
            printf("%s: %zu findings, the first of %s (%s)\n", b->name, count,
                   count > 0 ? vmcs_name(found.field) : "nothing", count > 0 ? found.section : "");
        CU_ASSERT(right);
        if (count > 0) CU_ASSERT_EQUAL(found.value, *vmcs_slot(&image, b->field));
    }
}

// All findings are counted, and no more than there is room for are written.
static void findings_have_room(void)
{
    struct diagnosis found[4] = {0};

    make_healthy();
    set(GUEST_RFLAGS, 0);
    set(HOST_CS, 0);
    set(GUEST_DR7, UINT64_C(1) << 40);
    CU_ASSERT_EQUAL(doctor_examine(&image, &processor, found, 2), 3);
    CU_ASSERT_EQUAL(found[0].field, HOST_CS);
    CU_ASSERT_EQUAL(found[1].field, GUEST_DR7);
    CU_ASSERT_EQUAL(found[1].wrong, UINT64_C(1) << 40);
    CU_ASSERT_PTR_NULL(found[2].rule);
    CU_ASSERT_EQUAL(doctor_examine(&image, &processor, NULL, 0), 3);
}

// Every bit of every control word: wrong where the processor fixes it the other way.
static void fixed_controls_are_found(void)
{
    static const enum vmcs_field fields[CONTROL_WORDS] = {
        [PIN] = PIN_CONTROLS,     [PROCESSOR] = PROCESSOR_CONTROLS,
        [EXIT] = EXIT_CONTROLS,   [PROCESSOR2] = PROCESSOR2_CONTROLS,
        [ENTRY] = ENTRY_CONTROLS,
    };
    struct diagnosis found;

    for (enum control_word word = 0; word < CONTROL_WORDS; word++) {
        for (unsigned bit = 0; bit < 32; bit++) {
            const bool fixed =
                control_must(&processor, word, bit) || !control_may(&processor, word, bit);
            if (!fixed) continue;
            make_healthy();
            *vmcs_slot(&image, fields[word]) ^= UINT64_C(1) << bit;
            CU_ASSERT(examine(&found) > 0);
            CU_ASSERT_EQUAL(found.field, fields[word]);
            CU_ASSERT_EQUAL(found.wrong, UINT64_C(1) << bit);
        }
    }
}

static void controls_follow_the_capabilities(void)
{
    struct capabilities c = processor;

    CU_ASSERT_PTR_NULL(controls_missing(&c));
    for (enum control_word word = 0; word < CONTROL_WORDS; word++) {
        const uint32_t value = controls_compute(&c, word);
        CU_ASSERT_EQUAL(value & (uint32_t)c.words[word], (uint32_t)c.words[word]);
        CU_ASSERT_EQUAL(value & ~(uint32_t)(c.words[word] >> 32), 0);
    }
    // A control that may not be on is off; where it is needed, that is said.
    c.words[PROCESSOR2] &= ~MAY(PROCESSOR2_VPID);
    CU_ASSERT_EQUAL(controls_compute(&c, PROCESSOR2) & PROCESSOR2_VPID, 0);
    CU_ASSERT_PTR_NULL(controls_missing(&c));
    for (size_t i = 0; i < controls_count; i++) {
        if (controls[i].want != NEEDED) continue;
        c = processor;
        c.words[controls[i].word] &= ~MAY(1u << controls[i].bit);
        CU_ASSERT_PTR_EQUAL(controls_missing(&c), &controls[i]);
    }
}

static void firmware_locks_vmx_off(void)
{
    CU_ASSERT_FALSE(controls_locked_off(0)); // open: the monitor turns it on
    CU_ASSERT(controls_locked_off(1));
    CU_ASSERT(controls_locked_off(1 | 2)); // in SMX only
    CU_ASSERT_FALSE(controls_locked_off(4));
    CU_ASSERT_FALSE(controls_locked_off(1 | 4));
}

void suite_doctor(void)
{
    CU_pSuite s = CU_add_suite("VM-entry doctor", NULL, NULL);

    CU_add_test(s, "of a healthy state nothing is found", of_a_healthy_state_nothing_is_found);
    CU_add_test(s, "each broken state has its finding", each_broken_state_has_its_finding);
    CU_add_test(s, "findings have room", findings_have_room);
    CU_add_test(s, "fixed controls are found", fixed_controls_are_found);
    CU_add_test(s, "controls follow the capabilities", controls_follow_the_capabilities);
    CU_add_test(s, "firmware locks VMX off", firmware_locks_vmx_off);
}
