// SPDX-License-Identifier: MIT
// What is known of address translation before any instruction is looked at: lemmas that are proved
// once for a machine, in linear integers, and then used for every instruction.
#ifndef TRAPEZE_ISA_CLASSIFY_TRANSLATION_H
#define TRAPEZE_ISA_CLASSIFY_TRANSLATION_H

#include <pthread.h>

#include "isa-analyzer/classify/classify.h"
#include "isa-analyzer/semantics/symbolic.h"

enum lemma_kind {
    LEMMA_MEMORY,     // an access that is accepted lies in memory
    LEMMA_ANY_MEMORY, // the same, however large it is
    LEMMA_WINDOW,     // ... and in the window that R = (l, b) describes
    LEMMA_TWIN, // the map: accepted on the real machine as on the virtual one, to the same place
};

struct lemma;

// Shared by threads.
struct translation_lemmas {
    pthread_mutex_t lock;
    struct lemma *first;
    const struct classify_options *options;
};

// Whether the lemma holds of accesses of `cells` cells through `t`, in the mode `mode`; for
// LEMMA_TWIN the virtual machine is in `mode` and the real one in `real`. False where it is not
// linear, or no answer came.
bool translation_lemma(struct translation_lemmas *all, const struct description *m,
                       enum lemma_kind kind, const struct translation *t, unsigned cells, bits mode,
                       bits real);

void translation_lemmas_free(struct translation_lemmas *all);

// R = (l, b): null where the machine has none.
const struct component *relocation_base(const struct description *m);
const struct component *relocation_bound(const struct description *m);

// The mode in which the real machine is while the virtual one is in `mode`. Null without modes.
const struct mode_value *real_mode(const struct description *m, const struct mode_value *mode);

#endif
