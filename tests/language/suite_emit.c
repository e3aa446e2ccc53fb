// SPDX-License-Identifier: MIT
// `emit c` against the evaluator: descriptions made at random are compiled, and every instruction
// is executed by both from random states.
#include <CUnit/CUnit.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa-analyzer/emit/emit.h"
#include "isa-analyzer/semantics/concrete.h"
#include "tests/language/random_description.h"
#include "tests/random.h"
#include "tests/suites.h"

enum { CELLS = 4096, INSTRUCTIONS = 60, SLOTS = 64 };

// The compiled machine: state comes and goes as numbers, in the order of the components.
static const char shim[] =
    "#include \"random.gen.h\"\n"
    "static void go(struct random *s, uint64_t *state, int out)\n{\n"
    "    for (unsigned i = 0; i < RANDOM_components_n; i++)\n"
    "        for (unsigned k = 0; k < random_components[i].count; k++, state++) {\n"
    "            char *p = (char *)s + random_components[i].offset + k * "
    "random_components[i].size;\n"
    "            if (out) *state = 0, memcpy(state, p, random_components[i].size);\n"
    "            else memcpy(p, state, random_components[i].size);\n"
    "        }\n}\n"
    "int execute(uint32_t word, uint64_t *state, uint8_t *memory, uint32_t size, uint64_t *trap);\n"
    "int execute(uint32_t word, uint64_t *state, uint8_t *memory, uint32_t size, uint64_t "
    "*trap)\n{\n"
    "    struct random s = {.E = memory, .size = size};\n"
    "    struct random_insn i;\n"
    "    memset(&i, 0, sizeof i);\n"
    "    go(&s, state, 0);\n"
    "    random_decode(word, &i);\n"
    "    int r = random_execute(&s, &i, s.P, 1);\n"
    "    static const unsigned char jumps[] = {0,\n"
    "#define X(name, flags) ((flags) & RANDOM_JUMPS) != 0,\n"
    "    RANDOM_INSTRUCTIONS(X)};\n"
    "    if (r == RANDOM_NEXT && !jumps[i.op]) s.P += 4;\n"
    "    trap[0] = s.cause, trap[1] = s.value;\n"
    "    go(&s, state, 1);\n"
    "    return r;\n}\n";

static struct random bits_of_test;

static uint64_t draw(void)
{
    return random_u64(&bits_of_test);
}

// Small numbers, all ones, single bits and anything, in turn.
static uint64_t draw_value(void)
{
    switch (draw() % 4) {
    case 0: return draw() % 4;
    case 1: return UINT64_MAX - draw() % 3;
    case 2: return (uint64_t)1 << draw() % 64;
    default: return draw();
    }
}

static unsigned exchange(struct concrete *c, uint64_t *state, bool out)
{
    struct component *x;
    unsigned n = 0;
    LIST_EACH(x, c->m->components)
    {
        if (x->kind == COMPONENT_MEMORY) continue;
        for (uint64_t k = 0; k < x->count; k++, n++) {
            if (out)
                state[n] = concrete_get(c, x, k);
            else
                concrete_set(c, x, k, state[n]);
        }
    }
    return n;
}

typedef int execute_function(uint32_t word, uint64_t *state, uint8_t *memory, uint32_t size,
                             uint64_t *trap);

