// SPDX-License-Identifier: MIT
// `emit c`: a description as one C header of static inline functions, for a machine to be built on.
#include "isa-analyzer/emit/c.h"
#include "isa-analyzer/emit/emit.h"
#include "isa-analyzer/language/printer.h"

#include <stdlib.h>
#include <string.h>

static bool is_c_word(const char *name)
{
    static const char *const words[] = {
        "auto",     "bool",     "break",   "case",    "char",   "const",    "continue",
        "default",  "do",       "double",  "else",    "enum",   "extern",   "false",
        "float",    "for",      "goto",    "if",      "inline", "int",      "long",
        "register", "restrict", "return",  "short",   "signed", "sizeof",   "static",
        "struct",   "switch",   "true",    "typedef", "union",  "unsigned", "void",
        "volatile", "while",    "devices", "cause",   "value",  "word",     "op"};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        if (strcmp(words[k], name) == 0) return true;
    }
    return false;
}

static void check_c_names(struct description *m, struct diagnostics *d)
{
    struct component *x;
    struct format *f;
    struct field *y;
    struct operand *o;
    LIST_EACH(x, m->components)
    if (is_c_word(x->name))
        report_error(d, x->where, "'%s' is taken in C; expected another name", x->name);
    LIST_EACH(f, m->formats)
    {
        LIST_EACH(y, f->fields)
        if (is_c_word(y->name))
            report_error(d, y->where, "'%s' is taken in C; expected another name", y->name);
        LIST_EACH(o, f->operands)
        if (is_c_word(o->name))
            report_error(d, o->where, "'%s' is taken in C; expected another name", o->name);
    }
}

static bool check_expressible(struct description *m, struct diagnostics *d)
{
    struct component *x;
    struct instruction *i;
    struct trap_cause *t;
    static const enum section_kind needed[] = {SECTION_FETCH, SECTION_UNDEFINED, SECTION_DELIVER};
    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++) {
        if (!m->sections[needed[k]].present)
            report_error(d, m->where, "machine %s has no '%s', so it can be analyzed but not run",
                         m->name, section_names[needed[k]]);
    }
    if (!m->memory)
        report_error(d, m->where, "machine %s has no memory, so it can't be run", m->name);
    if (m->unit_width > 64)
        report_error(d, m->where, "a fetch of more than 64 bits can't be emitted as C");
    LIST_EACH(i, m->instructions)
    if (i->format->units.n != 1)
        report_error(d, i->where,
                     "'%s' has %u units; C is emitted for instructions of one only (the "
                     "reference evaluator runs all)",
                     i->name, i->format->units.n);
    LIST_EACH(x, m->components)
    if (x->count >= UINT16_MAX && x->kind != COMPONENT_MEMORY)
        report_error(d, x->where, "C is emitted for register files of less than 65535 elements");
    LIST_EACH(t, m->traps)
    if (t->code > 255) report_error(d, t->where, "C is emitted for trap codes up to 255");
    check_c_names(m, d);
    return d->errors == 0;
}

// Where there is no memory: written so that a compiler drops the first comparison, for a sum that
// wraps around, where the address has fewer bits.
static void write_load(const struct description *m, const char *prefix, unsigned n, FILE *out)
{
    const struct component *x = m->memory;
    const char *type = c_type(n * x->width);
    bool const bytes = x->width == 8 && !x->big_endian && (n == 2 || n == 4 || n == 8);
    fprintf(out,
            "static inline %s %s_load_%u(const struct %s *s, uint64_t at)\n{\n"
            "    if (at + %u < at || at + %u > s->%s) return 0; // no memory there\n",
            type, prefix, n, prefix, n, n, x->size->name);
    if (bytes)
        fprintf(out,
                "#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__\n    uint%u_t v;\n"
                "    memcpy(&v, s->%s + at, %u);\n    return v;\n#else\n",
                n * 8, x->name, n);
    fputs("    return ", out);
    for (unsigned k = 0; k < n; k++) {
        unsigned const place = (x->big_endian ? n - 1 - k : k) * x->width;
        fprintf(out, "%s(%s)s->%s[at + %u]", k ? " | " : "", type, x->name, k);
        if (place) fprintf(out, " << %u", place);
    }
    fprintf(out, ";\n%s}\n\n", bytes ? "#endif\n" : "");
}

