// SPDX-License-Identifier: MIT
// Tiny machines made at random.
#include "tests/classify/random_machine.h"
#include "tests/classify/random_writer.h"

#include <string.h>

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
    // Small enough for a larger machine to hold it, at an address that the base can say.
    unsigned const size = w->size_width == 2 ? 2 : w->width == 2 ? 2 + draw(w, 2) : 3 + draw(w, 4);
    static const char *const classes[] = {"supervisor", "user"};
    // The third mode, where there is one, and which of the others stands first.
    bool const third_user = chance(w, 50), user_first = chance(w, 30);
    unsigned const last_user = w->modes == 3 && third_user ? 2 : !user_first;
    fprintf(w->out,
            "config memory_size : %u = %u\n"
            "state {\n  general x[2] : %u%s\n  counter P : %u\n  mode M : %u { m0 = 0 is %s, m1 = "
            "1 is %s",
            w->size_width, size, w->width, chance(w, 25) ? ", x[0] = 0" : "", w->width,
            w->mode_width, classes[user_first], classes[!user_first]);
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
            w->width, 6 + w->width + w->selector, w->width);
    map(w, last_user);
}

static void instruction(struct writer *w, unsigned k)
{
    static const char *const sources[] = {"x[rd]", "x[rs]", "x[rs]", "imm",
                                          "P",     "x[1]",  "next",  "turn"};
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
    for (unsigned n = 0; n < 3; n++) w->plain[n] = sources[draw(w, 8)];
    if (w->width > 2) w->plain[2] = w->plain[0];
    fprintf(w->out, "instruction i%u \"i%u\" : F(opcode = %u, rd = _, rs = _, ", k, k, k);
    if (chance(w, 10)) fprintf(w->out, "imm != %u, ", draw(w, 1u << w->width));
    put(w, "imm = _");
    w->which = w->selector && chance(w, 70);
    if (w->selector)
        put(w, w->which ? ", which = _" : chance(w, 50) ? ", which = red" : ", which = 1");
    put(w, ")\n  ");
    if (chance(w, 8))
        put(w, chance(w, 50) ? "where imm[0] = rd\n  " : "where rd != rs or imm = 0\n  ");
    if (w->tame && !innocent && chance(w, 92))
        put(w, "require supervisor else trap privileged(word)\n");
    else if (chance(w, w->tame ? 5 : 45))
        random_guard(w);
    if (chance(w, 5)) {
        put(w, "  ");
        random_trap(w);
        put(w, "\n");
        return;
    }
    random_statements(w, 1 + draw(w, 3), 1);
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
    w.selector = chance(&w, 20) ? 1 + draw(&w, 2) : 0;
    w.modes = 2 + chance(&w, 30);
    w.mode_width = w.modes - 1;
    fprintf(out, "# seed %llu\nmachine random \"made at random\"\n", (unsigned long long)seed);
    state(&w);
    fprintf(out, "function turned(v : %u) : %u = v[0] ++ v[%u:1]\n", w.width, w.width, w.width - 1);
    fprintf(out, "procedure reset_timer(v : %u) { if v[0] = 1 then T := 0 }\n", w.width);
    translation(&w);
    if (w.selector) fprintf(out, "selector kind : %u { red = 0, green = 1 }\n", w.selector);
    fprintf(out, "format F { opcode:4 rd:x rs:x %simm:%u }\n  with turn = imm ^ 1\n",
            w.selector ? "which:kind " : "", w.width);
    unsigned const n = 3 + draw(&w, 3);
    for (unsigned k = 0; k < n; k++) instruction(&w, k);
}
