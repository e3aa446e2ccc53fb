// SPDX-License-Identifier: MIT
// `emit c`: the declarations (state, instructions, traps) and the tables of names.
#include "isa-analyzer/emit/c.h"

#include <string.h>

static bool in_struct(const struct component *x)
{
    return x->kind != COMPONENT_MEMORY && x->kind != COMPONENT_DEVICE;
}

// One more element where one is fixed: writes of the fixed element go there.
static uint64_t elements(const struct component *x)
{
    return x->count + (x->fixed.n == 1);
}

static void write_state(const struct description *m, const char *prefix, FILE *out)
{
    struct component *x;
    fprintf(out, "// The state. Memory and devices are the caller's.\nstruct %s {\n", prefix);
    LIST_EACH(x, m->components)
    {
        if (!in_struct(x)) continue;
        fprintf(out, "    %s %s", c_member_type(x->width), x->name);
        if (x->array) fprintf(out, "[%llu]", (unsigned long long)elements(x));
        fprintf(out, "; // %s, %u bit%s", component_kind_names[x->kind], x->width,
                x->width == 1 ? "" : "s");
        if (x->fixed.n == 1)
            fprintf(out, "; [%llu]: where writes of the fixed element go",
                    (unsigned long long)x->count);
        fputc('\n', out);
    }
    LIST_EACH(x, m->components)
    {
        if (x->kind == COMPONENT_MEMORY)
            fprintf(out, "    %s %s; // how many cells\n    %s *%s; // the cells\n",
                    c_type(x->size->width), x->size->name, c_member_type(x->width), x->name);
        if (x->kind == COMPONENT_DEVICE)
            fprintf(out,
                    "    %s (*%s_read)(void *devices, uint32_t index);\n"
                    "    void (*%s_write)(void *devices, uint32_t index, %s value);\n",
                    c_type(x->width), x->name, x->name, c_type(x->width));
    }
    fputs("    void *devices; // passed to the functions above\n"
          "    uint32_t cause, value; // of the last TRAP (cause, information) or STOP (value: its "
          "code)\n"
          "};\n\n",
          out);
}

// Members of the decoded instruction: one a name, as wide as the widest of that name.
static void write_insn(const struct description *m, struct arena *a, const char *prefix, FILE *out)
{
    struct {
        const char *name;
        unsigned width;
    } members[256];
    unsigned n = 0;
    struct instruction *i;
    struct field *f;
    struct operand *o;
    fprintf(out,
            "// A decoded instruction: the members are the operands that bodies use.\n"
            "struct %s_insn {\n    %s word;\n    uint16_t op; // enum %s_op\n",
            prefix, c_type(m->unit_width), prefix);
    for (int pass = 0; pass < 2; pass++) {
        LIST_EACH(i, m->instructions)
        {
            const struct list *const from = pass ? &i->format->operands : &i->format->fields;
            for (unsigned k = 0; k < from->n; k++) {
                f = pass ? NULL : from->items[k];
                o = pass ? from->items[k] : NULL;
                if (!c_mentions(i, from->items[k])) continue;
                const char *name = f ? f->name : o->name;
                unsigned const width = f                      ? f->width + c_is_sink(i, f)
                                       : o->value->width < 17 ? 32
                                                              : o->value->width;
                unsigned at = 0;
                while (at < n && strcmp(members[at].name, name) != 0) at++;
                if (at == 256) continue;
                if (at == n) {
                    members[n].name = name;
                    members[n++].width = width;
                }
                if (members[at].width < width) members[at].width = width;
            }
        }
    }
    for (unsigned k = 0; k < n; k++)
        fprintf(out, "    %s %s;\n", c_member_type(members[k].width), members[k].name);
    fputs("};\n\n", out);
    (void)a;
}

static const char *flags(struct arena *a, const char *upper, unsigned effects)
{
    static const struct {
        unsigned effect;
        const char *name;
    } names[] = {{EFFECT_JUMP, "JUMPS"},
                 {EFFECT_STORE, "STORES"},
                 {EFFECT_LOAD, "LOADS"},
                 {EFFECT_TRAP, "MAYTRAP"},
                 {EFFECT_RESOURCE | EFFECT_END, "SYSTEM"}};
    const char *all = NULL;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        if (!(effects & names[k].effect)) continue;
        all = all ? arena_format(a, "%s | %s_%s", all, upper, names[k].name)
                  : arena_format(a, "%s_%s", upper, names[k].name);
    }
    return all ? all : "0";
}

