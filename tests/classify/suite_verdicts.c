// SPDX-License-Identifier: MIT
// The analyzer's verdicts where they are known: PG32 and its variants, PG32 with a check missing,
// the cases in which the paper's definitions and the exact criterion part; and what a
// classification promises besides: it does not depend on threads, an open question is unknown,
// witnesses run.
#define _GNU_SOURCE // memmem
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "isa-analyzer/classify/replay.h"
#include "isa-analyzer/classify/witness.h"
#include "tests/suites.h"

#define PG32 "isa-analyzer/isas/pg32.isa"

struct analyzed {
    struct arena arena;
    struct description *m;
    struct classification *c;
};

static void analyze_text(struct analyzed *x, const char *text, size_t length,
                         struct classify_options options)
{
    struct diagnostics d = {.out = stdout};
    *x = (struct analyzed){0};
    // Places in it are told later, so it stays. What it extends lies beside it.
    text = arena_text(&x->arena, text, length);
    x->m = description_of_text(&x->arena, &d, "isa-analyzer/isas/test.isa", text, length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(x->m);
    x->c = classify(&x->arena, x->m, &options);
    CU_ASSERT_PTR_NULL(x->c->fault);
    if (x->c->fault) printf("%s\n", x->c->fault);
}

static char *read_text(const char *file, size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length), *in = fopen(file, "r");
    for (int c; in && (c = fgetc(in)) != EOF;) fputc(c, out);
    if (in) fclose(in);
    fclose(out);
    return text;
}

static void analyze_file(struct analyzed *x, const char *file, struct classify_options options)
{
    size_t length;
    char *text = read_text(file, &length);
    analyze_text(x, text, length, options);
    free(text);
}

static void release(struct analyzed *x)
{
    arena_free(&x->arena);
}

static const struct row *row(const struct analyzed *x, const char *name)
{
    for (unsigned i = 0; i < x->c->rows_n; i++)
        if (strcmp(x->c->rows[i].instruction->name, name) == 0) return &x->c->rows[i];
    printf("there is no row %s\n", name);
    CU_FAIL_FATAL("a row is missing");
    return NULL;
}

// ---------------------------------------------------------------- PG32 and its variants

static void test_variants(void)
{
    static const struct {
        const char *name;
        bool theorem1, theorem3;
    } machines[] = {
        {"pg32", true, true},        {"pg32-jrst1", false, true},  {"pg32-rdmode", false, true},
        {"pg32-wrie", false, true},  {"pg32-rdrel", false, false}, {"pg32-lra", false, false},
        {"pg32-ustm", false, false},
    };
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        struct analyzed x;
        char file[64];
        snprintf(file, sizeof file, "isa-analyzer/isas/%s.isa", machines[i].name);
        analyze_file(&x, file, (struct classify_options){.no_witnesses = true});
        enum answer const one = machines[i].theorem1 ? ANSWER_YES : ANSWER_NO;
        enum answer const three = machines[i].theorem3 ? ANSWER_YES : ANSWER_NO;
        CU_ASSERT_EQUAL(x.c->theorems[THEOREM_1].holds, one);
        CU_ASSERT_EQUAL(x.c->theorems[THEOREM_2].holds, one);
        CU_ASSERT_EQUAL(x.c->theorems[THEOREM_3].holds, three);
        CU_ASSERT_EQUAL(x.c->theorems[THEOREM_EXACT].holds, one);
        CU_ASSERT_EQUAL(x.c->theorems[THEOREM_EXACT_HYBRID].holds, three);
        CU_ASSERT_EQUAL(x.c->theorems[THEOREM_1].because.n, machines[i].theorem1 ? 0 : 1);
        release(&x);
    }
}

// ---------------------------------------------------------------- a check less

static const char check[] = "  require supervisor else trap privileged(word)\n";

