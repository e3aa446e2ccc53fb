// SPDX-License-Identifier: MIT
// Machines that check their memory and registers take turns with each other and with one that never
// exits.

#include "vmm/x86/tests/sharing.h"

#include "vmm/x86/dispatcher.h"
#include "vmm/x86/print.h"
#include "vmm/x86/scheduler.h"
#include "vmm/x86/tests/stub_memory.h"
#include "vmm/x86/tests/stubs.h"
#include "vmm/x86/traps.h"

enum { SLICE = 200000, FEW_ROUNDS = 20 };
static const uint64_t patterns[] = {UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xc2b2ae3d27d4eb4f)};

static const struct stub *find(const char *name)
{
    for (const struct stub *s = shared_start; s < shared_end; s++)
        if (text_same(s->name, name)) return s;
    panic("there is no guest '%s'", name);
}

void pattern_create(struct vm *v, const struct capabilities *c, uint64_t pattern)
{
    stub_create(v, c, find("pattern"));
    v->g.r[RBX] = pattern;
}

static bool report(const char *test, const char *with, bool ok, const struct vm *v)
{
    char exits[256];

    exits_text(v, exits, sizeof exits);
    print("vtx-test %s%s %s turns=%lu exits=%s end=%u wrong=%lu\n", test, with,
          ok ? "ok" : "not-ok:", v->turns, exits, v->end, v->g.r[RAX]);
    return ok;
}

// Whether it found all as it had left it, and was interrupted often enough for that to mean
// something.
static bool is_unharmed(const struct vm *v)
{
    return v->end == VM_HALTED && v->g.r[RAX] == 0 && v->turns > FEW_ROUNDS &&
           v->exits[52] >= v->turns - 1;
}

static unsigned patterns_in_turns(const struct capabilities *c)
{
    static struct vm v[2];
    struct scheduler s = {.slice = SLICE};
    unsigned failed = 0;

    for (unsigned i = 0; i < 2; i++) {
        pattern_create(&v[i], c, patterns[i]);
        scheduler_add(&s, &v[i]);
    }
    while (scheduler_round(&s)) continue;
    for (unsigned i = 0; i < 2; i++) {
        failed += !report("share.pattern.", i == 0 ? "first" : "second", is_unharmed(&v[i]), &v[i]);
        vm_destroy(&v[i]);
    }
    return failed;
}

// The one that never exits is interrupted, the other one comes to its end.
static unsigned beside(const struct capabilities *c, const struct stub *spin)
{
    static struct vm v[2];
    struct scheduler s = {.slice = SLICE};

    stub_create(&v[0], c, spin);
    pattern_create(&v[1], c, patterns[1]);
    scheduler_add(&s, &v[0]);
    scheduler_add(&s, &v[1]);
    while (v[1].end == VM_RUNS && scheduler_round(&s)) continue;
    const bool ok = is_unharmed(&v[1]) && v[0].end == VM_RUNS && v[0].turns == v[1].turns &&
                    (v[0].exits[52] == v[0].turns || v[0].exits[30] >= v[0].turns);
    report("share.beside.", spin->name, ok, &v[1]);
    vm_destroy(&v[0]);
    vm_destroy(&v[1]);
    return !ok;
}

unsigned sharing_run(const struct capabilities *c)
{
    unsigned failed = patterns_in_turns(c);

    for (const struct stub *s = shared_start; s < shared_end; s++)
        if (s != find("pattern")) failed += beside(c, s);
    print("vtx-tests failed=%u\n", failed);
    return failed;
}
