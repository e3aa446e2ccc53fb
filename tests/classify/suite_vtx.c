// SPDX-License-Identifier: MIT
// x86-32 under VT-x: with the controls that the monitor asks for nothing escapes; without any one
// that it needs something does, and which is known; what no row speaks of escapes.
#include <CUnit/CUnit.h>
#include <string.h>

#include "isa-analyzer/vtx/vtx.h"
#include "tests/suites.h"
#include "vmm/x86/controls.h"

#define X86 "isa-analyzer/isas/x86-32.isa"

struct analyzed {
    struct arena arena;
    struct classification *c;
    struct vtx_rules *rules;
    struct vtx_controls controls;
};

static const struct classify_options quickly = {.no_witnesses = true};

static void analyze(struct analyzed *x, struct description *m)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    x->c = classify(&x->arena, m, &quickly);
    CU_ASSERT_PTR_NULL(x->c->fault);
    x->rules = vtx_rules_read(&x->arena, m);
    CU_ASSERT_PTR_NOT_NULL_FATAL(x->rules);
    // As on a processor where all may be on.
    struct capabilities all = {0};
    for (unsigned w = 0; w < CONTROL_WORDS; w++) all.words[w] = UINT64_C(0xffffffff) << 32;
    for (size_t i = 0; i < controls_count; i++) {
        struct vtx_control *k = ARENA_NEW(&x->arena, struct vtx_control);
        *k = (struct vtx_control){
            .name = controls[i].name,
            .on = controls_compute(&all, controls[i].word) >> controls[i].bit & 1,
            .needed = controls[i].want == NEEDED};
        list_add(&x->arena, &x->controls.all, k);
    }
}

// Analyzed once for all tests, which leave the controls as they found them.
static struct analyzed machine;

static struct analyzed *the_machine(void)
{
    struct diagnostics d = {.out = stdout};
    if (!machine.c) analyze(&machine, description_read(&machine.arena, &d, X86));
    return &machine;
}

static int end(void)
{
    arena_free(&machine.arena);
    return 0;
}

static struct vtx_control *control(struct analyzed *x, const char *name)
{
    struct vtx_control *k;
    LIST_EACH(k, x->controls.all) if (strcmp(k->name, name) == 0) return k;
    CU_FAIL("no such control");
    printf("%s\n", name);
    return NULL;
}

static const struct vtx_answer *answer(const struct vtx_judgement *j, const char *name)
{
    struct vtx_answer *a;
    LIST_EACH(a, j->answers) if (strcmp(a->name, name) == 0) return a;
    return NULL;
}

static void test_nothing_escapes(void)
{
    struct analyzed *const x = the_machine();
    struct vtx_judgement *j = vtx_judge(&x->arena, x->c, x->rules, &x->controls);
    CU_ASSERT_EQUAL(j->escapes, 0);
    CU_ASSERT_EQUAL(j->idle, 0);
    CU_ASSERT(j->needs.n > 20);
    static const struct {
        const char *name;
        enum vtx_verdict verdict;
        const char *section;
    } some[] = {
        {"hlt", VTX_EXITS, "25.1.3"},    {"invd", VTX_EXITS, "25.1.2"},
        {"in_dx", VTX_EXITS, "25.1.3"},  {"popf", VTX_TWICE, "24.4.1"},
        {"sgdt", VTX_TWICE, "24.4.1"},   {"mov_to_cr control=cr0", VTX_TWICE, "24.4.1"},
        {"xsetbv", VTX_EXITS, "25.1.2"}, {"lar", VTX_TWICE, "24.4.1"},
    };
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        const struct vtx_answer *a = answer(j, some[i].name);
        CU_ASSERT_PTR_NOT_NULL_FATAL(a);
        CU_ASSERT_EQUAL(a->verdict, some[i].verdict);
        CU_ASSERT_STRING_EQUAL(a->sections.items[0], some[i].section);
    }
    // What is innocuous is not spoken of.
    CU_ASSERT_PTR_NULL(answer(j, "cpuid"));
    CU_ASSERT_PTR_NULL(answer(j, "add"));
}

// Each control that the monitor needs, and an instruction that escapes without it.
static const struct {
    const char *control, *escapes;
} needs[] = {
    {"external-interrupt exiting", "popf"},
    {"NMI exiting", "lidt"},
    {"use TSC offsetting", "rdtsc"},
    {"HLT exiting", "hlt"},
    {"MWAIT exiting", "mwait"},
    {"RDPMC exiting", "rdpmc"},
    {"CR8-load exiting", "mov_to_cr8"},
    {"CR8-store exiting", "mov_from_cr8"},
    {"use I/O bitmaps", "out_dx"},
    {"MONITOR exiting", "monitor"},
    {"activate secondary controls", "mov_to_cr control=cr3"},
    {"enable EPT", "mov_to_cr control=cr3"},
    {"WBINVD exiting", "wbinvd"},
    {"unrestricted guest", "mov_to_cr control=cr0"},
    {"save debug controls", "mov_to_dr"},
    {"load debug controls", "mov_to_dr"},
    {"host address-space size", "invd"},
    {"save IA32_PAT", "wrmsr"},
    {"load IA32_PAT on exit", "wrmsr"},
    {"load IA32_PAT on entry", "wrmsr"},
    {"save IA32_EFER", "wrmsr"},
    {"load IA32_EFER on exit", "wrmsr"},
    {"load IA32_EFER on entry", "wrmsr"},
};

