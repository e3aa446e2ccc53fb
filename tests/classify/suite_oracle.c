// SPDX-License-Identifier: MIT
// The enumeration itself, without the analyzer: verdicts known on paper, and definitions with one
// condition changed, each of which must change a verdict.
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "tests/classify/cases.h"
#include "tests/suites.h"

static struct oracle oracle;

struct tiny {
    struct arena arena;
    struct subject subject;
    char *text;
};

static const struct machine_case *find_case(const char *name)
{
    const struct machine_case *c = machine_cases;
    while (strcmp(c->name, name) != 0) c++;
    return c;
}

static void begin(struct tiny *t, const struct machine_case *c)
{
    size_t length;
    struct diagnostics d = {.out = stdout};
    *t = (struct tiny){0};
    FILE *f = open_memstream(&t->text, &length);
    machine_case_print(c, f);
    fclose(f);
    struct description *m = description_of_text(&t->arena, &d, c->name, t->text, length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_TRUE_FATAL(subject_init(&t->subject, m));
}

static void end(struct tiny *t)
{
    free(t->text);
    arena_free(&t->arena);
}

static void check_instruction(const struct tiny *t, const struct instruction_case *c,
                              struct verdicts *v)
{
    const struct instruction *i = find_instruction(t->subject.m, c->name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(i);
    oracle_judge(&oracle, &t->subject, i, NULL, DEFINED, v);
    for (unsigned p = 0; p < PROPERTIES; p++) {
        bool const expected = is_listed(c->holds, oracle_property_names[p]);
        CU_ASSERT_EQUAL(v->is[p], expected);
        if (v->is[p] == expected) continue;
        printf("%s %s: %s is %d, expected %d\n", t->subject.m->name, c->name,
               oracle_property_names[p], v->is[p], expected);
        oracle_explain(&oracle, &t->subject, i, NULL, (enum property)p, stdout);
    }
}

static void test_paper(void)
{
    for (const struct machine_case *c = machine_cases; c->name; c++) {
        struct tiny t;
        struct verdicts v[32];
        bool holds[THEOREMS];
        unsigned n = 0;
        begin(&t, c);
        for (const struct instruction_case *i = c->instructions; i->name; i++)
            check_instruction(&t, i, &v[n++]);
        oracle_theorems(v, n, holds);
        for (unsigned k = 0; k < THEOREMS; k++)
            CU_ASSERT_EQUAL(holds[k], is_listed(c->theorems, oracle_theorem_names[k]));
        end(&t);
    }
}

// Each theorem's verdict by the instruction that decides it.
static void test_theorems(void)
{
    static const struct {
        const char *machine, *instruction, *holds;
    } cases[] = {
        {"sound", "lrb", "theorem1 theorem2 theorem3 exact exact-hybrid"},
        {"unsound", "jrst1", "theorem3 exact-hybrid"},
        {"unsound", "rdmode", "theorem3 exact-hybrid"},
        {"unsound", "wrie", "theorem3 exact-hybrid"},
        {"unsound", "rdrel", ""},
        {"unsound", "lra", ""},
        {"unsound", "ustm", ""},
        {"holes", "touch_base", "theorem1 theorem2 theorem3"},
        {"holes", "read_bound", "theorem1 theorem2 theorem3"},
        {"holes", "supervisor_call", "theorem1 theorem2 theorem3 exact exact-hybrid"},
        {"holes", "some_operands", "theorem3 exact exact-hybrid"},
        {"holes", "svtrap", "theorem3 exact-hybrid"},
        {"lent", "urtm", "theorem3 exact exact-hybrid"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct tiny t;
        struct verdicts v;
        bool holds[THEOREMS];
        begin(&t, find_case(cases[k].machine));
        oracle_judge(&oracle, &t.subject, find_instruction(t.subject.m, cases[k].instruction), NULL,
                     DEFINED, &v);
        oracle_theorems(&v, 1, holds);
        for (unsigned p = 0; p < THEOREMS; p++)
            CU_ASSERT_EQUAL(holds[p], is_listed(cases[k].holds, oracle_theorem_names[p]));
        end(&t);
    }
}

// A tree of questions: 3 * 2 leaves, but behind the second answer 4 * 2 instead of 2.
static void test_enumeration(void)
{
    struct enumeration e = {.n = 0};
    bool seen[3][4][2] = {0};
    unsigned leaves = 0;
    do {
        unsigned const a = enumeration_ask(&e, 3);
        unsigned const b = a == 1 ? enumeration_ask(&e, 4) : 0;
        unsigned const c = enumeration_ask(&e, 2);
        CU_ASSERT_FALSE(seen[a][b][c]);
        seen[a][b][c] = true;
        leaves++;
    } while (enumeration_next(&e));
    CU_ASSERT_EQUAL(leaves, 2 + 4 * 2 + 2);
    e = (struct enumeration){.n = 0};
    CU_ASSERT_FALSE(enumeration_next(&e)); // nothing is asked: once is enough
}

static void test_readings(void)
{
    for (unsigned k = 0; k < READINGS - 1; k++) {
        const struct reading_case *r = &reading_cases[k];
        struct tiny t;
        struct verdicts defined, changed;
        CU_ASSERT_EQUAL(r->reading, (enum reading)(k + 1));
        begin(&t, find_case(r->machine));
        const struct instruction *i = find_instruction(t.subject.m, r->instruction);
        CU_ASSERT_PTR_NOT_NULL_FATAL(i);
        oracle_judge(&oracle, &t.subject, i, NULL, DEFINED, &defined);
        oracle_judge(&oracle, &t.subject, i, NULL, r->reading, &changed);
        CU_ASSERT_NOT_EQUAL(defined.is[r->property], changed.is[r->property]);
        if (defined.is[r->property] == changed.is[r->property])
            printf("reading %u: %s of %s stays %d\n", k + 1, oracle_property_names[r->property],
                   r->instruction, changed.is[r->property]);
        end(&t);
    }
}

void suite_oracle(void)
{
    CU_pSuite s = CU_add_suite("oracle", NULL, NULL);
    CU_add_test(s, "every leaf of a tree of questions, once", test_enumeration);
    CU_add_test(s, "verdicts known on paper", test_paper);
    CU_add_test(s, "theorems known on paper", test_theorems);
    CU_add_test(s, "each condition of a definition matters", test_readings);
}
