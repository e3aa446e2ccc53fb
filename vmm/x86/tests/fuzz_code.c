// SPDX-License-Identifier: MIT
// Pieces of code, one for each kind of exit, with random operands; encodings as in SDM 2.

#include "vmm/x86/tests/fuzz_code.h"

#include <stddef.h>

struct code {
    uint64_t *random;
    enum stub_mode mode;
    uint8_t *to;
    uint64_t length, room;
};

enum { EAX, ECX, EDX, EBX, ESI = 6, EDI = 7 };
enum { PIECE = 64 }; // bytes at most

uint64_t fuzz_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint32_t below(struct code *c, uint32_t n)
{
    return (uint32_t)(fuzz_random(c->random) >> 32) % n;
}

static uint32_t any(struct code *c)
{
    return (uint32_t)(fuzz_random(c->random) >> 32);
}

static uint32_t bit(struct code *c)
{
    return UINT32_C(1) << below(c, 32);
}

// Small, with few bits, with few zeroes, or anything.
static uint32_t odd(struct code *c)
{
    switch (below(c, 5)) {
    case 0: return below(c, 32);
    case 1: return bit(c);
    case 2: return ~bit(c);
    case 3: {
        const uint32_t one = bit(c);
        return one | bit(c);
    }
    default: return any(c);
    }
}

static void byte(struct code *c, uint8_t value)
{
    if (c->length < c->room) c->to[c->length++] = value;
}

static void bytes(struct code *c, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) byte(c, (uint8_t)text[i]);
}
#define put(c, text) bytes(c, text, sizeof(text) - 1)

static void word(struct code *c, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) byte(c, value >> 8 * i & 0xff);
}

// Prefixes that make operands and addresses 32 bits wide in real mode.
static void wide(struct code *c)
{
    if (c->mode == STUB_REAL) byte(c, 0x66);
}

static void addressed(struct code *c)
{
    if (c->mode == STUB_REAL) byte(c, 0x67);
}

static void set(struct code *c, unsigned reg, uint32_t value)
{
    wide(c);
    byte(c, (uint8_t)(0xb8 + reg));
    word(c, value);
}

// ------------------------------------------------------------------ pieces

static void piece_cpuid(struct code *c)
{
    static const uint32_t bases[] = {0, 0x80000000, 0x40000000, 0x20000000};

    set(c, EAX, below(c, 8) == 0 ? any(c) : bases[below(c, 4)] + below(c, 0x21));
    set(c, ECX, odd(c));
    put(c, "\x0f\xa2");
}

static uint32_t msr(struct code *c)
{
    static const uint32_t known[] = {
        0x10,       0x17,       0x1b,       0x3a,       0x3b,       0x48,       0x49,
        0x8b,       0xc1,       0xfe,       0x10a,      0x174,      0x175,      0x176,
        0x179,      0x19c,      0x1a0,      0x1d9,      0x200,      0x20f,      0x250,
        0x26f,      0x277,      0x2ff,      0x345,      0x400,      0x480,      0x48f,
        0x491,      0x6e0,      0x800,      0xda0,      0x1fff,     0x6a0,      0x6a2,
        0x560,      0x122,      0xc0000080, 0xc0000081, 0xc0000082, 0xc0000084, 0xc0000100,
        0xc0000102, 0xc0000103, 0xc0001fff,
    };

    if (below(c, 6) == 0) return odd(c);
    return known[below(c, sizeof known / sizeof known[0])] + (below(c, 4) == 0 ? below(c, 4) : 0);
}

static void piece_rdmsr(struct code *c)
{
    set(c, ECX, msr(c));
    put(c, "\x0f\x32");
}

static void piece_wrmsr(struct code *c)
{
    set(c, ECX, msr(c));
    set(c, EAX, odd(c));
    set(c, EDX, below(c, 2) ? 0 : odd(c));
    put(c, "\x0f\x30");
}

