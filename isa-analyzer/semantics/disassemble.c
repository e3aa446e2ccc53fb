// SPDX-License-Identifier: MIT
// Instructions as text.
#include "isa-analyzer/semantics/disassemble.h"

#include <stdlib.h>
#include <string.h>

#include "isa-analyzer/language/operate.h"
#include "isa-analyzer/semantics/concrete.h"

static void put_value(const struct syntax_part *p, bits value, FILE *out)
{
    const struct component *registers = p->field ? p->field->registers : NULL;
    const struct selector *selector = p->field ? p->field->selector : NULL;
    struct selector_value *v;
    if (registers && value < registers->names.n) {
        fputs(registers->names.items[value], out);
        return;
    }
    if (selector) {
        LIST_EACH(v, selector->values) if (v->value == value)
        {
            fputs(v->name, out);
            return;
        }
        fprintf(out, "0x%llx", (unsigned long long)value);
        return;
    }
    if (registers) fputs(registers->name, out);
    if (p->operand && p->operand->value->kind == EXPR_SEXT)
        fprintf(out, "%lld", (long long)bits_signed(value, p->operand->value->width));
    else
        fprintf(out, "%llu", (unsigned long long)value);
}

static void put_part(const struct description *m, const struct syntax_part *p, uint64_t word,
                     uint64_t address, FILE *out)
{
    if (p->style == SYNTAX_TEXT) {
        fputs(p->text, out);
        return;
    }
    bits const value =
        p->field ? field_of_word(p->field, word) : operate_on_word(p->operand->value, word);
    if (p->style == SYNTAX_HEX)
        fprintf(out, "0x%llx", (unsigned long long)value);
    else if (p->style == SYNTAX_ADDRESS)
        fprintf(out, "0x%llx", (unsigned long long)bits_low(address + value, m->counter->width));
    else
        put_value(p, value, out);
}

size_t disassemble(const struct description *m, uint64_t word, unsigned width, uint64_t address,
                   char *out, size_t size)
{
    const struct instruction *i = decode_word(m, word, width);
    char *text = NULL;
    size_t length = 0;
    FILE *f = open_memstream(&text, &length);
    struct syntax_part *p;
    if (!f) exit(64);
    if (!i) fprintf(f, ".word 0x%llx", (unsigned long long)word);
    if (i) LIST_EACH(p, i->parts) put_part(m, p, word, address, f);
    fclose(f);
    if (size && length >= size) length = size - 1;
    if (size) {
        memcpy(out, text, length);
        out[length] = 0;
    }
    free(text);
    return length;
}
