// SPDX-License-Identifier: MIT
// Descriptions made at random.
#include "tests/language/random_description.h"
#include "tests/random.h"

struct writer {
    FILE *out;
    struct random random;
    unsigned lets; // named so far in this instruction
    unsigned let_widths[64];
    unsigned visible; // of the lets, those in scope
};

static uint64_t draw(struct writer *w, uint64_t n)
{
    return random_u64(&w->random) % n;
}

static const struct {
    const char *text;
    unsigned width;
} leaves[] = {
    {"b[1]", 8},
    {"b[f]", 8},
    {"w[f]", 32},
    {"w[g]", 32},
    {"w[3]", 32},
    {"d[0]", 64},
    {"d[h]", 64},
    {"five", 5},
    {"k[f]", 36},
    {"q", 17},
    {"one", 1},
    {"P", 32},
    {"next", 32},
    {"imm", 32},
    {"small", 15},
    {"word", 32},
    {"M", 1},
    {"supervisor", 1},
    {"user", 1},
    {"twice(five)", 10},
    {"pick(w[f], w[g])", 32},
    {"size", 16},
};

enum { LEAVES = sizeof leaves / sizeof *leaves };

static const unsigned widths[] = {1, 5, 8, 13, 17, 32, 32, 36, 63, 64, 64, 72, 128};

static unsigned random_width(struct writer *w)
{
    return widths[draw(w, sizeof widths / sizeof *widths)];
}

static void expression(struct writer *w, unsigned width, int depth);

// A leaf brought to the width.
static void leaf(struct writer *w, unsigned width)
{
    if (width <= 64 && draw(w, 4) == 0) {
        uint64_t const ones = width == 64 ? UINT64_MAX : ((uint64_t)1 << width) - 1;
        uint64_t const n = draw(w, 3) ? draw(w, 4) : draw(w, UINT64_MAX);
        fprintf(w->out, "zext(0b%d, %u)", 1, width);
        fprintf(w->out, draw(w, 2) ? " + 0x%llx" : " * 0x%llx", (unsigned long long)(n & ones));
        return;
    }
    char name[16];
    const char *text;
    unsigned has;
    if (w->visible && draw(w, 3) == 0) {
        unsigned const k = (unsigned)draw(w, w->visible);
        snprintf(name, sizeof name, "t%u", k);
        text = name;
        has = w->let_widths[k];
    } else {
        unsigned const k = (unsigned)draw(w, LEAVES);
        text = leaves[k].text;
        has = leaves[k].width;
    }
    if (has == width) {
        fputs(text, w->out);
    } else if (has < width) {
        fprintf(w->out, "%s(%s, %u)", draw(w, 2) ? "zext" : "sext", text, width);
    } else {
        unsigned const low = (unsigned)draw(w, has - width + 1);
        fprintf(w->out, width == 1 ? "%s[%u]" : "%s[%u:%u]", text, low + width - 1, low);
    }
}

static void pair(struct writer *w, const char *op, unsigned width, int depth)
{
    fputc('(', w->out);
    expression(w, width, depth);
    fprintf(w->out, " %s ", op);
    expression(w, width, depth);
    fputc(')', w->out);
}

static void condition(struct writer *w, int depth)
{
    static const char *const compare[] = {"=",  "!=",  "<",    "<=",  ">",
                                          ">=", "<_s", "<=_s", ">_s", ">=_s"};
    switch (depth > 0 ? draw(w, 5) : 3) {
    case 0: pair(w, "and", 1, depth - 1); break;
    case 1: pair(w, "or", 1, depth - 1); break;
    case 2:
        fputs("(not ", w->out);
        expression(w, 1, depth - 1);
        fputc(')', w->out);
        break;
    default: pair(w, compare[draw(w, 10)], random_width(w), depth - 1); break;
    }
}

static void expression(struct writer *w, unsigned width, int depth)
{
    static const char *const arithmetic[] = {"+", "-", "*", "/", "%", "/_s", "%_s", "&", "|", "^"};
    static const char *const shifts[] = {"<<", ">>", ">>_s"};
    if (depth <= 0) {
        fputc('(', w->out);
        leaf(w, width);
        fputc(')', w->out);
        return;
    }
    switch (draw(w, 9)) {
    case 0:
    case 1: pair(w, arithmetic[draw(w, 10)], width, depth - 1); break;
    case 2:
        fputc('(', w->out);
        expression(w, width, depth - 1);
        fprintf(w->out, " %s ", shifts[draw(w, 3)]);
        expression(w, draw(w, 2) ? 5 : 8, depth - 2);
        fputc(')', w->out);
        break;
    case 3:
        fputs(draw(w, 2) ? "(~" : "(-", w->out);
        expression(w, width, depth - 1);
        fputc(')', w->out);
        break;
    case 4:
        fputs("(if ", w->out);
        condition(w, depth - 1);
        fputs(" then ", w->out);
        expression(w, width, depth - 1);
        fputs(" else ", w->out);
        expression(w, width, depth - 1);
        fputc(')', w->out);
        break;
    case 5:
        if (width < 2) {
            condition(w, depth - 1);
        } else {
            unsigned const high = 1 + (unsigned)draw(w, width - 1);
            fputc('(', w->out);
            expression(w, high, depth - 1);
            fputs(" ++ ", w->out);
            expression(w, width - high, depth - 1);
            fputc(')', w->out);
        }
        break;
    case 6: {
        unsigned const from = 1 + (unsigned)draw(w, width);
        fputs(draw(w, 2) ? "zext(" : "sext(", w->out);
        expression(w, from, depth - 1);
        fprintf(w->out, ", %u)", width);
        break;
    }
    case 7:
        if (width % 8 == 0 && width <= 128) {
            fprintf(w->out, "V[zext(w[%s][%u:0], 32) +: %u]", draw(w, 2) ? "f" : "g",
                    draw(w, 8) ? 9u : 14u, width / 8);
            break;
        }
        leaf(w, width);
        break;
    default: leaf(w, width); break;
    }
}

