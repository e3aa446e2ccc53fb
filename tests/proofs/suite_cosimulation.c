// SPDX-License-Identifier: MIT
// The evaluator in Coq, extracted, against the evaluator in C: both execute random guests of PG32,
// state after state, and random programs of descriptions made at random. Mistakes that are put into
// one side must be found.
#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/language/random_description.h"
#include "tests/proofs/trace.h"
#include "tests/random.h"
#include "tests/random_guest.h"
#include "tests/suites.h"

static const char pg32_file[] = "isa-analyzer/isas/pg32.isa";
static const char pg32_program[] = "build/proofs/extraction/pg32/cosimulate";

// ---------------------------------------------------------------- the other side

// A program that reads a trace; what it says goes to a file.
struct other {
    FILE *in;
    char said[64]; // the file
};

static struct other other_start(const char *program)
{
    struct other o = {.said = "/tmp/trapeze-cosimulation-XXXXXX"};
    char command[512];
    int const file = mkstemp(o.said);
    CU_ASSERT_FATAL(file >= 0);
    close(file);
    snprintf(command, sizeof command, "%s >%s 2>&1", program, o.said);
    // One that has found a difference reads no more.
    signal(SIGPIPE, SIG_IGN);
    o.in = popen(command, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(o.in);
    return o;
}

// Returns its exit status; prints what it said if that is neither 0 nor `expected`.
static int other_end(struct other *o, int expected)
{
    int const status = pclose(o->in);
    int const code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code != 0 && code != expected) {
        char line[256];
        FILE *f = fopen(o->said, "r");
        while (f && fgets(line, sizeof line, f)) fputs(line, stdout);
        if (f) fclose(f);
    }
    remove(o->said);
    return code;
}

// ---------------------------------------------------------------- guests of PG32

enum { TICKS_MOST = 400 }; // of one wait; a guest that waits longer has run enough

struct run {
    struct trace trace;
    struct devices devices;
    uint64_t count, completed;
    const struct component *ready;
};

static uint64_t read_port(void *devices, uint64_t index)
{
    return devices_read(devices, (uint32_t)index);
}

static void write_port(void *devices, uint64_t index, uint64_t value)
{
    devices_write(devices, (uint32_t)index, (uint32_t)value);
}

static void look_at_input(struct run *r)
{
    concrete_set(&r->trace.state, r->ready, 0, devices_at(&r->devices, r->count));
}

// Returns whether the wait ended.
static bool wait_here(struct run *r)
{
    for (int ticks = 0; ticks < TICKS_MOST; ticks++) {
        look_at_input(r);
        if (trace_wake(&r->trace)) {
            trace_complete(&r->trace);
            return true;
        }
        trace_tick(&r->trace);
        r->count++;
    }
    return false;
}

static void run_guest(struct run *r, uint64_t limit)
{
    while (r->completed < limit) {
        look_at_input(r);
        struct step s = trace_step(&r->trace);
        switch (s.outcome) {
        case STEP_TRAP:
            if (trace_deliver(&r->trace, s.cause, s.value).outcome != STEP_NEXT) return;
            continue;
        case STEP_WAIT:
            if (!wait_here(r)) return;
            break;
        case STEP_NEXT: break;
        default: return;
        }
        r->count++;
        r->completed++;
    }
}

// Runs the guest of a seed on a description, and the same on the other side. Returns the exit
// status of that, and adds what was executed to *executed.
static int compare_guest(const struct description *m, uint64_t seed, uint64_t limit, int expected,
                         uint64_t *executed)
{
    static struct random_guest g;
    struct run r = {.ready = find_component(m, "ready")};
    struct other o = other_start(pg32_program);
    random_guest_make(&g, seed);
    r.devices = (struct devices){.arrivals = g.arrivals,
                                 .arrivals_n = GUEST_ARRIVALS,
                                 .disk = g.disk,
                                 .sectors = GUEST_SECTORS,
                                 .disk_read_only = g.disk_read_only};
    devices_reset(&r.devices);
    trace_init(&r.trace, m, o.in, g.image, GUEST_MEMORY, g.entry, 0);
    r.trace.devices = &r.devices;
    r.trace.device_read = read_port;
    r.trace.device_write = write_port;
    run_guest(&r, limit);
    trace_free(&r.trace);
    *executed += r.completed;
    int const code = other_end(&o, expected);
    if (code != 0 && code != expected) printf("the random guest %" PRIu64 "\n", seed);
    return code;
}

