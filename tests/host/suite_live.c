// SPDX-License-Identifier: MIT
// Input that arrives while a guest runs, from a pipe and from a terminal: `vmm run --record`, and
// the same again with --replay, on every engine; and what becomes of the terminal.

#include "tests/host/child.h"
#include "tests/host/guest.h"
#include "tests/rv32.h"
#include "tests/suites.h"
#include "vmm/host/engines.h"

#include <CUnit/CUnit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { ZERO = 0, T0 = 5, S0 = 8, A0 = 10, A1 = 11, CONSOLE = 0, STATUS = 1 };

static char directory[] = "/tmp/live-XXXXXX";
static char polling[64], idling[64], trapping[64], recording[64], trace[2][64];

static void path_in(char *path, const char *name)
{
    snprintf(path, 64, "%s/%s", directory, name);
}

// In user mode, where interrupts are enabled, it calls the supervisor, which waits at once: the
// byte comes after the call, although that took no time. What follows the byte is the last trap's
// cause.
static void make_trapping(void)
{
    enum { T1 = 6, NEW = 0x20, TASK = 0x40, USER = GUEST_BASE + 4 * 11, HANDLER = USER + 4 };
    const uint32_t code[] = {
        rv32(RV32_ADDI, T0, ZERO, 0, NEW),     rv32(RV32_SPSW, 0, T0, 0, 0),
        rv32(RV32_ADDI, T1, ZERO, 0, HANDLER), rv32(RV32_SW, 0, T0, T1, 4),
        rv32(RV32_ADDI, S0, ZERO, 0, TASK),    rv32(RV32_SPSW, 0, S0, 0, 0),
        rv32(RV32_ADDI, T1, ZERO, 0, 3), // user, IE
        rv32(RV32_SW, 0, S0, T1, 0),           rv32(RV32_ADDI, T1, ZERO, 0, USER),
        rv32(RV32_SW, 0, S0, T1, 4),           rv32(RV32_LPSW, 0, S0, 0, 0),
        rv32(RV32_ECALL, 0, 0, 0, 0),          rv32(RV32_IDLE, 0, 0, 0, 0), // the handler
        rv32(RV32_IN, A1, 0, 0, CONSOLE),      rv32(RV32_OUT, 0, A1, 0, CONSOLE),
        rv32(RV32_ADDI, T0, ZERO, 0, 'q'),     rv32(RV32_BEQ, 0, A1, T0, 20),
        rv32(RV32_LBU, A0, ZERO, 0, 1),        rv32(RV32_ADDI, A0, A0, 0, '0'),
        rv32(RV32_OUT, 0, A0, 0, CONSOLE),     rv32(RV32_LPSW, 0, S0, 0, 0),
        rv32(RV32_HALT, 0, ZERO, 0, 0),
    };

    guest_file(trapping, code, sizeof code / sizeof code[0]);
}

// Guests that echo each byte, and after it a byte that depends on the time at which it came. 'q'
// ends them; 'c' brings them to a check stop, for memory at 0x20 is zero.
static void make_others(void)
{
    // Count in s0 until a byte waits.
    const uint32_t wait_polling[4] = {
        rv32(RV32_ADDI, S0, S0, 0, 1),
        rv32(RV32_IN, A0, 0, 0, STATUS),
        rv32(RV32_ANDI, A0, A0, 0, 1),
        rv32(RV32_BEQ, 0, A0, ZERO, -12),
    };
    const uint32_t wait_idling[4] = {
        rv32(RV32_IDLE, 0, 0, 0, 0),
        rv32(RV32_ADDI, S0, S0, 0, 3),
        rv32(RV32_ADDI, ZERO, ZERO, 0, 0),
        rv32(RV32_ADDI, ZERO, ZERO, 0, 0),
    };
    uint32_t code[] = {
        0,
        0,
        0,
        0,
        rv32(RV32_IN, A1, 0, 0, CONSOLE),
        rv32(RV32_OUT, 0, A1, 0, CONSOLE),
        rv32(RV32_ADDI, T0, ZERO, 0, 'q'),
        rv32(RV32_BEQ, 0, A1, T0, 32),
        rv32(RV32_ADDI, T0, ZERO, 0, 'c'),
        rv32(RV32_BEQ, 0, A1, T0, 20),
        rv32(RV32_ANDI, A0, S0, 0, 31), // a printable byte
        rv32(RV32_ADDI, A0, A0, 0, 'A'),
        rv32(RV32_OUT, 0, A0, 0, CONSOLE),
        rv32(RV32_JAL, ZERO, 0, 0, -13 * 4),
        rv32(RV32_ECALL, 0, 0, 0, 0),
        rv32(RV32_HALT, 0, ZERO, 0, 0),
    };

    path_in(polling, "polling-XXXXXX");
    path_in(idling, "idling-XXXXXX");
    path_in(recording, "recording");
    path_in(trace[0], "trace.0");
    path_in(trace[1], "trace.1");
    memcpy(code, wait_polling, sizeof wait_polling);
    guest_file(polling, code, sizeof code / sizeof code[0]);
    memcpy(code, wait_idling, sizeof wait_idling);
    guest_file(idling, code, sizeof code / sizeof code[0]);
}

