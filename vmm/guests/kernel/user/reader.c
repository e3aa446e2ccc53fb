// SPDX-License-Identifier: MIT
// A task that waits for input: each line comes back, until none comes for a while.
#include "vmm/guests/kernel/user/user.h"

int main(void)
{
    char line[64];
    int n, lines = 0;
    print("type something\n");
    while ((n = read(line, sizeof line)) > 0) {
        print("you typed: ");
        for (int i = 0; i < n; i++) print("%c", line[i]);
        if (line[n - 1] != '\n') print("\n");
        lines++;
    }
    print("no more input after %d lines\n", lines);
    return n;
}
