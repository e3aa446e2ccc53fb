// SPDX-License-Identifier: MIT
// The items of a description: state, formats, sections, instructions.
#include "isa-analyzer/language/parser.h"

#include <string.h>

// ---------------------------------------------------------------- state

static const char *const kind_words[COMPONENT_KINDS] = {
    "general", "counter", "mode", "resource", "memory", "device", "signal",
};

static void parse_modes(struct parser *p, struct component *c)
{
    if (!parser_expect(p, TOKEN_LBRACE, "'{' and the modes: { supervisor = 0, user = 1 }")) return;
    do {
        struct mode_value *m = ARENA_NEW(p->arena, struct mode_value);
        m->name = parser_any_name(p, "the name of a mode", &m->where);
        parser_expect(p, TOKEN_EQ, "'=' and the mode's value");
        parser_number(p, "the mode's value", bits_ones(c->width), &m->value);
        const char *maps = m->name;
        struct span maps_where = m->where;
        if (parser_accept_word(p, "is"))
            maps = parser_name(p, "'supervisor' or 'user' behind 'is'", &maps_where);
        m->supervisor = strcmp(maps, "supervisor") == 0;
        if (!p->lost && !m->supervisor && strcmp(maps, "user") != 0)
            report_error(p->diagnostics, maps_where,
                         "mode '%s' must say what it maps onto: 'is supervisor' or 'is user'",
                         maps);
        list_add(p->arena, &c->modes, m);
    } while (!p->lost && parser_accept(p, TOKEN_COMMA));
    parser_expect(p, TOKEN_RBRACE, "',' or '}' behind a mode");
}

static void parse_element_names(struct parser *p, struct component *c)
{
    parser_expect(p, TOKEN_LPAREN, "'(' and the names of the elements");
    do {
        list_add(p->arena, &c->names,
                 (void *)(uintptr_t)parser_name(p, "the name of an element", NULL));
    } while (!p->lost && parser_accept(p, TOKEN_COMMA));
    parser_expect(p, TOKEN_RPAREN, "',' or ')' behind the name of an element");
}

static void parse_role(struct parser *p, struct component *c)
{
    struct span where;
    const char *role = parser_name(p, "'base', 'bound' or 'location' behind 'is'", &where);
    if (strcmp(role, "base") == 0)
        c->role = ROLE_BASE;
    else if (strcmp(role, "bound") == 0)
        c->role = ROLE_BOUND;
    else if (strcmp(role, "location") == 0)
        c->role = ROLE_LOCATION;
    else if (!p->lost)
        report_error(p->diagnostics, where, "found '%s'; expected 'base', 'bound' or 'location'",
                     role);
    if (c->role && c->kind != COMPONENT_RESOURCE)
        report_error(p->diagnostics, where, "only a resource can be '%s'", role);
}

static bool parse_fixed(struct parser *p, struct component *c)
{
    // x[0] = 0, behind the declaration of x
    if (!c || !parser_is_word(p, c->name) || p->ahead.kind != TOKEN_LBRACKET) return false;
    struct fixed_element *f = ARENA_NEW(p->arena, struct fixed_element);
    f->where = p->now.where;
    parser_advance(p);
    parser_advance(p);
    bits index;
    parser_number(p, "the number of an element", UINT64_MAX, &index);
    f->index = (uint64_t)index;
    parser_expect(p, TOKEN_RBRACKET, "']'");
    parser_expect(p, TOKEN_EQ, "'=' and the value that the element always has");
    parser_number(p, "the value that the element always has", bits_ones(c->width), &f->value);
    list_add(p->arena, &c->fixed, f);
    return true;
}

static struct component *parse_component(struct parser *p, enum component_kind kind)
{
    struct component *c = ARENA_NEW(p->arena, struct component);
    c->kind = kind;
    c->count = 1;
    c->name = parser_name(p, "the name of a component", &c->where);
    if (parser_accept(p, TOKEN_LBRACKET)) {
        c->array = true;
        if (kind == COMPONENT_MEMORY) {
            c->count = 0;
            c->size_name =
                parser_name(p, "the parameter that says how many cells there are", &c->size_where);
        } else {
            bits n;
            parser_number(p, "a number of elements, 1 to 65536", 65536, &n);
            c->count = n ? (uint64_t)n : 1;
        }
        parser_expect(p, TOKEN_RBRACKET, "']'");
    } else if (kind == COMPONENT_MEMORY) {
        parser_unexpected(p, "'[' and the parameter that says how many cells there are");
    }
    parser_expect(p, TOKEN_COLON, "':' and a width in bits");
    c->width = parser_width(p, COMPONENT_WIDTH_MAX);
    if (kind == COMPONENT_MODE) parse_modes(p, c);
    for (;;) {
        if (parser_accept_word(p, "is")) {
            parse_role(p, c);
        } else if (parser_accept_word(p, "named")) {
            parse_element_names(p, c);
        } else if (kind == COMPONENT_MEMORY && parser_accept(p, TOKEN_COMMA)) {
            c->big_endian = parser_is_word(p, "big");
            if (!parser_accept_word(p, "big"))
                parser_expect_word(p, "little", "'little' or 'big': the order of the cells");
        } else {
            return c;
        }
    }
}

