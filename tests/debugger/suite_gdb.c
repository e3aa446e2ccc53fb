// SPDX-License-Identifier: MIT
// The gdb stub against whatever comes: packets that are wrong, random ones, connections that break.
// That gdb itself gets on with it is tested by tests/command/gdb.sh.

#include "tests/host/child.h"
#include "tests/host/guest.h"
#include "tests/random.h"
#include "tests/rv32.h"
#include "tests/suites.h"
#include "vmm/host/gdb_registers.h"
#include "vmm/host/gdb_stub.h"

#include <CUnit/CUnit.h>
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char path[] = "/tmp/gdb-XXXXXX";

// A guest that counts for ever.
static int make(void)
{
    const uint32_t code[] = {
        rv32(RV32_ADDI, 10, 10, 0, 1),
        rv32(RV32_SW, 0, 0, 10, 0x40),
        rv32(RV32_JAL, 0, 0, 0, -8),
    };

    guest_file(path, code, sizeof code / sizeof code[0]);
    return 0;
}

static int discard(void)
{
    return unlink(path);
}

// ---------------------------------------------------------------- packets

static struct packet_reader reader;

// What comes of the last byte of a stream.
static enum packet_event feed(const char *bytes)
{
    enum packet_event event = PACKET_NONE;

    for (; *bytes != '\0'; bytes++) event = packet_read(&reader, (uint8_t)*bytes);
    return event;
}

static void test_packets(void)
{
    memset(&reader, 0, sizeof reader);
    CU_ASSERT_EQUAL(feed("$g#67"), PACKET_GOOD);
    CU_ASSERT_STRING_EQUAL(reader.data, "g");
    CU_ASSERT_EQUAL(feed("+++$#00"), PACKET_GOOD);
    CU_ASSERT_EQUAL(reader.n, 0);
    CU_ASSERT_EQUAL(feed("$g#68"), PACKET_BAD);
    CU_ASSERT_EQUAL(feed("$g#6x"), PACKET_BAD);
    CU_ASSERT_EQUAL(feed("-"), PACKET_AGAIN);
    CU_ASSERT_EQUAL(feed("\003"), PACKET_BREAK);
    CU_ASSERT_EQUAL(feed("$mem$g#67"), PACKET_GOOD); // a packet that was cut off
    CU_ASSERT_STRING_EQUAL(reader.data, "g");
    CU_ASSERT_EQUAL(feed("$a}\003b#43"), PACKET_GOOD); // an escaped #
    CU_ASSERT_STRING_EQUAL(reader.data, "a#b");
    feed("$");
    for (int k = 0; k < PACKET_SIZE + 100; k++) packet_read(&reader, 'a');
    CU_ASSERT_EQUAL(feed("#00"), PACKET_BAD); // too long
    CU_ASSERT_EQUAL(feed("$g#67"), PACKET_GOOD);
}

// What goes out comes back in.
static void test_lines(void)
{
    struct random r = random_seeded(tests_seed());
    static struct packet p;
    static uint8_t line[PACKET_LINE];

    for (int k = 0; k < 300; k++) {
        const size_t n =
            random_below(&r, 2) ? random_below(&r, 40) : random_below(&r, PACKET_SIZE + 1);
        enum packet_event event = PACKET_NONE;
        p.n = n;
        for (size_t i = 0; i < n; i++)
            p.data[i] = (char)(random_below(&r, 2) ? random_u32(&r) : (uint8_t) "$#}*"[i % 4]);
        const size_t length = packet_line(&p, line);
        CU_ASSERT_TRUE(length <= PACKET_LINE);
        for (size_t i = 0; i < length; i++) {
            CU_ASSERT_EQUAL(event, PACKET_NONE);
            event = packet_read(&reader, line[i]);
        }
        CU_ASSERT_EQUAL(event, PACKET_GOOD);
        CU_ASSERT_EQUAL(reader.n, n);
        CU_ASSERT_EQUAL(memcmp(reader.data, p.data, n), 0);
    }
}

// ---------------------------------------------------------------- the stub

static struct guest g;
static struct debugger d;
static struct gdb_stub stub;

static void say(void *context, const char *text)
{
    *(size_t *)context += strlen(text);
}

static bool look(void *context, bool wait)
{
    (void)context, (void)wait;
    return true;
}

static size_t said;

static void open_stub(void)
{
    struct failure f;

    memset(&g, 0, sizeof g);
    g.input.fd = g.disk.fd = -1;
    CU_ASSERT_TRUE_FATAL(guest_open(&g, path, 64 << 10, &engine_switch, NULL, 0, &f));
    CU_ASSERT_TRUE_FATAL(debugger_open(&d, &g, &f));
    d.look = look;
    stub = (struct gdb_stub){.d = &d, .waited = true, .say = say, .context = &said};
}

