// SPDX-License-Identifier: MIT
// The hardware as a machine: the way from a struct machine to its engine.

#include "vmm/machine/hardware.h"

static struct hardware *hardware_of(struct machine *m)
{
    _Static_assert(offsetof(struct hardware, m) == 0, "hardware starts with its machine");
    return (struct hardware *)m;
}

static struct run_result run(struct machine *m, uint64_t limit)
{
    struct hardware *h = hardware_of(m);

    return h->engine->run(h, limit);
}

static struct run_result step(struct machine *m)
{
    struct hardware *h = hardware_of(m);

    return h->engine->step != NULL ? h->engine->step(h) : plain_step(h);
}

static void reset(struct machine *m)
{
    struct hardware *h = hardware_of(m);

    code_map_clear(&m->code);
    if (h->engine->reset != NULL) h->engine->reset(h);
}

static enum pg32_outcome deliver(struct machine *m, uint32_t cause, uint32_t information)
{
    struct hardware *h = hardware_of(m);

    if (h->engine->deliver != NULL) return h->engine->deliver(h, cause, information);
    return pg32_deliver(&m->s, cause, information);
}

static const struct machine_ops ops = {
    .run = run, .step = step, .reset = reset, .deliver = deliver};

void hardware_init(struct hardware *h, uint8_t *memory, uint32_t size, const struct engine *e,
                   void *engine_memory, size_t engine_memory_size)
{
    const size_t offset = -(uintptr_t)engine_memory & (ENGINE_ALIGNMENT - 1);
    const size_t map = size / GRANULE; // bytes, a multiple of ENGINE_ALIGNMENT

    machine_init(&h->m, &ops, memory, size);
    decoded_init(&h->decoded);
    h->engine = e->state_least == 0 ? e : &engine_switch;
    h->engine_state = NULL;
    h->engine_state_size = 0;
    if (e->state_least != 0 && engine_memory_size >= offset + map + e->state_least) {
        uint8_t *granules = (uint8_t *)engine_memory + offset;
        h->engine = e;
        h->engine_state = granules + map;
        h->engine_state_size = engine_memory_size - offset - map;
        code_map_init(&h->m.code, granules, size);
    }
}
