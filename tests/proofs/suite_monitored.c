// SPDX-License-Identifier: MIT
// The monitor in Coq, extracted, against the monitor in C, on random guests under monitors that
// lend them the timer: what is installed whenever the guest runs on the host, every trap of the
// host, what went to devices, and the end. Mistakes that are put into what C did must be found.
#define _GNU_SOURCE // open_memstream, popen
#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/monitor/virtual.h"
#include "tests/random.h"
#include "tests/suites.h"
#include "vmm/pg32/monitors.h"

static const char program[] = "build/proofs/extraction/monitored/comonitor";

// ---------------------------------------------------------------- what C does

// The one run that is being written down: machines have no room for who listens.
static struct {
    FILE *out;
    struct machine_ops ops;             // the host's, with a run that listens
    const struct machine_ops *hardware; // as they are
    uint64_t traps;
} spy;

static void print_processor(const struct pg32 *s)
{
    fprintf(spy.out, " %" PRIu32 " %" PRIu32 " %" PRIu32 " %d %" PRIu32 " %d", s->P, s->l, s->b,
            s->IE, s->T, s->pending);
    for (int k = 0; k < 32; k++) fprintf(spy.out, " %" PRIu32, s->x[k]);
    fputc('\n', spy.out);
}

static struct run_result listening_run(struct machine *m, uint64_t limit)
{
    fputs("enter", spy.out);
    print_processor(&m->s);
    const struct run_result r = spy.hardware->run(m, limit);
    if (r.reason != RUN_TRAP) return r;
    spy.traps++;
    fprintf(spy.out,
            "trap %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu64
            "\n",
            r.cause, r.value, m->s.P, m->s.l, m->s.b, m->s.T, m->completed);
    return r;
}

static uint32_t listening_read(void *devices, uint32_t port)
{
    uint32_t const value = devices_read(devices, port);
    fprintf(spy.out, "port 0 %" PRIu32 " %" PRIu32 "\n", port, value);
    return value;
}

static void listening_write(void *devices, uint32_t port, uint32_t value)
{
    devices_write(devices, port, value);
    fprintf(spy.out, "port 1 %" PRIu32 " %" PRIu32 "\n", port, value);
}

static void print_memory(const struct machine *m)
{
    fputs("memory ", spy.out);
    for (uint32_t k = 0; k < GUEST_MEMORY; k++) fprintf(spy.out, "%02x", m->s.E[k]);
    fputc('\n', spy.out);
}

static void print_end(const struct virtual *v)
{
    const struct machine *m = v->t.top;
    switch (v->last.reason) {
    case RUN_STOP: fprintf(spy.out, "end\nlast 1 %" PRIu32 " 0\n", v->last.value); break;
    case RUN_CHECK_STOP:
        fprintf(spy.out, "end\nlast 2 %" PRIu32 " %" PRIu32 "\n", v->last.cause, v->last.value);
        break;
    case RUN_IDLE: fputs("end\nlast 3 0 0\n", spy.out); break;
    default: fputs("end\nlast 0 0 0\n", spy.out); break;
    }
    fprintf(spy.out, "state %" PRIu64 " %d %d", m->completed, m->s.entered, m->s.M);
    print_processor(&m->s);
    print_memory(m);
}

// The guest of a seed for `limit` instructions. Returns how many completed.
static uint64_t run_guest(FILE *out, uint64_t seed, const struct monitor *monitor, uint64_t limit)
{
    static struct random_guest g;
    random_guest_make(&g, seed);
    struct virtual *v = virtual_new(&g, &engine_switch, monitor, 1);
    struct machine *m = v->t.top, *host = v->t.vms[0].host;
    // Nothing comes from outside: in the model the device's line stays down.
    m->devices.arrivals_n = 0;
    m->s.port_read = listening_read;
    m->s.port_write = listening_write;
    spy.out = out;
    spy.hardware = host->ops;
    spy.ops = *host->ops;
    spy.ops.run = listening_run;
    host->ops = &spy.ops;
    fprintf(out, "guest %" PRIu32 " %" PRIu32 " %d %d %" PRIu32 "\n", host->s.memory_size,
            v->t.vms[0].start, GUEST_MEMORY, !monitor->direct[0], g.entry);
    print_memory(m);
    virtual_run(v, limit);
    print_end(v);
    host->ops = spy.hardware;
    uint64_t const completed = m->completed;
    virtual_free(v);
    return completed;
}

