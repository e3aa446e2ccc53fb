// SPDX-License-Identifier: MIT
// The description that machines follow.
#include "vmm/host/isa.h"

#include <stdlib.h>
#include <string.h>

#include "isa-analyzer/semantics/disassemble.h"
#include "vmm/host/diagnostics.h"
#include "vmm/machine/hardware.h"

extern const char pg32_isa_begin[], pg32_isa_end[];

static struct arena arena;
static const struct description *followed;
static bool evaluated;

const struct description *isa_description(void)
{
    if (followed == NULL) {
        struct diagnostics d = {.out = stderr};
        followed = description_of_text(&arena, &d, "pg32.isa", pg32_isa_begin,
                                       (size_t)(pg32_isa_end - pg32_isa_begin));
        if (followed == NULL) panic("the description inside vmm has mistakes");
    }
    return followed;
}

// struct pg32 has room for PG32's components and for no others.
static bool has_state_of_pg32(const struct description *m, const char *file, struct failure *f)
{
    struct component *x;
    unsigned stored = 0;

    for (unsigned i = 0; i < PG32_components_n; i++) {
        const struct pg32_component *c = &pg32_components[i];
        x = find_component(m, c->name);
        if (x == NULL || x->width != c->width || x->count != c->count)
            return fail(f,
                        "--isa: %s: machine %s has no '%s' of %u times %u bits; vmm can run PG32 "
                        "and machines that extend it",
                        file, m->name, c->name, c->count, c->width);
    }
    LIST_EACH(x, m->components)
    stored += x->kind != COMPONENT_MEMORY && x->kind != COMPONENT_DEVICE;
    if (stored != PG32_components_n || m->memory == NULL || m->memory->width != 8 ||
        m->memory->big_endian || m->unit_width != 32)
        return fail(f,
                    "--isa: %s: machine %s has other state than PG32; vmm can run PG32 and "
                    "machines that extend it",
                    file, m->name);
    return true;
}

// Written in the pg32.isa that vmm was built from.
static bool is_of_pg32(struct span where)
{
    const size_t length = (size_t)(pg32_isa_end - pg32_isa_begin);

    return where.source != NULL && where.source->length == length &&
           memcmp(where.source->text, pg32_isa_begin, length) == 0;
}

// What is around the instructions is executed as generated, so it must be PG32's own.
static bool has_sections_of_pg32(const struct description *m, const char *file, struct failure *f)
{
    struct translation *t;
    struct interrupt *i;
    struct trap_cause *c;
    const char *other = NULL;

    for (int k = 0; k < SECTIONS; k++)
        if (!m->sections[k].present || !is_of_pg32(m->sections[k].routine.where))
            other = section_names[k];
    LIST_EACH(t, m->translations) if (!is_of_pg32(t->where)) other = "translate";
    LIST_EACH(i, m->interrupts) if (!is_of_pg32(i->where)) other = "interrupt";
    LIST_EACH(c, m->traps) if (!is_of_pg32(c->where)) other = "traps";
    if (other == NULL) return true;
    return fail(f,
                "--isa: %s: '%s' of machine %s is not that of PG32; vmm can run machines that "
                "extend the pg32.isa it was built from by instructions",
                file, other, m->name);
}

bool isa_extends_pg32(const struct description *m, const char *file, struct failure *f)
{
    return has_state_of_pg32(m, file, f) && has_sections_of_pg32(m, file, f);
}

bool isa_use(const char *file, struct failure *f)
{
    struct diagnostics d = {.out = stderr};
    const struct description *m = description_read(&arena, &d, file);

    if (m == NULL) return fail(f, "--isa: %s is not a description that can be used", file);
    if (!isa_extends_pg32(m, file, f)) return false;
    followed = m;
    evaluated = true;
    return true;
}

bool isa_is_evaluated(void)
{
    return evaluated;
}

size_t isa_disassemble(uint32_t word, uint32_t P, char *out, size_t size)
{
    if (!evaluated) return pg32_disassemble(word, P, out, size);
    return disassemble(followed, word, 32, P, out, size);
}
