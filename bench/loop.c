// SPDX-License-Identifier: MIT
// Reading the loops' ELF files, and running them on PG32's engines.

#include "bench/loop.h"

#include "vmm/host/tower.h"
#include "vmm/pg32/monitors.h"

#include <elf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

_Noreturn void bench_fail(const char *format, ...)
{
    va_list list;

    fputs("bench: error: ", stderr);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    exit(64);
}

double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static const Elf32_Ehdr *header(const struct loop *l)
{
    return (const Elf32_Ehdr *)l->file;
}

// The loadable segment that `k` counts, or null after the last.
static const Elf32_Phdr *segment(const struct loop *l, int k)
{
    const Elf32_Phdr *p = (const Elf32_Phdr *)(l->file + header(l)->e_phoff);

    return k < header(l)->e_phnum ? &p[k] : NULL;
}

struct loop loop_read(const char *name)
{
    struct loop l = {.name = name, .file = malloc(1 << 20)};
    char path[64];

    snprintf(path, sizeof path, "build/bench/%s.elf", name);
    FILE *f = fopen(path, "rb");
    if (f == NULL || l.file == NULL) bench_fail("%s cannot be read: run make bench", path);
    l.file_size = fread(l.file, 1, 1 << 20, f);
    fclose(f);
    if (l.file_size < sizeof(Elf32_Ehdr) || header(&l)->e_machine != EM_RISCV)
        bench_fail("%s is not a RISC-V executable", path);
    l.entry = header(&l)->e_entry;
    for (int k = 0; segment(&l, k) != NULL; k++) {
        const Elf32_Phdr *p = segment(&l, k);
        if (p->p_vaddr > LOOP_MEMORY || p->p_memsz > LOOP_MEMORY - p->p_vaddr ||
            p->p_offset > l.file_size || p->p_filesz > l.file_size - p->p_offset)
            bench_fail("%s has a segment in the wrong place", path);
        if (p->p_vaddr == LOOP_WORDS) l.words = p->p_offset;
    }
    if (l.words == 0) bench_fail("%s has no data at 0x%x", path, LOOP_WORDS);
    memcpy(&l.done, l.file + l.words + 8, 4);
    return l;
}

static void load(const struct loop *l, uint32_t rounds, uint8_t *memory)
{
    for (int k = 0; segment(l, k) != NULL; k++)
        if (segment(l, k)->p_type == PT_LOAD)
            memcpy(memory + segment(l, k)->p_vaddr, l->file + segment(l, k)->p_offset,
                   segment(l, k)->p_filesz);
    memcpy(memory + LOOP_WORDS, &rounds, 4);
}

uint8_t *loop_memory(const struct loop *l, uint32_t rounds)
{
    uint8_t *memory = calloc(1, LOOP_MEMORY);

    if (memory == NULL) bench_fail("out of memory");
    load(l, rounds, memory);
    return memory;
}

// Runs to the first trap of cause `last`, under `depth` monitors that let the machine execute;
// others are delivered.
static struct run run_to(const struct loop *l, uint32_t rounds, const struct engine *e,
                         uint32_t depth, uint32_t last)
{
    struct tower t;
    struct failure f;
    struct run run = {0};

    if (!tower_open(&t, e, &monitor_trap, depth, MONITOR_SHARE, LOOP_MEMORY, &f))
        bench_fail("%s", f.text);
    load(l, rounds, t.top->s.E);
    tower_reset(&t, l->entry);
    const double start = seconds_now();
    for (;;) {
        struct run_result r = machine_run(t.top, UINT64_MAX);
        if (r.reason == RUN_TRAP && r.cause == last) break;
        if (r.reason == RUN_TRAP && r.cause == PG32_trap_ecall) r = machine_deliver(t.top, r);
        if (r.reason != RUN_LIMIT)
            bench_fail("%s on %s: reason %d, cause %u, value 0x%x, P 0x%x", l->name, e->name,
                       (int)r.reason, r.cause, r.value, t.top->s.P);
    }
    run.seconds = seconds_now() - start;
    run.result = t.top->s.x[10];
    run.instructions = t.top->completed;
    tower_close(&t);
    return run;
}

struct run run_engine(const struct loop *l, uint32_t rounds, const struct engine *e, uint32_t depth)
{
    return run_to(l, rounds, e, depth, PG32_trap_ecall);
}

struct run run_traps(const struct loop *l, uint32_t rounds, const struct engine *e, uint32_t depth)
{
    return run_to(l, rounds, e, depth, PG32_trap_ebreak);
}
