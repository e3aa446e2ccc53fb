// SPDX-License-Identifier: MIT
// See rig.h.

#include "tests/machine/rig.h"

#include <stdlib.h>

const struct engine *const rig_engines[2] = {&engine_switch, &engine_threaded};

void rig_open(struct rig *r, const struct engine *e, size_t engine_room)
{
    const size_t room = engine_room != 0 ? engine_room : hardware_engine_memory(RIG_SIZE);

    r->memory = calloc(1, RIG_SIZE);
    r->engine_memory = malloc(room);
    if (r->memory == NULL || r->engine_memory == NULL) abort();
    memset(r->engine_memory, 0xa5, room < 4096 ? room : 4096);
    hardware_init(&r->h, r->memory, RIG_SIZE, e, r->engine_memory, room);
    machine_reset(&r->h.m, RIG_CODE);
}

void rig_close(struct rig *r)
{
    free(r->memory);
    free(r->engine_memory);
}

void rig_put(struct rig *r, uint32_t address, uint32_t word)
{
    for (uint32_t k = 0; k < 4; k++) r->memory[address + k] = (uint8_t)(word >> 8 * k);
    machine_wrote(&r->h.m.s, address, 4);
}

void rig_program(struct rig *r, uint32_t address, const uint32_t *words, size_t n)
{
    for (size_t k = 0; k < n; k++) rig_put(r, address + 4 * (uint32_t)k, words[k]);
}

uint32_t rig_get(const struct rig *r, uint32_t address)
{
    const uint8_t *p = r->memory + address;
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void rig_handler(struct rig *r, uint32_t status, uint32_t P)
{
    const uint32_t psw[4] = {status, P, 0, RIG_SIZE};
    rig_program(r, 0x20, psw, 4);
}

const char *rig_difference(const struct rig *a, const struct rig *b)
{
    const char *sa = (const char *)&a->h.m.s, *sb = (const char *)&b->h.m.s;

    for (size_t k = 0; k < PG32_components_n; k++) {
        const struct pg32_component *c = &pg32_components[k];
        if (strcmp(c->name, "E") == 0) continue; // a pointer here; compared below
        if (memcmp(sa + c->offset, sb + c->offset, (size_t)c->size * c->count) != 0) return c->name;
    }
    if (a->h.m.count != b->h.m.count) return "count";
    if (a->h.m.completed != b->h.m.completed) return "completed";
    if (memcmp(a->memory, b->memory, RIG_SIZE) != 0) return "memory";
    return NULL;
}
