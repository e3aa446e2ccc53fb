// SPDX-License-Identifier: MIT
// The doctor against the processor: of a healthy state it finds nothing, and the guest runs; a
// broken one the processor refuses, and the doctor names the field.

#include "vmm/x86/tests/doctor.h"

#include "vmm/x86/allocator.h"
#include "vmm/x86/dispatcher.h"
#include "vmm/x86/doctor.h"
#include "vmm/x86/print.h"
#include "vmm/x86/tests/broken.h"
#include "vmm/x86/tests/stub_memory.h"
#include "vmm/x86/traps.h"
#include "vmm/x86/vmx.h"

enum { CODE = 0x8000, LEVEL4 = 0x3000, LEVEL3 = 0x4000, LEVEL2 = 0x5000, MEMORY = 64 << 10 };

// A guest in 64-bit mode that halts.
static void healthy(struct vm *v, const struct capabilities *c, const char *name)
{
    vm_create(v, c, name, MEMORY, 0, 0, CODE);
    vm_set_long(CODE, LEVEL4);
    uint64_t *level4 = allocator_memory(v, LEVEL4, 8), *level3 = allocator_memory(v, LEVEL3, 8);
    uint64_t *level2 = allocator_memory(v, LEVEL2, 8);
    uint8_t *code = allocator_memory(v, CODE, 1);
    if (level4 == NULL || level3 == NULL || level2 == NULL || code == NULL)
        panic("the guest has no memory");
    *level4 = LEVEL3 | 3;
    *level3 = LEVEL2 | 3;
    *level2 = 0x83; // a page of 2 MiB
    *code = 0xf4;
}

static void break_it(const struct broken *b)
{
    for (unsigned i = 0; i < BROKEN_CHANGES; i++) {
        const enum vmcs_field f = b->changes[i].field;
        if (b->changes[i].keep == 0 && b->changes[i].set == 0 && f == 0) continue;
        vmcs_write(f, (vmcs_read(f) & b->changes[i].keep) | b->changes[i].set);
    }
}

// Whether the processor refuses to enter.
static bool refused(struct vm *v)
{
    vm_load(v);
    const unsigned failed = vmx_enter(&v->g, false);
    const bool refuses = failed != 0 || vmcs_read(EXIT_REASON) >> 31 & 1;
    vm_store(v);
    return refuses;
}

static bool try_healthy(const struct capabilities *c)
{
    static struct vm v;
    static struct vmcs_image image;
    struct diagnosis found[1];

    healthy(&v, c, "healthy");
    vmcs_read_all(&image);
    const size_t count = doctor_examine(&image, c, found, 1);
    vm_run(&v);
    vm_destroy(&v);
    const bool ok = count == 0 && v.end == VM_HALTED;
    print("vtx-test doctor.healthy %s %lu findings%s%s\n", ok ? "ok" : "not-ok:", count,
          count > 0 ? ", of " : "", count > 0 ? vmcs_name(found[0].field) : "");
    return ok;
}

// A machine with a broken state is not entered at all.
static bool try_before(const struct capabilities *c)
{
    static struct vm v;

    healthy(&v, c, "before");
    v.quiet = true;
    break_it(&broken_states[0]);
    vm_run(&v);
    vm_destroy(&v);
    const bool ok = v.end == VM_FAILED && !v.launched;
    print("vtx-test doctor.before %s %s\n", ok ? "ok" : "not-ok:", vm_end_name(v.end));
    return ok;
}

static bool try_broken(const struct capabilities *c, const struct broken *b)
{
    static struct vm v;
    static struct vmcs_image image;
    struct diagnosis found[1] = {0};

    healthy(&v, c, b->name);
    break_it(b);
    vmcs_read_all(&image);
    const size_t count = doctor_examine(&image, c, found, 1);
    const bool refuses = refused(&v);
    vm_destroy(&v);
    const bool named =
        count > 0 && found[0].field == b->field && text_same(found[0].section, b->section);
    const bool ok = named && (refuses || b->when == NOT_IN_BOCHS);
    if (ok) {
        print("vtx-test doctor.%s ok %s\n", b->name, vmcs_name(b->field));
        return true;
    }
    print("vtx-test doctor.%s not-ok: ", b->name);
    if (count > 0)
        print("%s = %lx: %s (%s)", vmcs_name(found[0].field), found[0].value, found[0].rule,
              found[0].section);
    else
        print("nothing found");
    print(", %s; expected %s (%s), refused\n", refuses ? "refused" : "entered", vmcs_name(b->field),
          b->section);
    return false;
}

unsigned doctor_run(const struct capabilities *c, const char *prefix)
{
    unsigned passed = 0, failed = 0;

    if (text_begins("healthy", prefix)) {
        const bool ok = try_healthy(c);
        passed += ok;
        failed += !ok;
    }
    if (text_begins("before", prefix)) {
        const bool ok = try_before(c);
        passed += ok;
        failed += !ok;
    }
    for (unsigned i = 0; i < broken_states_count; i++) {
        if (!text_begins(broken_states[i].name, prefix)) continue;
        if (broken_states[i].when == UNLESS_ANY_CODE && c->basic & CAPABILITY_ANY_CODE) {
            print("vtx-test doctor.%s ok not a rule of this processor\n", broken_states[i].name);
            passed++;
            continue;
        }
        const bool ok = try_broken(c, &broken_states[i]);
        passed += ok;
        failed += !ok;
    }
    print("vtx-tests passed=%u failed=%u\n", passed, failed);
    return failed > 0 ? failed : passed == 0;
}