static void parse_state(struct parser *p, struct description *m)
{
    parser_expect(p, TOKEN_LBRACE, "'{' and the components");
    while (!p->lost && !parser_is(p, TOKEN_RBRACE)) {
        int kind = 0;
        while (kind < COMPONENT_KINDS && !parser_is_word(p, kind_words[kind])) kind++;
        if (kind == COMPONENT_KINDS) {
            parser_unexpected(p, "'general', 'counter', 'mode', 'resource', 'memory', 'device', "
                                 "'signal' or '}'");
            return;
        }
        parser_advance(p);
        struct component *c = NULL;
        do {
            if (parse_fixed(p, c)) continue;
            c = parse_component(p, (enum component_kind)kind);
            list_add(p->arena, &m->components, c);
        } while (!p->lost && parser_accept(p, TOKEN_COMMA));
    }
    parser_expect(p, TOKEN_RBRACE, "'}'");
}

static void parse_config(struct parser *p, struct description *m)
{
    struct config *c = ARENA_NEW(p->arena, struct config);
    c->name = parser_name(p, "the name of a parameter", &c->where);
    parser_expect(p, TOKEN_COLON, "':' and a width in bits");
    c->width = parser_width(p, COMPONENT_WIDTH_MAX);
    parser_expect(p, TOKEN_EQ, "'=' and a default value");
    parser_number(p, "a default value that fits the width", bits_ones(c->width), &c->value);
    if (parser_is(p, TOKEN_STRING)) c->text = parser_string(p, "a description");
    list_add(p->arena, &m->configs, c);
}

static void parse_selector(struct parser *p, struct description *m)
{
    struct selector *s = ARENA_NEW(p->arena, struct selector);
    s->name = parser_name(p, "the name of a selector", &s->where);
    parser_expect(p, TOKEN_COLON, "':' and a width in bits");
    s->width = parser_width(p, COMPONENT_WIDTH_MAX);
    parser_expect(p, TOKEN_LBRACE, "'{' and the values: { cycle = 0xc00, time = 0xc01 }");
    do {
        struct selector_value *v = ARENA_NEW(p->arena, struct selector_value);
        v->name = parser_name(p, "the name of a value", &v->where);
        parser_expect(p, TOKEN_EQ, "'=' and a value");
        parser_number(p, "a value that fits the width", bits_ones(s->width), &v->value);
        list_add(p->arena, &s->values, v);
    } while (!p->lost && parser_accept(p, TOKEN_COMMA));
    parser_expect(p, TOKEN_RBRACE, "',' or '}' behind a value");
    list_add(p->arena, &m->selectors, s);
}

static void parse_traps(struct parser *p, struct description *m)
{
    parser_expect(p, TOKEN_LBRACE, "'{' and the traps: memory(address : 32) = 0");
    while (!p->lost && !parser_is(p, TOKEN_RBRACE)) {
        struct trap_cause *t = ARENA_NEW(p->arena, struct trap_cause);
        t->name = parser_any_name(p, "the name of a trap", &t->where);
        if (parser_accept(p, TOKEN_LPAREN)) {
            t->parameter = parser_name(p, "the name of the trap's information", NULL);
            parser_expect(p, TOKEN_COLON, "':' and a width in bits");
            t->parameter_width = parser_width(p, COMPONENT_WIDTH_MAX);
            parser_expect(p, TOKEN_RPAREN, "')'");
        }
        parser_expect(p, TOKEN_EQ, "'=' and the trap's code");
        parser_number(p, "the trap's code", UINT32_MAX, &t->code);
        if (parser_accept_word(p, "is")) {
            t->is_memory = true;
            parser_expect_word(p, "memory", "'memory' behind 'is': the paper's memory trap");
        }
        list_add(p->arena, &m->traps, t);
        parser_accept(p, TOKEN_COMMA);
    }
    parser_expect(p, TOKEN_RBRACE, "'}'");
}