static void close_stub(void)
{
    debugger_close(&d);
    guest_close(&g);
}

static const char *answer(const char *data)
{
    static struct packet p;
    static char text[PACKET_SIZE + 1];

    p.n = 0;
    p.full = false;
    const enum gdb_action action = gdb_stub_handle(&stub, data, strlen(data), &p);
    CU_ASSERT_FALSE(p.full);
    memcpy(text, p.data, p.n);
    text[p.n] = '\0';
    if (action == GDB_REPLY) return text;
    snprintf(text, sizeof text, "action %d", (int)action);
    return text;
}

static const char *const right[][2] = {
    {"p20", "00010000"},
    {"P20=04010000", "OK"},
    {"p20", "04010000"},
    {"P21=ffffffff", "OK"}, // of the status word there are two bits to be set
    {"p21", "03000000"},
    {"P0=01000000", "OK"},
    {"p0", "00000000"},
    {"m100,4", "13051500"},
    {"m100,0", ""},
    {"mfffc,4", "00000000"},
    {"mfffc,10", "00000000"}, // as far as there is memory
    {"mfffe,1000", "0000"},
    {"M40,4:78563412", "OK"},
    {"m40,4", "78563412"},
    {"X40,2:ab", "OK"},
    {"m40,4", "61623412"},
    {"P23=00000000", "OK"}, // b := 0, and no memory is left
    {"m40,1", "E0e"},
    {"P22=00ff0000", "OK"}, // l := 0xff00, b := 0x1000: what is left of the machine's
    {"P23=00100000", "OK"},
    {"mfe,10", "0000"},
    {"Z0,100,4", "OK"},
    {"Z0,100,4", "OK"},
    {"z0,100,4", "OK"},
    {"z0,100,4", "OK"},
    {"Z2,40,4", "OK"},
    {"Z3,40,4", ""}, // not supported
    {"vCont?", "vCont;c;C;s;S"},
    {"qAttached", "0"},
    {"qUnknown", ""},
    {"vCont;c", "action 2"},
    {"s", "action 3"},
    {"bc", "action 4"},
    {"bs", "action 5"},
};

static const char *const wrong[] = {
    "p",
    "p26",
    "pffffffffffffffffff",
    "p20x",
    "P",
    "P20",
    "P20=",
    "P20=1",
    "P20=0001000",
    "P20=000100000",
    "P26=00000000",
    "G",
    "G00",
    "m",
    "m100",
    "m100,",
    "m,4",
    "m1ffffffff,4",
    "m100,1ffffffff",
    "m100,4,",
    "M100,4",
    "M100,4:",
    "M100,4:112233",
    "M100,4:1122334455",
    "M100,4:1122334x",
    "Mffff,4:11223344",
    "M10000,1:00",
    "X100,4:ab",
    "X100",
    "Xffff,2:ab",
    "Z",
    "Z0",
    "Z0,",
    "Z0,100",
    "Z0,1ffffffff,4",
    "Z2,40,0",
    "z0,x,4",
    "vCont;",
    "vCont;x",
    "cx",
    "c1ffffffff",
    "qXfer:features:read:target.xml:",
    "qXfer:features:read:target.xml:0",
    "qRcmd,6",
    "qRcmd,zz",
    "qRcmd,00",
};

static void test_right_and_wrong(void)
{
    open_stub();
    for (size_t k = 0; k < sizeof right / sizeof right[0]; k++) {
        const char *found = answer(right[k][0]);
        if (strcmp(found, right[k][1]) != 0)
            fprintf(stderr, "\n%s: '%s', not '%s'\n", right[k][0], found, right[k][1]);
        CU_ASSERT_STRING_EQUAL(found, right[k][1]);
    }
    close_stub();
    open_stub();
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        const char *found = answer(wrong[k]);
        if (found[0] != 'E') fprintf(stderr, "\n%s: '%s', not an error\n", wrong[k], found);
        CU_ASSERT_EQUAL(found[0], 'E');
    }
    CU_ASSERT_EQUAL(d.h.edits_n, 0); // nothing was done
    close_stub();
}

// The description of registers in pieces of any size is the whole one.
static void test_target(void)
{
    const char *whole = gdb_target();
    const size_t size = strlen(whole);
    size_t at = 0;
    char packet[80];

    open_stub();
    while (at < size) {
        snprintf(packet, sizeof packet, "qXfer:features:read:target.xml:%zx,%x", at, 77);
        const char *part = answer(packet);
        const size_t n = strlen(part + 1);
        CU_ASSERT_TRUE_FATAL(n > 0 && n <= 77);
        CU_ASSERT_EQUAL(part[0], at + n == size ? 'l' : 'm');
        CU_ASSERT_EQUAL(memcmp(part + 1, whole + at, n), 0);
        at += n;
    }
    CU_ASSERT_STRING_EQUAL(answer("qXfer:features:read:target.xml:100000,10"), "l");
    close_stub();
}

