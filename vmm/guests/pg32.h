// SPDX-License-Identifier: MIT
// PG32's privileged instructions for guests in C: one function each. The instructions' encodings
// come from the description, through the assembler macros in pg32.inc.
#ifndef TRAPEZE_VMM_GUESTS_PG32_H
#define TRAPEZE_VMM_GUESTS_PG32_H

#include <stdint.h>
#include "vmm/guests/psw.h"

__asm__(".include \"pg32.inc\"");

#define PG32_INLINE static inline __attribute__((always_inline))

struct psw {
    uint32_t status; // PSW_USER, PSW_IE, cause
    uint32_t P;      // virtual
    uint32_t l, b;   // R: base and size, bytes
};

// Continue as `psw` says: mode, interrupts, P and R at once. Does not return.
PG32_INLINE _Noreturn void lpsw(const struct psw *psw)
{
    __asm__ volatile("lpsw (%0)" : : "r"(psw) : "memory");
    __builtin_unreachable();
}

// The status word and R now; P is that of the instruction after spsw.
PG32_INLINE void spsw(struct psw *psw)
{
    __asm__ volatile("spsw (%0)" : : "r"(psw) : "memory");
}

// R := (l, b). The next instruction is fetched through it.
PG32_INLINE void lrb(uint32_t l, uint32_t b)
{
    __asm__ volatile("lrb %0, %1" : : "r"(l), "r"(b) : "memory");
}

// The timer reaches 0 when `ticks` more instructions have completed; 0 turns it off. Forgets a
// pending timer interrupt.
PG32_INLINE void stm(uint32_t ticks)
{
    __asm__ volatile("stm %0" : : "r"(ticks) : "memory");
}

// Instructions until the timer reaches 0; 0: it is off or has run out.
PG32_INLINE uint32_t rtm(void)
{
    uint32_t ticks;
    __asm__ volatile("rtm %0" : "=r"(ticks) : : "memory");
    return ticks;
}

// `port` is a constant from 0 to 2047.
PG32_INLINE uint32_t in(unsigned port)
{
    uint32_t value;
    __asm__ volatile("in %0, %1" : "=r"(value) : "i"(port) : "memory");
    return value;
}

PG32_INLINE void out(uint32_t value, unsigned port)
{
    __asm__ volatile("out %0, %1" : : "r"(value), "i"(port) : "memory");
}

// Wait until the timer has run out or a console byte waits.
PG32_INLINE void idle(void)
{
    __asm__ volatile("idle" : : : "memory");
}

// Stop the machine; the run succeeded if `code` is 0.
PG32_INLINE _Noreturn void halt(uint32_t code)
{
    __asm__ volatile("halt %0" : : "r"(code) : "memory");
    __builtin_unreachable();
}

#endif
