// SPDX-License-Identifier: MIT
// The tree of a description: what the parser builds, the checker resolves and annotates in place,
// and everything else reads. Members marked [checker] are null or zero before checking.
#ifndef TRAPEZE_ISA_LANGUAGE_TREE_H
#define TRAPEZE_ISA_LANGUAGE_TREE_H

#include "isa-analyzer/language/arena.h"
#include "isa-analyzer/language/bits.h"
#include "isa-analyzer/language/source.h"

// A growing array of pointers; what they point to is said where one is declared.
struct list {
    void **items;
    unsigned n, room;
};

void list_add(struct arena *a, struct list *l, void *item);

// For each element of list `l`, in order: `e` is a pointer declared before the loop.
#define LIST_EACH(e, l) for (unsigned e##_i = 0; e##_i < (l).n && ((e) = (l).items[e##_i]); e##_i++)

// ---------------------------------------------------------------- state

enum component_kind {
    COMPONENT_GENERAL,  // general registers
    COMPONENT_COUNTER,  // the program counter
    COMPONENT_MODE,     // the processor's mode
    COMPONENT_RESOURCE, // whatever the control program must own
    COMPONENT_MEMORY,   // E
    COMPONENT_DEVICE,   // registers of devices: reading and writing them has effects outside
    COMPONENT_SIGNAL,   // a line that the outside drives: read only
    COMPONENT_KINDS
};

extern const char *const component_kind_names[COMPONENT_KINDS];

enum component_role {
    ROLE_NONE,
    ROLE_BASE,     // l of R = (l, b)
    ROLE_BOUND,    // b of R
    ROLE_LOCATION, // belongs to relocation otherwise (a descriptor table's register, say)
};

// What the real machine holds of a resource while a virtual machine's instructions run on it.
enum map_kind {
    MAP_ARBITRARY, // kept in the monitor's record; nothing is promised of the real value
    MAP_MIRROR,    // lent: the virtual value
    MAP_FIX,       // kept in the record; the real value is a constant
};

struct mode_value {
    const char *name;
    struct span where;
    bits value;
    bool supervisor; // what the mode maps onto: supervisor, or else user
};

struct fixed_element {
    uint64_t index;
    bits value;
    struct span where;
};

struct component {
    const char *name;
    struct span where;
    enum component_kind kind;
    enum component_role role;
    unsigned width;      // bits of an element; of a memory: of a cell; 1 to 64
    uint64_t count;      // elements; 1 for a scalar; 0 for a memory
    bool array;          // declared with [..]
    bool big_endian;     // memory: the first cell is the most significant
    struct config *size; // memory: the parameter that says how many cells there are
    const char *size_name;
    struct span size_where;
    struct list fixed; // of fixed_element
    struct list names; // of char: names of the elements, for assemblers
    struct list modes; // of mode_value
    unsigned ordinal;  // its place among the components
    enum map_kind map; // [checker] of a resource that is neither base nor bound
    bits map_value;    // [checker] MAP_FIX: of every element
};

struct config {
    const char *name, *text; // text: what it is, or null
    struct span where;
    unsigned width;
    bits value; // in force: the default, or what the user set
    unsigned ordinal;
};

struct selector_value {
    const char *name;
    struct span where;
    bits value;
};

struct selector {
    const char *name;
    struct span where;
    unsigned width;
    struct list values; // of selector_value
};

struct trap_cause {
    const char *name;
    struct span where;
    const char *parameter; // the name of its information, or null
    unsigned parameter_width;
    bits code;
    bool is_memory; // the paper's memory trap
};

// ---------------------------------------------------------------- expressions

enum op {
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_UDIV,
    OP_UREM,
    OP_SDIV,
    OP_SREM, // by zero: as SMT-LIB defines them
    OP_AND,
    OP_OR,
    OP_XOR,
    OP_SHL,
    OP_SHR,
    OP_SAR,
    OP_CONCAT,
    OP_EQ,
    OP_NE,
    OP_ULT,
    OP_ULE,
    OP_UGT,
    OP_UGE,
    OP_SLT,
    OP_SLE,
    OP_SGT,
    OP_SGE,
    OP_BOOL_AND,
    OP_BOOL_OR, // the right side is evaluated (and may trap) only where it matters
    OP_NOT,
    OP_NEG,
    OP_BOOL_NOT,
    OPS
};

extern const char *const op_texts[OPS];

