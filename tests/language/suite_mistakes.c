// SPDX-License-Identifier: MIT
// What the language says of mistakes: each description in mistakes/ against the text beside it.
// TRAPEZE_GOLDEN=write writes the texts anew; read them before committing them.
#include <CUnit/CUnit.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "isa-analyzer/language/tree.h"
#include "tests/suites.h"

#define FOLDER "tests/language/mistakes/"

static char *diagnose(const char *file)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    struct arena arena = {0};
    struct diagnostics d = {.out = out};
    struct description *m = description_read(&arena, &d, file);
    if (m) fprintf(out, "no mistake: %u instructions\n", m->instructions.n);
    arena_free(&arena);
    fclose(out);
    return text;
}

static char *read_text(const char *file)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length), *in = fopen(file, "r");
    for (int c; in && (c = fgetc(in)) != EOF;) fputc(c, out);
    if (in) fclose(in);
    fclose(out);
    return text;
}

static void test_mistakes(void)
{
    struct dirent **names;
    int const n = scandir(FOLDER, &names, NULL, alphasort);
    int seen = 0;
    CU_ASSERT_FATAL(n > 0);
    for (int i = 0; i < n; i++) {
        char isa[512], txt[512];
        size_t const length = strlen(names[i]->d_name);
        if (length > 4 && strcmp(names[i]->d_name + length - 4, ".isa") == 0) {
            snprintf(isa, sizeof isa, FOLDER "%s", names[i]->d_name);
            snprintf(txt, sizeof txt, FOLDER "%.*s.txt", (int)length - 4, names[i]->d_name);
            char *found = diagnose(isa);
            const char *golden = getenv("TRAPEZE_GOLDEN");
            if (golden && strcmp(golden, "write") == 0) {
                FILE *f = fopen(txt, "w");
                if (f) fputs(found, f), fclose(f);
            }
            char *expected = read_text(txt);
            if (strcmp(found, expected) != 0)
                printf("%s: the diagnostics differ from %s; found:\n%s", isa, txt, found);
            CU_ASSERT_STRING_EQUAL(found, expected);
            free(found);
            free(expected);
            seen++;
        }
        free(names[i]);
    }
    free(names);
    CU_ASSERT(seen >= 10);
}

// Every description that the project ships is sound.
static void test_shipped(void)
{
    struct dirent **names;
    int const n = scandir("isa-analyzer/isas", &names, NULL, alphasort);
    int seen = 0;
    for (int i = 0; i < n; i++) {
        char isa[512];
        size_t const length = strlen(names[i]->d_name);
        if (length > 4 && strcmp(names[i]->d_name + length - 4, ".isa") == 0) {
            snprintf(isa, sizeof isa, "isa-analyzer/isas/%s", names[i]->d_name);
            char *found = diagnose(isa);
            CU_ASSERT(strncmp(found, "no mistake", 10) == 0);
            free(found);
            seen++;
        }
        free(names[i]);
    }
    free(names);
    CU_ASSERT(seen >= 7);
}

// A description cut off anywhere is a mistake or a smaller description, never a crash.
static void test_truncated(void)
{
    char *text = read_text("isa-analyzer/isas/pg32.isa");
    size_t const length = strlen(text);
    size_t const step = tests_long() ? 1 : 97;
    unsigned errors = 0;
    for (size_t n = 0; n < length; n += step) {
        struct arena arena = {0};
        FILE *nowhere = fopen("/dev/null", "w");
        struct diagnostics d = {.out = nowhere};
        if (!description_of_text(&arena, &d, "cut.isa", text, n)) errors++;
        arena_free(&arena);
        fclose(nowhere);
    }
    CU_ASSERT(errors > 0);
    free(text);
}

static void test_configuration(void)
{
    struct arena arena = {0};
    FILE *nowhere = fopen("/dev/null", "w");
    struct diagnostics d = {.out = nowhere};
    struct description *m = description_read(&arena, &d, "isa-analyzer/isas/pg32.isa");
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT(description_configure(m, &d, "memory_size=65536"));
    CU_ASSERT(((struct config *)m->configs.items[0])->value == 65536);
    CU_ASSERT(description_configure(m, &d, "memory_size=0x1000"));
    static const char *const wrong[] = {"memory_size",
                                        "memory_size=",
                                        "memory_size=4294967296",
                                        "memory_size=-1",
                                        "memory_size=1x",
                                        "memory=1",
                                        "",
                                        "="};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CU_ASSERT_FALSE(description_configure(m, &d, wrong[i]));
    CU_ASSERT(((struct config *)m->configs.items[0])->value == 0x1000);
    arena_free(&arena);
    fclose(nowhere);
}

void suite_mistakes(void)
{
    CU_pSuite s = CU_add_suite("mistakes", NULL, NULL);
    CU_add_test(s, "diagnostics", test_mistakes);
    CU_add_test(s, "the shipped descriptions are sound", test_shipped);
    CU_add_test(s, "truncated descriptions", test_truncated);
    CU_add_test(s, "configuration", test_configuration);
}
