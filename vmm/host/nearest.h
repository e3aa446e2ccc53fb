// SPDX-License-Identifier: MIT
// Which of a few words a mistyped one was probably meant to be.
#ifndef TRAPEZE_VMM_HOST_NEAREST_H
#define TRAPEZE_VMM_HOST_NEAREST_H

#include <stddef.h>

// The i-th of a list of words; null after the last.
typedef const char *word_list(const void *list, size_t i);

// The word of the list at the smallest edit distance from `word`, the first of several; null only
// for an empty list.
const char *nearest(const char *word, word_list *words, const void *list);

#endif