// Each privilege check of PG32 left out in turn: that instruction's class changes, and no other's.
static void test_checks(void)
{
    struct analyzed whole;
    size_t length;
    char *text = read_text(PG32, &length);
    unsigned left_out = 0;
    analyze_file(&whole, PG32, (struct classify_options){.no_witnesses = true});
    for (char *at = text; (at = strstr(at, check)); at += strlen(check)) {
        struct analyzed x;
        char *copy = malloc(length + 1);
        size_t const before = (size_t)(at - text);
        memcpy(copy, text, before);
        memcpy(copy + before, at + strlen(check), length - before - strlen(check) + 1);
        analyze_text(&x, copy, length - strlen(check),
                     (struct classify_options){.no_witnesses = true});
        free(copy);
        const struct row *changed = NULL;
        CU_ASSERT_EQUAL_FATAL(x.c->rows_n, whole.c->rows_n);
        for (unsigned i = 0; i < x.c->rows_n; i++) {
            bool differs = false;
            for (int p = 0; p < PROPERTIES; p++)
                differs |= x.c->rows[i].verdicts[p].answer != whole.c->rows[i].verdicts[p].answer;
            if (!differs) continue;
            CU_ASSERT_PTR_NULL(changed);
            changed = &x.c->rows[i];
        }
        CU_ASSERT_PTR_NOT_NULL_FATAL(changed);
        // It is the one whose text begins last before the check.
        CU_ASSERT(changed->instruction->where.at < before);
        CU_ASSERT_PTR_NULL(memmem(text + changed->instruction->where.at,
                                  before - changed->instruction->where.at, "\ninstruction", 12));
        CU_ASSERT_EQUAL(changed->verdicts[PROPERTY_PRIVILEGED].answer, ANSWER_NO);
        CU_ASSERT_EQUAL(x.c->theorems[THEOREM_1].holds, ANSWER_NO);
        // The timer is lent, so reading it directly is right, whatever the paper calls it.
        bool const lent = strcmp(changed->instruction->name, "rtm") == 0;
        CU_ASSERT_EQUAL(x.c->theorems[THEOREM_EXACT].holds, lent ? ANSWER_YES : ANSWER_NO);
        left_out++;
        release(&x);
    }
    CU_ASSERT_EQUAL(left_out, 9);
    release(&whole);
    free(text);
}

// ---------------------------------------------------------------- where the verdicts part

static const char head[] = "machine test \"cases\" extends pg32\n";
#define WORD ": R(funct7 = 0, rs2 = 0, funct3 = %u, opcode = 0x2b, rd = _, rs1 = _)"

static const struct {
    const char *name, *body;
    enum property literal; // the class that it has
    bool exact, reflectable;
} holes[] = {
    // A touch at virtual address 0x100 - l, or l.
    {"touchc", "let v = V[0x100 - l +: 1]", PROPERTY_INNOCUOUS, false, false},
    {"touchl", "let v = V[l +: 1]", PROPERTY_INNOCUOUS, true, false},
    {"readb", "x[rd] := b", PROPERTY_INNOCUOUS, false, true},
    {"svtouch", "if supervisor then trap memory(0)", PROPERTY_PRIVILEGED, false, true},
    {"svtrap", "if supervisor then trap ecall", PROPERTY_CONTROL_SENSITIVE, false, true},
    {"call", "trap ecall", PROPERTY_ALWAYS_TRAPS, true, true},
    {"some", "if x[rs1] = 0 and user then trap ecall if x[rs1] = 0 then IE := 0",
     PROPERTY_CONDITIONALLY_PRIVILEGED, true, true},
};

static void test_holes(void)
{
    struct analyzed x;
    char *text = NULL;
    size_t length;
    FILE *f = open_memstream(&text, &length);
    fputs(head, f);
    for (unsigned i = 0; i < sizeof holes / sizeof *holes; i++) {
        fprintf(f, "instruction %s \"%s\" ", holes[i].name, holes[i].name);
        fprintf(f, WORD "\n  %s\n", i, holes[i].body);
    }
    fclose(f);
    analyze_text(&x, text, length, (struct classify_options){0});
    free(text);
    for (unsigned i = 0; i < sizeof holes / sizeof *holes; i++) {
        const struct verdict *v = row(&x, holes[i].name)->verdicts;
        bool const good =
            v[holes[i].literal].answer == ANSWER_YES &&
            v[PROPERTY_EXACT].answer == (holes[i].exact ? ANSWER_YES : ANSWER_NO) &&
            v[PROPERTY_REFLECTABLE].answer == (holes[i].reflectable ? ANSWER_YES : ANSWER_NO);
        if (!good) printf("%s is not as expected\n", holes[i].name);
        CU_ASSERT(good);
    }
    CU_ASSERT_EQUAL(row(&x, "svtouch")->verdicts[PROPERTY_VACUOUS].answer, ANSWER_YES);
    CU_ASSERT_EQUAL(row(&x, "some")->verdicts[PROPERTY_PRIVILEGED].answer, ANSWER_NO);
    CU_ASSERT_STRING_EQUAL(row(&x, "some")->condition, "x[rs1] = 0 and user");
    release(&x);
}