static void statements(struct writer *w, int n, int depth);

static void block(struct writer *w, int depth)
{
    unsigned const visible = w->visible;
    fputs("{ ", w->out);
    statements(w, 1 + (int)draw(w, 2), depth - 1);
    fputs("} ", w->out);
    // Lets end with their block; their names are not used again.
    w->visible = visible;
}

static void statement(struct writer *w, int depth)
{
    static const struct {
        const char *text;
        unsigned width;
    } targets[] = {{"b[f]", 8},         {"w[g]", 32}, {"d[h]", 64}, {"k[g]", 36},       {"q", 17},
                   {"q[12:3]", 10},     {"one", 1},   {"w[0]", 32}, {"w[f][30:7]", 24}, {"five", 5},
                   {"b[w[f][1:0]]", 8}, {"P", 32},    {"M", 1}};
    switch (depth > 0 ? draw(w, 9) : 0) {
    case 1:
        fputs("if ", w->out);
        condition(w, 2);
        fputs(" then ", w->out);
        block(w, depth);
        if (draw(w, 2)) {
            fputs("else ", w->out);
            block(w, depth);
        }
        break;
    case 2:
        fputs("case five { when 0, 3, 17 ", w->out);
        block(w, depth);
        fputs("when 1 ", w->out);
        block(w, depth);
        if (draw(w, 2)) {
            fputs("else ", w->out);
            block(w, depth);
        }
        fputs("} ", w->out);
        break;
    case 3:
        fputs("require ", w->out);
        condition(w, 1);
        fputs(" or b[0] > 20 else trap bad(", w->out);
        expression(w, 32, 1);
        fputs(") ", w->out);
        break;
    case 4: {
        unsigned const cells = 1 + (unsigned)draw(w, 16);
        fputs("V[zext(w[f][9:0], 32) +: ", w->out);
        fprintf(w->out, "%u] := ", cells);
        expression(w, cells * 8, 2);
        fputc(' ', w->out);
        break;
    }
    case 5:
        fputs("both(", w->out);
        expression(w, 32, 1);
        fputs(", ", w->out);
        expression(w, 8, 1);
        fputs(") ", w->out);
        break;
    default: {
        unsigned const k = (unsigned)draw(w, sizeof targets / sizeof *targets);
        fprintf(w->out, "%s := ", targets[k].text);
        expression(w, targets[k].width, 3);
        fputc(' ', w->out);
    }
    }
}

static void statements(struct writer *w, int n, int depth)
{
    for (int i = 0; i < n; i++) {
        // Lets only while all that were named are in scope, so that names and numbers agree.
        if (w->lets < 60 && w->visible == w->lets && draw(w, 4) == 0) {
            unsigned const width = random_width(w);
            fprintf(w->out, "let t%u = ", w->lets);
            expression(w, width, 2);
            fputc(' ', w->out);
            w->let_widths[w->lets++] = width;
            w->visible = w->lets;
        }
        // One assignment a block to each component: blocks keep them apart.
        fputs("if one = one then { ", w->out);
        unsigned const visible = w->visible;
        statement(w, depth);
        w->visible = visible;
        fputs("}\n  ", w->out);
    }
}

static const char head[] =
    "machine random \"made at random\"\n"
    "config size : 16 = 4096\n"
    "state {\n"
    "  general b[4] : 8, w[8] : 32, w[0] = 0, d[2] : 64, five : 5, k[8] : 36, one : 1\n"
    "  counter P : 32\n"
    "  mode M : 1 { supervisor = 0, user = 1 }\n"
    "  resource q : 17\n"
    "  memory E[size] : 8, little\n"
    "}\n"
    "traps { memory(address : 32) = 0 is memory  bad(why : 32) = 1 }\n"
    "translate V(a : 32, n : 32) to E {\n"
    "  require wide(a) + wide(n) + zext(q[1:0], 64) <= wide(size) else trap memory(a)\n"
    "  a + zext(q[1:0], 32)\n"
    "}\n"
    "function twice(x : 5) : 10 = x ++ x\n"
    "function pick(x : 32, y : 32) : 32 = if x < y then V[zext(y[7:0], 32) +: 4] else x\n"
    "procedure both(x : 32, y : 8) { w[5] := x + zext(y, 32)  if x > 7 then b[3] := y }\n"
    "fetch (at : 32) { V[at +: 4] }\n"
    "undefined { trap bad(word) }\n"
    "deliver (cause : 8, information : 32) { P := information  b[0] := cause }\n"
    "tick { q := q + 1 }\n"
    "format F { opcode:8 f:2 g:3 h:1 small:15 zero:3 } with imm = sext(small ++ g ++ f, 32)\n";

void random_description(FILE *out, uint64_t seed, unsigned instructions)
{
    struct writer w = {.out = out, .random = random_seeded(seed)};
    fputs(head, out);
    for (unsigned k = 0; k < instructions; k++) {
        w.lets = w.visible = 0;
        fprintf(out,
                "instruction i%u \"i%u\" : F(opcode = %u, f = _, g = _, h = _, small = _, zero = "
                "0)\n  ",
                k, k, k);
        // A field's value must be said or used; '_' does, and bodies may use it all the same.
        statements(&w, 1 + (int)draw(&w, 4), 2);
        fputc('\n', out);
    }
}