// Mostly where a PC's devices are; interrupts and the timer's tick by the stub's own ports.
static uint32_t port(struct code *c)
{
    static const uint16_t known[] = {
        0x20,  0x21,  0xa0,  0xa1,   0x40,   0x43,  0x60,  0x61,  0x64,          0x70,
        0x71,  0x92,  0x3f8, 0x3f9,  0x3fa,  0x3d4, 0x3da, 0x4d0, 0x600,         0x604,
        0x608, 0xcf8, 0xcfc, 0x8900, 0x8a00, 0xe9,  0x80,  0xcf9, STUB_PORT_ECHO};

    return below(c, 3) == 0 ? any(c) & 0xffff : known[below(c, sizeof known / sizeof known[0])];
}

static void piece_io(struct code *c)
{
    static const uint8_t operations[] = {0xec, 0xed, 0xee, 0xef};

    if (below(c, 4) == 0) { // the port in the instruction
        if (below(c, 2)) byte(c, 0x66);
        byte(c, (uint8_t)(0xe4 + below(c, 4)));
        byte(c, (uint8_t)port(c));
        return;
    }
    set(c, EDX, port(c));
    set(c, EAX, odd(c));
    if (below(c, 3) == 0) byte(c, 0x66);
    byte(c, operations[below(c, 4)]);
}

static void piece_io_string(struct code *c)
{
    set(c, EDX, port(c));
    set(c, ECX, below(c, 2) ? below(c, 9) : odd(c));
    set(c, ESI, below(c, 2) ? STUB_DATA : odd(c));
    if (below(c, 3) == 0) byte(c, 0x66);
    if (below(c, 3) == 0) byte(c, 0x67);
    if (below(c, 2)) byte(c, 0xf3);
    byte(c, (uint8_t)(0x6c + below(c, 4)));
}

static void piece_control_register(struct code *c)
{
    static const uint8_t numbers[] = {0, 0, 0, 4, 4, 4, 3, 2};
    const uint8_t n = numbers[below(c, sizeof numbers)];

    if (c->mode == STUB_LONG && below(c, 4) == 0) { // CR8
        set(c, EAX, odd(c));
        put(c, "\x44\x0f");
        byte(c, below(c, 2) ? 0x22 : 0x20);
        byte(c, 0xc0);
        return;
    }
    put(c, "\x0f\x20"); // EAX := the register, some of it inverted, and back
    byte(c, (uint8_t)(0xc0 | n << 3));
    wide(c);
    byte(c, 0x35);
    const uint32_t one = bit(c);
    word(c, below(c, 2) ? one : one | bit(c));
    put(c, "\x0f\x22");
    byte(c, (uint8_t)(0xc0 | n << 3));
}

static void piece_xsetbv(struct code *c)
{
    if (below(c, 2)) { // with OSXSAVE
        put(c, "\x0f\x20\xe0");
        wide(c);
        byte(c, 0x0d);
        word(c, 1 << 18);
        put(c, "\x0f\x22\xe0");
    }
    set(c, EAX, below(c, 2) ? below(c, 8) : odd(c));
    set(c, EDX, below(c, 4) ? 0 : odd(c));
    set(c, ECX, below(c, 4) ? 0 : odd(c));
    put(c, "\x0f\x01\xd1");
}

static uint32_t address(struct code *c)
{
    switch (below(c, 6)) {
    case 0: return STUB_HOLE + below(c, STUB_HOLE_SIZE);
    case 1: return STUB_MEMORY - 8 + below(c, 16);
    case 2: return UINT32_C(0xfee00000) + below(c, 0x1000);
    case 3: return STUB_MEMORY + below(c, 0x20000000);
    default: return odd(c);
    }
}

static void piece_memory(struct code *c)
{
    static const uint8_t operations[] = {0x8a, 0x8b, 0x88, 0x89, 0x02,
                                         0x31, 0x3b, 0x87, 0x86, 0xff};

    set(c, ECX, address(c));
    addressed(c);
    if (below(c, 4) == 0) byte(c, 0x66);
    byte(c, operations[below(c, sizeof operations)]);
    byte(c, 0x01); // EAX and [ECX]
}