static void test_each_needed_control(void)
{
    struct analyzed *const x = the_machine();
    struct vtx_control *k;
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        k = control(x, needs[i].control);
        CU_ASSERT_PTR_NOT_NULL_FATAL(k);
        CU_ASSERT(k->needed);
        k->on = false;
        struct vtx_judgement *j = vtx_judge(&x->arena, x->c, x->rules, &x->controls);
        const struct vtx_answer *a = answer(j, needs[i].escapes);
        CU_ASSERT_PTR_NOT_NULL_FATAL(a);
        CU_ASSERT_EQUAL(a->verdict, VTX_ESCAPES);
        if (a->verdict != VTX_ESCAPES) {
            printf("without '%s' %s does not escape\n", k->name, a->name);
        } else {
            CU_ASSERT_PTR_NOT_NULL(strstr(a->why, k->name)); // it says which control
        }
        k->on = true;
    }
    unsigned needed = 0;
    LIST_EACH(k, x->controls.all) needed += k->needed;
    CU_ASSERT_EQUAL(needed, sizeof needs / sizeof *needs);
}

// Without those that are not needed nothing escapes, or else they would be needed.
static void test_no_other_control(void)
{
    struct analyzed *const x = the_machine();
    struct vtx_control *k;
    LIST_EACH(k, x->controls.all)
    {
        if (k->needed || !k->on) continue;
        k->on = false;
        CU_ASSERT_EQUAL(vtx_judge(&x->arena, x->c, x->rules, &x->controls)->escapes, 0);
        k->on = true;
    }
}

// Another control may do: all I/O exits, descriptor tables do, the TPR is shadowed.
static void test_other_ways(void)
{
    static const char *const changed[] = {
        "use I/O bitmaps",          "unconditional I/O exiting", "NMI exiting",
        "descriptor-table exiting", "CR8-load exiting",          "CR8-store exiting",
        "use TPR shadow",
    };
    struct analyzed *const x = the_machine();
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
        control(x, changed[i])->on = !control(x, changed[i])->on;
    CU_ASSERT_EQUAL(vtx_judge(&x->arena, x->c, x->rules, &x->controls)->escapes, 0);
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
        control(x, changed[i])->on = !control(x, changed[i])->on;
}

// A needed control on which nothing rests is told.
static void test_idle_need(void)
{
    struct analyzed *const x = the_machine();
    struct vtx_control *const k = control(x, "virtual NMIs");
    k->needed = true;
    struct vtx_judgement *j = vtx_judge(&x->arena, x->c, x->rules, &x->controls);
    CU_ASSERT_EQUAL(j->escapes, 0);
    CU_ASSERT_EQUAL(j->idle, 1);
    k->needed = false;
}

// Instructions that the rows do not know: on new state, and on none that is described.
static void test_unknown_instructions(void)
{
    static const char text[] =
        "machine more \"more\" extends x86-32\n"
        "state {\n  resource secret : 32\n}\n"
        "map {\n  arbitrary secret\n}\n"
        "instruction see \"see\" : Two(escape = 0x0f, opcode = 0xfe)\n  r[0] := secret\n"
        "instruction cool \"cool\" : Two(escape = 0x0f, opcode = 0xfd)\n"
        "  require supervisor else trap general_protection\n"
        "instruction rest \"rest\" : Two(escape = 0x0f, opcode = 0xfc)\n  wait\n"
        "instruction look \"look\" : Two(escape = 0x0f, opcode = 0xfb)\n  r[0] := CR2\n";
    struct diagnostics d = {.out = stdout};
    struct analyzed more = {0}, *const x = &more;
    // Its rows are those of x86-32.isa.
    struct description *m =
        description_of_text(&x->arena, &d, "isa-analyzer/isas/x86-32.isa", text, sizeof text - 1);
    analyze(x, m);
    struct vtx_judgement *j = vtx_judge(&x->arena, x->c, x->rules, &x->controls);
    static const struct {
        const char *name, *why;
    } escape[] = {
        {"see", "it acts on secret, which there is once"},
        {"cool", "no row says that it exits, or what it acts on"},
        {"rest", "it stops the processor"},
    };
    CU_ASSERT_EQUAL(j->escapes, 3);
    for (size_t i = 0; i < sizeof escape / sizeof *escape; i++) {
        const struct vtx_answer *a = answer(j, escape[i].name);
        CU_ASSERT_PTR_NOT_NULL_FATAL(a);
        CU_ASSERT_EQUAL_FATAL(a->verdict, VTX_ESCAPES);
        CU_ASSERT_STRING_EQUAL(a->why, escape[i].why);
    }
    const struct vtx_answer *look = answer(j, "look");
    CU_ASSERT_PTR_NOT_NULL_FATAL(look);
    CU_ASSERT_EQUAL(look->verdict, VTX_TWICE);
    arena_free(&more.arena);
}

void suite_vtx(void)
{
    CU_pSuite s = CU_add_suite("x86-32 under VT-x", NULL, end);
    CU_add_test(s, "with the monitor's controls nothing escapes", test_nothing_escapes);
    CU_add_test(s, "without any needed control something does", test_each_needed_control);
    CU_add_test(s, "without another one nothing does", test_no_other_control);
    CU_add_test(s, "another control may do", test_other_ways);
    CU_add_test(s, "a needed control on which nothing rests", test_idle_need);
    CU_add_test(s, "what no row speaks of escapes", test_unknown_instructions);
}
