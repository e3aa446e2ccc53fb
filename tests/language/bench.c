// SPDX-License-Identifier: MIT
// A described machine on the bench.
#include "tests/language/bench.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>

void bench_begin(struct bench *b, const char *file, uint64_t cells, const char *setting)
{
    struct diagnostics d = {.out = stdout};
    *b = (struct bench){0};
    b->m = description_read(&b->arena, &d, file);
    CU_ASSERT_PTR_NOT_NULL_FATAL(b->m);
    if (setting) CU_ASSERT_TRUE_FATAL(description_configure(b->m, &d, setting));
    b->cells = calloc(cells, concrete_cell_size(b->m->memory));
    CU_ASSERT_PTR_NOT_NULL_FATAL(b->cells);
    concrete_init(&b->c, b->m, b->cells, cells);
}

void bench_end(struct bench *b)
{
    concrete_free(&b->c);
    free(b->cells);
    arena_free(&b->arena);
}

uint64_t bench_get(struct bench *b, const char *name, uint64_t index)
{
    const struct component *x = find_component(b->m, name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(x);
    return concrete_get(&b->c, x, index);
}

void bench_set(struct bench *b, const char *name, uint64_t index, uint64_t value)
{
    const struct component *x = find_component(b->m, name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(x);
    concrete_set(&b->c, x, index, value);
}

void bench_run(struct bench *b, int n)
{
    while (n-- > 0) {
        b->last = concrete_execute(&b->c);
        if (b->last.outcome == STEP_TRAP) concrete_deliver(&b->c, b->last.cause, b->last.value);
        if (b->last.outcome == STEP_STOP || b->last.outcome == STEP_WAIT) return;
    }
}

const char *bench_step(struct bench *b)
{
    b->last = concrete_execute(&b->c);
    switch (b->last.outcome) {
    case STEP_NEXT: return "next";
    case STEP_STOP: return "stop";
    case STEP_WAIT: return "wait";
    case STEP_TRAP: return b->last.cause->name;
    default: return "checkstop";
    }
}
