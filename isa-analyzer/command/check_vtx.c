// SPDX-License-Identifier: MIT
// `isa-analyzer check --vtx`: the judgement as a table.
#include "isa-analyzer/command/check_vtx.h"

#include <string.h>

static void print_list(const char *before, const struct list *names, const char *after)
{
    const char *x, *separator = before;
    LIST_EACH(x, *names)
    {
        printf("%s%s", separator, x);
        separator = ", ";
    }
    if (names->n) fputs(after, stdout);
}

static int name_width(const struct vtx_judgement *j)
{
    struct vtx_answer *a;
    int width = 11;
    LIST_EACH(a, j->answers) if ((int)strlen(a->name) > width) width = (int)strlen(a->name);
    return width;
}

static void print_answers(const struct options *o, const struct vtx_judgement *j)
{
    static const char *const colors[] = {"\033[32m", "\033[32m", "\033[1;31m"};
    int const width = name_width(j);
    struct vtx_answer *a;
    printf("\n%-*s  VT-x\n", width, "instruction");
    LIST_EACH(a, j->answers)
    {
        printf("%-*s%c %s%s%s", width, a->name, a->row ? ' ' : '*',
               o->color_out ? colors[a->verdict] : "", vtx_verdict_names[a->verdict],
               o->color_out ? "\033[0m" : "");
        if (a->verdict == VTX_ESCAPES) {
            printf(": %s\n", a->why);
            continue;
        }
        print_list(": ", &a->state, "");
        print_list(a->verdict == VTX_EXITS ? " by " : "; with ", &a->controls, "");
        print_list(" (", &a->sections, ")");
        putchar('\n');
    }
    puts("\n* beyond the description");
}

static void print_needs(const struct vtx_judgement *j)
{
    struct vtx_need *n;
    if (j->needs.n) puts("\nneeded, and how many escape without:");
    LIST_EACH(n, j->needs)
    {
        printf("  %-28s", n->control->name);
        if (n->escapes.n == 0)
            puts("  none: nothing rests on it");
        else
            printf("  %2u, %s%s\n", n->escapes.n, (const char *)n->escapes.items[0],
                   n->escapes.n > 1 ? " the first" : "");
    }
}

void print_vtx(const struct options *o, const struct vtx_files *v, const struct vtx_judgement *j)
{
    unsigned counts[VTX_ESCAPES + 1] = {0};
    struct vtx_answer *a;
    LIST_EACH(a, j->answers) counts[a->verdict]++;
    printf("under VT-x with the controls of %s:\n"
           "%u instructions exit, %u act on state that is there twice, %u escape\n",
           v->controls->file, counts[VTX_EXITS], counts[VTX_TWICE], counts[VTX_ESCAPES]);
    print_answers(o, j);
    print_needs(j);
}

int required_vtx(const struct options *o, const struct vtx_judgement *j)
{
    struct vtx_answer *a;
    struct vtx_need *n;
    if (o->require < 0) return STATUS_HOLDS;
    LIST_EACH(a, j->answers)
    if (a->verdict == VTX_ESCAPES)
        fprintf(stderr, "isa-analyzer: %s escapes: %s\n", a->name, a->why);
    LIST_EACH(n, j->needs)
    if (n->escapes.n == 0)
        fprintf(stderr, "isa-analyzer: '%s' is said to be needed, but nothing escapes without it\n",
                n->control->name);
    return j->escapes || j->idle ? STATUS_FAILS : STATUS_HOLDS;
}
