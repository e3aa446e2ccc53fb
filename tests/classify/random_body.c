// SPDX-License-Identifier: MIT
// Statements of tiny machines, at random.
#include "tests/classify/random_writer.h"

void random_trap(struct writer *w)
{
    switch (draw(w, 5)) {
    case 0:
    case 1: put(w, "trap privileged(word)"); break;
    case 2: put(w, "trap fault"); break;
    case 3:
        put(w, "trap bad(");
        random_value(w, w->width, 1);
        put(w, ")");
        break;
    default:
        put(w, "trap memory(");
        random_value(w, w->width, 1);
        put(w, ")");
    }
}

void random_guard(struct writer *w)
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
        random_condition(w, 1);
        put(w, " else ");
        break;
    case 7:
        put(w, "require user or ");
        random_condition(w, 1);
        put(w, " else ");
        break;
    case 8:
        put(w, "if ");
        random_condition(w, 1);
        put(w, " then { require supervisor else ");
        random_trap(w);
        put(w, " }\n");
        return;
    case 9:
        put(w, "require user else trap memory(");
        random_value(w, w->width, 1);
        put(w, ")\n");
        return;
    case 10:
        put(w, "require supervisor else trap memory(");
        random_value(w, w->width, 1);
        put(w, ")\n");
        return;
    default:
        put(w, "require ");
        random_condition(w, 1);
        put(w, " else ");
    }
    random_trap(w);
    put(w, "\n");
}

static void block(struct writer *w, int depth)
{
    unsigned const visible = w->visible;
    put(w, "{\n");
    random_statements(w, 1, depth - 1);
    put(w, "}\n");
    w->visible = visible;
}

static void to_register(struct writer *w)
{
    fprintf(w->out, "x[%s]", chance(w, 70) ? "rd" : chance(w, 50) ? "rs" : "1");
    if (w->width > 2 && chance(w, 10)) {
        put(w, "[1:0] := ");
        random_value(w, 2, 2);
    } else {
        put(w, " := ");
        random_value(w, w->width, 2);
    }
    put(w, "\n");
}

static void to_cell(struct writer *w, bool virtual)
{
    bool const two = chance(w, 15) && virtual && w->pairs;
    put(w, virtual ? "V[" : "E[");
    random_value(w, w->width, 1);
    put(w, two ? " +: 2] := " : "] := ");
    random_value(w, two ? 2 * w->cell : w->cell, 1);
    put(w, "\n");
}

// Assigns a resource, the mode or the like. `assigned` keeps one block from doing it twice.
static bool to_resource(struct writer *w, unsigned *assigned)
{
    unsigned const about = random_matter(w, w->writes);
    if ((*assigned & about) || chance(w, 50)) return false;
    switch ((enum subject_matter)about) {
    case ABOUT_BASE:
        put(w, "l := ");
        random_value(w, w->width, 1);
        break;
    case ABOUT_BOUND:
        put(w, "b := ");
        random_value(w, w->bound_width, 1);
        break;
    case ABOUT_LOCATION:
        put(w, "D := ");
        random_value(w, w->location_width, 1);
        break;
    case ABOUT_TIMER:
        put(w, "T := ");
        random_value(w, w->timer_width, 1);
        break;
    case ABOUT_FLAG:
        put(w, "F := ");
        random_value(w, 1, 1);
        break;
    case ABOUT_MODE:
        if (chance(w, 70)) {
            fprintf(w->out, "M := M.m%u", draw(w, w->modes));
        } else {
            put(w, "M := ");
            random_value(w, w->mode_width, 1);
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
        random_condition(w, 1);
        put(w, " then ");
        random_trap(w);
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
        random_value(w, w->width, 0);
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
            random_value(w, w->width, 1);
            fprintf(w->out, " +: 2][%u:0]", w->width - 1);
        } else {
            random_load(w, true, w->width, 2);
        }
    } else {
        random_value(w, w->width, 2);
    }
    put(w, "\n");
    w->visible = ++w->lets;
}

void random_statements(struct writer *w, unsigned n, int depth)
{
    unsigned assigned = 0;
    bool jumped = false;
    for (unsigned k = 0; k < n; k++) {
        put(w, "  ");
        if (to_resource(w, &assigned)) continue;
        unsigned const kind = draw(w, 100);
        if (kind < 20 && depth > 0) {
            put(w, "if ");
            random_condition(w, 1);
            put(w, " then ");
            block(w, depth);
            if (chance(w, 40)) {
                put(w, "  else ");
                block(w, depth);
            }
        } else if (kind < 25 && depth > 0) {
            if (w->which && chance(w, 60))
                put(w, "case which { when red ");
            else
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
            random_value(w, w->width, 1);
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