static void write_store(const struct description *m, const char *prefix, const char *upper,
                        unsigned n, FILE *out)
{
    const struct component *x = m->memory;
    const char *type = c_type(n * x->width);
    bool const bytes = x->width == 8 && !x->big_endian && (n == 2 || n == 4 || n == 8);
    fprintf(out,
            "static inline void %s_store_%u(struct %s *s, uint64_t at, %s v)\n{\n"
            "    if (at + %u < at || at + %u > s->%s) return;\n",
            prefix, n, prefix, type, n, n, x->size->name);
    if (bytes)
        fprintf(
            out,
            "#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__\n    uint%u_t const w = (uint%u_t)v;\n"
            "    memcpy(s->%s + at, &w, %u);\n#else\n",
            n * 8, n * 8, x->name, n);
    for (unsigned k = 0; k < n; k++) {
        unsigned const place = (x->big_endian ? n - 1 - k : k) * x->width;
        fprintf(out, "    s->%s[at + %u] = (%s)", x->name, k, c_member_type(x->width));
        if (x->width == 8 || x->width == 16 || x->width == 32 || x->width == 64)
            fprintf(out, "(v >> %u);\n", place);
        else
            fprintf(out, "(v >> %u & UINT64_C(0x%llx));\n", place,
                    (unsigned long long)bits_ones(x->width));
    }
    if (bytes) fputs("#endif\n", out);
    fprintf(out, "    %s_WROTE(s, at, %u);\n}\n\n", upper, n);
}

// Writes the accesses that the text uses.
static void write_accesses(const struct description *m, struct arena *a, const char *prefix,
                           const char *text, FILE *out)
{
    for (unsigned n = 1; n * m->memory->width <= WIDTH_MAX; n++) {
        if (strstr(text, arena_format(a, "%s_load_%u(", prefix, n))) write_load(m, prefix, n, out);
        if (strstr(text, arena_format(a, "%s_store_%u(", prefix, n)))
            write_store(m, prefix, c_upper(a, prefix), n, out);
    }
}

static struct c_body body(const struct description *m, struct arena *a, const char *prefix,
                          const struct instruction *i)
{
    return (struct c_body){.m = m, .arena = a, .prefix = prefix, .instruction = i};
}

static void write_translation(const struct description *m, struct arena *a, const char *prefix,
                              const struct translation *t, FILE *out)
{
    struct c_body b = body(m, a, prefix, NULL);
    const char *names[] = {"a", "n"};
    const struct parameter *p = t->routine.parameters.items[0], *q = t->routine.parameters.items[1];
    const char *head =
        arena_format(a,
                     "// Translates the address of n cells. TRAP: s->cause, s->value say why.\n"
                     "static inline enum %s_outcome %s_translate_%s(struct %s *s, %s a, %s n, "
                     "%s *result)",
                     prefix, prefix, t->name, prefix, c_type(p->width), c_type(q->width),
                     c_type(t->routine.result_width));
    c_write_routine(&b, out, &t->routine, names, head, "", true);
}

static void write_section(const struct description *m, struct arena *a, const char *prefix,
                          enum section_kind kind, const char *comment, const char *const *arguments,
                          const char *parameters, bool returns, const char *before, FILE *out)
{
    const struct section *s = &m->sections[kind];
    struct c_body b = body(m, a, prefix, NULL);
    const char *result = returns ? arena_format(a, "enum %s_outcome", prefix) : "void";
    const char *head = arena_format(a, "// %s\nstatic inline %s %s_%s(struct %s *s%s)", comment,
                                    result, prefix, section_names[kind], prefix, parameters);
    c_write_routine(&b, out, &s->routine, arguments, head, before, returns);
}

