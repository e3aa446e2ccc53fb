// SPDX-License-Identifier: MIT
// System calls. A pointer from a task is an address in its partition and nothing else.
#include "vmm/guests/kernel/kernel.h"

// The hardware catches what lies beyond the partition's end (entry.S: copy). It cannot catch
// what lies before its beginning, for addresses wrap at 2^32: so none from 2^31 up is let through.
static bool copy_in(const struct task *t, void *to, uint32_t from, uint32_t n)
{
    return from < 0x80000000 &&
           copy(to, (const void *)(uintptr_t)(t->l + from), n, t->l + t->b) == 0;
}

static bool copy_out(const struct task *t, uint32_t to, const void *from, uint32_t n)
{
    return to < 0x80000000 && copy((void *)(uintptr_t)(t->l + to), from, n, t->l + t->b) == 0;
}

// write(from, n): n, or -1 if that is not all the task's memory; what lies beyond is not written.
static uint32_t write(const struct task *t, uint32_t from, uint32_t n)
{
    char buffer[64];
    for (uint32_t done = 0; done < n;) {
        uint32_t part = n - done < sizeof buffer ? n - done : sizeof buffer;
        if (!copy_in(t, buffer, from + done, part)) return -1u;
        print_of(t, buffer, part);
        done += part;
    }
    return n;
}

// Gives a task that reads what there is, up to the end of a line. Its result is the number of
// bytes, 0 if none has come, -1 if its buffer is not its memory. It need not be the current task.
void finish_read(struct task *t)
{
    uint32_t n = 0;
    char c = 0;
    while (n != -1u && n < t->room && c != '\n' && console_get(&c))
        n = copy_out(t, t->to + n, &c, 1) ? n + 1 : -1u;
    t->state = TASK_READY;
    *(t == current ? &low.x[X_RESULT] : &t->x[X_RESULT]) = n;
}

// The call that the current task has made. It goes on behind its ECALL.
void system_call(struct task *t)
{
    uint32_t first = low.x[X_FIRST], second = low.x[X_SECOND], result = 0;
    t->calls++;
    t->psw.P += 4;
    switch (low.x[X_NUMBER]) {
    case CALL_WRITE: result = write(t, first, second); break;
    case CALL_READ:
        t->to = first;
        t->room = second;
        t->until = now + READ_WAIT;
        t->state = TASK_READING;
        break;
    case CALL_EXIT:
        t->code = first;
        t->state = TASK_EXITED;
        break;
    case CALL_YIELD: t->left = 0; break;
    case CALL_TIME: result = t->instructions; break;
    default: result = -1u;
    }
    low.x[X_RESULT] = result;
}