static void write_enums(const struct description *m, struct arena *a, const char *prefix, FILE *out)
{
    const char *const upper = c_upper(a, prefix);
    struct instruction *i;
    struct trap_cause *t;
    fprintf(out, "enum %s_outcome { %s_NEXT, %s_TRAP, %s_STOP, %s_WAIT, %s_CHECKSTOP };\n\n",
            prefix, upper, upper, upper, upper, upper);
    fprintf(out, "enum %s_op {\n    %s_undefined,\n", prefix, upper);
    LIST_EACH(i, m->instructions) fprintf(out, "    %s_%s,\n", upper, i->name);
    fprintf(out, "    %s_ops\n};\n\nenum %s_trap {\n", upper, prefix);
    bits most = 0;
    LIST_EACH(t, m->traps)
    {
        fprintf(out, "    %s_trap_%s = %llu,\n", upper, t->name, (unsigned long long)t->code);
        if (t->code > most) most = t->code;
    }
    fprintf(out, "    %s_traps = %llu, // one more than the greatest\n};\n\n", upper,
            (unsigned long long)most + 1);
    fprintf(out,
            "// What an instruction's body can do.\nenum {\n"
            "    %s_JUMPS = 1,   // assigns the counter: the body then does so on every path\n"
            "    %s_STORES = 2,  // writes memory\n    %s_LOADS = 4,   // reads memory\n"
            "    %s_MAYTRAP = 8, // may trap\n"
            "    %s_SYSTEM = 16, // has to do with the mode, a resource or a device, or stops or "
            "waits\n"
            "};\n\n",
            upper, upper, upper, upper, upper);
    fprintf(out,
            "// X(name, flags) for each instruction, in the order of enum %s_op.\n"
            "#define %s_INSTRUCTIONS(X)",
            prefix, upper);
    LIST_EACH(i, m->instructions)
    fprintf(out, " \\\n    X(%s, %s)", i->name, flags(a, upper, i->routine.effects));
    fputs("\n\n", out);
}

static void write_names(const struct description *m, struct arena *a, const char *prefix, FILE *out)
{
    const char *const upper = c_upper(a, prefix);
    struct instruction *i;
    struct trap_cause *t;
    struct component *x;
    fprintf(out,
            "static const char *const %s_op_names[%s_ops] __attribute__((unused)) = {\n    "
            "\"undefined\",\n",
            prefix, upper);
    LIST_EACH(i, m->instructions) fprintf(out, "    \"%s\",\n", i->name);
    fprintf(out,
            "};\n\nstatic const char *const %s_trap_names[%s_traps] __attribute__((unused)) = {\n",
            prefix, upper);
    LIST_EACH(t, m->traps)
    fprintf(out, "    [%llu] = \"%s\",\n", (unsigned long long)t->code, t->name);
    fputs("};\n\n", out);
    LIST_EACH(x, m->components)
    {
        if (!x->names.n) continue;
        fprintf(out, "static const char *const %s_%s_names[%llu] __attribute__((unused)) = {",
                prefix, x->name, (unsigned long long)x->count);
        for (unsigned k = 0; k < x->names.n; k++)
            fprintf(out, "%s\"%s\",", k % 8 ? " " : "\n    ", (const char *)x->names.items[k]);
        fputs("\n};\n\n", out);
    }
}

static void write_components(const struct description *m, struct arena *a, const char *prefix,
                             FILE *out)
{
    struct component *x;
    unsigned n = 0;
    fprintf(
        out,
        "// The members of struct %s that are state: 'g'eneral, 'c'ounter, 'm'ode, 'r'esource,\n"
        "// 's'ignal.\n"
        "struct %s_component {\n    const char *name;\n    uint16_t offset, size, count, width; // "
        "bytes,"
        " bytes an element, elements, bits an element\n    char kind;\n};\n\n"
        "static const struct %s_component %s_components[] __attribute__((unused)) = {\n",
        prefix, prefix, prefix, prefix);
    LIST_EACH(x, m->components)
    {
        if (!in_struct(x)) continue;
        n++;
        fprintf(out, "    {\"%s\", offsetof(struct %s, %s), sizeof(%s), %llu, %u, '%c'},\n",
                x->name, prefix, x->name, c_member_type(x->width), (unsigned long long)x->count,
                x->width, component_kind_names[x->kind][0]);
    }
    fprintf(out, "};\n\nenum { %s_components_n = %u };\n\n", c_upper(a, prefix), n);
}

void c_write_tables(const struct description *m, struct arena *a, const char *prefix, FILE *out)
{
    write_state(m, prefix, out);
    write_enums(m, a, prefix, out);
    write_insn(m, a, prefix, out);
    write_names(m, a, prefix, out);
    write_components(m, a, prefix, out);
}
