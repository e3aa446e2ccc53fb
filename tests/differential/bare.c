// SPDX-License-Identifier: MIT
// A PG32 machine that holds one program, runs it to its first ECALL, and gives its memory back.

#include "tests/differential/bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY_SIZE = 4 << 20 };

uint64_t bare_executed[RV32_OPS + 1];

static struct run_result run_in_steps(struct machine *m, uint64_t limit)
{
    while (m->completed < limit) {
        uint32_t word = 0;

        if ((uint64_t)m->s.P + 4 <= MEMORY_SIZE) memcpy(&word, m->s.E + m->s.P, 4);
        const struct run_result r = machine_step(m);
        if (r.reason != RUN_LIMIT) return r;
        bare_executed[rv32_find(word)]++;
    }
    return (struct run_result){.reason = RUN_LIMIT};
}

const char *bare_run(const struct program *p, const struct engine *e, uint8_t *result)
{
    static char message[160];
    const size_t engine_size = hardware_engine_memory(MEMORY_SIZE);
    const struct engine *engine = e != NULL ? e : &engine_switch;
    uint8_t *memory = calloc(1, MEMORY_SIZE), *engine_memory = malloc(engine_size);
    struct hardware h;

    if (memory == NULL || engine_memory == NULL) abort();
    memcpy(memory + PROGRAM_CODE, p->code, 4 * p->code_n);
    memcpy(memory + PROGRAM_DATA, p->data, DATA_SIZE);
    memcpy(memory + PROGRAM_FIRST, p->first, sizeof p->first);
    hardware_init(&h, memory, MEMORY_SIZE, engine, engine_memory, engine_size);
    h.engine = engine;
    machine_reset(&h.m, PROGRAM_CODE);
    // A right machine executes no word twice; a wrong one might go round for ever.
    const struct run_result r =
        e == NULL ? run_in_steps(&h.m, p->code_n) : machine_run(&h.m, p->code_n);
    memcpy(result, memory + PROGRAM_DATA, p->result_size);
    free(engine_memory);
    free(memory);
    if (r.reason == RUN_TRAP && r.cause == PG32_trap_ecall) return NULL;
    snprintf(message, sizeof message,
             "ended with reason %d, cause %u, value 0x%x instead of its ECALL", (int)r.reason,
             r.cause, r.value);
    return message;
}
