// SPDX-License-Identifier: MIT
// Hello, with printf from picolibc over one function of ours.
#include <stdio.h>
#include "vmm/guests/pg32.h"

static int put(char c, FILE *file)
{
    (void)file;
    out((unsigned char)c, PORT_CONSOLE);
    return c;
}

static FILE console = FDEV_SETUP_STREAM(put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE *const stdin = &console, *const stdout = &console, *const stderr = &console;

int main(void)
{
    struct psw psw;
    spsw(&psw);
    printf("Hello from PG32: %s mode, R = (%#lx, %#lx)\n",
           psw.status & PSW_USER ? "user" : "supervisor", (unsigned long)psw.l,
           (unsigned long)psw.b);
    printf("%d %5.3f %lld %s\n", -42, 3.14159, 1234567890123456789LL, "done");
    return 0;
}