static bool compare_once(struct description *m, execute_function *execute, unsigned k)
{
    static uint8_t cells[CELLS], other[CELLS];
    uint64_t before[SLOTS] = {0}, state[SLOTS] = {0}, expected[SLOTS] = {0}, trap[2] = {0};
    struct concrete c;
    for (int i = 0; i < CELLS; i++) cells[i] = (uint8_t)draw();
    uint32_t const word = (uint32_t)k << 24 | ((uint32_t)draw() & 0xfffff8);
    concrete_init(&c, m, cells, CELLS);
    for (int i = 0; i < SLOTS; i++) state[i] = draw_value();
    exchange(&c, state, false);
    // The instruction is where P says: keep it inside memory, and off where translation moves it.
    concrete_set(&c, m->counter, 0, draw() % (CELLS / 4 - 4) * 4);
    uint64_t const shift = concrete_get(&c, find_component(m, "q"), 0) & 3;
    concrete_store(&c, concrete_get(&c, m->counter, 0) + shift, 4, word);
    unsigned const n = exchange(&c, before, true);
    memcpy(state, before, sizeof state);
    memcpy(other, cells, CELLS);
    int const r = execute(word, state, other, CELLS, trap);
    struct step const s = concrete_execute(&c);
    exchange(&c, expected, true);
    static const int outcomes[] = {[STEP_NEXT] = 0, [STEP_TRAP] = 1};
    bool same = r == outcomes[s.outcome] && memcmp(cells, other, CELLS) == 0 &&
                memcmp(state, expected, n * sizeof *state) == 0;
    if (same && s.outcome == STEP_TRAP)
        same = trap[0] == (uint64_t)s.cause->code && (uint32_t)trap[1] == (uint32_t)s.value;
    if (!same) {
        printf("seed %llu, instruction i%u, word 0x%08x: outcome %d, expected %d\n",
               (unsigned long long)tests_seed(), k, word, r, outcomes[s.outcome]);
        for (unsigned i = 0; i < n; i++) {
            if (state[i] != expected[i])
                printf("  element %u: 0x%llx became 0x%llx, expected 0x%llx\n", i,
                       (unsigned long long)before[i], (unsigned long long)state[i],
                       (unsigned long long)expected[i]);
        }
    }
    concrete_free(&c);
    return same;
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    fputs(text, f);
    fclose(f);
}

static void compare_description(uint64_t seed)
{
    char *text = NULL, *c = NULL;
    size_t length, c_length;
    FILE *f = open_memstream(&text, &length);
    random_description(f, seed, INSTRUCTIONS);
    fclose(f);
    struct arena arena = {0};
    struct diagnostics d = {.out = stdout};
    struct description *m = description_of_text(&arena, &d, "random.isa", text, length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    f = open_memstream(&c, &c_length);
    CU_ASSERT_TRUE_FATAL(emit_c(m, &d, f));
    fclose(f);
    char folder[] = "/tmp/trapeze-emit-XXXXXX", command[1024];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    write_file(folder, "random.isa", text);
    write_file(folder, "random.gen.h", c);
    write_file(folder, "shim.c", shim);
    snprintf(command, sizeof command,
             "cc -std=gnu11 -O1 -w -fsanitize=undefined -fno-sanitize-recover=all -shared -fPIC "
             "-o %s/random.so %s/shim.c",
             folder, folder);
    CU_ASSERT_EQUAL_FATAL(system(command), 0);
    snprintf(command, sizeof command, "%s/random.so", folder);
    void *library = dlopen(command, RTLD_NOW);
    CU_ASSERT_PTR_NOT_NULL_FATAL(library);
    execute_function *execute;
    *(void **)&execute = dlsym(library, "execute");
    bool same = true;
    int const states = tests_quick() ? 40 : 200;
    for (unsigned k = 0; k < INSTRUCTIONS && same; k++) {
        for (int i = 0; i < states && same; i++) same = compare_once(m, execute, k);
    }
    if (!same) printf("the description and its C are left in %s\n", folder);
    CU_ASSERT(same);
    dlclose(library);
    snprintf(command, sizeof command, "rm -r %s", folder);
    if (same) CU_ASSERT_EQUAL(system(command), 0);
    free(text);
    free(c);
    arena_free(&arena);
}

static void test_random(void)
{
    int const n = tests_quick() ? 1 : tests_long() ? 40 : 4;
    bits_of_test = random_seeded(tests_seed());
    for (int i = 0; i < n; i++) compare_description(draw());
}

void suite_emit(void)
{
    CU_pSuite s = CU_add_suite("emit", NULL, NULL);
    CU_add_test(s, "compiled C against the evaluator, at random", test_random);
}