static void test_pg32(void)
{
    uint64_t const most = tests_quick() ? 20000 : tests_long() ? 1000000 : 110000;
    struct random r = random_seeded(tests_seed());
    struct arena arena = {0};
    struct diagnostics d = {.out = stdout};
    struct description *m = description_read(&arena, &d, pg32_file);
    uint64_t executed = 0;
    bool same = true;
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_FATAL(access(pg32_program, X_OK) == 0);
    while (same && executed < most)
        same = compare_guest(m, random_u64(&r), 5000, 0, &executed) == 0;
    CU_ASSERT(same);
    arena_free(&arena);
}

// ---------------------------------------------------------------- mutants

// What C executes is pg32.isa with one text replaced by another.
static const struct {
    const char *from, *to;
} mutants[] = {
    {"x[rd] := x[rs1] + imm", "x[rd] := x[rs1] - imm"},
    {"if x[rs1] <_s x[rs2] then P", "if x[rs1] < x[rs2] then P"},
    {"sext(V[x[rs1] + imm +: 2], 32)", "zext(V[x[rs1] + imm +: 2], 32)"},
    {"x[rd] := x[rs1] >>_s x[rs2][4:0]", "x[rd] := x[rs1] >> x[rs2][4:0]"},
    {"wide(a) + n <= wide(b)", "wide(a) + n < wide(b)"},
    {"require at[1:0] = 0 else", "require at[1:0] != 3 else"},
    {"if T = 1 then pending := 1", "if T = 2 then pending := 1"},
    {"E[0x08 +: 4] := l", "E[0x08 +: 4] := b"},
    {"IE := status[1]", "IE := status[0]"},
    {"psw[95:64]", "psw[127:96]"},
    {"zext(cause ++ 0b000000", "zext(0x00 ++ 0b000000"},
    {"interrupt timer  when IE = 1 and pending = 1", "interrupt timer  when pending = 1"},
    {"x[rd] := T", "x[rd] := T + 1"},
    {"port[port_number] := x[rs1]", "port[port_number] := x[rs1] + 1"},
    {"P := (x[rs1] + imm) & ~1", "P := x[rs1] + imm"},
};

