// SPDX-License-Identifier: MIT
// The red pill as a program.
#include "isa-analyzer/redpill/redpill.h"

#include <inttypes.h>
#include <string.h>

#include "isa-analyzer/semantics/disassemble.h"

enum { LOADS = 32 }; // from setting the timer to the instruction: 31 registers, and lpsw

static void write_head(const struct description *m, const struct pill *p, const char *text,
                       FILE *out)
{
    fprintf(
        out,
        "# Made by isa-analyzer redpill from %s. Prints 0 and halts with 0 on the bare machine, 1 "
        "on a virtual\n# one whose monitor lets `%s` run directly%s.\n#\n"
        "# Link it with start at 0x100 or above, code and data below 0x%x.\n",
        m->source->file, p->instruction->name,
        p->kept_only ? " and keeps the\n# timer to itself (several guests, or the self-hosted "
                       "monitor)"
                     : "",
        PILL_WINDOW);
    fprintf(out, "# The instruction, in %s mode: %s\n\n", p->before.user ? "user" : "supervisor",
            text);
    fprintf(out, "    .include \"%s.inc\"\n", m->name);
}

static void write_start(const struct pill *p, const char *text, FILE *out)
{
    fprintf(out,
            "\n    .section .text.start, \"ax\"\n    .globl start\nstart:\n"
            "    li t0, 0x20                     # what a trap loads: as it is now, but for P\n"
            "    spsw (t0)\n"
            "    la t0, look\n"
            "    sw t0, 0x24(zero)\n"
            "    li t0, 0x%x                   # the window: ECALL everywhere,\n"
            "    li t1, 0x%x\n"
            "    li t2, 0x73\n"
            "1:  sw t2, 0(t0)\n"
            "    addi t0, t0, 4\n"
            "    bltu t0, t1, 1b\n"
            "    li t0, 0x%x                   # and the instruction\n"
            "    li t1, 0x%08" PRIx32 "             # %s\n"
            "    sw t1, 0(t0)\n",
            PILL_WINDOW, PILL_WINDOW + PILL_SIZE, PILL_WINDOW + PILL_P, p->word, text);
    fprintf(
        out,
        "    li t0, %u                        # the PSW with which it runs\n"
        "    sw t0, 0x00(zero)\n"
        "    li t0, 0x%x\n"
        "    sw t0, 0x04(zero)\n"
        "    li t0, 0x%x\n"
        "    sw t0, 0x08(zero)\n"
        "    li t0, 0x%x\n"
        "    sw t0, 0x0c(zero)\n"
        "    la x31, before\n"
        "    li t0, %d                     # T = %d when it begins\n"
        "    stm t0\n"
        "    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,"
        "30,31\n"
        "    lw x\\n, 4 * \\n(x31)\n"
        "    .endr\n"
        "    lpsw (zero)\n",
        (unsigned)p->before.user | (unsigned)p->before.IE << 1, PILL_P, PILL_WINDOW, PILL_SIZE,
        PILL_TIMER + LOADS, PILL_TIMER);
}

static void write_look(FILE *out)
{
    fputs(
        "\n# After the trap that follows: registers at 0x34, PSW, information and T at 0.\n"
        "look:\n"
        "    .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,"
        "30,31\n"
        "    sw x\\n, 0x30 + 4 * \\n(zero)\n"
        "    .endr\n"
        "    la s0, real\n"
        "    li s1, 0x34\n"
        "    li s2, 0x34 + 4 * 31\n"
        "    li a0, 0                        # no difference so far\n"
        "    call compare\n"
        "    li s1, 0\n"
        "    li s2, 4 * 6\n"
        "    call compare\n"
        "    addi t0, a0, '0'\n"
        "    out t0, 0\n"
        "    li t0, '\\n'\n"
        "    out t0, 0\n"
        "    halt a0\n"
        "\n# The words from s1 to s2 with those from s0 on: a0 := 1 where they differ.\n"
        "compare:\n"
        "    lw t0, 0(s0)\n"
        "    lw t1, 0(s1)\n"
        "    beq t0, t1, 1f\n"
        "    li a0, 1\n"
        "1:  addi s0, s0, 4\n"
        "    addi s1, s1, 4\n"
        "    bltu s1, s2, compare\n"
        "    ret\n",
        out);
}

static void write_words(const uint32_t *words, unsigned n, FILE *out)
{
    for (unsigned i = 0; i < n; i++)
        fprintf(out, "%s0x%08" PRIx32 "%s", i % 6 == 0 ? "    .word " : "", words[i],
                i + 1 == n || i % 6 == 5 ? "\n" : ", ");
}

static void write_data(const struct pill *p, FILE *out)
{
    uint32_t const rest[] = {p->real.status, p->real.P,           p->real.l,
                             p->real.b,      p->real.information, p->real.T};
    fputs(
        "\n    .data\n    .balign 4\n# The registers x0 to x31 before the instruction.\nbefore:\n",
        out);
    write_words(p->before.x, PILL_REGISTERS, out);
    fputs("# What is found on the bare machine: x1 to x31,\nreal:\n", out);
    write_words(p->real.x + 1, PILL_REGISTERS - 1, out);
    fputs("# and status, P, l, b, information, T.\n", out);
    write_words(rest, sizeof rest / sizeof *rest, out);
}

void pill_write(const struct description *m, const struct pill *p, FILE *out)
{
    char text[80];
    disassemble(m, p->word, 32, PILL_P, text, sizeof text);
    write_head(m, p, text, out);
    write_start(p, text, out);
    write_look(out);
    write_data(p, out);
}
