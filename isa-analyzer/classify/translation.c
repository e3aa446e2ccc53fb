// SPDX-License-Identifier: MIT
// Lemmas on address translation, in linear integers. As bit vectors the same statements take a
// solver half a minute.
#include "isa-analyzer/classify/translation.h"
#include "isa-analyzer/semantics/linear.h"

#include <stdlib.h>

struct lemma {
    struct lemma *next;
    enum lemma_kind kind;
    const struct translation *t;
    unsigned cells;
    bits mode, real;
    bool holds;
};

enum { LEMMA_WORK = 30000000 };

static const struct component *with_role(const struct description *m, enum component_role role)
{
    struct component *x;
    LIST_EACH(x, m->components) if (x->role == role) return x;
    return NULL;
}

const struct component *relocation_base(const struct description *m)
{
    return m->memory && with_role(m, ROLE_BOUND) ? with_role(m, ROLE_BASE) : NULL;
}

const struct component *relocation_bound(const struct description *m)
{
    return relocation_base(m) ? with_role(m, ROLE_BOUND) : NULL;
}

const struct mode_value *real_mode(const struct description *m, const struct mode_value *mode)
{
    struct mode_value *v;
    if (!mode) return NULL;
    if (m->real_mode) return m->real_mode;
    if (!mode->supervisor) return mode;
    LIST_EACH(v, m->mode->modes) if (!v->supervisor) return v;
    return mode;
}

// One proof at work.
struct proof {
    Z3_context z;
    struct arena arena;
    const struct description *m;
    Z3_solver solver;
    const struct lemma *lemma;
    const struct classify_options *options;
    unsigned claims;
};

static Z3_ast both(struct proof *p, Z3_ast a, Z3_ast b)
{
    Z3_ast const parts[] = {a, b};
    return Z3_mk_and(p->z, 2, parts);
}

static Z3_ast sum(struct proof *p, Z3_ast a, Z3_ast b)
{
    Z3_ast const parts[] = {a, b};
    return Z3_mk_add(p->z, 2, parts);
}

static struct linear_value *unknown(struct proof *p, struct linear *l, const char *name,
                                    unsigned width)
{
    struct linear_value *v = linear_unknown(l, name, width);
    Z3_ast const least = Z3_mk_le(p->z, linear_number(l, 0)->term, v->term);
    Z3_ast const most = Z3_mk_le(p->z, v->term, linear_number(l, v->max)->term);
    Z3_solver_assert(p->z, p->solver, both(p, least, most));
    return v;
}

static void state(struct proof *p, struct linear *l, const char *name, bits mode, bool any_size)
{
    struct component *x;
    linear_init(l, p->z, &p->arena, p->m);
    LIST_EACH(x, p->m->components)
    {
        if (x->array || x->kind == COMPONENT_MEMORY) continue;
        l->components[x_i] =
            x->kind == COMPONENT_MODE
                ? linear_number(l, mode)
                : unknown(p, l, arena_format(&p->arena, "%s_%s", x->name, name), x->width);
    }
    if (any_size)
        l->size = unknown(p, l, "size", p->m->memory->size->width);
    else
        l->size = linear_number(l, p->m->memory->size->value);
}

static Z3_ast component(const struct linear *l, const struct component *x)
{
    return l->components[x->ordinal]->term;
}