// Good packets with mistakes in them, and what resumes is done: no answer is longer than there is
// room for, nothing is read or written where there is nothing (the sanitizers look), and the guest
// stays a guest.
static void test_random_packets(void)
{
    static const char *const seeds[] = {
        "?",
        "g",
        "p1f",
        "P5=78563412",
        "m100,40",
        "M200,4:00112233",
        "X200,3:abc",
        "Z0,104,4",
        "z0,104,4",
        "Z2,40,4",
        "z2,40,4",
        "vCont;s:1;c",
        "vCont?",
        "c",
        "s100",
        "bs",
        "bc",
        "qC",
        "qSupported:swbreak+",
        "qXfer:features:read:target.xml:0,100",
        "qRcmd,68656c70",
        "qRcmd,747261707320",
        "qRcmd,706879736963616c20302034",
        "Hg0",
        "T1",
        "G00000000",
        "qRcmd,6d6170",
        "QStartNoAckMode",
        "P22=00800000",
        "P23=00100000",
        "m0,ffffffff",
    };
    struct random r = random_seeded(tests_seed());
    const int rounds = tests_long() ? 300000 : tests_quick() ? 5000 : 30000;
    static struct packet p;
    uint64_t actions[GDB_KILL + 1] = {0};

    open_stub();
    for (int k = 0; k < rounds; k++) {
        const char *seed = seeds[random_below(&r, sizeof seeds / sizeof seeds[0])];
        size_t n = strlen(seed);
        char *data = malloc(n + 2); // exactly as large as a packet's data with its zero
        CU_ASSERT_PTR_NOT_NULL_FATAL(data);
        memcpy(data, seed, n + 1);
        for (uint32_t m = random_below(&r, 4); m > 0 && n > 0; m--) {
            const size_t at = random_below(&r, (uint32_t)n);
            switch (random_below(&r, 4)) {
            case 0: data[at] = (char)random_u32(&r); break;
            case 1: data[at] = "0123456789abcdef,:;="[random_below(&r, 20)]; break;
            case 2: n = at; break;
            default:
                memmove(data + at, data + at + 1, n - at);
                n--;
                break;
            }
            data[n] = '\0';
        }
        p.n = 0;
        const enum gdb_action action = gdb_stub_handle(&stub, data, n, &p);
        free(data);
        actions[action]++;
        struct stop stop = {.kind = STOP_STEP};
        if (action == GDB_GO) stop = debugger_go(&d, 1 + random_below(&r, 50));
        if (action == GDB_STEP) stop = debugger_go(&d, 1);
        if (action == GDB_STEP_BACK) stop = debugger_step_back(&d);
        if (action == GDB_GO_BACK) stop = debugger_go_back(&d);
        if (action != GDB_REPLY) gdb_stub_stop(&stub, &stop, &p);
        CU_ASSERT_TRUE(p.n <= PACKET_SIZE);
        CU_ASSERT_EQUAL(g.m->s.x[0], 0);
        CU_ASSERT_TRUE(g.m->s.M <= 1 && g.m->s.IE <= 1 && g.m->s.pending <= 1);
        if (k % 1000 == 999) {
            close_stub();
            open_stub();
        }
    }
    close_stub();
    for (int a = GDB_REPLY; a <= GDB_STEP_BACK; a++)
        if (a != GDB_SILENT) CU_ASSERT_TRUE(actions[a] > 10);
    CU_ASSERT_TRUE(said > 1000);
}

// ---------------------------------------------------------------- connections

static struct child child;

// `vmm run --gdb 0` on the guest, with `option`, which may be null; the port.
static uint16_t start(const char *option)
{
    unsigned port = 0;

    child_start(&child, CHILD_NOTHING, (const char *[]){"run", "--gdb", "0", path, option, NULL});
    for (int tries = 0; tries < 400 && port == 0; tries++) {
        const char *at;
        struct pollfd fd = {.fd = child.errors_fd, .events = POLLIN};
        if (poll(&fd, 1, 50) > 0) {
            const ssize_t n = read(child.errors_fd, child.errors + child.errors_n, 200);
            if (n > 0) child.errors_n += (size_t)n;
        }
        at = strstr(child.errors, "127.0.0.1:");
        if (at != NULL) sscanf(at, "127.0.0.1:%u", &port);
    }
    CU_ASSERT_NOT_EQUAL_FATAL(port, 0);
    return (uint16_t)port;
}

