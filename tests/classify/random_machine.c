// SPDX-License-Identifier: MIT
// Tiny machines made at random.
#include "tests/classify/random_machine.h"
#include "tests/random.h"

#include <stdlib.h>
#include <string.h>

// What an instruction may read and write; most may little, so that many stay innocuous.
enum subject_matter {
    ABOUT_BASE = 1,
    ABOUT_BOUND = 2,
    ABOUT_LOCATION = 4,
    ABOUT_TIMER = 8,
    ABOUT_FLAG = 16,
    ABOUT_MODE = 32,
    ABOUT_SIZE = 64,
    ABOUT_VIRTUAL = 128,
    ABOUT_PHYSICAL = 256,
    ABOUT_CHOICE = 512,
    ABOUT_DEVICE = 1024,
    ABOUT_TRAP = 2048,
};

struct writer {
    FILE *out;
    struct random random;
    // The machine.
    unsigned width, cell, size_width, bound_width, timer_width, location_width, mode_width;
    unsigned modes;
    bool pairs; // two cells can be accessed at once: the translation sees to it that both exist
    bool tame;  // what is not innocuous is mostly guarded
    // The instruction.
    unsigned reads, writes; // of subject_matter
    const char *plain[3];   // registers and the like that it reads
    unsigned choices, lets, visible;
};

static bool chance(struct writer *w, unsigned percent)
{
    return random_below(&w->random, 100) < percent;
}

static unsigned draw(struct writer *w, unsigned n)
{
    return random_below(&w->random, n);
}

static void put(struct writer *w, const char *text)
{
    fputs(text, w->out);
}

// ---------------------------------------------------------------- expressions

static void expression(struct writer *w, unsigned width, int depth);

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

