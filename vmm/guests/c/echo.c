// SPDX-License-Identifier: MIT
// Echoes the console until control-D (4), or until no byte has come for ten million ticks.
#include "vmm/guests/pg32.h"
#include "vmm/guests/print.h"

#define PATIENCE 10000000
#define END_OF_TEXT 4

// The next byte; END_OF_TEXT if none comes in time.
static uint32_t get(void)
{
    stm(PATIENCE);
    while ((CONSOLE_READY & in(PORT_CONSOLE_STATUS)) == 0) {
        if (rtm() == 0) return END_OF_TEXT;
        idle();
    }
    return in(PORT_CONSOLE);
}

int main(void)
{
    uint32_t byte, count = 0;
    for (; (byte = get()) != END_OF_TEXT; count++) out(byte, PORT_CONSOLE);
    print("%u bytes\n", count);
    return 0;
}