enum expr_kind {
    // What the parser makes and the checker replaces:
    EXPR_NAME,   // name
    EXPR_MEMBER, // a.name
    EXPR_SELECT, // a[b]
    EXPR_RANGE,  // a[b : c]
    EXPR_SPAN,   // a[b +: c]
    // What stays:
    EXPR_NUMBER,    // number
    EXPR_LOCAL,     // slot: a parameter or a let
    EXPR_COMPONENT, // component; a: the index, or null
    EXPR_CONFIG,    // config
    EXPR_FIELD,     // field of the instruction
    EXPR_OPERAND,   // operand of the format
    EXPR_WORD,      // the instruction as fetched
    EXPR_NEXT,      // the address behind the instruction
    EXPR_CLASS,     // number: 1 "is the mode a supervisor one?", 0 "a user one?"
    EXPR_CELLS,     // cells of memory from address a on; through translation if that is not null
    EXPR_BITS,      // bits low.. of a, as many as the width
    EXPR_UNARY,     // op a
    EXPR_BINARY,    // a op b
    EXPR_IF,        // if a then b else c
    EXPR_CALL,      // function(args)
    EXPR_ZEXT,      // a extended to the width by zeros
    EXPR_SEXT,      // a extended to the width by its sign
    EXPR_CHOOSE,    // any one of args
    EXPR_ARBITRARY, // any value of the width
};

struct expr {
    enum expr_kind kind;
    struct span where;
    unsigned width; // [checker]
    enum op op;
    bits number;
    unsigned digits_width; // of a number, as spelled
    const char *name;
    struct expr *a, *b, *c;
    struct list args; // of expr
    // [checker]
    unsigned slot;   // EXPR_LOCAL
    unsigned low;    // EXPR_BITS
    unsigned cells;  // EXPR_CELLS: how many
    unsigned choice; // EXPR_CHOOSE, EXPR_ARBITRARY: its number in the routine
    struct component *component;
    struct config *config;
    struct field *field;
    struct operand *operand;
    struct translation *translation;
    struct function *function;
};

// ---------------------------------------------------------------- statements

enum statement_kind {
    STATEMENT_ASSIGN,    // target := value
    STATEMENT_IF,        // if value then body else other
    STATEMENT_LET,       // let name = value
    STATEMENT_REQUIRE,   // require value else <body: one trap>
    STATEMENT_TRAP,      // trap name(value)
    STATEMENT_STOP,      // stop value
    STATEMENT_WAIT,      // wait
    STATEMENT_CHECKSTOP, // checkstop
    STATEMENT_CASE,      // case value { arms }
    STATEMENT_CHOOSE,    // choose body or arms...
    STATEMENT_CALL,      // procedure(args)
    STATEMENT_VALUE,     // an expression: the routine's result (or, before checking, a call)
};

struct case_arm {
    struct span where;
    struct list labels; // of expr; [checker] numbers
    struct list body;   // of statement
    bool otherwise;     // "else"
};

struct statement {
    enum statement_kind kind;
    struct span where;
    const char *name;
    struct span name_where;
    struct expr *target, *value;
    struct list body, other; // of statement
    struct list arms;        // CASE: of case_arm; CHOOSE: of case_arm without labels
    struct list args;        // of expr
    bool has_other;
    // [checker]
    unsigned slot;
    unsigned choice;
    struct trap_cause *cause;
    struct procedure *procedure;
};

struct parameter {
    const char *name;
    struct span where;
    unsigned width;
};

// A parameter or a let, as the checker numbers them.
struct local {
    const char *name;
    struct span where;
    unsigned width, slot;
};

// A body with parameters: of an instruction, a function, a section. Parameters take the first
// slots, lets the following ones.
struct routine {
    struct span where;
    struct list parameters; // of parameter
    struct list body;       // of statement
    struct expr *result;    // or null
    unsigned result_width;
    unsigned slots;     // [checker]
    struct list locals; // [checker] of local, one a slot
    unsigned choices;   // [checker] how many places leave a choice open
    unsigned effects;   // [checker] of effect_kind
};

struct function {
    const char *name;
    struct span where;
    struct routine routine; // an expression only
};

struct procedure {
    const char *name;
    struct span where;
    struct routine routine;
};

// translate V[a +: n] to E { ...; physical address }
struct translation {
    const char *name;
    struct span where;
    const char *memory_name;
    struct span memory_where;
    struct routine routine;   // parameters: the address, the number of cells
    struct component *memory; // [checker]
};

// ---------------------------------------------------------------- instructions

struct field {
    const char *name;
    struct span where;
    const char *type_name;       // register file or selector, or null
    unsigned width;              // bits
    unsigned low;                // place in the word
    struct component *registers; // [checker] it names one of these
    struct selector *selector;   // [checker] it is one of these values
};

struct operand {
    const char *name;
    struct span where;
    struct expr *value; // of fields: concatenated, extended
};

