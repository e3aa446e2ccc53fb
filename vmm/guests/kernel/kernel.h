// SPDX-License-Identifier: MIT
// The kernel's structures and, by file, the functions it is made of. A teaching kernel: fixed
// partitions, round robin, one processor, no interrupts while it runs.
#ifndef TRAPEZE_VMM_GUESTS_KERNEL_KERNEL_H
#define TRAPEZE_VMM_GUESTS_KERNEL_KERNEL_H

#include <stdbool.h>
#include <stdint.h>
#include "vmm/guests/disk.h"
#include "vmm/guests/pg32.h"

#define SLICE 10000       // instructions a task may run before the next one's turn
#define READ_WAIT 5000000 // time that read() waits for input
#define TASKS DISK_ENTRIES

// system calls: number in a7, arguments and result in a0, a1
enum { CALL_WRITE = 1, CALL_READ, CALL_EXIT, CALL_YIELD, CALL_TIME };

enum { X_RESULT = 10, X_FIRST = 10, X_SECOND = 11, X_NUMBER = 17 };

// Low memory, at address 0 (low.h has the same as numbers).
struct low {
    struct psw old; // stored by a trap; what resume() loads
    uint32_t info, T, unused[2];
    struct psw new;
    uint32_t x[32]; // of the current task
    uint32_t scratch, left;
};
extern struct low low;

enum task_state { TASK_READY, TASK_READING, TASK_EXITED, TASK_KILLED };

struct task {
    char name[DISK_NAME];
    uint32_t l, b; // its partition, and its R
    enum task_state state;
    struct psw psw;
    uint32_t x[32];    // in `low` while it is the current task
    uint32_t left;     // of its slice
    uint32_t to, room; // reading: its buffer
    uint32_t until;    // reading: when it has waited long enough
    uint32_t code;     // exited: its code
    uint32_t info;     // killed: of the trap, with the PSW's cause
    uint32_t instructions, preemptions, calls;
};

// main.c
extern char kernel_end[];
_Noreturn void panic(void);

// entry.S
void trap(void);
_Noreturn void resume(uint32_t ticks);
int copy(void *to, const void *from, uint32_t n, uint32_t top);

// disk.c
bool disk_read(uint32_t sector, void *buffer);

// load.c
extern struct task tasks[TASKS];
extern unsigned tasks_n;
bool load_tasks(uint32_t memory_size);

// trap.c
uint32_t task_trap(void);
void print_end(const struct task *t);

// call.c
void system_call(struct task *t);
void finish_read(struct task *t);

// schedule.c
extern struct task *current;
extern uint32_t now, kernel_time, idle_time;
void account(void);
uint32_t schedule(void);

// console.c
void print(const char *text, ...);
void print_of(const struct task *t, const char *text, uint32_t n);
void console_fill(void);
bool console_get(char *c);
bool console_waits(void);

#endif
