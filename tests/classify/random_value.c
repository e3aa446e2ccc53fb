// SPDX-License-Identifier: MIT
// Expressions of tiny machines, at random.
#include "tests/classify/random_writer.h"

#include <stdlib.h>

static void number(struct writer *w, unsigned width)
{
    unsigned const n = chance(w, 60) ? draw(w, 2) : draw(w, 1u << width);
    put(w, "0b");
    for (unsigned k = width; k-- > 0;) fputc('0' + (n >> k & 1), w->out);
}

// Text of a width, brought to another.
static void adapt(struct writer *w, const char *text, unsigned has, unsigned width)
{
    if (has == width)
        put(w, text);
    else if (has < width)
        fprintf(w->out, "%s(%s, %u)", chance(w, 80) ? "zext" : "sext", text, width);
    else if (width == 1)
        fprintf(w->out, "%s[%u]", text, draw(w, has));
    else
        fprintf(w->out, "%s[%u:0]", text, width - 1);
}

void random_load(struct writer *w, bool virtual, unsigned width, int depth)
{
    char *text = NULL;
    size_t length;
    FILE *const out = w->out;
    w->out = open_memstream(&text, &length);
    put(w, virtual ? "V[" : "E[");
    random_value(w, w->width, depth - 1);
    put(w, "]");
    fclose(w->out);
    w->out = out;
    adapt(w, text, w->cell, width);
    free(text);
}

static void plain(struct writer *w, unsigned width)
{
    char name[16];
    if (w->visible && chance(w, 30)) {
        snprintf(name, sizeof name, "t%u", draw(w, w->visible));
        adapt(w, name, w->width, width);
    } else if (chance(w, 20)) {
        number(w, width);
    } else {
        adapt(w, w->plain[draw(w, 3)], w->width, width);
    }
}

unsigned random_matter(struct writer *w, unsigned set)
{
    unsigned about = 1u << draw(w, 12);
    while (set && !(set & about)) about = about == ABOUT_TRAP ? 1 : about << 1;
    return set & about;
}

static void leaf(struct writer *w, unsigned width, int depth)
{
    unsigned const about = random_matter(w, w->reads);
    if (about == 0 || chance(w, 70)) {
        plain(w, width);
        return;
    }
    switch ((enum subject_matter)about) {
    case ABOUT_BASE: adapt(w, "l", w->width, width); break;
    case ABOUT_BOUND: adapt(w, "b", w->bound_width, width); break;
    case ABOUT_LOCATION: adapt(w, "D", w->location_width, width); break;
    case ABOUT_TIMER: adapt(w, "T", w->timer_width, width); break;
    case ABOUT_FLAG: adapt(w, "F", 1, width); break;
    case ABOUT_MODE:
        if (chance(w, 40))
            adapt(w, "M", w->mode_width, width);
        else
            fprintf(w->out, "zext(%s, %u)", chance(w, 50) ? "supervisor" : "user", width);
        break;
    case ABOUT_SIZE: adapt(w, "memory_size", w->size_width, width); break;
    case ABOUT_VIRTUAL: random_load(w, true, width, depth); break;
    case ABOUT_PHYSICAL: random_load(w, false, width, depth); break;
    default:
        if (w->choices++ >= 2) {
            plain(w, width);
        } else if (chance(w, 30)) {
            fprintf(w->out, "zext(arbitrary(1), %u)", width);
        } else {
            put(w, "choose(");
            plain(w, width);
            put(w, ", ");
            plain(w, width);
            put(w, ")");
        }
    }
}

void random_condition(struct writer *w, int depth)
{
    static const char *const compare[] = {" = ", " != ", " < ", " <= ", " > ", " <_s "};
    static const char *const flags[] = {"F = 0", "F = 1", "user", "supervisor"};
    if (depth > 0 && chance(w, 20)) {
        put(w, "(");
        random_condition(w, depth - 1);
        put(w, chance(w, 50) ? " and " : " or ");
        random_condition(w, depth - 1);
        put(w, ")");
        return;
    }
    if ((w->reads & ABOUT_FLAG) && chance(w, 30)) {
        put(w, flags[draw(w, 2)]);
    } else if ((w->reads & ABOUT_MODE) && chance(w, 50)) {
        put(w, flags[2 + draw(w, 2)]);
    } else {
        unsigned const width = chance(w, 70) ? w->width : 1;
        put(w, "(");
        leaf(w, width, depth);
        put(w, compare[draw(w, 6)]);
        if (chance(w, 50))
            number(w, width);
        else
            leaf(w, width, depth);
        put(w, ")");
    }
}

void random_value(struct writer *w, unsigned width, int depth)
{
    static const char *const operators[] = {" + ", " - ", " & ",  " | ",  " ^ ",   " * ",
                                            " / ", " % ", " << ", " >> ", " >>_s "};
    if (depth <= 0 || chance(w, 45)) {
        leaf(w, width, depth);
    } else if (chance(w, 20)) {
        put(w, "(if ");
        random_condition(w, depth - 1);
        put(w, " then ");
        random_value(w, width, depth - 1);
        put(w, " else ");
        random_value(w, width, depth - 1);
        put(w, ")");
    } else if (width > 1 && chance(w, 10)) {
        put(w, "(");
        random_value(w, 1, depth - 1);
        put(w, " ++ ");
        random_value(w, width - 1, depth - 1);
        put(w, ")");
    } else if (width <= w->width && chance(w, 8)) {
        put(w, "turned(zext(");
        random_value(w, width, 0);
        fprintf(w->out, ", %u))", w->width);
        if (width < w->width) fprintf(w->out, width == 1 ? "[0]" : "[%u:0]", width - 1);
    } else if (chance(w, 8)) {
        put(w, chance(w, 50) ? "(~" : "(-");
        random_value(w, width, depth - 1);
        put(w, ")");
    } else {
        put(w, "(");
        random_value(w, width, depth - 1);
        put(w, operators[draw(w, chance(w, 80) ? 5 : 11)]);
        random_value(w, width, depth - 1);
        put(w, ")");
    }
}
