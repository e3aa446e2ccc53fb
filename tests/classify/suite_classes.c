// SPDX-License-Identifier: MIT
// The analyzer's classes against the enumeration: the cases known on paper, and tiny machines made
// at random. The analyzer is run as its users run it.
#define _GNU_SOURCE // open_memstream, popen
#include <CUnit/CUnit.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/classify/cases.h"
#include "tests/classify/random_machine.h"
#include "tests/random.h"
#include "tests/suites.h"

static struct oracle oracle;

// What came of all comparisons.
static struct {
    unsigned compared, unknown, disagreements, failures, instructions, incomplete,
        holding[PROPERTIES];
} sum;

// A machine, and what the analyzer says of it.
struct comparison {
    struct arena arena;
    struct subject subject;
    char *text;
    json_t *answer;
    bool shown; // the text was printed
};

// ---------------------------------------------------------------- the analyzer's answer

static json_t *ask_analyzer(const char *text)
{
    char path[512], command[1200];
    json_error_t error;
    snprintf(path, sizeof path, "%s/tests/log/classes.isa", tests_build());
    snprintf(command, sizeof command, "%s/isa-analyzer check --json --threads 1 %s", tests_build(),
             path);
    FILE *f = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    fputs(text, f);
    fclose(f);
    f = popen(command, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    json_t *answer = json_loadf(f, 0, &error); // to the end: who writes shall not find it closed
    int const status = pclose(f);
    if (answer && status == 0) return answer;
    printf("%s\nthe analyzer ended on this with status %#x: %s\n", text, (unsigned)status,
           answer ? "" : error.text);
    sum.failures++;
    json_decref(answer);
    return NULL;
}

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "(nothing)";
}

// The verdicts on an instruction, of the words with one value of its selector (as "kind=red"); null
// for one that has no selector left open.
static const json_t *instruction_at(const json_t *answer, const char *name, const char *selector)
{
    size_t k;
    json_t *x;
    json_array_foreach(json_object_get(answer, "instructions"), k, x)
    {
        if (strcmp(text_at(x, "name"), name) != 0) continue;
        if (!selector || strcmp(text_at(x, "selector"), selector) == 0) return x;
    }
    return NULL;
}