static void piece_table(struct code *c)
{
    // What it loads is at the stub's data.
    set(c, EAX, below(c, 2) ? any(c) : UINT32_C(0x10000000) | below(c, 0x400));
    wide(c);
    addressed(c);
    put(c, "\x89\x01"); // to [ECX], wherever that is
    set(c, ECX, below(c, 3) ? STUB_DATA : STUB_CODE + below(c, 0x1000));
    addressed(c);
    put(c, "\x0f\x01");
    byte(c, (uint8_t)(below(c, 4) << 3 | 1)); // SGDT, SIDT, LGDT, LIDT
}

static void piece_selector(struct code *c)
{
    set(c, EAX, below(c, 2) ? below(c, 8) << 3 : odd(c));
    switch (below(c, 4)) {
    case 0:
        put(c, "\x0f\x00");
        byte(c, (uint8_t)(0xd0 | below(c, 2) << 3)); // LLDT, LTR
        break;
    case 1:
        put(c, "\x0f\x00");
        byte(c, (uint8_t)(0xc0 | below(c, 6) << 3));
        break;
    default: byte(c, 0x8e); byte(c, (uint8_t)(0xc0 | below(c, 6) << 3));
    }
}

static void piece_debug_register(struct code *c)
{
    set(c, EAX, below(c, 3) ? STUB_CODE + below(c, 0x3000) : odd(c));
    put(c, "\x0f\x23");
    byte(c, (uint8_t)(0xc0 | below(c, 8) << 3));
}

struct fixed {
    uint8_t size;
    char text[7];
};

// Instructions that take no operands, or take them at [ECX].
static void piece_fixed(struct code *c)
{
    static const struct fixed all[] = {
        {3, "\x0f\x01\xc1"},
        {3, "\x0f\x01\xc2"},
        {3, "\x0f\x01\xc3"}, // VMCALL ...
        {3, "\x0f\x01\xc4"},
        {3, "\x0f\x78\xc8"},
        {3, "\x0f\x79\xc8"},
        {4, "\xf3\x0f\xc7\x31"},
        {4, "\x66\x0f\xc7\x31"},
        {3, "\x0f\xc7\x31"},
        {3, "\x0f\xc7\x39"},
        {3, "\x0f\x01\xd4"},
        {5, "\x66\x0f\x38\x80\x01"},
        {5, "\x66\x0f\x38\x81\x01"},
        {5, "\x66\x0f\x38\x82\x01"}, // INVEPT, INVVPID, INVPCID
        {2, "\x0f\x37"},
        {2, "\x0f\xaa"}, // GETSEC, RSM
        {3, "\x0f\x01\xc8"},
        {3, "\x0f\x01\xc9"},
        {2, "\x0f\x33"}, // MONITOR, MWAIT, RDPMC
        {2, "\x0f\x08"},
        {2, "\x0f\x09"},
        {3, "\x0f\x01\xf9"}, // INVD, WBINVD, RDTSCP
        {2, "\x0f\x31"},
        {3, "\x0f\x01\x39"},
        {2, "\xf3\x90"},
        {2, "\x0f\x06"},
        {3, "\x0f\x01\xf0"},
        {3, "\x0f\x01\xe0"}, // CLTS, LMSW, SMSW
        {3, "\x0f\xc7\xf0"},
        {3, "\x0f\xc7\xf8"},
        {3, "\x0f\xc7\x29"}, // RDRAND ... XSAVES
        {3, "\x0f\x01\xf8"},
        {2, "\x0f\x05"},
        {2, "\x0f\x07"}, // SWAPGS, SYSCALL, SYSRET
        {2, "\x0f\x34"},
        {2, "\x0f\x35"},
        {1, "\xcf"}, // SYSENTER, SYSEXIT, IRET
        {1, "\xcb"},
        {2, "\x0f\x0b"},
        {1, "\xf1"}, // RET, UD2, INT1
        {3, "\x0f\x01\xd0"},
        {1, "\xf4"},
        {2, "\xdb\xe3"},
    };
    const struct fixed *const f = &all[below(c, sizeof all / sizeof all[0])];

    set(c, ECX, below(c, 2) ? STUB_DATA : below(c, 2) ? 0 : odd(c));
    set(c, EAX, odd(c));
    bytes(c, f->text, f->size);
}