// ---------------------------------------------------------------- witnesses

// Every witness of a machine shows what it claims, and does no more once its states are made equal.
static unsigned run_witnesses(struct analyzed *x)
{
    unsigned n = 0;
    for (unsigned i = 0; i < x->c->rows_n; i++) {
        for (int p = 0; p < PROPERTIES; p++) {
            const struct witness *w = x->c->rows[i].verdicts[p].witness;
            if (!w) continue;
            struct witness copy = *w;
            CU_ASSERT(replay(&x->arena, x->m, &copy));
            CU_ASSERT(w->fetchable);
            CU_ASSERT(strlen(w->difference) > 0);
            n++;
            if (w->property == PROPERTY_CONTROL_SENSITIVE) continue; // one state, perhaps
            copy.states[1] = copy.states[0];
            CU_ASSERT_FALSE(replay(&x->arena, x->m, &copy));
        }
    }
    return n;
}

static void test_witnesses(void)
{
    static const char *const machines[] = {"pg32-wrie", "pg32-lra", "pg32-jrst1"};
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        struct analyzed x;
        char file[64];
        snprintf(file, sizeof file, "isa-analyzer/isas/%s.isa", machines[i]);
        analyze_file(&x, file, (struct classify_options){0});
        CU_ASSERT(run_witnesses(&x) >= 20);
        release(&x);
    }
}

// They are small: LRA is seen with base 0 and 1, and nothing else but its word.
static void test_small(void)
{
    struct analyzed x;
    analyze_file(&x, "isa-analyzer/isas/pg32-lra.isa", (struct classify_options){.only = "lra"});
    const struct witness *w = row(&x, "lra")->verdicts[PROPERTY_LOCATION_SENSITIVE].witness;
    struct snapshot_value *v;
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    for (int k = 0; k < 2; k++) {
        unsigned cells = 0, others = 0;
        LIST_EACH(v, w->states[k].values)
        {
            const char *const name = v->component->name;
            bool const base = strcmp(name, "l") == 0, bound = strcmp(name, "b") == 0;
            cells += v->component->kind == COMPONENT_MEMORY;
            others += v->component->kind != COMPONENT_MEMORY && !base && !bound;
            CU_ASSERT(!base || (k == 1 && v->value == 1));
            CU_ASSERT(!bound || v->value == 4);
        }
        CU_ASSERT(cells <= 4);
        CU_ASSERT_EQUAL(others, 0);
    }
    release(&x);
}

// ---------------------------------------------------------------- promises

static char *as_json(const struct classification *c)
{
    json_t *j = classification_json(c);
    char *text = json_dumps(j, JSON_INDENT(1));
    json_decref(j);
    return text;
}

static void test_threads(void)
{
    struct analyzed one, four;
    analyze_file(&one, "isa-analyzer/isas/pg32-ustm.isa", (struct classify_options){.threads = 1});
    analyze_file(&four, "isa-analyzer/isas/pg32-ustm.isa", (struct classify_options){.threads = 4});
    char *a = as_json(one.c), *b = as_json(four.c);
    CU_ASSERT_STRING_EQUAL(a, b);
    free(a);
    free(b);
    release(&one);
    release(&four);
}