static int make(void)
{
    if (mkdtemp(directory) == NULL) return 1;
    path_in(trapping, "trapping-XXXXXX");
    make_trapping();
    make_others();
    return 0;
}

static int discard(void)
{
    const char *files[] = {polling, idling, trapping, recording, trace[0], trace[1]};

    for (size_t k = 0; k < sizeof files / sizeof files[0]; k++) unlink(files[k]);
    return rmdir(directory);
}

// Types each byte when the one before has been echoed, with its companion; the last one ends the
// guest.
static void type(struct child *c, const char *bytes)
{
    for (const char *b = bytes; *b != '\0'; b++) {
        child_type(c, b, 1);
        CU_ASSERT(child_expect(c, (size_t)(b - bytes) * 2 + (b[1] == '\0' ? 1 : 2)));
    }
}

static void same_output(const struct child *a, const struct child *b)
{
    CU_ASSERT_EQUAL(a->output_n, b->output_n);
    CU_ASSERT_EQUAL(memcmp(a->output, b->output, a->output_n), 0);
}

// The counts in the statistics: everything on stderr up to the host's time.
static void same_statistics(struct child *a, struct child *b)
{
    char *host[2] = {strstr(a->errors, "host time"), strstr(b->errors, "host time")};

    CU_ASSERT(host[0] != NULL && host[1] != NULL);
    if (host[0] == NULL || host[1] == NULL) return;
    *host[0] = *host[1] = '\0';
    CU_ASSERT_STRING_EQUAL(a->errors, b->errors);
}

// An engine that is too slow for the many instructions of polling.
static bool slow(const struct engine *e)
{
    return e != &engine_threaded && e != &engine_switch;
}

static void record_and_replay(enum child_input input, const char *guest, const char *bytes,
                              int status)
{
    for (size_t e = 0; engines[e] != NULL; e++) {
        if (guest == polling && slow(engines[e])) continue;
        struct child live, again;
        const char *engine = engines[e]->name;

        child_start(&live, input,
                    (const char *[]){"run", "--engine", engine, "--stats", "--record", recording,
                                     guest, NULL});
        type(&live, bytes);
        CU_ASSERT_EQUAL(child_end(&live), status);
        CU_ASSERT_EQUAL(live.output_n, 2 * strlen(bytes) - 1);
        // Whatever engine recorded, each repeats it.
        for (size_t k = 0; engines[k] != NULL; k++) {
            if (guest == polling && slow(engines[k])) continue;
            child_start(&again, CHILD_NOTHING,
                        (const char *[]){"run", "--engine", engines[k]->name, "--stats", "--replay",
                                         recording, guest, NULL});
            CU_ASSERT_EQUAL(child_end(&again), status);
            same_output(&live, &again);
            if (k == 0) same_statistics(&live, &again);
        }
    }
}

static void test_pipe(void)
{
    record_and_replay(CHILD_PIPE, polling, "hello, world\nq", 0);
    record_and_replay(CHILD_PIPE, idling, "hello, world\nq", 0);
}

static void test_terminal(void)
{
    record_and_replay(CHILD_TERMINAL, polling, "some text\n\t\004q", 0);
    record_and_replay(CHILD_TERMINAL, idling, "some text\n\t\004q", 0);
}

static void test_after_a_trap(void)
{
    struct child c;

    record_and_replay(CHILD_PIPE, trapping, "hiq", 0);
    child_start(&c, CHILD_NOTHING, (const char *[]){"run", "--replay", recording, trapping, NULL});
    CU_ASSERT_EQUAL(child_end(&c), 0);
    CU_ASSERT_EQUAL(memcmp(c.output + 2, "i3q", 3), 0); // the first may have come before the start
}

// After a check stop the last instructions are known although nobody kept them, also where they
// depend on when input came.
static void test_check_stop(void)
{
    record_and_replay(CHILD_PIPE, polling, "hic", 1);
    record_and_replay(CHILD_TERMINAL, idling, "hic", 1);
    struct child c;
    child_start(&c, CHILD_PIPE, (const char *[]){"run", polling, NULL});
    type(&c, "hic");
    CU_ASSERT_EQUAL(child_end(&c), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.errors, "check stop"));
    CU_ASSERT_PTR_NOT_NULL(strstr(c.errors, "ecall"));
    CU_ASSERT_PTR_NOT_NULL(strstr(c.errors, "  a1 00000063")); // 'c'
    CU_ASSERT_PTR_NOT_NULL(strstr(c.errors, "in a1, 0"));
}