// The real state that represents the virtual one `s` in a partition at k.
static Z3_ast represent(struct proof *p, struct linear *h, const struct linear *s)
{
    const struct component *const base = relocation_base(p->m);
    const struct component *const bound = relocation_bound(p->m);
    const struct component *const memory = p->m->memory;
    struct component *x;
    Z3_ast const w = s->size->term;
    h->size = unknown(p, h, "q", memory->size->width);
    LIST_EACH(x, p->m->components)
    {
        if (x->kind == COMPONENT_RESOURCE && x->map == MAP_FIX && h->components[x_i])
            h->components[x_i] = linear_number(h, x->map_value);
        if ((x->kind == COMPONENT_RESOURCE && x->map == MAP_MIRROR) ||
            x->kind == COMPONENT_GENERAL || x->kind == COMPONENT_COUNTER)
            h->components[x_i] = s->components[x_i];
    }
    if (!base) {
        h->size = s->size;
        return linear_number(h, 0)->term;
    }
    Z3_ast const k = unknown(p, h, "k", base->width)->term;
    Z3_ast const l = component(s, base), b = component(s, bound);
    Z3_ast const room = sum(p, w, Z3_mk_unary_minus(p->z, l));
    Z3_ast const has_room = Z3_mk_lt(p->z, l, w);
    Z3_ast const clipped = Z3_mk_ite(p->z, Z3_mk_le(p->z, b, room), b, room);
    Z3_ast const zero = linear_number(h, 0)->term;
    *h->components[base->ordinal] =
        (struct linear_value){Z3_mk_ite(p->z, has_room, sum(p, k, l), k), bits_ones(base->width)};
    *h->components[bound->ordinal] =
        (struct linear_value){Z3_mk_ite(p->z, has_room, clipped, zero), bits_ones(bound->width)};
    Z3_solver_assert(p->z, p->solver, Z3_mk_le(p->z, sum(p, k, w), h->size->term));
    Z3_solver_assert(p->z, p->solver, Z3_mk_le(p->z, linear_number(h, 1)->term, k));
    Z3_ast const top = linear_number(h, bits_ones(base->width))->term;
    Z3_solver_assert(p->z, p->solver,
                     Z3_mk_le(p->z, sum(p, k, w), sum(p, top, linear_number(h, 1)->term)));
    return k;
}

static struct evaluation *translate(struct proof *p, struct linear *l, const struct translation *t,
                                    struct linear_value *at, unsigned cells)
{
    const struct parameter *n = t->routine.parameters.items[1];
    union value const arguments[] = {{.term = at},
                                     {.term = linear_number(l, bits_low(cells, n->width))}};
    return evaluate(&p->arena, p->m, &l->domain, NULL, &t->routine, arguments);
}

static void show(struct proof *p, Z3_ast claim, Z3_lbool answer)
{
    static const char *const kinds[] = {"memory", "any_memory", "window", "twin"};
    const struct lemma *const l = p->lemma;
    Z3_ast_vector const all = Z3_solver_get_assertions(p->z, p->solver);
    Z3_ast_vector_inc_ref(p->z, all);
    unsigned const n = Z3_ast_vector_size(p->z, all);
    Z3_ast *assumptions = arena_alloc(&p->arena, (n + 1) * sizeof *assumptions);
    for (unsigned i = 0; i < n; i++) assumptions[i] = Z3_ast_vector_get(p->z, all, i);
    Z3_ast_vector_dec_ref(p->z, all);
    const char *name =
        arena_format(&p->arena, "lemma.%s.%s.%u.%llu.%llu.%u", kinds[l->kind], l->t->name, l->cells,
                     (unsigned long long)l->mode, (unsigned long long)l->real, p->claims++);
    const char *status = answer == Z3_L_FALSE ? "unsat" : answer == Z3_L_TRUE ? "sat" : "unknown";
    p->options->question(p->options->context, name,
                         Z3_benchmark_to_smtlib_string(p->z, name, "QF_LIA", status, "", n,
                                                       assumptions, Z3_mk_not(p->z, claim)));
}

// Whether nothing contradicts `claim`.
static bool is_valid(struct proof *p, Z3_ast claim)
{
    Z3_solver_push(p->z, p->solver);
    Z3_solver_assert(p->z, p->solver, Z3_mk_not(p->z, claim));
    Z3_lbool const answer = Z3_solver_check(p->z, p->solver);
    Z3_solver_pop(p->z, p->solver, 1);
    if (p->options->question) show(p, claim, answer);
    return answer == Z3_L_FALSE;
}

static Z3_ast accepted(struct linear *l, const struct evaluation *v)
{
    return linear_truth(l, v->alive);
}

static bool prove_inside(struct proof *p, struct linear *s, enum lemma_kind kind,
                         const struct evaluation *v, unsigned cells)
{
    const struct component *const base = relocation_base(p->m);
    if (!v->result.term) return true; // nothing is ever accepted
    Z3_ast const at = ((struct linear_value *)v->result.term)->term;
    Z3_ast const end = sum(p, at, linear_number(s, cells)->term);
    Z3_ast inside = Z3_mk_le(p->z, end, s->size->term);
    if (kind == LEMMA_WINDOW) {
        Z3_ast const l = component(s, base), b = component(s, relocation_bound(p->m));
        inside = both(p, inside, both(p, Z3_mk_le(p->z, l, at), Z3_mk_le(p->z, end, sum(p, l, b))));
    }
    return is_valid(p, Z3_mk_implies(p->z, accepted(s, v), inside));
}