static void begin(struct comparison *c, char *text, size_t length)
{
    struct diagnostics d = {.out = stdout};
    *c = (struct comparison){.text = text};
    struct description *m = description_of_text(&c->arena, &d, "tiny.isa", text, length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_TRUE_FATAL(subject_init(&c->subject, m));
    c->answer = ask_analyzer(text);
}

static void end(struct comparison *c)
{
    json_decref(c->answer);
    free(c->text);
    arena_free(&c->arena);
}

// ---------------------------------------------------------------- comparing

// One verdict. Returns false where the analyzer says something else.
static bool agrees(struct comparison *c, const char *of, const char *what, const char *said,
                   bool expected)
{
    sum.compared++;
    if (strcmp(said, "unknown") == 0) {
        sum.unknown++;
        return true;
    }
    if (strcmp(said, expected ? "yes" : "no") == 0) return true;
    sum.disagreements++;
    if (!c->shown) printf("----------------------------------------\n%s", c->text);
    c->shown = true;
    printf("%s: %s: the analyzer says %s, the enumeration %s\n", of, what, said,
           expected ? "yes" : "no");
    return false;
}

static bool compare_words(struct comparison *c, const struct instruction *i, const char *selector,
                          const struct selection *selection, struct verdicts *v)
{
    const json_t *answer = instruction_at(c->answer, i->name, selector);
    char name[64];
    snprintf(name, sizeof name, "%s%s%s", i->name, selector ? " " : "", selector ? selector : "");
    oracle_judge(&oracle, &c->subject, i, selection, DEFINED, v);
    sum.instructions++;
    if (!v->complete) {
        sum.incomplete++;
        return false;
    }
    for (unsigned p = 0; p < PROPERTIES; p++) {
        sum.holding[p] += v->is[p];
        if (!agrees(c, name, oracle_property_names[p], text_at(answer, oracle_property_names[p]),
                    v->is[p]))
            oracle_explain(&oracle, &c->subject, i, selection, (enum property)p, stdout);
    }
    return true;
}

// The field by which an instruction's words are told apart, or null.
static const struct field *open_selector(const struct instruction *i)
{
    struct field *f;
    LIST_EACH(f, i->format->fields)
    if (f->selector && (i->mask >> f->low & 1) == 0) return f;
    return NULL;
}

// All verdicts on an instruction: one for each of a selector's values, one for its other values.
static bool compare_instruction(struct comparison *c, const struct instruction *i,
                                struct verdicts *v, unsigned *n)
{
    const struct field *f = open_selector(i);
    struct selection others = {.field = f};
    struct selector_value *x;
    bool complete = true;
    char text[64];
    if (!f) return compare_words(c, i, NULL, NULL, &v[(*n)++]);
    for (unsigned k = 0; k < 1u << f->width; k++) others.values[others.n++] = k;
    LIST_EACH(x, f->selector->values)
    {
        struct selection const one = {.field = f, .n = 1, .values = {(uint64_t)x->value}};
        snprintf(text, sizeof text, "%s=%s", f->selector->name, x->name);
        complete = compare_words(c, i, text, &one, &v[(*n)++]) && complete;
        for (unsigned k = 0; k < others.n; k++)
            if (others.values[k] == x->value) others.values[k] = others.values[--others.n];
    }
    snprintf(text, sizeof text, "%s=other", f->selector->name);
    if (others.n == 0) return complete;
    return compare_words(c, i, text, &others, &v[(*n)++]) && complete;
}

static void compare(struct comparison *c)
{
    struct verdicts v[64];
    bool holds[THEOREMS], complete = true;
    unsigned n = 0;
    struct instruction *i;
    if (!c->answer) return;
    CU_ASSERT_STRING_EQUAL(text_at(c->answer, "schema"), "trapeze/check/1");
    LIST_EACH(i, c->subject.m->instructions)
    complete = compare_instruction(c, i, v, &n) && complete;
    CU_ASSERT_EQUAL(json_array_size(json_object_get(c->answer, "instructions")), n);
    if (!complete) return;
    oracle_theorems(v, n, holds);
    for (unsigned k = 0; k < THEOREMS; k++) {
        const json_t *all = json_object_get(c->answer, "verdicts");
        const json_t *verdict = json_object_get(all, oracle_theorem_names[k]);
        agrees(c, "the machine", oracle_theorem_names[k], text_at(verdict, "holds"), holds[k]);
    }
}

// ---------------------------------------------------------------- tests

static void test_paper(void)
{
    memset(&sum, 0, sizeof sum);
    for (const struct machine_case *m = machine_cases; m->name; m++) {
        struct comparison c;
        char *text = NULL;
        size_t length;
        FILE *f = open_memstream(&text, &length);
        machine_case_print(m, f);
        fclose(f);
        begin(&c, text, length);
        for (const struct instruction_case *i = m->instructions; c.answer && i->name; i++) {
            const json_t *answer = instruction_at(c.answer, i->name, NULL);
            for (unsigned p = 0; p < PROPERTIES; p++)
                agrees(&c, i->name, oracle_property_names[p],
                       text_at(answer, oracle_property_names[p]),
                       is_listed(i->holds, oracle_property_names[p]));
        }
        compare(&c);
        end(&c);
    }
    CU_ASSERT_EQUAL(sum.failures, 0);
    CU_ASSERT_EQUAL(sum.disagreements, 0);
    CU_ASSERT_EQUAL(sum.unknown, 0);
    CU_ASSERT_EQUAL(sum.incomplete, 0);
}

static void test_random(void)
{
    // TRAPEZE_MACHINES: how many, for a run of hours.
    char const *const wish = getenv("TRAPEZE_MACHINES");
    unsigned const usual = tests_quick() ? 20 : tests_long() ? 1200 : 200;
    unsigned const n =
        wish != NULL ? (unsigned)strtoul(wish, NULL, 10) : usual / (tests_watched() ? 4 : 1);
    struct random seeds = random_seeded(tests_seed());
    memset(&sum, 0, sizeof sum);
    for (unsigned k = 0; k < n; k++) {
        struct comparison c;
        char *text = NULL;
        size_t length;
        FILE *f = open_memstream(&text, &length);
        random_machine(f, random_u64(&seeds));
        fclose(f);
        begin(&c, text, length);
        compare(&c);
        end(&c);
    }
    printf("%u machines, %u instructions (%u too large), %u verdicts, %u of them unknown, %u "
           "disagreements\n",
           n, sum.instructions, sum.incomplete, sum.compared, sum.unknown, sum.disagreements);
    CU_ASSERT_EQUAL(sum.failures, 0);
    CU_ASSERT_EQUAL(sum.disagreements, 0);
    CU_ASSERT(sum.unknown * 100 <= sum.compared);
    if (n < 300) return;
    CU_ASSERT(sum.incomplete * 20 <= sum.instructions);
    // Each class occurs, and is missing, often enough for this to mean something.
    unsigned const judged = sum.instructions - sum.incomplete;
    for (unsigned p = 0; p < PROPERTIES; p++) {
        CU_ASSERT(sum.holding[p] * 100 >= judged);
        CU_ASSERT(sum.holding[p] * 100 <= judged * 99);
    }
}

void suite_classes(void)
{
    CU_pSuite s = CU_add_suite("classes", NULL, NULL);
    CU_add_test(s, "the analyzer on cases known on paper", test_paper);
    CU_add_test(s, "the analyzer against enumeration, at random", test_random);
}