// ---------------------------------------------------------------- the comparison

// Gives the text to the program; its exit status, and what it printed if that is not `expected`.
static int compare(const char *text, size_t length, int expected)
{
    char said[] = "/tmp/trapeze-monitored-XXXXXX", command[512], line[512];
    int const file = mkstemp(said);
    CU_ASSERT_FATAL(file >= 0);
    close(file);
    snprintf(command, sizeof command, "%s >%s 2>&1", program, said);
    signal(SIGPIPE, SIG_IGN); // of one that stops reading
    FILE *in = popen(command, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(in);
    CU_ASSERT_EQUAL(fwrite(text, 1, length, in), length);
    int const status = pclose(in), code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    FILE *f = fopen(said, "r");
    while (code != expected && f && fgets(line, sizeof line, f)) fputs(line, stdout);
    if (f) fclose(f);
    remove(said);
    return code;
}

static const struct monitor *const policies[] = {&monitor_trap, &monitor_hybrid};

static void test_random(void)
{
    uint64_t const most = tests_quick() ? 10000 : tests_long() ? 1000000 : 110000;
    struct random r = random_seeded(tests_seed());
    uint64_t executed = 0;
    bool same = true;
    spy.traps = 0;
    CU_ASSERT_FATAL(access(program, X_OK) == 0);
    for (unsigned k = 0; same && executed < most; k++) {
        char *text = NULL;
        size_t length;
        FILE *f = open_memstream(&text, &length);
        uint64_t const seed = random_u64(&r);
        executed += run_guest(f, seed, policies[k % 2], 3000);
        fclose(f);
        same = compare(text, length, 0) == 0;
        if (!same) printf("the random guest %" PRIu64 ", %s\n", seed, policies[k % 2]->name);
        free(text);
    }
    printf("%" PRIu64 " instructions, %" PRIu64 " traps of the host\n", executed, spy.traps);
    CU_ASSERT(same);
    CU_ASSERT(spy.traps * 1000 > executed);
}

// Each kind of record, with one number changed, differs.
static void test_mutants(void)
{
    static const char *const kinds[] = {"\nenter ", "\ntrap ", "\nport ", "\nstate "};
    enum { KINDS = sizeof kinds / sizeof *kinds };
    char *text = NULL;
    size_t length;
    bool complete = false;
    for (uint64_t seed = 1; !complete && seed < 100; seed++) {
        free(text);
        FILE *f = open_memstream(&text, &length);
        run_guest(f, seed, &monitor_trap, 2000);
        fclose(f);
        complete = true;
        for (size_t k = 0; k < KINDS; k++) complete = complete && strstr(text, kinds[k]);
    }
    CU_ASSERT_EQUAL(compare(text, length, 0), 0);
    for (size_t k = 0; k < KINDS; k++) {
        char *at = strstr(text, kinds[k]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(at);
        at += strlen(kinds[k]) + strcspn(at + strlen(kinds[k]), " \n") - 1;
        *at = (char)(*at ^ 1); // the last digit of the first number
        if (compare(text, length, 1) != 1) printf("not found in%s\n", kinds[k]);
        CU_ASSERT_EQUAL(compare(text, length, 1), 1);
        *at = (char)(*at ^ 1);
    }
    free(text);
}

void suite_monitored(void)
{
    CU_pSuite s = CU_add_suite("the extracted monitor", NULL, NULL);
    CU_add_test(s, "random guests", test_random);
    CU_add_test(s, "mistakes are found", test_mutants);
}