// ---------------------------------------------------------------- formats

static void parse_field(struct parser *p, struct format *f)
{
    struct field *x = ARENA_NEW(p->arena, struct field);
    x->name = parser_name(p, "a field, as name:width, or '}'", &x->where);
    parser_expect(p, TOKEN_COLON, "':' and the field's width, or a register file or selector");
    if (!p->lost && parser_is(p, TOKEN_WORD) && !is_keyword(p->now.text)) {
        x->type_name = p->now.text;
        x->where = span_join(x->where, p->now.where);
        parser_advance(p);
    } else {
        x->width = parser_width(p, COMPONENT_WIDTH_MAX);
    }
    list_add(p->arena, &f->fields, x);
}

static void parse_format(struct parser *p, struct description *m)
{
    struct format *f = ARENA_NEW(p->arena, struct format);
    f->name = parser_name(p, "the name of a format", &f->where);
    parser_expect(p, TOKEN_LBRACE, "'{' and the fields, the most significant first");
    while (!p->lost && !parser_is(p, TOKEN_RBRACE)) {
        if (parser_accept(p, TOKEN_SEMICOLON)) {
            list_add(p->arena, &f->fields, ARENA_NEW(p->arena, struct field)); // a unit's end
            continue;
        }
        parse_field(p, f);
    }
    parser_expect(p, TOKEN_RBRACE, "'}'");
    if (parser_accept_word(p, "with")) {
        do {
            struct operand *o = ARENA_NEW(p->arena, struct operand);
            o->name = parser_name(p, "the name of an operand", &o->where);
            parser_expect(p, TOKEN_EQ, "'=' and what it is made of");
            o->value = parse_expression(p);
            list_add(p->arena, &f->operands, o);
        } while (!p->lost && parser_accept(p, TOKEN_COMMA));
    }
    list_add(p->arena, &m->formats, f);
}

// ---------------------------------------------------------------- routines

void parse_parameters(struct parser *p, struct list *parameters)
{
    if (!parser_accept(p, TOKEN_LPAREN) || parser_accept(p, TOKEN_RPAREN)) return;
    do {
        struct parameter *x = ARENA_NEW(p->arena, struct parameter);
        x->name = parser_name(p, "the name of a parameter", &x->where);
        parser_expect(p, TOKEN_COLON, "':' and a width in bits");
        x->width = parser_width(p, WIDTH_MAX);
        list_add(p->arena, parameters, x);
    } while (!p->lost && parser_accept(p, TOKEN_COMMA));
    parser_expect(p, TOKEN_RPAREN, "',' or ')' behind a parameter");
}

// A statement read as a value: an expression, or an if of which each branch is one. Null if not.
static struct expr *as_value(struct parser *p, struct statement *s)
{
    if (s->kind == STATEMENT_VALUE) return s->value;
    if (s->kind != STATEMENT_IF || s->body.n != 1 || s->other.n != 1) return NULL;
    struct expr *e = new_expr(p, EXPR_IF, s->where);
    e->a = s->value;
    e->b = as_value(p, s->body.items[0]);
    e->c = as_value(p, s->other.items[0]);
    return e->b && e->c ? e : NULL;
}

// "{ ... }"; where a result is expected, the last statement is an expression.
static void parse_routine_body(struct parser *p, struct routine *r, bool result)
{
    parser_expect(p, TOKEN_LBRACE, "'{'");
    parse_statements(p, &r->body, true);
    if (!result || p->lost) return;
    r->result = r->body.n ? as_value(p, r->body.items[r->body.n - 1]) : NULL;
    if (r->result) {
        r->body.n--;
    } else {
        report_error(p->diagnostics, p->last,
                     "this must end with a value, an expression before '}'");
    }
}

static void parse_function(struct parser *p, struct description *m)
{
    struct function *f = ARENA_NEW(p->arena, struct function);
    f->routine.where = p->now.where;
    f->name = parser_name(p, "the name of a function", &f->where);
    parse_parameters(p, &f->routine.parameters);
    parser_expect(p, TOKEN_COLON, "':' and the width of the result");
    f->routine.result_width = parser_width(p, WIDTH_MAX);
    parser_expect(p, TOKEN_EQ, "'=' and the function's value");
    f->routine.result = parse_expression(p);
    list_add(p->arena, &m->functions, f);
}