static char *read_text(const char *file)
{
    FILE *f = fopen(file, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    char *text = calloc(1, 1 << 16);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    size_t const n = fread(text, 1, (1 << 16) - 1, f);
    CU_ASSERT_FATAL(n < (1 << 16) - 1);
    fclose(f);
    return text;
}

static void test_mutants(void)
{
    enum { GUESTS = 40 };
    char *const text = read_text(pg32_file);
    size_t const n = tests_quick() ? 4 : sizeof mutants / sizeof *mutants;
    for (size_t k = 0; k < n; k++) {
        struct arena arena = {0};
        struct diagnostics d = {.out = stdout};
        const char *at = strstr(text, mutants[k].from);
        CU_ASSERT_PTR_NOT_NULL_FATAL(at);
        const char *mutant = arena_format(&arena, "%.*s%s%s", (int)(at - text), text, mutants[k].to,
                                          at + strlen(mutants[k].from));
        struct description *m = description_of_text(&arena, &d, pg32_file, mutant, strlen(mutant));
        CU_ASSERT_PTR_NOT_NULL_FATAL(m);
        uint64_t executed = 0;
        int code = 0;
        // Always the same guests: whether a mistake shows depends on them.
        for (uint64_t seed = 1; code == 0 && seed <= GUESTS; seed++)
            code = compare_guest(m, seed, 5000, 1, &executed);
        if (code != 1) printf("not found: %s\n", mutants[k].to);
        CU_ASSERT_EQUAL(code, 1);
        arena_free(&arena);
    }
    free(text);
}

// ---------------------------------------------------------------- other descriptions

enum { CELLS = 4096, INSTRUCTIONS = 60, ANSWER = 1, TRAPS_MOST = 20 };

// Small numbers, all ones, single bits and anything, in turn.
static uint64_t draw_value(struct random *r)
{
    switch (random_below(r, 4)) {
    case 0: return random_below(r, 4);
    case 1: return UINT64_MAX - random_below(r, 3);
    case 2: return (uint64_t)1 << random_below(r, 64);
    default: return random_u64(r);
    }
}

// Fills memory with instructions, of which some are spoilt; they are the data, too.
static void fill(struct concrete *c, struct random *r)
{
    const struct description *m = c->m;
    unsigned const unit = m->unit_width, cells = unit / m->memory->width;
    for (uint64_t at = 0; at + cells <= c->cells_n;) {
        const struct instruction *i = m->instructions.items[random_below(r, m->instructions.n)];
        uint64_t const word = (random_u64(r) & ~i->mask) | i->match;
        for (unsigned left = i->format->width; left > 0 && at + cells <= c->cells_n; at += cells) {
            left -= unit;
            concrete_store(c, at, cells, bits_low(word >> left, unit));
        }
        if (random_once_in(r, 8)) concrete_store(c, at - 1, 1, draw_value(r));
    }
}

// A trap's delivery may lead nowhere: then the run ends.
static uint64_t run_words(struct trace *t, struct random *r, int steps)
{
    // What descriptions made at random add to addresses: with it, the counter leads to a word.
    const struct component *shift = find_component(t->state.m, "q");
    uint64_t completed = 0;
    for (int traps = 0; steps > 0 && traps < TRAPS_MOST; steps--) {
        if (shift)
            trace_place(t, 4 * (1 + random_below(r, CELLS / 4 - 1)) -
                               concrete_get(&t->state, shift, 0) % 4);
        struct step const s = trace_step(t);
        if (s.outcome == STEP_TRAP) {
            traps++;
            if (trace_deliver(t, s.cause, s.value).outcome != STEP_NEXT) break;
            continue;
        }
        traps = 0;
        completed++;
        if (s.outcome == STEP_WAIT) {
            trace_tick(t);
            trace_wake(t);
            trace_complete(t);
        }
    }
    return completed;
}

// Builds the other side for the description in `file`, and runs memories of random words on both.
static void compare_description(const char *file, struct random *r)
{
    char folder[] = "/tmp/trapeze-cosimulator-XXXXXX", command[512];
    struct arena arena = {0};
    struct diagnostics d = {.out = stdout};
    struct description *m = description_read(&arena, &d, file);
    uint64_t completed = 0;
    int code = 0;
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(command, sizeof command, "tools/cosimulator %s %s", file, folder);
    CU_ASSERT_EQUAL_FATAL(system(command), 0);
    snprintf(command, sizeof command, "%s/cosimulate", folder);
    void *cells = calloc(CELLS, concrete_cell_size(m->memory));
    CU_ASSERT_PTR_NOT_NULL_FATAL(cells);
    struct concrete image;
    concrete_init(&image, m, cells, CELLS);
    for (int k = 0; k < (tests_quick() ? 20 : 100) && code == 0; k++) {
        struct other o = other_start(command);
        struct trace t;
        fill(&image, r);
        trace_init(&t, m, o.in, cells, CELLS, 4 * random_below(r, CELLS / 4), ANSWER);
        completed += run_words(&t, r, 60);
        trace_free(&t);
        code = other_end(&o, 0);
    }
    concrete_free(&image);
    if (code != 0) printf("%s: the program is left in %s\n", file, folder);
    CU_ASSERT_EQUAL(code, 0);
    CU_ASSERT(completed > 100);
    snprintf(command, sizeof command, "rm -r %s", folder);
    if (code == 0) CU_ASSERT_EQUAL(system(command), 0);
    free(cells);
    arena_free(&arena);
}

static void test_random_descriptions(void)
{
    struct random r = random_seeded(tests_seed());
    int const n = tests_quick() ? 1 : tests_long() ? 20 : 3;
    for (int k = 0; k < n; k++) {
        char folder[] = "/tmp/trapeze-description-XXXXXX", file[64];
        CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
        snprintf(file, sizeof file, "%s/random.isa", folder);
        FILE *f = fopen(file, "w");
        CU_ASSERT_PTR_NOT_NULL_FATAL(f);
        random_description(f, random_u64(&r), INSTRUCTIONS);
        fclose(f);
        compare_description(file, &r);
        remove(file);
        rmdir(folder);
    }
}

// Instructions of several units, words of 36 bits, choices.
static void test_machines(void)
{
    static const char *const files[] = {"tests/language/machines/bytes.isa",
                                        "tests/language/machines/selectors.isa",
                                        "tests/language/machines/word36.isa"};
    struct random r = random_seeded(tests_seed());
    for (int k = 0; k < 3; k++) compare_description(files[k], &r);
}

void suite_cosimulation(void)
{
    CU_pSuite s = CU_add_suite("cosimulation", NULL, NULL);
    CU_add_test(s, "random guests of PG32, C and Coq", test_pg32);
    CU_add_test(s, "mistakes in PG32 are found", test_mutants);
    CU_add_test(s, "descriptions made at random, C and Coq", test_random_descriptions);
    CU_add_test(s, "other machines, C and Coq", test_machines);
}