static void piece_interrupt(struct code *c)
{
    static const uint8_t vectors[] = {3, 4, 0, 1, 8, 13, 14, 0x20, 0x3f, 0x80, 0xff};

    byte(c, 0xcd);
    byte(c, vectors[below(c, sizeof vectors)]);
}

// An interrupt that waits, and then the window, a halt, or neither.
static void piece_window(struct code *c)
{
    set(c, EDX, STUB_PORT_INTERRUPT);
    set(c, EAX, 0x20 + below(c, below(c, 8) ? 0x20 : 0xe0));
    byte(c, 0xee);
    byte(c, 0xfb);
    byte(c, below(c, 2) ? 0xf4 : 0x90);
    if (below(c, 2)) byte(c, 0xfa);
}

// The real interval timer interrupts; the guest is kept busy meanwhile.
static void piece_tick(struct code *c)
{
    set(c, EDX, STUB_PORT_TICK);
    byte(c, 0xee);
    set(c, ECX, 20000);
    addressed(c);
    put(c, "\xe2\xfe"); // LOOP to itself
    if (c->mode == STUB_REAL) c->to[c->length - 1] = 0xfd;
}

static void piece_flags(struct code *c)
{
    wide(c);
    byte(c, 0x68);
    word(c, odd(c) & (below(c, 4) ? 0x3ffeff : UINT32_MAX));
    wide(c);
    byte(c, 0x9d);
}

static void piece_far_jump(struct code *c)
{
    wide(c);
    byte(c, below(c, 2) ? 0xea : 0x9a);
    word(c, (uint32_t)(STUB_CODE + c->length));
    byte(c, (uint8_t)(below(c, 8) << 3));
    byte(c, 0);
}

static void piece_noise(struct code *c)
{
    for (unsigned n = 2 + below(c, 6); n > 0; n--) byte(c, (uint8_t)any(c));
}

static void piece_for_ever(struct code *c)
{
    put(c, "\xeb\xfe");
}

// ------------------------------------------------------------------ guests

// How often each comes, of WEIGHTS.
enum { WEIGHTS = 400 };
static const struct {
    void (*piece)(struct code *c);
    unsigned weight;
} pieces[] = {
    {piece_cpuid, 40},    {piece_rdmsr, 30},     {piece_wrmsr, 30},
    {piece_io, 90},       {piece_io_string, 10}, {piece_control_register, 40},
    {piece_xsetbv, 15},   {piece_memory, 8},     {piece_table, 4},
    {piece_selector, 15}, {piece_fixed, 60},     {piece_debug_register, 10},
    {piece_flags, 8},     {piece_interrupt, 10}, {piece_window, 15},
    {piece_tick, 2},      {piece_far_jump, 4},   {piece_noise, 8},
    {piece_for_ever, 1},
};

static void piece_any(struct code *c)
{
    unsigned n = below(c, WEIGHTS);

    for (unsigned i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        if (n < pieces[i].weight) {
            pieces[i].piece(c);
            return;
        }
        n -= pieces[i].weight;
    }
}

uint64_t fuzz_code(uint64_t *state, enum stub_mode mode, uint8_t *to, uint64_t room)
{
    struct code c = {.random = state, .mode = mode, .to = to, .room = room};
    const unsigned count = 1 + below(&c, 300);

    for (unsigned i = 0; i < count && c.length + 2 * PIECE < room; i++) {
        const uint64_t start = c.length;
        set(&c, EDI, 0);
        piece_any(&c);
        // Where exceptions go on: behind this piece.
        const uint64_t next = STUB_CODE + c.length, at = start + (mode == STUB_REAL ? 2 : 1);
        for (unsigned k = 0; k < 4; k++) to[at + k] = next >> 8 * k & 0xff;
    }
    put(&c, "\xfa\xf4");
    return c.length;
}