// Whether it reads the mode hangs on the factors of a number of 64 bits.
static void test_unknown(void)
{
    static const char text[] = "machine test \"hard\" extends pg32\n"
                               "instruction factor \"factor {rd}, {rs1}, {rs2}\" : R(funct7 = 0, "
                               "funct3 = 0, opcode = 0x2b)\n"
                               "  let product = zext(x[rs1], 64) * zext(x[rs2], 64)\n"
                               "  if product = 0x7ffffffdd0000039 and x[rs1] > 1 and x[rs2] > 1 "
                               "then x[rd] := zext(M, 32)\n";
    struct analyzed x;
    analyze_text(&x, text, strlen(text), (struct classify_options){.work = 50000});
    const struct verdict *v = row(&x, "factor")->verdicts;
    CU_ASSERT_EQUAL(v[PROPERTY_MODE_SENSITIVE].answer, ANSWER_UNKNOWN);
    CU_ASSERT_PTR_NOT_NULL(v[PROPERTY_MODE_SENSITIVE].reason);
    CU_ASSERT_EQUAL(v[PROPERTY_INNOCUOUS].answer, ANSWER_UNKNOWN);
    CU_ASSERT_EQUAL(x.c->theorems[THEOREM_1].holds, ANSWER_UNKNOWN);
    CU_ASSERT_EQUAL(x.c->theorems[THEOREM_EXACT].holds, ANSWER_UNKNOWN);
    CU_ASSERT_EQUAL_FATAL(x.c->theorems[THEOREM_1].because.n, 1);
    CU_ASSERT_PTR_EQUAL(x.c->theorems[THEOREM_1].because.items[0], row(&x, "factor"));
    release(&x);
}

// A value that is left open: what goes wrong whatever it is, is known; what hangs on it is not.
static void test_open(void)
{
    static const char text[] =
        "machine test \"open\" extends pg32\n"
        "instruction any \"any\" : R(funct7 = 0, funct3 = 0, rs2 = 0, rs1 = 0, opcode = 0x2b)\n"
        "  x[rd] := arbitrary(32)\n"
        "instruction bit \"bit\" : R(funct7 = 0, funct3 = 1, rs2 = 0, rs1 = 0, opcode = 0x2b)\n"
        "  x[rd] := arbitrary(31) ++ M\n"
        "instruction set \"set\" : R(funct7 = 0, funct3 = 2, rs2 = 0, rs1 = 0, rd = 0, opcode = "
        "0x2b)\n"
        "  T := arbitrary(32)\n";
    struct analyzed x;
    analyze_text(&x, text, strlen(text), (struct classify_options){0});
    const struct verdict *any = row(&x, "any")->verdicts, *bit = row(&x, "bit")->verdicts;
    const struct verdict *set = row(&x, "set")->verdicts;
    CU_ASSERT_EQUAL(any[PROPERTY_INNOCUOUS].answer, ANSWER_YES);
    CU_ASSERT_EQUAL(any[PROPERTY_NONDETERMINISTIC].answer, ANSWER_YES);
    CU_ASSERT_EQUAL(any[PROPERTY_EXACT].answer, ANSWER_YES);
    CU_ASSERT_EQUAL(bit[PROPERTY_MODE_SENSITIVE].answer, ANSWER_UNKNOWN);
    CU_ASSERT_EQUAL(bit[PROPERTY_INNOCUOUS].answer, ANSWER_UNKNOWN);
    CU_ASSERT_EQUAL(set[PROPERTY_CONTROL_SENSITIVE].answer, ANSWER_YES);
    CU_ASSERT_EQUAL(set[PROPERTY_EXACT].answer, ANSWER_NO);
    CU_ASSERT_PTR_NOT_NULL(set[PROPERTY_EXACT].witness);
    release(&x);
}

void suite_verdicts(void)
{
    CU_pSuite s = CU_add_suite("verdicts", NULL, NULL);
    CU_add_test(s, "PG32 and its variants", test_variants);
    CU_add_test(s, "PG32 with a check less", test_checks);
    CU_add_test(s, "where the definitions and the exact criterion part", test_holes);
    CU_add_test(s, "witnesses run", test_witnesses);
    CU_add_test(s, "witnesses are small", test_small);
    CU_add_test(s, "the number of threads changes nothing", test_threads);
    CU_add_test(s, "an open question is unknown", test_unknown);
    CU_add_test(s, "values left open", test_open);
}