static void write_sections(const struct description *m, struct arena *a, const char *prefix,
                           FILE *out)
{
    const char *const counter = c_type(m->counter->width);
    static const char *const at[] = {"at"}, *const trap[] = {"cause", "information"},
                             *const entry[] = {"entry"};
    write_section(m, a, prefix, SECTION_FETCH, "Gets a unit of an instruction.", at,
                  arena_format(a, ", %s at, %s *result", counter, c_type(m->unit_width)), true, "",
                  out);
    write_section(
        m, a, prefix, SECTION_UNDEFINED, "What a word that is no instruction does: it traps.", NULL,
        arena_format(a, ", %s word", c_type(m->unit_width)), true, "    (void)word;\n", out);
    write_section(m, a, prefix, SECTION_DELIVER,
                  "Delivers a trap. CHECKSTOP where that can't be done.", trap,
                  ", uint32_t cause, uint32_t information", true,
                  "    (void)cause, (void)information;\n", out);
    write_section(m, a, prefix, SECTION_TICK, "Follows each instruction that completes.", NULL, "",
                  false, "    (void)s;\n", out);
    struct component *x;
    const char *keep = "    (void)entry;\n";
    LIST_EACH(x, m->components)
    {
        if (x->kind == COMPONENT_MEMORY || x->kind == COMPONENT_DEVICE) continue;
        keep = x->array ? arena_format(a, "%s    memset(s->%s, 0, sizeof s->%s);\n", keep, x->name,
                                       x->name)
                        : arena_format(a, "%s    s->%s = 0;\n", keep, x->name);
        struct fixed_element *f;
        LIST_EACH(f, x->fixed)
        if (f->value) keep =
            arena_format(a, "%s    s->%s[%llu] = %s;\n", keep, x->name,
                         (unsigned long long)f->index, c_constant(a, f->value, x->width));
    }
    if (!m->sections[SECTION_RESET].present)
        keep = arena_format(a, "%s    s->%s = (%s)entry;\n", keep, m->counter->name,
                            c_member_type(m->counter->width));
    write_section(m, a, prefix, SECTION_RESET, "All zero but for what is set here; memory stays.",
                  entry, arena_format(a, ", %s entry", counter), false, keep, out);
}

static void write_interrupts(const struct description *m, struct arena *a, const char *prefix,
                             FILE *out)
{
    const char *const upper = c_upper(a, prefix);
    struct interrupt *i;
    LIST_EACH(i, m->interrupts)
    {
        struct c_body b = body(m, a, prefix, NULL);
        c_write_routine(&b, out, &i->routine, NULL,
                        arena_format(a, "static inline void %s_acknowledge_%s(struct %s *s)",
                                     prefix, i->name, prefix),
                        "    (void)s;\n", false);
    }
    fprintf(out,
            "// Raises the first interrupt that is due, acknowledged, or none.\n"
            "static inline enum %s_outcome %s_interrupt(struct %s *s)\n{\n",
            prefix, prefix, prefix);
    LIST_EACH(i, m->interrupts)
    {
        struct c_body b = body(m, a, prefix, NULL);
        b.compute = out;
        b.compute_depth = 1;
        fprintf(out,
                "    if (%s) {\n        %s_acknowledge_%s(s);\n"
                "        return %s_raise(s, %s_trap_%s, 0);\n    }\n",
                c_expression(&b, i->condition), prefix, i->name, prefix, upper, i->cause->name);
    }
    fprintf(out,
            "    (void)s;\n    return %s_NEXT;\n}\n\n// Ends a wait?\n"
            "static inline bool %s_wake(const struct %s *s)\n{\n    (void)s;\n",
            upper, prefix, prefix);
    struct c_body b = body(m, a, prefix, NULL);
    b.compute = out;
    b.compute_depth = 1;
    fprintf(out, "    return %s;\n}\n\n",
            m->sections[SECTION_WAKE].present
                ? c_expression(&b, m->sections[SECTION_WAKE].routine.result)
                : "true");
}

