// SPDX-License-Identifier: MIT
// What the kernel does about each cause of a trap in a task.
#include "vmm/guests/kernel/kernel.h"

// Which privileged instruction the word is.
static const char *privileged_name(uint32_t word)
{
    static const char *const name[] = {"lpsw", "spsw", "lrb", "stm", "rtm", "in", "out", "idle"};
    unsigned funct3 = word >> 12 & 7;
    return funct3 == 7 && word >> 20 == 1 ? "halt" : name[funct3];
}

// How the task ended, in a few words.
void print_end(const struct task *t)
{
    uint32_t P = t->psw.P;
    if (t->state == TASK_EXITED) {
        print("exit %d", t->code);
        return;
    }
    switch (t->psw.status >> PSW_CAUSE_SHIFT) {
    case CAUSE_MEMORY: print("killed: address %x out of bounds at P %x", t->info, P); break;
    case CAUSE_PRIVILEGED:
        print("killed: privileged instruction %s (%x) at P %x", privileged_name(t->info), t->info,
              P);
        break;
    case CAUSE_ILLEGAL: print("killed: illegal instruction %x at P %x", t->info, P); break;
    default: print("killed: breakpoint at P %x", P);
    }
}

static void kill(struct task *t)
{
    t->state = TASK_KILLED;
    t->info = low.info;
    print("%8s | ", t->name);
    print_end(t);
    print("\n");
}

// A trap has stopped the current task. Returns how many instructions the one that is current now
// may run.
uint32_t task_trap(void)
{
    account();
    current->psw = low.old; // which a trap in copy() overwrites
    switch (current->psw.status >> PSW_CAUSE_SHIFT) {
    case CAUSE_ECALL: system_call(current); break;
    case CAUSE_TIMER: current->preemptions++; break;
    case CAUSE_DEVICE: console_fill(); break;
    default: kill(current);
    }
    return schedule();
}
