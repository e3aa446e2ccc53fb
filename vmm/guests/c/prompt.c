// SPDX-License-Identifier: MIT
// Asks for lines and says them back, until control-D (4) or the line "quit". It waits with the
// timer off, so only input can wake it.
#include "vmm/guests/pg32.h"
#include "vmm/guests/print.h"

#define END_OF_TEXT 4

static uint32_t get(void)
{
    while ((CONSOLE_READY & in(PORT_CONSOLE_STATUS)) == 0) idle();
    return in(PORT_CONSOLE);
}

static int is_quit(const char *line)
{
    return line[0] == 'q' && line[1] == 'u' && line[2] == 'i' && line[3] == 't' && line[4] == 0;
}

int main(void)
{
    static char line[80];
    unsigned n = 0;
    print("> ");
    for (;;) {
        const uint32_t byte = get();
        if (byte == END_OF_TEXT) break;
        if (byte != '\n' && byte != '\r') {
            if (n < sizeof line - 1) line[n++] = (char)byte;
            continue;
        }
        line[n] = 0;
        if (is_quit(line)) break;
        print("you said: %s\n> ", line);
        n = 0;
    }
    print("bye\n");
    return 0;
}
