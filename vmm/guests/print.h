// SPDX-License-Identifier: MIT
// print for bare guests in C.
#ifndef TRAPEZE_VMM_GUESTS_PRINT_H
#define TRAPEZE_VMM_GUESTS_PRINT_H

// To the console; as in format.h.
void print(const char *text, ...);

#endif
