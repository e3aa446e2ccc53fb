// SPDX-License-Identifier: MIT
// Edit distance: insertions, deletions, substitutions, and swaps of neighbours.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/nearest.h"

#include <string.h>

enum { LONGEST = 31 }; // characters looked at

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned distance(const char *a, const char *b)
{
    const size_t n = strnlen(a, LONGEST), k = strnlen(b, LONGEST);
    unsigned d[LONGEST + 1][LONGEST + 1]; // d[i][j]: from a's first i characters to b's first j

    for (size_t i = 0; i <= n; i++) {
        for (size_t j = 0; j <= k; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = (unsigned)(i + j);
                continue;
            }
            d[i][j] = least(d[i - 1][j], d[i][j - 1]) + 1;
            d[i][j] = least(d[i][j], d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[n][k];
}

const char *nearest(const char *word, word_list *words, const void *list)
{
    const char *best = NULL;
    unsigned best_distance = 0;

    for (size_t i = 0; words(list, i) != NULL; i++) {
        const unsigned d = distance(word, words(list, i));
        if (best == NULL || d < best_distance) {
            best = words(list, i);
            best_distance = d;
        }
    }
    return best;
}
