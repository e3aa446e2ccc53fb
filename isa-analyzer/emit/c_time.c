// SPDX-License-Identifier: MIT
// `emit c`: many ticks at once. Where the description's tick is a countdown and settings to
// constants, the machine gets a closed form; otherwise it ticks one by one.
#include "isa-analyzer/emit/c.h"

static const struct component *scalar(const struct expr *e)
{
    return e && e->kind == EXPR_COMPONENT && !e->a ? e->component : NULL;
}

static bool is_number(const struct expr *e, bits n)
{
    return e && e->kind == EXPR_NUMBER && e->number == n;
}

// component := constant
static bool is_setting(const struct statement *s)
{
    return s->kind == STATEMENT_ASSIGN && scalar(s->target) && s->value->kind == EXPR_NUMBER;
}

// if T != 0 then { T := T - 1   if T = 1 then pending := constant }
struct countdown {
    const struct component *timer;
    const struct statement *due; // what happens when it reaches zero
};

static bool is_countdown(const struct statement *s, struct countdown *c)
{
    if (s->kind != STATEMENT_IF || s->has_other || s->body.n != 2) return false;
    const struct expr *test = s->value;
    const struct statement *step = s->body.items[0], *due = s->body.items[1];
    if (test->kind != EXPR_BINARY || test->op != OP_NE || !is_number(test->b, 0)) return false;
    c->timer = scalar(test->a);
    if (!c->timer || step->kind != STATEMENT_ASSIGN || scalar(step->target) != c->timer)
        return false;
    const struct expr *less = step->value;
    if (less->kind != EXPR_BINARY || less->op != OP_SUB || scalar(less->a) != c->timer ||
        !is_number(less->b, 1))
        return false;
    if (due->kind != STATEMENT_IF || due->has_other || due->body.n != 1) return false;
    const struct expr *one = due->value;
    if (one->kind != EXPR_BINARY || one->op != OP_EQ || scalar(one->a) != c->timer ||
        !is_number(one->b, 1))
        return false;
    c->due = due->body.items[0];
    return is_setting(c->due) && scalar(c->due->target) != c->timer;
}

static bool closed_form(const struct list *body)
{
    struct statement *s;
    struct countdown c;
    LIST_EACH(s, *body) if (!is_setting(s) && !is_countdown(s, &c)) return false;
    return true;
}

static void write_horizon(const struct list *body, FILE *out)
{
    struct statement *s;
    struct countdown c;
    fputs("    uint64_t n = UINT64_MAX;\n    (void)s;\n", out);
    LIST_EACH(s, *body)
    if (is_countdown(s, &c)) fprintf(out, "    if (s->%s != 0 && s->%s < n) n = s->%s;\n",
                                     c.timer->name, c.timer->name, c.timer->name);
    fputs("    return n;\n}\n\n", out);
}

static void write_advance(struct arena *a, const struct list *body, FILE *out)
{
    struct statement *s;
    struct countdown c;
    fputs("    if (n == 0) return;\n    (void)s;\n", out);
    LIST_EACH(s, *body)
    {
        if (is_setting(s)) {
            const struct component *x = s->target->component;
            fprintf(out, "    s->%s = %s;\n", x->name, c_constant(a, s->value->number, x->width));
        } else if (is_countdown(s, &c)) {
            const struct component *x = c.due->target->component;
            fprintf(out,
                    "    if (s->%s != 0) {\n        s->%s -= (%s)n;\n        if (s->%s == 0) s->%s "
                    "= %s;\n    }\n",
                    c.timer->name, c.timer->name, c_member_type(c.timer->width), c.timer->name,
                    x->name, c_constant(a, c.due->value->number, x->width));
        }
    }
    fputs("}\n\n", out);
}

bool c_write_time(const struct description *m, struct arena *a, const char *prefix, FILE *out)
{
    const struct list *body = &m->sections[SECTION_TICK].routine.body;
    bool const closed = closed_form(body);
    fprintf(out,
            "// How many ticks may pass in one %s_advance: until something happens that a later\n"
            "// tick depends on. At least 1.\n"
            "static inline uint64_t %s_horizon(const struct %s *s)\n{\n",
            prefix, prefix, prefix);
    if (closed)
        write_horizon(body, out);
    else
        fputs("    (void)s;\n    return 1;\n}\n\n", out);
    fprintf(out,
            "// The same as n times %s_tick; n is at most the horizon.\n"
            "static inline void %s_advance(struct %s *s, uint64_t n)\n{\n",
            prefix, prefix, prefix);
    if (closed)
        write_advance(a, body, out);
    else
        fprintf(out, "    while (n--) %s_tick(s);\n}\n\n", prefix);
    return closed;
}