struct format {
    const char *name;
    struct span where;
    struct list fields;   // of field, from the most significant bit of the first unit on
    struct list operands; // of operand
    struct list units;    // of unsigned: their widths, in the order of fetching
    unsigned width;       // all units
};

enum constraint_kind {
    CONSTRAINT_EQUAL,  // field = value
    CONSTRAINT_DIFFER, // field != value
    CONSTRAINT_ANY,    // field = _
};

struct constraint {
    enum constraint_kind kind;
    const char *name;
    struct span where;
    struct expr *value;
    struct field *field; // [checker]
};

// How an instruction is written, cut into texts and operands.
enum syntax_style {
    SYNTAX_TEXT,    // text
    SYNTAX_PLAIN,   // {rd}: a register's name, a selector's value, a decimal number
    SYNTAX_HEX,     // {imm:x}
    SYNTAX_ADDRESS, // {P + offset}: the address that is meant
};

struct syntax_part {
    enum syntax_style style;
    const char *text;    // SYNTAX_TEXT
    struct field *field; // one of these otherwise
    struct operand *operand;
};

struct instruction {
    const char *name;
    struct span where;
    const char *syntax; // "add {rd}, {rs1}, {rs2}"
    struct span syntax_where;
    const char *format_name;
    struct span format_where;
    struct list constraints; // of constraint
    struct expr *guard;      // where ..., or null
    const char *citation;    // from "...", or null
    struct routine routine;
    // [checker]
    struct format *format;
    uint64_t mask, match; // word & mask = match, and the guard and the '!=' hold
    struct list parts;    // of syntax_part
    unsigned ordinal;
    bool native; // stock assemblers know it
};

// What a body can do, statically; of calls and translations too.
enum effect_kind {
    EFFECT_JUMP = 1,      // assigns the counter
    EFFECT_STORE = 2,     // writes memory
    EFFECT_LOAD = 4,      // reads memory
    EFFECT_TRAP = 8,      // may trap
    EFFECT_RESOURCE = 16, // reads or writes the mode, a resource, a device or a signal
    EFFECT_END = 32,      // may stop or wait
    EFFECT_CHOICE = 64,   // leaves a choice open
};

struct interrupt {
    const char *name;
    struct span where;
    struct expr *condition;
    struct routine routine;   // what acknowledges it
    struct trap_cause *cause; // [checker]
};

// A resource in the clause `map`, or the mode: the real one.
struct map_entry {
    enum map_kind kind;
    const char *name;
    struct span where;
    bits value;             // MAP_FIX
    const char *value_name; // MAP_FIX: a mode's name, or null
    struct span value_where;
    struct component *component; // [checker]
};

struct named {
    const char *name;
    struct span where;
};

struct section {
    bool present;
    struct routine routine;
};

enum section_kind {
    SECTION_FETCH,     // (address) -> a unit of the instruction
    SECTION_UNDEFINED, // a word that decodes to nothing
    SECTION_DELIVER,   // (cause, information): the trap's swap
    SECTION_TICK,      // after each completed instruction
    SECTION_WAKE,      // an expression: does a wait end?
    SECTION_RESET,     // (entry)
    SECTIONS
};

extern const char *const section_names[SECTIONS];

struct description {
    const char *name, *title, *base;
    struct span where, base_where;
    struct source *source;
    struct arena *arena;
    struct list components, configs, selectors, traps, formats; // of those
    struct list functions, procedures, translations, instructions, interrupts;
    struct section sections[SECTIONS];
    struct list native;   // of named: the instructions that stock assemblers know
    struct list map;      // of map_entry
    struct list replaced; // of instruction: what an extension replaces or (without format) removes
    // [checker]
    struct component *counter, *mode, *memory;
    unsigned unit_width; // bits that one fetch gets
    // The mode in which a virtual machine's instructions run; null: the virtual one if that is a
    // user mode, else the first user mode declared.
    struct mode_value *real_mode;
};

// Reads, extends and checks a description. Returns null after reporting errors. Everything lives in
// the arena.
struct description *description_read(struct arena *a, struct diagnostics *d, const char *file);

// The same from a text in memory; what it extends is looked for beside `file`.
struct description *description_of_text(struct arena *a, struct diagnostics *d, const char *file,
                                        const char *text, size_t length);

// Sets a configuration parameter: "NAME=VALUE". Reports and returns false if there is no such
// parameter or the value does not fit.
bool description_configure(struct description *m, struct diagnostics *d, const char *setting);

// Looks a thing up by name; null if there is none.
struct component *find_component(const struct description *m, const char *name);
struct instruction *find_instruction(const struct description *m, const char *name);

#endif
