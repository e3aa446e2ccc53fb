// SPDX-License-Identifier: MIT
// What becomes of a machine's sensitive instructions under VT-x with given controls: whether each
// exits, acts on state that is there twice, or escapes the monitor. What an instruction acts on
// comes from its description; what VT-x does about it, from a file of rows beside the description,
// each with its section of the manual.
#ifndef TRAPEZE_ISA_VTX_VTX_H
#define TRAPEZE_ISA_VTX_VTX_H

#include "isa-analyzer/classify/classify.h"

// ------------------------------------------------------------------ what an instruction acts on

struct touched {
    bool *components; // by ordinal: the mode, resources, devices, signals, memory
    bool any;         // one of them is
    bool ends;        // it may stop or wait
};

// What the instruction may read or write, whatever the state: of its guard, its body, and all
// functions, procedures and translations that they use. That it asks whether the mode is a
// supervisor's counts for the mode's component, and not for `any`.
struct touched vtx_touched(struct arena *a, const struct description *m,
                           const struct instruction *i);

// ------------------------------------------------------------------ controls

struct vtx_control {
    const char *name;
    bool on, needed;
};

struct vtx_controls {
    const char *file;
    struct list all; // of vtx_control
};

// Reads a file of the schema "trapeze/vtx-controls/1". Null after reporting on standard error:
// unreadable, no JSON, or not of the schema.
struct vtx_controls *vtx_controls_read(struct arena *a, const char *file);

// ------------------------------------------------------------------ the rows

// On which conditions something is so.
struct vtx_condition {
    struct list on;  // of char: controls that must be on
    struct list off; // of char: and off
    const char *section;
};

// Instructions that exit.
struct vtx_exit {
    struct list instructions; // of char
    struct vtx_condition when;
};

// State that the processor or the monitor keeps for each guest.
struct vtx_twice {
    struct list state; // of char: components, or names that an entry of `acts` has
    const char *where; // it is kept
    struct vtx_condition when;
};

// What the description does not say of an instruction, or of one that it leaves out.
struct vtx_acts {
    struct list instructions, state; // of char
    bool beyond;                     // the description leaves them out
};

struct vtx_rules {
    const char *file;
    struct vtx_condition every_exit; // reaches the monitor
    struct list exits, twice, acts;  // of those
};

// Reads the rows for `m`, which are in the file of its name, ".vtx.json" in place of ".isa": of the
// schema "trapeze/vtx-rules/1". Null after reporting; a row that names an instruction that is
// neither described nor said to be beyond the description is reported, too.
struct vtx_rules *vtx_rules_read(struct arena *a, const struct description *m);

// ------------------------------------------------------------------ verdicts

enum vtx_verdict { VTX_EXITS, VTX_TWICE, VTX_ESCAPES };

extern const char *const vtx_verdict_names[]; // "exits", "twice", "escapes"

struct vtx_answer {
    const char *name;      // with its selector's value
    const struct row *row; // null: beyond the description
    enum vtx_verdict verdict;
    struct list controls; // of char: on which it rests
    struct list sections; // of char
    struct list state;    // of char: VTX_TWICE, what it acts on
    const char *why;      // VTX_ESCAPES
};

// A control that the monitor needs, and what escapes without it.
struct vtx_need {
    const struct vtx_control *control;
    struct list escapes; // of char: names; none: nothing rests on it
};

struct vtx_judgement {
    struct list answers; // of vtx_answer, in the order of the description, then those beyond it
    struct list needs;   // of vtx_need, of the controls that are needed and on
    unsigned escapes;    // answers
    unsigned idle;       // needs on which nothing rests
};

// Judges every row that is sensitive, privileged or not to be run directly, or undecided in one of
// these, and does not always trap.
struct vtx_judgement *vtx_judge(struct arena *a, const struct classification *c,
                                const struct vtx_rules *r, const struct vtx_controls *k);

// The member "vtx" of the schema "trapeze/check/1". The caller owns the reference.
json_t *vtx_json(const struct vtx_judgement *j, const struct vtx_rules *r,
                 const struct vtx_controls *k);

#endif