static void parse_procedure(struct parser *p, struct description *m)
{
    struct procedure *f = ARENA_NEW(p->arena, struct procedure);
    f->routine.where = p->now.where;
    f->name = parser_name(p, "the name of a procedure", &f->where);
    parse_parameters(p, &f->routine.parameters);
    parse_routine_body(p, &f->routine, false);
    list_add(p->arena, &m->procedures, f);
}

static void parse_translate(struct parser *p, struct description *m)
{
    struct translation *t = ARENA_NEW(p->arena, struct translation);
    t->routine.where = p->now.where;
    t->name = parser_name(p, "the name of the translated memory, as V(a : 32, n : 64)", &t->where);
    parse_parameters(p, &t->routine.parameters);
    parser_expect_word(p, "to", "'to' and the memory that is translated to");
    t->memory_name = parser_name(p, "the name of a memory", &t->memory_where);
    parse_routine_body(p, &t->routine, true);
    list_add(p->arena, &m->translations, t);
}

static void parse_interrupt(struct parser *p, struct description *m)
{
    struct interrupt *i = ARENA_NEW(p->arena, struct interrupt);
    i->name = parser_any_name(p, "the name of a trap", &i->where);
    i->routine.where = i->where;
    parser_expect_word(p, "when", "'when' and the condition");
    i->condition = parse_expression(p);
    if (parser_is(p, TOKEN_LBRACE)) parse_routine_body(p, &i->routine, false);
    list_add(p->arena, &m->interrupts, i);
}

const char *const section_names[SECTIONS] = {"fetch", "undefined", "deliver",
                                             "tick",  "wake",      "reset"};

static void parse_section(struct parser *p, struct description *m, enum section_kind kind,
                          struct span where)
{
    struct section *s = &m->sections[kind];
    if (s->present) {
        report_error(p->diagnostics, where, "a second '%s'; expected one at most",
                     section_names[kind]);
        report_note(p->diagnostics, s->routine.where, "the first is here");
    }
    *s = (struct section){.present = true};
    s->routine.where = where;
    if (kind == SECTION_WAKE) {
        parser_expect_word(p, "when", "'when' and the condition that ends a wait");
        s->routine.result = parse_expression(p);
        return;
    }
    parse_parameters(p, &s->routine.parameters);
    parse_routine_body(p, &s->routine, kind == SECTION_FETCH);
}

// ---------------------------------------------------------------- instructions

static void parse_constraints(struct parser *p, struct instruction *i)
{
    parser_expect(p, TOKEN_LPAREN,
                  "'(' and the fields that tell this instruction: R(opcode = 0x33)");
    if (parser_accept(p, TOKEN_RPAREN)) return;
    do {
        struct constraint *c = ARENA_NEW(p->arena, struct constraint);
        c->name = parser_name(p, "the name of a field", &c->where);
        if (parser_accept(p, TOKEN_NE)) {
            c->kind = CONSTRAINT_DIFFER;
        } else {
            parser_expect(p, TOKEN_EQ, "'=' or '!=' and the field's value");
            if (parser_accept(p, TOKEN_ANY)) c->kind = CONSTRAINT_ANY;
        }
        if (c->kind != CONSTRAINT_ANY) c->value = parse_expression(p);
        list_add(p->arena, &i->constraints, c);
    } while (!p->lost && parser_accept(p, TOKEN_COMMA));
    parser_expect(p, TOKEN_RPAREN, "',' or ')' behind a field");
}

static struct instruction *parse_instruction(struct parser *p)
{
    struct instruction *i = ARENA_NEW(p->arena, struct instruction);
    i->routine.where = p->now.where;
    i->name = parser_any_name(p, "the name of an instruction", &i->where);
    i->syntax_where = p->now.where;
    i->syntax = parser_string(p, "how the instruction is written: \"add {rd}, {rs1}, {rs2}\"");
    parser_expect(p, TOKEN_COLON, "':' and a format");
    i->format_name = parser_name(p, "the name of a format", &i->format_where);
    parse_constraints(p, i);
    for (;;) {
        if (!p->lost && parser_accept_word(p, "where"))
            i->guard = parse_expression(p);
        else if (!p->lost && parser_accept_word(p, "from"))
            i->citation = parser_string(p, "a source: \"RISC-V Unprivileged ISA, 2.4\"");
        else
            break;
    }
    if (parser_accept(p, TOKEN_LBRACE))
        parse_statements(p, &i->routine.body, true);
    else
        parse_statements(p, &i->routine.body, false);
    return i;
}

