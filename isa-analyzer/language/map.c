// SPDX-License-Identifier: MIT
// The clause `map`: what the real machine holds while a virtual machine's instructions run on it.
// Its rule of the grammar, and the checker's part of it.
#include "isa-analyzer/language/check.h"
#include "isa-analyzer/language/parser.h"

#include <string.h>

// ---------------------------------------------------------------- the parser's part

static void parse_value(struct parser *p, struct map_entry *e)
{
    parser_expect(p, TOKEN_EQ, "'=' and the constant that the real machine holds");
    e->value_where = p->now.where;
    if (!p->lost && parser_is(p, TOKEN_WORD))
        e->value_name = parser_any_name(p, "the name of a mode", &e->value_where);
    else
        parser_number(p, "a number, or the name of a mode", UINT64_MAX, &e->value);
}

void parse_map(struct parser *p, struct description *m)
{
    static const char *const words[] = {
        [MAP_ARBITRARY] = "arbitrary", [MAP_MIRROR] = "mirror", [MAP_FIX] = "fix"};
    parser_expect(p, TOKEN_LBRACE, "'{' and what becomes of the resources: mirror T");
    while (!p->lost && !parser_is(p, TOKEN_RBRACE)) {
        enum map_kind kind = MAP_ARBITRARY;
        while (kind <= MAP_FIX && !parser_is_word(p, words[kind])) kind++;
        if (kind > MAP_FIX) {
            parser_unexpected(p, "'mirror', 'fix', 'arbitrary' or '}'");
            return;
        }
        parser_advance(p);
        do {
            struct map_entry *e = ARENA_NEW(p->arena, struct map_entry);
            e->kind = kind;
            e->name = parser_name(p, "the name of a resource", &e->where);
            if (kind == MAP_FIX) parse_value(p, e);
            list_add(p->arena, &m->map, e);
        } while (!p->lost && parser_accept(p, TOKEN_COMMA));
    }
    parser_expect(p, TOKEN_RBRACE, "'}'");
}

// ---------------------------------------------------------------- the checker's part

static void check_mode(struct checker *c, struct map_entry *e)
{
    struct mode_value *v, *found = NULL;
    LIST_EACH(v, e->component->modes)
    if (e->value_name ? strcmp(v->name, e->value_name) == 0 : v->value == e->value) found = v;
    if (e->kind != MAP_FIX)
        report_error(c->diagnostics, e->where,
                     "the real mode can only be fixed; expected 'fix %s = ' and a user mode",
                     e->name);
    else if (!found)
        report_error(c->diagnostics, e->value_where,
                     "'%s' has no such mode; expected one of its "
                     "modes",
                     e->name);
    else if (found->supervisor)
        report_error(c->diagnostics, e->value_where,
                     "'%s' is a supervisor mode; a virtual machine's instructions run in a user "
                     "mode",
                     found->name);
    else
        c->m->real_mode = found;
}

static void check_resource(struct checker *c, struct map_entry *e)
{
    if (e->component->role == ROLE_BASE || e->component->role == ROLE_BOUND) {
        report_error(c->diagnostics, e->where,
                     "'%s' is part of the relocation-bounds register, which the virtual machine "
                     "map composes; expected another resource",
                     e->name);
        return;
    }
    if (e->kind == MAP_FIX && e->value_name)
        report_error(c->diagnostics, e->value_where, "found '%s'; expected a number of %u bits",
                     e->value_name, e->component->width);
    else if (e->kind == MAP_FIX && bits_width(e->value) > e->component->width)
        report_error(c->diagnostics, e->value_where, "this has %u bits; '%s' has %u",
                     bits_width(e->value), e->name, e->component->width);
    e->component->map = e->kind;
    e->component->map_value = e->value;
}

// R is one pair of registers.
static void check_roles(struct checker *c, enum component_role role, const char *what)
{
    struct component *x, *first = NULL;
    LIST_EACH(x, c->m->components)
    {
        if (x->role != role) continue;
        if (x->array)
            report_error(c->diagnostics, x->where,
                         "the %s of relocation is one register, not an array; 'is location' "
                         "declares others",
                         what);
        if (first) {
            report_error(c->diagnostics, x->where, "a second %s of relocation; expected one", what);
            report_note(c->diagnostics, first->where, "the first is here");
        }
        first = x;
    }
}

void check_map(struct checker *c)
{
    struct map_entry *e, *other;
    check_roles(c, ROLE_BASE, "base");
    check_roles(c, ROLE_BOUND, "bound");
    LIST_EACH(e, c->m->map)
    {
        bool twice = false;
        LIST_EACH(other, c->m->map)
        {
            if (other_i >= e_i || strcmp(other->name, e->name) != 0) continue;
            report_error(c->diagnostics, e->where, "'%s' is mapped a second time", e->name);
            report_note(c->diagnostics, other->where, "the first time is here");
            twice = true;
            break;
        }
        if (twice) continue;
        e->component = find_component(c->m, e->name);
        if (!e->component)
            report_error(c->diagnostics, e->where, "there is no resource '%s'", e->name);
        else if (e->component->kind == COMPONENT_MODE)
            check_mode(c, e);
        else if (e->component->kind == COMPONENT_RESOURCE)
            check_resource(c, e);
        else
            report_error(c->diagnostics, e->where,
                         "'%s' is declared as '%s'; expected a resource or the mode", e->name,
                         component_kind_names[e->component->kind]);
    }
}