static void write_instruction(const struct description *m, struct arena *a, const char *prefix,
                              const struct instruction *i, FILE *out)
{
    struct c_body b = body(m, a, prefix, i);
    // A wait is not over yet: whoever passes the time ticks when it is.
    const char *ticks = i->routine.effects & EFFECT_END
                            ? arena_format(a, "tick && outcome != %s_WAIT", c_upper(a, prefix))
                            : "tick";
    const char *before =
        arena_format(a, "    (void)i, (void)P;\n    if (%s) %s_tick(s);\n", ticks, prefix);
    if (i->routine.effects & EFFECT_JUMP)
        before =
            arena_format(a, "%s    s->%s = (%s)(P + %u);\n", before, m->counter->name,
                         c_member_type(m->counter->width), i->format->width / m->memory->width);
    struct statement *s;
    LIST_EACH(s, i->routine.body)
    {
        fprintf(out, "// %s ", s_i ? "          " : arena_format(a, "%-10s", i->name));
        print_statement_line(s, out);
        fputc('\n', out);
    }
    if (i->routine.body.n == 0) fprintf(out, "// %s\n", i->name);
    c_write_routine(
        &b, out, &i->routine, NULL,
        arena_format(
            a,
            "static inline enum %s_outcome %s_exec_%s(struct %s *s, const struct %s_insn *i, "
            "%s P, bool tick)",
            prefix, prefix, i->name, prefix, prefix, c_type(m->counter->width)),
        before, true);
}

static void write_execute(const struct description *m, struct arena *a, const char *prefix,
                          FILE *out)
{
    const char *const upper = c_upper(a, prefix);
    struct instruction *i;
    fprintf(out,
            "static inline enum %s_outcome %s_exec_undefined(struct %s *s, const struct %s_insn "
            "*i, %s P, "
            "bool tick)\n{\n    (void)P, (void)tick;\n    return %s_undefined(s, i->word);\n}\n\n",
            prefix, prefix, prefix, prefix, c_type(m->counter->width), prefix);
    fprintf(out,
            "static inline enum %s_outcome %s_execute(struct %s *s, const struct %s_insn *i, %s P, "
            "bool tick)\n"
            "{\n    switch (i->op) {\n",
            prefix, prefix, prefix, prefix, c_type(m->counter->width));
    LIST_EACH(i, m->instructions)
    fprintf(out, "    case %s_%s: return %s_exec_%s(s, i, P, tick);\n", upper, i->name, prefix,
            i->name);
    fprintf(out, "    default: return %s_exec_undefined(s, i, P, tick);\n    }\n}\n\n", prefix);
}

// Everything that computes; declarations and memory accesses come before it.
static void write_functions(const struct description *m, struct arena *a, const char *prefix,
                            FILE *out)
{
    struct translation *t;
    struct instruction *i;
    LIST_EACH(t, m->translations) write_translation(m, a, prefix, t, out);
    write_sections(m, a, prefix, out);
    c_write_time(m, a, prefix, out);
    write_interrupts(m, a, prefix, out);
    c_write_decoder(m, a, prefix, out);
    LIST_EACH(i, m->instructions) write_instruction(m, a, prefix, i, out);
    write_execute(m, a, prefix, out);
    c_write_disassembler(m, a, prefix, out);
}

bool emit_c(struct description *m, struct diagnostics *d, FILE *out)
{
    if (!check_expressible(m, d)) return false;
    struct arena *const a = m->arena;
    const char *const prefix = c_prefix(a, m->name), *const upper = c_upper(a, prefix);
    const char *file = strrchr(m->source->file, '/');
    char *functions = NULL;
    size_t length = 0;
    FILE *f = open_memstream(&functions, &length);
    if (!f) exit(64);
    write_functions(m, a, prefix, f);
    fclose(f);
    fprintf(out,
            "// %s: %s\n// Generated by isa-analyzer emit c from %s. Do not edit.\n"
            "#ifndef %s_GEN_H\n#define %s_GEN_H\n\n#include <stdbool.h>\n#include <stddef.h>\n"
            "#include <stdint.h>\n#include <string.h>\n\n"
            "// Called after n cells at a physical address were written.\n#ifndef %s_WROTE\n"
            "#define %s_WROTE(s, address, n) ((void)0)\n#endif\n\n",
            m->name, m->title, file ? file + 1 : m->source->file, upper, upper, upper, upper);
    c_write_tables(m, a, prefix, out);
    fprintf(
        out,
        "static inline enum %s_outcome %s_raise(struct %s *s, uint32_t cause, uint32_t value)\n{\n"
        "    s->cause = cause;\n    s->value = value;\n    return %s_TRAP;\n}\n\n",
        prefix, prefix, prefix, upper);
    write_accesses(m, a, prefix, functions, out);
    fputs(functions, out);
    fputs("#endif\n", out);
    free(functions);
    return true;
}
