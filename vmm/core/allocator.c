// SPDX-License-Identifier: MIT
// Partitions, relocation composed and clipped, the timer lent or kept, the ports kept.

#include "vmm/core/allocator.h"

enum { PAGE = 4096 };
enum { USER = 1 }; // PG32's M

bool allocator_fits(const struct machine *host, uint32_t start, uint32_t size)
{
    return start % PAGE == 0 && size % PAGE == 0 && start != 0 && size != 0 &&
           (uint64_t)start + size <= host->s.memory_size;
}

// ---------------------------------------------------------------- memory

// Stores to the partition are stores to the host's memory: whoever has decoded that is told.
static void partition_changed(void *owner, uint64_t address, uint64_t n)
{
    const struct vm *v = owner;

    code_map_wrote(&v->host->code, v->start + address, n);
}

static struct code_map partition_code(struct vm *v)
{
    const struct code_map *host = &v->host->code;

    if (host->n == 0) return (struct code_map){0};
    return (struct code_map){.granules = host->granules + v->start / GRANULE,
                             .n = v->m.s.memory_size / GRANULE,
                             .changed = partition_changed,
                             .owner = v};
}

struct relocation allocator_compose(uint32_t k, uint32_t w, uint32_t l, uint32_t b)
{
    if (l >= w) return (struct relocation){k, 0};
    return (struct relocation){k + l, b < w - l ? b : w - l};
}

// ---------------------------------------------------------------- ports

static uint32_t kept_port_read(void *owner, uint32_t index)
{
    struct vm *v = owner;

    (void)index;
    v->statistics.violations[CONTROL_DEVICES]++;
    return 0xffffffff;
}

static void kept_port_write(void *owner, uint32_t index, uint32_t value)
{
    struct vm *v = owner;

    (void)index, (void)value;
    v->statistics.violations[CONTROL_DEVICES]++;
}

void allocator_give(struct vm *v, struct machine *host, uint32_t start)
{
    v->host = host;
    v->start = start;
    v->m.code = partition_code(v);
    host->s.devices = v;
    host->s.port_read = kept_port_read;
    host->s.port_write = kept_port_write;
}

// ---------------------------------------------------------------- the timer

// The smaller of the virtual T and what is left of the turn.
static uint32_t kept_T(const struct vm *v)
{
    const uint64_t left = v->turn_end - v->m.completed;
    const uint32_t turn = left < UINT32_MAX ? (uint32_t)left : UINT32_MAX;

    return v->m.s.T != 0 && v->m.s.T < turn ? v->m.s.T : turn;
}

// Lent: the virtual timer becomes the host's. Kept: a turn that was only paused goes on with the
// timer as it stands.
static void install_timer(const struct vm *v)
{
    const struct pg32 *from = &v->m.s;
    struct pg32 *to = &v->host->s;

    to->IE = v->shares || from->IE;
    to->entered = from->entered;
    if (v->shares && v->paused) return;
    to->T = v->shares ? kept_T(v) : from->T;
    to->pending = !v->shares && from->pending;
}

// What the host's timer and interrupts were set to.
struct timer {
    uint32_t T;
    bool pending, IE;
};

// Whether the host's timer is `set` less what was executed: `n` instructions, and then what made
// the host come back, `why`.
static bool timer_kept(const struct vm *v, const struct timer *set, uint64_t n,
                       struct run_result why)
{
    const struct pg32 *found = &v->host->s;
    const bool expired = set->T != 0 && n >= set->T;
    const bool taken = why.reason == RUN_TRAP && why.cause == PG32_trap_timer;

    return found->T == (set->T > n ? set->T - (uint32_t)n : 0) &&
           found->pending == ((set->pending || expired) && !taken);
}

// The virtual timer after `n` instructions, as pg32_tick would have it.
static void view_timer(struct vm *v, uint64_t n)
{
    const struct pg32 *from = &v->host->s;
    struct pg32 *to = &v->m.s;

    if (!v->shares) {
        to->T = from->T;
        to->pending = from->pending;
        to->entered = from->entered;
    } else if (n != 0) {
        to->pending |= to->T != 0 && n >= to->T;
        to->T = to->T > n ? to->T - (uint32_t)n : 0;
        to->entered = 0;
    }
}

// ---------------------------------------------------------------- running

// With the timer, the only assignments to a host's processor. x has one more element than there are
// registers; it costs less to copy it too.
static void install(struct vm *v)
{
    const struct pg32 *from = &v->m.s;
    struct pg32 *to = &v->host->s;
    const struct relocation R = allocator_compose(v->start, from->memory_size, from->l, from->b);

    memcpy(to->x, from->x, sizeof to->x);
    to->P = from->P;
    to->M = USER;
    to->l = R.l;
    to->b = R.b;
    to->devices = v;
    install_timer(v);
}

// Against the virtual state, which still is what install was given, and the timer as it was set.
static void check(struct vm *v, const struct timer *timer, uint64_t completed, uint64_t count,
                  struct run_result why)
{
    const struct pg32 *set = &v->m.s, *found = &v->host->s;
    const struct relocation R = allocator_compose(v->start, set->memory_size, set->l, set->b);
    uint64_t *violations = v->statistics.violations;

    violations[CONTROL_MODE] += found->M != USER;
    violations[CONTROL_RELOCATION] += found->l != R.l || found->b != R.b;
    violations[CONTROL_INTERRUPTS] += found->IE != timer->IE;
    violations[CONTROL_TIMER] += !timer_kept(v, timer, completed, why);
    violations[CONTROL_PROCESSOR] +=
        (why.reason != RUN_LIMIT && why.reason != RUN_TRAP) || count != completed;
}

static void view(struct vm *v, uint64_t n)
{
    const struct pg32 *from = &v->host->s;
    struct pg32 *to = &v->m.s;

    memcpy(to->x, from->x, sizeof to->x);
    to->P = from->P;
    view_timer(v, n);
}

struct run_result allocator_run(struct vm *v, uint64_t limit)
{
    struct machine *host = v->host;
    const uint64_t completed = host->completed, count = host->count;

    install(v);
    const struct timer timer = {.T = host->s.T, .pending = host->s.pending, .IE = host->s.IE};
    const struct run_result r = host->ops->run(host, limit);
    const uint64_t n = host->completed - completed;
    check(v, &timer, n, host->count - count, r);
    view(v, n);
    v->paused = r.reason == RUN_LIMIT;
    v->m.completed += n;
    v->m.count += host->count - count;
    v->statistics.direct += n;
    return r;
}
