// SPDX-License-Identifier: MIT
// Instructions whose classes are known on paper.
#include "tests/classify/cases.h"

#include <string.h>

#define DIRECT "exact reflectable exact_hybrid reflectable_hybrid "
#define NOT_VIRTUAL_SUPERVISOR "exact_hybrid reflectable reflectable_hybrid "
#define NEVER_DIRECT "reflectable reflectable_hybrid "
#define GUARD "require supervisor else trap privileged(word) "

// ---------------------------------------------------------------- DESIGN 4's table of holes

static const struct instruction_case holes[] = {
    // Literally nothing is seen: where the touch fails, the pair is exempt. The real base is
    // another, so the real touch is another.
    {"touch_fixed", "let t = V[5 - l]", "innocuous"},
    // Where the real touch succeeds the virtual one does.
    {"touch_base", "let t = V[l]", "innocuous exact exact_hybrid"},
    {"read_bound", "x[rd] := b", "innocuous " NEVER_DIRECT},
    {"touch_supervisor", "if supervisor then { trap memory(x[rs]) }",
     "privileged vacuous " NOT_VIRTUAL_SUPERVISOR},
    // Would be innocuous if all states that trap were set aside; by DESIGN's reading it is control-
    // sensitive; not user-sensitive, since one of the two states is a supervisor's.
    {"svtrap", "require user else trap ecall", "control_sensitive " NOT_VIRTUAL_SUPERVISOR},
    {"supervisor_call", "trap ecall", "always_traps " DIRECT},
    {"some_operands", "if x[rs] = 0 then { " GUARD "T := 1 }",
     "conditionally_privileged control_sensitive " DIRECT},
    {NULL, NULL, NULL},
};

// ---------------------------------------------------------------- PG32 and its variants

static const struct instruction_case sound[] = {
    {"nothing", "", "innocuous " DIRECT},
    {"move", "x[rd] := x[rs]", "innocuous " DIRECT},
    {"jump", "P := x[rs]", "innocuous " DIRECT},
    {"load", "x[rd] := zext(V[x[rs]], 3)", "innocuous " DIRECT},
    {"store", "V[x[rs]] := x[rd][1:0]", "innocuous " DIRECT},
    {"lrb", GUARD "l := x[rs] b := x[rd]", "privileged control_sensitive " DIRECT},
    {"rtm", GUARD "x[rd] := zext(T, 3)", "privileged resource_sensitive " DIRECT},
    {"rrb", GUARD "x[rd] := l", "privileged location_sensitive " DIRECT},
    {"idle", GUARD "wait", "privileged control_sensitive " DIRECT},
    {"halt", GUARD "stop x[rs]", "privileged control_sensitive " DIRECT},
    {"out", GUARD "port[rs] := x[rd]", "privileged control_sensitive " DIRECT},
    {"breakpoint", "trap info(l)", "always_traps " DIRECT},
    {NULL, NULL, NULL},
};

static const struct instruction_case unsound[] = {
    {"jrst1", "M := M.user P := x[rs]", "control_sensitive " NOT_VIRTUAL_SUPERVISOR},
    {"rdmode", "x[rd] := zext(M, 3)", "mode_sensitive " NOT_VIRTUAL_SUPERVISOR},
    {"rdrel", "x[rd] := l", "location_sensitive user_sensitive " NEVER_DIRECT},
    {"wrie", "if supervisor then IE := 1", "control_sensitive " NOT_VIRTUAL_SUPERVISOR},
    {"lra", "x[rd] := l + x[rs]", "location_sensitive user_sensitive " NEVER_DIRECT},
    {"ustm", "T := x[rs][0]", "control_sensitive user_sensitive " NEVER_DIRECT},
    {"urtm", "x[rd] := zext(T, 3)", "resource_sensitive " NEVER_DIRECT},
    {"ustop", "stop x[rs]", "control_sensitive user_sensitive " NEVER_DIRECT},
    {"uwait", "wait", "control_sensitive user_sensitive " NEVER_DIRECT},
    {"uout", "port[rs] := x[rd]", "control_sensitive user_sensitive " NEVER_DIRECT},
    {"physical_load", "x[rd] := zext(E[x[rs]], 3)",
     "location_sensitive user_sensitive " NEVER_DIRECT},
    {"physical_store", "E[x[rs]] := 0b01", "location_sensitive user_sensitive " NEVER_DIRECT},
    {"size", "x[rd] := memory_size", "innocuous " NEVER_DIRECT},
    {NULL, NULL, NULL},
};

// ---------------------------------------------------------------- one condition each

static const struct instruction_case conditions[] = {
    {"user_touch", "require supervisor else trap memory(x[rs])",
     "privileged vacuous exact exact_hybrid reflectable_hybrid"},
    {"no_state", "trap memory(x[rs])", "privileged vacuous " DIRECT},
    {"trap_tells", "require x[rs] != 0 else trap info(l)",
     "location_sensitive user_sensitive " DIRECT},
    {"two_traps", "if user then { trap memory(0) } else { trap ecall }",
     "always_traps privileged vacuous exact exact_hybrid reflectable_hybrid"},
    {"same_value", "T := T", "innocuous " DIRECT},
    {"outside", "require (l = 1 or l = 2) and b = 1 else trap memory(0) x[rd] := zext(E[5], 3)",
     "location_sensitive user_sensitive"},
    {"load_and_base", "let t = V[x[rs]] x[rd] := l",
     "location_sensitive user_sensitive " NEVER_DIRECT},
    {"any_of", "x[rd] := choose(x[rs], 5)", "innocuous nondeterministic " DIRECT},
    {"perhaps_trap", "choose { " GUARD "} or { } x[rd] := 1", "innocuous nondeterministic " DIRECT},
    {"choice_by_mode", "x[rd] := if supervisor then choose(1, 2) else 1",
     "mode_sensitive nondeterministic " DIRECT},
    {"choice_by_user", "x[rd] := if user then choose(1, 2) else 1",
     "mode_sensitive nondeterministic " NOT_VIRTUAL_SUPERVISOR},
    {"segment", "x[rd] := zext(D, 3)", "location_sensitive user_sensitive " NEVER_DIRECT},
    {NULL, NULL, NULL},
};

