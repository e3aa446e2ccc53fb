// SPDX-License-Identifier: MIT
// Runs a loop in Unicorn, qemu's translator as a library, without any hook.

#include "bench/loop.h"

#include <stdlib.h>
#include <unicorn/unicorn.h>

static void must(uc_err error, const char *what)
{
    if (error != UC_ERR_OK) bench_fail("unicorn: %s: %s", what, uc_strerror(error));
}

struct run run_unicorn(const struct loop *l, uint32_t rounds)
{
    uint8_t *memory = loop_memory(l, rounds);
    struct run run = {0};
    uc_engine *uc;

    must(uc_open(UC_ARCH_RISCV, UC_MODE_RISCV32, &uc), "open");
    must(uc_mem_map_ptr(uc, 0, LOOP_WORDS, UC_PROT_READ | UC_PROT_EXEC, memory), "map");
    must(uc_mem_map_ptr(uc, LOOP_WORDS, LOOP_MEMORY - LOOP_WORDS, UC_PROT_READ | UC_PROT_WRITE,
                        memory + LOOP_WORDS),
         "map");
    const double start = seconds_now();
    must(uc_emu_start(uc, l->entry, l->done, 0, 0), l->name);
    run.seconds = seconds_now() - start;
    must(uc_reg_read(uc, UC_RISCV_REG_A0, &run.result), "a0");
    must(uc_close(uc), "close");
    free(memory);
    return run;
}