static void cells(struct writer *w, bool virtual, unsigned width, int depth)
{
    char *text = NULL;
    size_t length;
    FILE *const out = w->out;
    w->out = open_memstream(&text, &length);
    put(w, virtual ? "V[" : "E[");
    expression(w, w->width, depth - 1);
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

// One of a set of subject matters, or 0 where there is none.
static unsigned one_of(struct writer *w, unsigned set)
{
    unsigned about = 1u << draw(w, 12);
    while (set && !(set & about)) about = about == ABOUT_TRAP ? 1 : about << 1;
    return set & about;
}

static void leaf(struct writer *w, unsigned width, int depth)
{
    unsigned const about = one_of(w, w->reads);
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
    case ABOUT_VIRTUAL: cells(w, true, width, depth); break;
    case ABOUT_PHYSICAL: cells(w, false, width, depth); break;
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

static void condition(struct writer *w, int depth)
{
    static const char *const compare[] = {" = ", " != ", " < ", " <= ", " > ", " <_s "};
    static const char *const flags[] = {"F = 0", "F = 1", "user", "supervisor"};
    if (depth > 0 && chance(w, 20)) {
        put(w, "(");
        condition(w, depth - 1);
        put(w, chance(w, 50) ? " and " : " or ");
        condition(w, depth - 1);
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

static void expression(struct writer *w, unsigned width, int depth)
{
    static const char *const operators[] = {" + ", " - ", " & ",  " | ",  " ^ ",   " * ",
                                            " / ", " % ", " << ", " >> ", " >>_s "};
    if (depth <= 0 || chance(w, 45)) {
        leaf(w, width, depth);
    } else if (chance(w, 20)) {
        put(w, "(if ");
        condition(w, depth - 1);
        put(w, " then ");
        expression(w, width, depth - 1);
        put(w, " else ");
        expression(w, width, depth - 1);
        put(w, ")");
    } else if (width > 1 && chance(w, 10)) {
        put(w, "(");
        expression(w, 1, depth - 1);
        put(w, " ++ ");
        expression(w, width - 1, depth - 1);
        put(w, ")");
    } else if (width <= w->width && chance(w, 8)) {
        put(w, "turned(zext(");
        expression(w, width, 0);
        fprintf(w->out, ", %u))", w->width);
        if (width < w->width) fprintf(w->out, width == 1 ? "[0]" : "[%u:0]", width - 1);
    } else if (chance(w, 8)) {
        put(w, chance(w, 50) ? "(~" : "(-");
        expression(w, width, depth - 1);
        put(w, ")");
    } else {
        put(w, "(");
        expression(w, width, depth - 1);
        put(w, operators[draw(w, chance(w, 80) ? 5 : 11)]);
        expression(w, width, depth - 1);
        put(w, ")");
    }
}

// ---------------------------------------------------------------- statements

static void a_trap(struct writer *w)
{
    switch (draw(w, 5)) {
    case 0:
    case 1: put(w, "trap privileged(word)"); break;
    case 2: put(w, "trap fault"); break;
    case 3:
        put(w, "trap bad(");
        expression(w, w->width, 1);
        put(w, ")");
        break;
    default:
        put(w, "trap memory(");
        expression(w, w->width, 1);
        put(w, ")");
    }
}

static void guard(struct writer *w)
{
    switch (draw(w, 12)) {
    case 0:
    case 1:
    case 2:
    case 3: put(w, "require supervisor else "); break;
    case 4: put(w, "require user else "); break;
    case 5:
        fprintf(w->out, "require M %s M.m%u else ", chance(w, 50) ? "=" : "!=", draw(w, w->modes));
        break;
    case 6:
        put(w, "require supervisor or ");
        condition(w, 1);
        put(w, " else ");
        break;
    case 7:
        put(w, "require user or ");
        condition(w, 1);
        put(w, " else ");
        break;
    case 8:
        put(w, "if ");
        condition(w, 1);
        put(w, " then { require supervisor else ");
        a_trap(w);
        put(w, " }\n");
        return;
    case 9:
        put(w, "require user else trap memory(");
        expression(w, w->width, 1);
        put(w, ")\n");
        return;
    case 10:
        put(w, "require supervisor else trap memory(");
        expression(w, w->width, 1);
        put(w, ")\n");
        return;
    default:
        put(w, "require ");
        condition(w, 1);
        put(w, " else ");
    }
    a_trap(w);
    put(w, "\n");
}

static void statements(struct writer *w, unsigned n, int depth);

static void block(struct writer *w, int depth)
{
    unsigned const visible = w->visible;
    put(w, "{\n");
    statements(w, 1, depth - 1);
    put(w, "}\n");
    w->visible = visible;
}

static void to_register(struct writer *w)
{
    fprintf(w->out, "x[%s]", chance(w, 70) ? "rd" : chance(w, 50) ? "rs" : "1");
    if (w->width > 2 && chance(w, 10)) {
        put(w, "[1:0] := ");
        expression(w, 2, 2);
    } else {
        put(w, " := ");
        expression(w, w->width, 2);
    }
    put(w, "\n");
}

static void to_cell(struct writer *w, bool virtual)
{
    bool const two = chance(w, 15) && virtual && w->pairs;
    put(w, virtual ? "V[" : "E[");
    expression(w, w->width, 1);
    put(w, two ? " +: 2] := " : "] := ");
    expression(w, two ? 2 * w->cell : w->cell, 1);
    put(w, "\n");
}

// Assigns a resource, the mode or the like. `assigned` keeps one block from doing it twice.
static bool to_resource(struct writer *w, unsigned *assigned)
{
    unsigned const about = one_of(w, w->writes);
    if ((*assigned & about) || chance(w, 50)) return false;
    switch ((enum subject_matter)about) {
    case ABOUT_BASE:
        put(w, "l := ");
        expression(w, w->width, 1);
        break;
    case ABOUT_BOUND:
        put(w, "b := ");
        expression(w, w->bound_width, 1);
        break;
    case ABOUT_LOCATION:
        put(w, "D := ");
        expression(w, w->location_width, 1);
        break;
    case ABOUT_TIMER:
        put(w, "T := ");
        expression(w, w->timer_width, 1);
        break;
    case ABOUT_FLAG:
        put(w, "F := ");
        expression(w, 1, 1);
        break;
    case ABOUT_MODE:
        if (chance(w, 70)) {
            fprintf(w->out, "M := M.m%u", draw(w, w->modes));
        } else {
            put(w, "M := ");
            expression(w, w->mode_width, 1);
        }
        break;
    case ABOUT_PHYSICAL: to_cell(w, false); return true;
    case ABOUT_DEVICE:
        if (chance(w, 50)) {
            fprintf(w->out, "port[rs] := x[rd]");
        } else {
            fprintf(w->out, "x[rd] := port[rs]");
        }
        break;
    case ABOUT_TRAP:
        put(w, "if ");
        condition(w, 1);
        put(w, " then ");
        a_trap(w);
        break;
    case ABOUT_CHOICE:
        if (w->choices++ >= 2) return false;
        put(w, "choose ");
        block(w, 1);
        put(w, " or ");
        block(w, 1);
        return true;
    case ABOUT_SIZE:
        put(w, "reset_timer(");
        expression(w, w->width, 0);
        put(w, ")");
        break;
    default: return false;
    }
    put(w, "\n");
    *assigned |= about;
    return true;
}

static void a_let(struct writer *w)
{
    if (w->visible != w->lets || w->lets >= 6) return;
    fprintf(w->out, "let t%u = ", w->lets);
    if ((w->reads & ABOUT_VIRTUAL) && chance(w, 75)) {
        if (chance(w, 20) && 2 * w->cell >= w->width && w->pairs) {
            put(w, "V[");
            expression(w, w->width, 1);
            fprintf(w->out, " +: 2][%u:0]", w->width - 1);
        } else {
            cells(w, true, w->width, 2);
        }
    } else {
        expression(w, w->width, 2);
    }
    put(w, "\n");
    w->visible = ++w->lets;
}

static void statements(struct writer *w, unsigned n, int depth)
{
    unsigned assigned = 0;
    bool jumped = false;
    for (unsigned k = 0; k < n; k++) {
        put(w, "  ");
        if (to_resource(w, &assigned)) continue;
        unsigned const kind = draw(w, 100);
        if (kind < 20 && depth > 0) {
            put(w, "if ");
            condition(w, 1);
            put(w, " then ");
            block(w, depth);
            if (chance(w, 40)) {
                put(w, "  else ");
                block(w, depth);
            }
        } else if (kind < 25 && depth > 0) {
            put(w, "case x[rs] { when 0, 3 ");
            block(w, depth);
            put(w, "when 1 ");
            block(w, depth);
            if (chance(w, 50)) {
                put(w, "else ");
                block(w, depth);
            }
            put(w, "}\n");
        } else if (kind < 35 && !jumped) {
            jumped = true;
            put(w, "P := ");
            expression(w, w->width, 1);
            put(w, "\n");
        } else if (kind < 50 && (w->reads & ABOUT_VIRTUAL)) {
            to_cell(w, true);
        } else if (kind < 65) {
            a_let(w);
        } else {
            to_register(w);
        }
    }
}

// ---------------------------------------------------------------- the machine

static void translation(struct writer *w)
{
    static const char *const bodies[] = {
        // As in PG32, in either order.
        "require wide(a) + n <= wide(b) else trap memory(a)\n"
        "  require wide(l) + wide(a) + n <= wide(memory_size) else trap memory(a)\n  l + a\n",
        "require wide(l) + wide(a) + n <= wide(memory_size) and wide(a) + n <= wide(b)\n"
        "    else trap memory(a)\n  l + a\n",
        // Relocated in user mode only.
        "if user then {\n    require wide(a) + n <= wide(b) else trap memory(a)\n"
        "    require wide(l) + wide(a) + n <= wide(memory_size) else trap memory(a)\n  } else {\n"
        "    require wide(a) + n <= wide(memory_size) else trap memory(a)\n  }\n"
        "  if user then l + a else a\n",
        // Without an end of memory.
        "require wide(a) + n <= wide(b) else trap memory(a)\n  l + a\n",
        // The trap tells the physical address.
        "require wide(a) + n <= wide(b) and wide(l) + wide(a) + n <= wide(memory_size)\n"
        "    else trap memory(l + a)\n  l + a\n",
        // Beyond the bound it is no memory trap.
        "require wide(a) + n <= wide(b) else trap fault\n"
        "  require wide(l) + wide(a) + n <= wide(memory_size) else trap memory(a)\n  l + a\n",
        // A segment within.
        "require wide(a) + n <= wide(b) else trap memory(a)\n"
        "  require wide(l) + wide(D) + wide(a) + n <= wide(memory_size) else trap memory(a)\n"
        "  l + a + segment\n",
        // Sums that wrap around.
        "require wide(a) < wide(b) and wide(l + a) < wide(memory_size) else trap memory(a)\n"
        "  l + a\n",
        // One cell too much.
        "require wide(a) + n <= wide(b) + 1 and wide(l) + wide(a) + n <= wide(memory_size)\n"
        "    else trap memory(a)\n  l + a\n",
        // A resource turns the bound off; supervisors have none.
        "require F = 1 or wide(a) + n <= wide(b) else trap memory(a)\n"
        "  require wide(l) + wide(a) + n <= wide(memory_size) else trap memory(a)\n  l + a\n",
        "require supervisor or wide(a) + n <= wide(b) else trap memory(a)\n"
        "  require wide(l) + wide(a) + n <= wide(memory_size) else trap memory(a)\n  l + a\n",
    };
    unsigned const which =
        chance(w, w->tame ? 90 : 55) ? draw(w, 2) : draw(w, sizeof bodies / sizeof *bodies);
    const char *const body = bodies[which];
    w->pairs = strstr(body, "+ n <= wide(memory_size)");
    fprintf(w->out, "translate V(a : %u, n : 64) to E {\n  ", w->width);
    const char *segment = strstr(body, "segment");
    if (segment)
        fprintf(w->out, "%.*szext(D, %u)\n", (int)(segment - body), body, w->width);
    else
        put(w, body);
    put(w, "}\n");
}

static void map(struct writer *w, unsigned first_user)
{
    static const char *const names[] = {"T", "F", "D"};
    unsigned const widths[] = {w->timer_width, 1, w->location_width};
    put(w, "map {");
    for (unsigned k = 0; k < 3; k++) {
        switch (draw(w, 4)) {
        case 0: break;
        case 1: fprintf(w->out, " arbitrary %s", names[k]); break;
        case 2: fprintf(w->out, " mirror %s", names[k]); break;
        default: fprintf(w->out, " fix %s = %u", names[k], draw(w, 1u << widths[k]));
        }
    }
    if (chance(w, 15)) fprintf(w->out, " fix M = m%u", first_user);
    put(w, " }\n");
}

static void state(struct writer *w)
{
    static const char *const classes[] = {"supervisor", "user"};
    // The third mode, where there is one, and which of the others stands first.
    bool const third_user = chance(w, 50), user_first = chance(w, 30);
    unsigned const last_user = w->modes == 3 && third_user ? 2 : !user_first;
    fprintf(w->out,
            "config memory_size : %u = %u\n"
            "state {\n  general x[2] : %u%s\n  counter P : %u\n  mode M : %u { m0 = 0 is %s, m1 = "
            "1 is %s",
            w->size_width,
            w->size_width == 2 ? 3
            : w->width == 2    ? 4
                               : 4 + draw(w, (1u << w->size_width) - 4),
            w->width, chance(w, 25) ? ", x[0] = 0" : "", w->width, w->mode_width,
            classes[user_first], classes[!user_first]);
    if (w->modes == 3) fprintf(w->out, ", m2 = %u is %s", 2 + draw(w, 2), classes[third_user]);
    fprintf(w->out,
            " }\n  resource l : %u is base, b : %u is bound\n"
            "  resource T : %u, F : 1, D : %u is location\n"
            "  memory E[memory_size] : %u, %s\n  device port[2] : %u\n}\n",
            w->width, w->bound_width, w->timer_width, w->location_width, w->cell,
            chance(w, 80) ? "little" : "big", w->width);
    fprintf(w->out,
            "traps { memory(address : %u) = 0 is memory  privileged(word : %u) = 1\n"
            "        fault = 2  bad(why : %u) = 3 }\n",
            w->width, 6 + w->width, w->width);
    map(w, last_user);
}

static void instruction(struct writer *w, unsigned k)
{
    static const char *const sources[] = {"x[rd]", "x[rs]", "x[rs]", "imm", "P", "x[1]", "next"};
    w->choices = w->lets = w->visible = 0;
    w->reads = chance(w, 45) ? ABOUT_VIRTUAL : 0;
    w->writes = 0;
    for (unsigned n = draw(w, 3); n > 0; n--) w->reads |= 1u << draw(w, 10);
    if (chance(w, 12)) w->reads |= ABOUT_MODE;
    if (chance(w, 8)) w->reads |= ABOUT_CHOICE;
    if (chance(w, 30)) w->writes |= 1u << draw(w, 12);
    if (chance(w, 10)) w->writes |= 1u << draw(w, 12);
    bool const innocent = w->writes == 0 && (w->reads & ~(unsigned)ABOUT_VIRTUAL) == 0;
    // Few different registers, or there would be too many states.
    for (unsigned n = 0; n < 3; n++) w->plain[n] = sources[draw(w, 7)];
    if (w->width > 2) w->plain[2] = w->plain[0];
    fprintf(w->out, "instruction i%u \"i%u\" : F(opcode = %u, rd = _, rs = _, imm = _)\n  ", k, k,
            k);
    if (w->tame && !innocent && chance(w, 92))
        put(w, "require supervisor else trap privileged(word)\n");
    else if (chance(w, w->tame ? 5 : 45))
        guard(w);
    if (chance(w, 5)) {
        put(w, "  ");
        a_trap(w);
        put(w, "\n");
        return;
    }
    statements(w, 1 + draw(w, 3), 1);
    if (!w->tame && chance(w, 6)) {
        put(w, chance(w, 50) ? "  wait\n" : "  stop x[rs]\n");
    }
}

void random_machine(FILE *out, uint64_t seed)
{
    struct writer w = {.out = out, .random = random_seeded(seed)};
    unsigned const size = draw(&w, 20);
    w.width = size < 13 ? 2 : size < 19 ? 3 : 4;
    w.tame = chance(&w, 40);
    w.cell = w.width == 3 ? 2 + draw(&w, 2) : 2;
    w.size_width = w.width > 2 ? 3 : 2 + draw(&w, 2);
    w.bound_width = w.width + chance(&w, 15);
    w.timer_width = 1 + draw(&w, 2);
    w.location_width = 1 + (w.width == 2 && chance(&w, 50));
    w.modes = 2 + chance(&w, 30);
    w.mode_width = w.modes - 1;
    fprintf(out, "# seed %llu\nmachine random \"made at random\"\n", (unsigned long long)seed);
    state(&w);
    fprintf(out, "function turned(v : %u) : %u = v[0] ++ v[%u:1]\n", w.width, w.width, w.width - 1);
    fprintf(out, "procedure reset_timer(v : %u) { if v[0] = 1 then T := 0 }\n", w.width);
    translation(&w);
    fprintf(out, "format F { opcode:4 rd:x rs:x imm:%u }\n", w.width);
    unsigned const n = 3 + draw(&w, 3);
    for (unsigned k = 0; k < n; k++) instruction(&w, k);
}