static const struct instruction_case lent[] = {
    {"urtm", "x[rd] := zext(T, 3)", "resource_sensitive " DIRECT},
    {"ustm", "T := x[rs][0]", "control_sensitive user_sensitive " NEVER_DIRECT},
    // The real IE is 1, whatever the virtual one: it traps, and the monitor emulates it.
    {"by_ie", "require IE = 0 else trap ecall", "resource_sensitive " DIRECT},
    {"by_not_ie", "require IE = 1 else trap ecall", "resource_sensitive " NEVER_DIRECT},
    {NULL, NULL, NULL},
};

static const struct instruction_case layers[] = {
    {"three_lrb", GUARD "l := x[rs]", "privileged control_sensitive " DIRECT},
    {"inner_only", "require M != M.user else trap privileged(word) x[rd] := 1",
     "conditionally_privileged innocuous " DIRECT},
    {"read_layer", "x[rd] := zext(M, 3)", "mode_sensitive " NOT_VIRTUAL_SUPERVISOR},
    {"to_layer", "if user then M := M.outer", "control_sensitive user_sensitive " NEVER_DIRECT},
    {NULL, NULL, NULL},
};

#define TWO "M : 1 { supervisor = 0, user = 1 }"
#define THREE "M : 2 { supervisor = 0, user = 1, outer = 2 is user }"

const struct machine_case machine_cases[] = {
    {"holes", TWO, "", holes, "theorem3"},
    {"sound", TWO, "", sound, "theorem1 theorem2 theorem3 exact exact-hybrid"},
    {"unsound", TWO, "", unsound, ""},
    {"conditions", TWO, "", conditions, ""},
    {"lent", TWO, "map { mirror T fix IE = 1 }\n", lent, ""},
    {"layers", THREE, "", layers, ""},
    {NULL, NULL, NULL, NULL, NULL},
};

void machine_case_print(const struct machine_case *c, FILE *out)
{
    fprintf(out,
            "machine %s \"tiny\"\n"
            "config memory_size : 3 = 6\n"
            "state {\n"
            "  general  x[2] : 3\n"
            "  counter  P : 3\n"
            "  mode     %s\n"
            "  resource l : 3 is base, b : 3 is bound, T : 1, IE : 1, D : 1 is location\n"
            "  memory   E[memory_size] : 2, little\n"
            "  device   port[2] : 3\n"
            "}\n"
            "traps { memory(address : 3) = 0 is memory  privileged(word : 8) = 1  ecall = 2\n"
            "        info(what : 3) = 3 }\n"
            "%s"
            "translate V(a : 3, n : 64) to E {\n"
            "  require wide(a) + n <= wide(b) else trap memory(a)\n"
            "  require wide(l) + wide(a) + n <= wide(memory_size) else trap memory(a)\n"
            "  l + a\n"
            "}\n"
            "format F { opcode:6 rd:x rs:x }\n",
            c->name, c->modes, c->map);
    unsigned opcode = 0;
    for (const struct instruction_case *i = c->instructions; i->name; i++)
        fprintf(out, "instruction %s \"%s\" : F(opcode = %u, rd = _, rs = _)\n  %s\n", i->name,
                i->name, opcode++, i->body);
}

bool is_listed(const char *list, const char *word)
{
    size_t const length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += length) {
        bool const begins = at == list || at[-1] == ' ';
        if (begins && (at[length] == ' ' || at[length] == '\0')) return true;
    }
    return false;
}

const struct reading_case reading_cases[READINGS - 1] = {
    {MEMORY_TRAPS_COUNT, "holes", "touch_base", INNOCUOUS},
    {MODE_COMPARES_TRAPS, "sound", "lrb", MODE_SENSITIVE},
    {SVTRAP_FORGOTTEN, "holes", "svtrap", INNOCUOUS},
    {VALUES_IGNORED, "conditions", "same_value", INNOCUOUS},
    {BOUND_DIFFERS, "holes", "read_bound", INNOCUOUS},
    {OUTSIDE_SHARED, "conditions", "outside", LOCATION_SENSITIVE},
    {INFORMATION_IGNORED, "conditions", "trap_tells", USER_SENSITIVE},
    {NOT_SET_ASIDE, "sound", "breakpoint", LOCATION_SENSITIVE},
    {FIRST_MODES, "layers", "inner_only", PRIVILEGED},
    {BOUND_NOT_CLIPPED, "holes", "read_bound", EXACT},
    {PARTITION_UNMOVED, "conditions", "load_and_base", EXACT},
    {RESOURCES_MAY_CHANGE, "unsound", "wrie", EXACT},
    {STOP_ALLOWED, "unsound", "uwait", EXACT_HYBRID},
    {ALL_LENT, "unsound", "urtm", EXACT},
    {ANY_TRAP_REFLECTS, "conditions", "two_traps", REFLECTABLE},
};