static int connected(uint16_t port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CU_ASSERT_EQUAL_FATAL(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static void tell(int fd, const char *bytes)
{
    CU_ASSERT_EQUAL(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), (ssize_t)strlen(bytes));
}

// Whether `text` comes before a second has passed without anything.
static bool hears(int fd, const char *text)
{
    char got[4096] = "";
    size_t n = 0;

    while (strstr(got, text) == NULL) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (n + 1 >= sizeof got || poll(&p, 1, 10000) <= 0) return false;
        const ssize_t more = recv(fd, got + n, sizeof got - 1 - n, 0);
        if (more <= 0) return false;
        n += (size_t)more;
        got[n] = '\0';
    }
    return true;
}

static void end_guest(int expected)
{
    kill(child.pid, SIGTERM);
    CU_ASSERT_EQUAL(child_end(&child), expected);
}

static void test_connections(void)
{
    uint16_t port = start("--wait");
    int fd = connected(port);

    tell(fd, "garbage\001\002\377}}}##$zz#zz-+");
    tell(fd, "$p20#d2");
    CU_ASSERT_TRUE(hears(fd, "$00010000#"));
    tell(fd, "-"); // not understood: again
    CU_ASSERT_TRUE(hears(fd, "$00010000#"));
    tell(fd, "$p20#00");
    CU_ASSERT_TRUE(hears(fd, "-"));
    tell(fd, "$c#63"); // and while it runs, a question that comes too early
    tell(fd, "$g#67");
    tell(fd, "\003");
    CU_ASSERT_TRUE(hears(fd, "$T02"));
    tell(fd, "$s#73$s#73$s#73"); // all at once
    CU_ASSERT_TRUE(hears(fd, "$T05"));
    tell(fd, "$bs#d5");
    CU_ASSERT_TRUE(hears(fd, "$T05"));
    tell(fd, "$m100"); // half a packet, and away
    close(fd);
    fd = connected(port);
    tell(fd, "$?#3f");
    CU_ASSERT_TRUE(hears(fd, "$T05"));
    tell(fd, "$c#63");
    close(fd); // while it runs
    fd = connected(port);
    int second = connected(port); // one debugger at a time
    tell(fd, "$?#3f");
    CU_ASSERT_TRUE(hears(fd, "$T05"));
    tell(fd, "$c#63\003");
    CU_ASSERT_TRUE(hears(fd, "$T02"));
    close(second);
    tell(fd, "$D#44");
    CU_ASSERT_TRUE(hears(fd, "$OK#9a"));
    close(fd);
    fd = connected(port);
    tell(fd, "$k#6b");
    CU_ASSERT_EQUAL(child_wait(&child), 3);
    CU_ASSERT_PTR_NOT_NULL(strstr(child.errors, "the debugger's connection is closed"));
    CU_ASSERT_PTR_NOT_NULL(strstr(child.errors, "killed by the debugger"));
    close(fd);
    child_free(&child);
}

static void test_random_bytes(void)
{
    struct random r = random_seeded(tests_seed());
    const int rounds = tests_quick() ? 20 : 200;
    const uint16_t port = start(NULL);

    for (int k = 0; k < rounds; k++) {
        char bytes[2000];
        size_t n = random_below(&r, sizeof bytes);
        const int fd = connected(port);
        for (size_t i = 0; i < n; i++)
            bytes[i] =
                (char)(random_below(&r, 3) ? random_u32(&r)
                                           : (uint8_t) "$#+-\003qvmMPzZ,:"[random_below(&r, 15)]);
        for (size_t i = 0; i + 1 < n; i++) // not the one that ends the run
            if (bytes[i] == '$' && bytes[i + 1] == 'k') bytes[i] = '#';
        send(fd, bytes, n, MSG_NOSIGNAL);
        close(fd);
    }
    const int fd = connected(port);
    tell(fd, "\003$?#3f");
    CU_ASSERT_TRUE(hears(fd, "$T05"));
    close(fd);
    end_guest(-SIGTERM);
}

void suite_gdb(void)
{
    CU_pSuite s = CU_add_suite("the gdb stub", make, discard);

    CU_add_test(s, "packets in", test_packets);
    CU_add_test(s, "packets out and in", test_lines);
    CU_add_test(s, "right and wrong packets", test_right_and_wrong);
    CU_add_test(s, "the description of registers", test_target);
    CU_add_test(s, "random packets", test_random_packets);
    CU_add_test(s, "connections that break", test_connections);
    CU_add_test(s, "random bytes", test_random_bytes);
}
