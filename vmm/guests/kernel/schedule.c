// SPDX-License-Identifier: MIT
// Time: whose it was, and whose turn is next.
#include "vmm/guests/kernel/kernel.h"
#include "vmm/guests/kernel/low.h"

struct task *current;
uint32_t now = START_TICKS; // machine time when the timer was last set to LONG
uint32_t kernel_time = START_TICKS, idle_time;
static uint32_t given; // instructions that the current task was given last

// After a trap of the current task: T as saved says how much of what it was given is left, exactly;
// a trapped instruction has taken no time. The kernel's own time is its count from LONG and what
// entry.S does around it.
void account(void)
{
    uint32_t used = given - low.T;
    uint32_t ours = LONG - low.left + RESUME_TICKS + TRAP_TICKS;
    current->instructions += used;
    current->left = low.T;
    kernel_time += ours;
    now += ours + used;
}

// Let time pass until input waits or it is `until`.
static void wait(uint32_t until)
{
    uint32_t ticks = until - now, before, after;
    __asm__ volatile("rtm %0\n\tstm %2\n\tidle\n\trtm %1\n\tstm %3"
                     : "=&r"(before), "=&r"(after)
                     : "r"(ticks), "r"(LONG)
                     : "memory");
    // idle takes one tick for itself after T has reached 0. (Input just one tick before that would
    // look the same: then `now` is one ahead. Tasks' own counts are exact in any case.)
    uint32_t idled = after != 0 ? ticks - after : ticks + 1;
    uint32_t ours = LONG - before + 4; // the two rtm, the two stm
    idle_time += idled;
    kernel_time += ours;
    now += ours + idled;
    console_fill();
}

// Those that read get input, or nothing when they have waited long enough.
static void serve_readers(void)
{
    for (unsigned i = 0; i < tasks_n; i++)
        if (tasks[i].state == TASK_READING &&
            (console_waits() || (int32_t)(now - tasks[i].until) >= 0))
            finish_read(&tasks[i]);
}

// The next one after the current that is ready, round robin; null if none is.
static struct task *pick(void)
{
    unsigned from = current ? (unsigned)(current - tasks) : tasks_n - 1;
    for (unsigned i = 1; i <= tasks_n; i++) {
        struct task *t = &tasks[(from + i) % tasks_n];
        if (t->state == TASK_READY) return t;
    }
    return 0;
}

// Of the tasks that read, the one that gives up first; null if none reads.
static const struct task *first_reader(void)
{
    const struct task *first = 0;
    for (unsigned i = 0; i < tasks_n; i++)
        if (tasks[i].state == TASK_READING &&
            (!first || (int32_t)(tasks[i].until - first->until) < 0))
            first = &tasks[i];
    return first;
}

// All tasks have ended: where the time went.
static _Noreturn void report(void)
{
    uint32_t all = kernel_time + idle_time;
    print("\n%8s  %12s  %9s  %5s  %s\n", "task", "instructions", "preempted", "calls", "end");
    for (unsigned i = 0; i < tasks_n; i++) {
        const struct task *t = &tasks[i];
        all += t->instructions;
        print("%8s  %12u  %9u  %5u  ", t->name, t->instructions, t->preemptions, t->calls);
        print_end(t);
        print("\n");
    }
    print("%8s  %12u\n%8s  %12u\n", "kernel", kernel_time, "idle", idle_time);
    print("%8s  %12u\n", "all", all);
    halt(all == now ? 0 : 3);
}

// Makes the task current whose turn it is, and returns how many instructions it may run. Goes on
// with the same one while its slice lasts; idles while all wait; ends the run when all have ended.
uint32_t schedule(void)
{
    serve_readers();
    if (!current || current->state != TASK_READY || current->left == 0) {
        struct task *next;
        while ((next = pick()) == 0) {
            const struct task *reader = first_reader();
            if (!reader) report();
            wait(reader->until); // later than now, or serve_readers had served it
            serve_readers();
        }
        if (next != current) {
            for (unsigned i = 1; current && i < 32; i++) current->x[i] = low.x[i];
            for (unsigned i = 1; i < 32; i++) low.x[i] = next->x[i];
            current = next;
        }
        current->left = SLICE;
    }
    low.old = current->psw;
    given = current->left;
    return given;
}
