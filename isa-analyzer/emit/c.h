// SPDX-License-Identifier: MIT
// Between the files of `emit c`: names, types, expressions and bodies in C.
#ifndef TRAPEZE_ISA_EMIT_C_H
#define TRAPEZE_ISA_EMIT_C_H

#include "isa-analyzer/language/tree.h"

// A body that is being written. Everything is computed first (`compute`) and then committed
// (`commit`), so that right-hand sides read the state before and a trap leaves no trace.
struct c_body {
    const struct description *m;
    struct arena *arena;
    const char *prefix;                    // of all names: the machine's
    FILE *compute, *commit;                // where the two parts go
    int compute_depth, commit_depth;       // blocks around, for indentation
    const struct instruction *instruction; // or null
    const char *const *slots;              // the C names of the routine's parameters and lets
    struct expr **wide;                    // for each slot: cells too wide for a variable, or null
    const char **wide_address;
    unsigned temporaries; // how many have been named
    bool fields_of_word;  // fields are cut from `word`; else they are members of *i
    bool outcome;         // may end otherwise than by NEXT
};

// A name for C: the machine's name with '_' for what C does not allow.
const char *c_prefix(struct arena *a, const char *machine);
const char *c_upper(struct arena *a, const char *name);
const char *c_type(unsigned width);        // of a variable: uint32_t, uint64_t or a 128-bit integer
const char *c_member_type(unsigned width); // of a struct's member: the least that holds the width
const char *c_constant(struct arena *a, bits value, unsigned width);

// Writes what must come before, and returns the C expression of e's value.
const char *c_expression(struct c_body *b, const struct expr *e);

// Writes the statements of a routine whose slots have names.
void c_statements(struct c_body *b, const struct list *body);

// Names the slots of a routine: parameters by `arguments`, lets by new names.
void c_frame(struct c_body *b, const struct routine *r, const char *const *arguments);

void c_compute(struct c_body *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void c_commit(struct c_body *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

// A new variable: declared here with its value.
const char *c_temporary(struct c_body *b, unsigned width, const char *value);

// An element of the state as C: s->x[index].
const char *c_element(struct c_body *b, const struct expr *e);

// Whether the field is, in this instruction, only ever an index of what is assigned, in a register
// file one of whose elements is fixed: then the decoder sends writes of that element elsewhere.
bool c_is_sink(const struct instruction *i, const struct field *f);

// Whether the routine, calls included, mentions a field or operand.
bool c_mentions(const struct instruction *i, const void *field_or_operand);

void c_write_decoder(const struct description *m, struct arena *a, const char *prefix, FILE *out);
void c_write_disassembler(const struct description *m, struct arena *a, const char *prefix,
                          FILE *out);
bool c_write_time(const struct description *m, struct arena *a, const char *prefix, FILE *out);
void c_write_tables(const struct description *m, struct arena *a, const char *prefix, FILE *out);
void c_write_routine(struct c_body *b, FILE *out, const struct routine *r,
                     const char *const *arguments, const char *head, const char *before_commit,
                     bool returns);

#endif