// State after state: traces of the live run and of its replay are the same bytes.
static void test_traces(void)
{
    struct child c;
    static char text[2][100000];

    child_start(&c, CHILD_PIPE,
                (const char *[]){"run", "--trace", trace[0], "--record", recording, idling, NULL});
    type(&c, "state after state q");
    CU_ASSERT_EQUAL(child_end(&c), 0);
    child_start(&c, CHILD_NOTHING,
                (const char *[]){"run", "--trace", trace[1], "--replay", recording, idling, NULL});
    CU_ASSERT_EQUAL(child_end(&c), 0);
    for (int k = 0; k < 2; k++) {
        FILE *file = fopen(trace[k], "r");
        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        const size_t n = fread(text[k], 1, sizeof text[k] - 1, file);
        CU_ASSERT(n > 5000 && n < sizeof text[k] - 1);
        text[k][n] = '\0';
        fclose(file);
    }
    CU_ASSERT_STRING_EQUAL(text[0], text[1]);
}

// The end of a pipe's input is the end of all input: the guest is idle for ever.
static void test_end_of_input(void)
{
    struct child c;

    child_start(&c, CHILD_PIPE, (const char *[]){"run", idling, NULL});
    child_type(&c, "xyz", 3);
    CU_ASSERT(child_expect(&c, 6));
    child_close_input(&c);
    CU_ASSERT_EQUAL(child_end(&c), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.errors, "idle for ever"));
}

static bool same_attributes(const struct termios *a, const struct termios *b)
{
    return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
           a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof a->c_cc) == 0;
}

// However a run ends, the terminal is as before; while it goes on, it does not echo.
static void test_terminal_restored(void)
{
    static const struct {
        const char *typed; // to end it, after an 'x'; null: the signal does
        int signal, status;
    } ends[] = {
        {"q", 0, 0},
        {"c", 0, 1},
        {"\003", 0, -SIGINT}, // Ctrl-C
        {"\034", 0, -SIGQUIT},
        {NULL, SIGTERM, -SIGTERM},
        {NULL, SIGHUP, -SIGHUP},
        {NULL, SIGSEGV, -SIGSEGV},
        {NULL, SIGABRT, -SIGABRT},
    };
    const char *const guests[] = {polling, idling};

    setenv("ASAN_OPTIONS", "handle_segv=0", 1); // which a sanitized build would take for itself
    for (size_t g = 0; g < 2; g++) {
        for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
            struct child c;
            struct termios before, now;
            child_start(&c, CHILD_TERMINAL, (const char *[]){"run", guests[g], NULL});
            before = c.attributes;
            child_type(&c, "x", 1);
            CU_ASSERT(child_expect(&c, 2));
            CU_ASSERT_EQUAL(tcgetattr(c.terminal, &now), 0);
            CU_ASSERT_EQUAL(now.c_lflag & (ECHO | ICANON), 0);
            if (ends[k].typed != NULL)
                child_type(&c, ends[k].typed, 1);
            else
                kill(c.pid, ends[k].signal);
            const int status = child_wait(&c);
            // A sanitizer makes an exit of a crash.
            CU_ASSERT(status == ends[k].status || (ends[k].signal == SIGSEGV && status > 0));
            CU_ASSERT_EQUAL(tcgetattr(c.terminal, &now), 0);
            CU_ASSERT(same_attributes(&before, &now));
            child_free(&c);
            if (status != ends[k].status) printf("end %zu: status %d\n", k, status);
        }
    }
}

// Ctrl-C ends a recording in good order: it can be replayed up to that moment.
static void test_interrupted_recording(void)
{
    struct child c, again;

    child_start(&c, CHILD_TERMINAL, (const char *[]){"run", "--record", recording, idling, NULL});
    type(&c, "abd!");
    CU_ASSERT(child_expect(&c, 8));
    child_type(&c, "\003", 1);
    CU_ASSERT_EQUAL(child_end(&c), -SIGINT);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.errors, "interrupted"));
    child_start(&again, CHILD_NOTHING,
                (const char *[]){"run", "--replay", recording, idling, NULL});
    CU_ASSERT_EQUAL(child_end(&again), 1); // idle for ever: no more came
    same_output(&c, &again);
}

void suite_live(void)
{
    CU_pSuite s = CU_add_suite("live input", make, discard);

    CU_add_test(s, "input just after a trap", test_after_a_trap);
    CU_add_test(s, "recorded from a pipe and replayed", test_pipe);
    CU_add_test(s, "recorded from a terminal and replayed", test_terminal);
    CU_add_test(s, "check stop", test_check_stop);
    CU_add_test(s, "state after state", test_traces);
    CU_add_test(s, "end of input", test_end_of_input);
    CU_add_test(s, "the terminal is restored", test_terminal_restored);
    CU_add_test(s, "an interrupted recording", test_interrupted_recording);
}