static void parse_native(struct parser *p, struct description *m)
{
    parser_expect(p, TOKEN_LBRACE, "'{' and the instructions that stock assemblers know");
    while (!p->lost && !parser_is(p, TOKEN_RBRACE)) {
        struct named *n = ARENA_NEW(p->arena, struct named);
        n->name = parser_any_name(p, "the name of an instruction", &n->where);
        list_add(p->arena, &m->native, n);
        parser_accept(p, TOKEN_COMMA);
    }
    parser_expect(p, TOKEN_RBRACE, "'}'");
}

static void parse_replace(struct parser *p, struct description *m)
{
    parser_expect_word(p, "instruction", "'instruction': only an instruction can be replaced");
    list_add(p->arena, &m->replaced, parse_instruction(p));
}

static void parse_remove(struct parser *p, struct description *m)
{
    parser_expect_word(p, "instruction", "'instruction': only an instruction can be removed");
    struct instruction *i = ARENA_NEW(p->arena, struct instruction);
    i->name = parser_any_name(p, "the name of an instruction", &i->where);
    list_add(p->arena, &m->replaced, i);
}

static void parse_item(struct parser *p, struct description *m)
{
    struct span const where = p->now.where;
    if (parser_accept_word(p, "config")) return parse_config(p, m);
    if (parser_accept_word(p, "state")) return parse_state(p, m);
    if (parser_accept_word(p, "selector")) return parse_selector(p, m);
    if (parser_accept_word(p, "format")) return parse_format(p, m);
    if (parser_accept_word(p, "traps")) return parse_traps(p, m);
    if (parser_accept_word(p, "function")) return parse_function(p, m);
    if (parser_accept_word(p, "procedure")) return parse_procedure(p, m);
    if (parser_accept_word(p, "translate")) return parse_translate(p, m);
    if (parser_accept_word(p, "interrupt")) return parse_interrupt(p, m);
    if (parser_accept_word(p, "native")) return parse_native(p, m);
    if (parser_accept_word(p, "map")) return parse_map(p, m);
    if (parser_accept_word(p, "replace")) return parse_replace(p, m);
    if (parser_accept_word(p, "remove")) return parse_remove(p, m);
    if (parser_accept_word(p, "instruction")) {
        list_add(p->arena, &m->instructions, parse_instruction(p));
        return;
    }
    for (int kind = 0; kind < SECTIONS; kind++) {
        if (parser_accept_word(p, section_names[kind]))
            return parse_section(p, m, (enum section_kind)kind, where);
    }
    parser_unexpected(p, "an item: 'instruction', 'format', 'state', 'traps', 'config', ...");
}

static void parse_head(struct parser *p, struct description *m)
{
    if (!parser_is_word(p, "machine")) {
        parser_unexpected(p, "'machine' and the machine's name");
        return;
    }
    // Names of machines have their own spelling: read anew what stands behind the word.
    p->lexer.at = p->now.where.at + p->now.where.length;
    p->ahead = lexer_machine_name(&p->lexer);
    parser_advance(p);
    m->name = p->now.text;
    m->where = p->now.where;
    if (!parser_is(p, TOKEN_WORD)) parser_unexpected(p, "the machine's name");
    parser_advance(p);
    if (parser_is(p, TOKEN_STRING)) m->title = parser_string(p, "a title");
    if (!parser_is_word(p, "extends")) return;
    p->lexer.at = p->now.where.at + p->now.where.length;
    p->ahead = lexer_machine_name(&p->lexer);
    parser_advance(p);
    m->base = p->now.text;
    m->base_where = p->now.where;
    if (!parser_is(p, TOKEN_WORD)) parser_unexpected(p, "the name of the machine that is extended");
    parser_advance(p);
}

struct description *parse_description(struct arena *a, struct diagnostics *d, struct source *s)
{
    struct parser p = {.arena = a, .diagnostics = d, .lexer = {a, d, s, 0}};
    struct description *m = ARENA_NEW(a, struct description);
    m->arena = a;
    m->source = s;
    m->name = "?";
    m->title = "";
    parser_advance(&p);
    parser_advance(&p);
    parse_head(&p, m);
    while (!parser_is(&p, TOKEN_END)) {
        if (p.lost || !parser_at_item(&p)) {
            parser_unexpected(&p, "an item ('instruction', 'format', 'state', ...) or the end");
            // Go on with the next item, so that one run shows more than one error.
            while (!parser_at_item(&p) && !parser_is(&p, TOKEN_END)) parser_advance(&p);
            p.lost = false;
            p.depth = 0;
            continue;
        }
        parse_item(&p, m);
    }
    return m;
}
