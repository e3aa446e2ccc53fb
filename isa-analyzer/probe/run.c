// SPDX-License-Identifier: MIT
// Running a piece of 32-bit code in a child process: it is copied to low memory, entered by a far
// return to the 32-bit code segment that Linux gives every process, and left by a far jump back.
// Signals end the child, which says so through a pipe.
#define _GNU_SOURCE
#include "isa-analyzer/probe/probe.h"

#include <stdio.h>
#include <string.h>

bool probe_umip(void)
{
    FILE *f = fopen("/proc/cpuinfo", "r");
    char line[8192];
    bool found = false;
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "flags", 5) == 0 && strstr(line, " umip")) found = true;
    if (f) fclose(f);
    return found;
}

#if defined(__x86_64__) && defined(__linux__)

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

enum { ENTERED = 77, SECONDS = 2, LOW_SIZE = 4 * 4096 };

// Low memory: code, then what it works on, then its stack.
struct low {
    uint8_t code[4096];
    uint32_t memory[4];
    struct {
        uint32_t eax, edx, flags;
    } result;
    uint8_t stack[8192];
};

static int to_parent = -1;

static _Noreturn void tell_parent(const struct observation *o)
{
    ssize_t const n = write(to_parent, o, sizeof *o);
    _exit(n == sizeof *o ? 0 : 1);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    const ucontext_t *u = context;
    struct observation const o = {
        .seen = SEEN_TRAPPED, .signal = number, .vector = (int)u->uc_mcontext.gregs[REG_TRAPNO]};
    (void)info;
    tell_parent(&o);
}

static void catch_signals(void)
{
    static uint8_t stack[1 << 16];
    static const int numbers[] = {SIGSEGV, SIGILL, SIGBUS, SIGTRAP, SIGFPE, SIGSYS};
    stack_t const alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaltstack(&alternate, NULL);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t n)
{
    memcpy(at, bytes, n);
    return at + n;
}

static uint8_t *put_word(uint8_t *at, uint32_t word)
{
    return put(at, &word, sizeof word);
}

static uint32_t address(const void *low)
{
    return (uint32_t)(uintptr_t)low;
}

// The probe's code between what sets its registers and what keeps them and jumps back, by way of a
// piece of 64-bit code since a far jump reaches low memory only.
static void write_code(struct low *low, const struct probe *p, const void *back)
{
    static const uint8_t segments[] = {0x66, 0xb8, 0x2b, 0x00, 0x8e, 0xd8, 0x8e, 0xc0}; // ds, es
    static const uint8_t clear[] = {0x31, 0xc0, 0x31, 0xd2};                            // eax, edx
    uint8_t *at = low->code;
    at = put(at, segments, sizeof segments);
    at = put(at, "\xbe", 1); // mov esi, memory
    at = put_word(at, address(low->memory));
    at = put(at, "\x89\xf5", 2); // mov ebp, esi
    at = put(at, clear, sizeof clear);
    at = put(at, p->code, p->size);
    at = put(at, "\x9c", 1); // pushf
    at = put(at, "\xa3", 1); // mov [result.eax], eax
    at = put_word(at, address(&low->result.eax));
    at = put(at, "\x89\x15", 2); // mov [result.edx], edx
    at = put_word(at, address(&low->result.edx));
    at = put(at, "\x8f\x05", 2); // pop [result.flags]
    at = put_word(at, address(&low->result.flags));
    at = put(at, "\xea", 1); // jmp 0x33:...
    at = put_word(at, address(at + 6));
    at = put(at, "\x33\x00", 2);
    at = put(at, "\x48\xb8", 2); // mov rax, back
    at = put(at, &back, sizeof back);
    put(at, "\xff\xe0", 2); // jmp rax
}

// Where they survive what the code does to the registers; one probe at a time, in a process of its
// own.
static struct {
    uint64_t code, stack;   // of the 32-bit code
    uint64_t our_stack, fs; // of this program; fs, since a probe may change it
} way;

__attribute__((noinline)) static void enter(void)
{
    __asm__ volatile(
        "sub $128, %%rsp\n\t" // the red zone
        "push %%rbx\n\t"
        "push %%rbp\n\t"
        "mov %%rsp, %[our_stack]\n\t"
        "mov %[stack], %%rsp\n\t"
        "push $0x23\n\t"
        "push %[code]\n\t"
        "lretq\n"
        ".globl trapeze_probe_back\n"
        "trapeze_probe_back:\n\t"
        "mov %[our_stack], %%rsp\n\t"
        "mov %[fs], %%rsi\n\t"
        "mov $0x1002, %%edi\n\t" // ARCH_SET_FS
        "mov %[call], %%eax\n\t"
        "syscall\n\t"
        "pop %%rbp\n\t"
        "pop %%rbx\n\t"
        "add $128, %%rsp\n\t"
        "cld"
        : [our_stack] "+m"(way.our_stack)
        : [code] "m"(way.code), [stack] "m"(way.stack), [fs] "m"(way.fs), [call] "i"(SYS_arch_prctl)
        : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
          "memory", "cc");
}

extern const char trapeze_probe_back[];

static _Noreturn void child(const struct probe *p)
{
    struct observation o = {.seen = SEEN_SILENT};
    struct low *low = mmap(NULL, LOW_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    _Static_assert(sizeof(struct low) <= LOW_SIZE, "it fits");
    if (low == MAP_FAILED) _exit(1);
    write_code(low, p, trapeze_probe_back);
    syscall(SYS_arch_prctl, 0x1003, &way.fs); // ARCH_GET_FS
    way.code = address(low->code);
    way.stack = address(low->stack + sizeof low->stack) & ~15u;
    catch_signals();
    alarm(SECONDS);
    enter();
    memcpy(o.values.memory, low->memory, sizeof o.values.memory);
    o.values.eax = low->result.eax;
    o.values.edx = low->result.edx;
    o.values.flags = low->result.flags;
    tell_parent(&o);
}

struct observation probe_run(const struct probe *p)
{
    struct observation o = {.seen = SEEN_LOST};
    int ends[2], status = 0;
    fflush(NULL);
    if (pipe(ends) != 0) return o;
    pid_t const pid = fork();
    if (pid == 0) {
        close(ends[0]);
        to_parent = ends[1];
        child(p);
    }
    close(ends[1]);
    if (pid > 0) {
        bool const told = read(ends[0], &o, sizeof o) == sizeof o;
        waitpid(pid, &status, 0);
        if (!told) o = (struct observation){.seen = SEEN_LOST};
        if (!told && p->enters && WIFEXITED(status) && WEXITSTATUS(status) == ENTERED)
            o.seen = SEEN_ENTERED;
    }
    close(ends[0]);
    return o;
}

bool probe_possible(const char **why)
{
    static const uint8_t nop[] = {0x90};
    static const struct probe nothing = {.name = "nop", .code = nop, .size = sizeof nop};
    if (probe_run(&nothing).seen == SEEN_SILENT) return true;
    *why = "the kernel does not let a process run 32-bit code";
    return false;
}

#else

bool probe_possible(const char **why)
{
    *why = "it runs on Linux on an x86 processor of 64 bits, and this is another machine";
    return false;
}

struct observation probe_run(const struct probe *p)
{
    (void)p;
    return (struct observation){.seen = SEEN_LOST};
}

#endif