// All traps are of one cause, with one information.
static bool has_one_trap(const struct evaluation *v)
{
    struct end *e, *first = v->ends.n ? v->ends.items[0] : NULL;
    LIST_EACH(e, v->ends)
    if (e->ending != ENDING_TRAP || e->cause != first->cause ||
        ((struct linear_value *)e->value.term)->term !=
            ((struct linear_value *)first->value.term)->term)
        return false;
    return true;
}

static bool prove_twin(struct proof *p, struct linear *h, const struct evaluation *real, Z3_ast k,
                       struct linear *s, const struct evaluation *virtual, unsigned cells)
{
    if (!has_one_trap(real)) return false;
    if (!is_valid(p, Z3_mk_eq(p->z, accepted(h, real), accepted(s, virtual)))) return false;
    if (!real->result.term || !virtual->result.term) return true;
    Z3_ast const there = ((struct linear_value *)real->result.term)->term;
    Z3_ast const here = ((struct linear_value *)virtual->result.term)->term;
    Z3_ast const end = sum(p, here, linear_number(s, cells)->term);
    Z3_ast const place =
        both(p, Z3_mk_eq(p->z, there, sum(p, k, here)), Z3_mk_le(p->z, end, s->size->term));
    return is_valid(p, Z3_mk_implies(p->z, accepted(s, virtual), place));
}

static bool prove(const struct description *m, const struct lemma *lemma,
                  const struct classify_options *options)
{
    Z3_config const config = Z3_mk_config();
    struct proof p = {.z = Z3_mk_context(config), .m = m, .lemma = lemma, .options = options};
    Z3_del_config(config);
    p.solver = Z3_mk_simple_solver(p.z);
    Z3_solver_inc_ref(p.z, p.solver);
    symbolic_limit(p.z, p.solver, LEMMA_WORK);

    struct linear s, h;
    state(&p, &s, "virtual", lemma->mode,
          lemma->kind == LEMMA_TWIN || lemma->kind == LEMMA_ANY_MEMORY);
    const struct parameter *a = lemma->t->routine.parameters.items[0];
    struct linear_value *at = unknown(&p, &s, "at", a->width);
    struct evaluation *v = translate(&p, &s, lemma->t, at, lemma->cells);
    bool holds = !s.failed;
    if (holds && lemma->kind == LEMMA_TWIN) {
        state(&p, &h, "real", lemma->real, false);
        Z3_ast const k = represent(&p, &h, &s);
        struct evaluation *real = translate(&p, &h, lemma->t, at, lemma->cells);
        holds = !h.failed && prove_twin(&p, &h, real, k, &s, v, lemma->cells);
    } else if (holds) {
        holds = prove_inside(&p, &s, lemma->kind, v, lemma->cells);
    }
    Z3_solver_dec_ref(p.z, p.solver);
    Z3_del_context(p.z);
    arena_free(&p.arena);
    return holds;
}

bool translation_lemma(struct translation_lemmas *all, const struct description *m,
                       enum lemma_kind kind, const struct translation *t, unsigned cells, bits mode,
                       bits real)
{
    bool holds;
    pthread_mutex_lock(&all->lock);
    struct lemma *l = all->first;
    while (l && !(l->kind == kind && l->t == t && l->cells == cells && l->mode == mode &&
                  l->real == real))
        l = l->next;
    if (!l) {
        l = calloc(1, sizeof *l);
        if (!l) exit(64);
        *l = (struct lemma){all->first, kind, t, cells, mode, real, false};
        l->holds = prove(m, l, all->options);
        all->first = l;
    }
    holds = l->holds;
    pthread_mutex_unlock(&all->lock);
    return holds;
}

void translation_lemmas_free(struct translation_lemmas *all)
{
    for (struct lemma *next; all->first; all->first = next) {
        next = all->first->next;
        free(all->first);
    }
    pthread_mutex_destroy(&all->lock);
}
