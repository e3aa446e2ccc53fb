// SPDX-License-Identifier: MIT
// Making a program of units: its frame (registers in, log, result out) and its layout.

#include "tests/differential/program.h"
#include "tests/differential/unit.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLUSH_LEAST = 1, FLUSH_MOST = 12 }; // units between two flushes

// Grows an array to hold one more element; the test program ends where there is no memory.
static void *room_for(void *array, size_t n, size_t *room, size_t size)
{
    if (n < *room) return array;
    *room = *room == 0 ? 1024 : *room * 2;
    array = realloc(array, *room * size);
    if (array == NULL) {
        perror("differential test");
        exit(1);
    }
    return array;
}

static void put(struct program *p, uint32_t word)
{
    p->code = room_for(p->code, p->code_n, &p->code_room, sizeof *p->code);
    p->code[p->code_n++] = word;
}

static void put_li(struct program *p, unsigned rd, uint32_t value)
{
    uint32_t li[2];

    rv32_li(li, rd, value);
    put(p, li[0]);
    put(p, li[1]);
}

// x1..x31 := first[], through the data register, which comes last.
static void link_start(struct program *p)
{
    const unsigned d = p->data_register;

    put_li(p, d, PROGRAM_FIRST);
    for (unsigned reg = 1; reg < 32; reg++)
        if (reg != d) put(p, rv32(RV32_LW, reg, d, 0, (int32_t)reg * 4));
    put(p, rv32(RV32_LW, d, d, 0, (int32_t)d * 4));
}

// Logs the registers of `mask`. *offset is the next entry's distance from the log register.
static void link_flush(struct program *p, uint32_t mask, size_t unit, int32_t *offset)
{
    for (unsigned reg = 0; reg < 32; reg++) {
        if (!(mask >> reg & 1)) continue;
        if (*offset > 2044) {
            put(p, rv32(RV32_ADDI, p->log_register, p->log_register, 0, 2044));
            *offset -= 2044;
        }
        put(p, rv32(RV32_SW, 0, p->log_register, reg, *offset));
        *offset += 4;
        p->log = room_for(p->log, p->log_n, &p->log_room, sizeof *p->log);
        p->log[p->log_n++] = (struct log_entry){.unit = (uint32_t)unit, .reg = (uint8_t)reg};
    }
}

// Linux's write and exit; the registers are free by now.
static void link_end(struct program *p)
{
    enum { A0 = 10, A1 = 11, A2 = 12, A7 = 17, SYS_WRITE = 64, SYS_EXIT = 93 };

    put_li(p, A7, SYS_WRITE);
    put_li(p, A0, 1);
    put_li(p, A1, PROGRAM_DATA);
    put_li(p, A2, (uint32_t)p->result_size);
    put(p, rv32(RV32_ECALL, 0, 0, 0, 0));
    put_li(p, A7, SYS_EXIT);
    put_li(p, A0, 0);
    put(p, rv32(RV32_ECALL, 0, 0, 0, 0));
}

static void program_link(struct program *p)
{
    int32_t offset = 0;
    uint32_t unlogged = 0;

    p->unit_at = calloc(p->units_n + 1, sizeof *p->unit_at);
    if (p->unit_at == NULL) abort();
    link_start(p);
    for (size_t k = 0; k < p->units_n; k++) {
        const struct unit *u = &p->units[k];

        p->unit_at[k] = p->code_n;
        for (int word = 0; word < u->n; word++) {
            for (uint32_t gap = word == u->gap_at ? u->gap : 0; gap > 0; gap--) put(p, 0);
            put(p, u->words[word]);
        }
        if (u->gap_at == u->n)
            for (uint32_t gap = u->gap; gap > 0; gap--) put(p, 0);
        unlogged |= u->writes;
        if (u->flush) {
            link_flush(p, unlogged, k, &offset);
            unlogged = 0;
        }
    }
    p->unit_at[p->units_n] = p->code_n;
    link_flush(p, UINT32_MAX, p->units_n, &offset);
    p->result_size = PROGRAM_LOG - PROGRAM_DATA + 4 * p->log_n;
    link_end(p);
    assert(4 * p->code_n <= PROGRAM_DATA - PROGRAM_CODE);
}

struct program program_random(uint64_t seed, size_t units_n)
{
    struct random r = random_seeded(seed);
    struct program p = {.seed = seed, .units_n = units_n};
    unsigned until_flush = 1;

    p.data_register = 1 + random_below(&r, 31);
    do
        p.log_register = 1 + random_below(&r, 31);
    while (p.log_register == p.data_register);
    for (unsigned reg = 1; reg < 32; reg++) p.first[reg] = edge_value(&r);
    p.first[p.data_register] = PROGRAM_DATA + DATA_SIZE / 2;
    p.first[p.log_register] = PROGRAM_LOG;
    for (size_t k = 0; k < DATA_SIZE; k++) p.data[k] = (uint8_t)random_u32(&r);

    p.units = calloc(units_n, sizeof *p.units);
    if (p.units == NULL) abort();
    for (size_t k = 0; k < units_n; k++) {
        p.units[k] =
            unit_random(&r, random_below(&r, RV32_QUIET), p.data_register, p.log_register);
        if (--until_flush == 0) {
            p.units[k].flush = true;
            until_flush = (unsigned)random_between(&r, FLUSH_LEAST, FLUSH_MOST);
        }
    }
    program_link(&p);
    return p;
}

struct program program_subset(const struct program *p, const bool *keep)
{
    struct program q = {.seed = p->seed,
                        .data_register = p->data_register,
                        .log_register = p->log_register};

    memcpy(q.first, p->first, sizeof q.first);
    memcpy(q.data, p->data, sizeof q.data);
    q.units = calloc(p->units_n + 1, sizeof *q.units);
    if (q.units == NULL) abort();
    for (size_t k = 0; k < p->units_n; k++)
        if (keep[k]) q.units[q.units_n++] = p->units[k];
    program_link(&q);
    return q;
}

void program_free(struct program *p)
{
    free(p->units);
    free(p->code);
    free(p->unit_at);
    free(p->log);
    memset(p, 0, sizeof *p);
}
