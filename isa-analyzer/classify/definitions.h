// SPDX-License-Identifier: MIT
// The definitions, of which each has a file: what decides them of one row.
#ifndef TRAPEZE_ISA_CLASSIFY_DEFINITIONS_H
#define TRAPEZE_ISA_CLASSIFY_DEFINITIONS_H

#include "isa-analyzer/classify/question.h"

// Asks; on "yes" keeps a witness of `p`. An answer other than "no" takes the place of one that is.
// Returns whether the answer is "yes".
bool decide(struct verdict *v, enum property p, struct question *q);

// The same for the property p among the verdicts and, unless it is PROPERTIES, for `also`, which the
// same question decides. Asks nothing where both are "yes" already.
void decide_also(struct verdict *v, enum property p, enum property also, struct question *q);

// privileged.c: always traps, privileged, vacuous, conditionally privileged.
void decide_privileged(struct session *s, struct verdict *v);
// choice.c: nondeterministic.
void decide_nondeterministic(struct session *s, struct verdict *v);
// control.c: control-sensitive, and that part of user-sensitive.
void decide_control(struct session *s, struct verdict *v);
// behaviour.c: sensitive by location (and that part of user-sensitive), by mode, by a resource.
void decide_behaviour(struct session *s, struct verdict *v);
// exact.c: may it run directly, may its memory traps be reflected; for all and for user states.
void decide_exact(struct session *s, struct verdict *v);

// The condition under which an instruction traps other than by a memory trap, as the description
// has it; null if it never does.
const char *trap_condition(struct arena *a, const struct instruction *i);

// theorems.c
void decide_theorems(struct arena *a, struct classification *c);

// witness.c: a model of the question as two concrete states, minimized, and replayed. Null where
// none was found; a replay that shows no difference is reported in `fault`.
struct witness *witness_make(struct question *q, enum property p, const char **fault);

#endif
