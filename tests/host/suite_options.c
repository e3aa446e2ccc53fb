// SPDX-License-Identifier: MIT
// Command lines: what is understood, and what is said about what is not.

#include "tests/suites.h"
#include "vmm/host/numbers.h"
#include "vmm/host/options.h"

#include <CUnit/CUnit.h>
#include <string.h>

static struct failure failure;

static void says(const char *reason)
{
    CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, reason));
    if (strstr(failure.text, reason) == NULL)
        printf("expected '%s', found: %s\n", reason, failure.text);
}

static void test_memory(void)
{
    static const struct {
        const char *text;
        uint32_t bytes; // 0: refused
        const char *reason;
    } cases[] = {
        {"4096", 4096, ""},
        {"4K", 4096, ""},
        {"4k", 4096, ""},
        {"0x1000", 4096, ""},
        {"16M", 16 << 20, ""},
        {"1G", 1 << 30, ""},
        {"3g", 3u << 30, ""},
        {"4194300K", 0xfffff000, ""},
        {"4294963200", 0xfffff000, ""},
        {"0xfffff000", 0xfffff000, ""},
        {"4G", 0, "the most is 4194300K"},
        {"4294967296", 0, "the most is 4194300K"},
        {"18446744073709551615", 0, "the most is"},
        {"18446744073709551616", 0, "expected bytes"},
        {"99999999999G", 0, "the most is"},
        {"0", 0, "the least is 4K"},
        {"0M", 0, "the least is 4K"},
        {"1", 0, "the nearest is 4K"},
        {"5000", 0, "the nearest are 4K and 8K"},
        {"1023K", 0, "the nearest are 1020K and 1M"},
        {"4294967295", 0, "the most is"},
        {"", 0, "expected bytes"},
        {"M", 0, "expected bytes"},
        {"-4096", 0, "expected bytes"},
        {"+4096", 0, "expected bytes"},
        {" 4096", 0, "expected bytes"},
        {"4096 ", 0, "expected bytes"},
        {"16MB", 0, "expected bytes"},
        {"16T", 0, "expected bytes"},
        {"0x", 0, "expected bytes"},
        {"1.5M", 0, "expected bytes"},
    };

    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        uint32_t bytes = 12345;
        const bool good = parse_memory(cases[k].text, "--memory", &bytes, &failure);
        CU_ASSERT_EQUAL(good, cases[k].bytes != 0);
        CU_ASSERT_EQUAL(bytes, good ? cases[k].bytes : 12345);
        if (!good) says(cases[k].reason);
    }
}

// A size is printed so that it is understood again, as the same.
static void test_memory_text(void)
{
    for (uint64_t pages = 1; pages < 1 << 20; pages = pages * 5 / 4 + 1) {
        uint32_t bytes = 0;
        CU_ASSERT(parse_memory(memory_text(pages * 4096).text, "", &bytes, &failure));
        CU_ASSERT_EQUAL(bytes, pages * 4096);
    }
    CU_ASSERT_STRING_EQUAL(memory_text(16 << 20).text, "16M");
    CU_ASSERT_STRING_EQUAL(memory_text((16 << 20) + 4096).text, "16388K");
}

static void test_count(void)
{
    uint64_t n = 7;

    CU_ASSERT(parse_count("0", "--n", &n, &failure));
    CU_ASSERT_EQUAL(n, 0);
    CU_ASSERT(parse_count("18446744073709551615", "--n", &n, &failure));
    CU_ASSERT_EQUAL(n, UINT64_MAX);
    CU_ASSERT(parse_count("0x1f", "--n", &n, &failure));
    CU_ASSERT_EQUAL(n, 31);
    static const char *const bad[] = {"", "-1", "1e6", "18446744073709551616", "ten", "5 ", "0x"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        CU_ASSERT(!parse_count(bad[k], "--n", &n, &failure));
        CU_ASSERT_EQUAL(n, 31);
        says("--n: expected a number from 0 to 18446744073709551615");
    }
}

struct values {
    bool flag;
    const char *text;
    uint64_t count;
    uint32_t memory;
    size_t choice;
};

static const char *color(const void *list, size_t i)
{
    static const char *const names[] = {"red", "green", "blue", NULL};

    (void)list;
    return names[i];
}

static const struct option table[] = {
    {"flag", NULL, OPTION_FLAG, offsetof(struct values, flag), NULL, "a flag"},
    {"text", "FILE", OPTION_TEXT, offsetof(struct values, text), NULL, "a text"},
    {"count", "N", OPTION_COUNT, offsetof(struct values, count), NULL, "a count"},
    {"memory", "SIZE", OPTION_MEMORY, offsetof(struct values, memory), NULL, "a size"},
    {"colour", "NAME", OPTION_CHOICE, offsetof(struct values, choice), color, "a colour"},
};

enum { MOST = 12 };

// Splits `line` at spaces and parses it; the words that are no options end up in operands.
static bool parse(const char *line, struct values *v, int *operands_n, char *operands[MOST])
{
    static char copy[200];

    *operands_n = 0;
    *v = (struct values){.count = 99};
    snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
        operands[(*operands_n)++] = word;
    return options_parse(table, sizeof table / sizeof table[0], v, operands_n, operands, &failure);
}

static void test_options(void)
{
    char *operands[MOST];
    struct values v;
    int n;

    CU_ASSERT(parse("", &v, &n, operands));
    CU_ASSERT_EQUAL(n, 0);
    CU_ASSERT_EQUAL(v.count, 99);
    CU_ASSERT(parse("a --flag b --text x --count=5 --memory 8K --colour blue c", &v, &n, operands));
    CU_ASSERT_EQUAL_FATAL(n, 3);
    CU_ASSERT_STRING_EQUAL(operands[0], "a");
    CU_ASSERT_STRING_EQUAL(operands[1], "b");
    CU_ASSERT_STRING_EQUAL(operands[2], "c");
    CU_ASSERT(v.flag);
    CU_ASSERT_STRING_EQUAL(v.text, "x");
    CU_ASSERT_EQUAL(v.count, 5);
    CU_ASSERT_EQUAL(v.memory, 8192);
    CU_ASSERT_EQUAL(v.choice, 2);
    CU_ASSERT(parse("--text - - -- --flag --", &v, &n, operands));
    CU_ASSERT_EQUAL_FATAL(n, 3);
    CU_ASSERT_STRING_EQUAL(v.text, "-");
    CU_ASSERT_STRING_EQUAL(operands[0], "-");
    CU_ASSERT_STRING_EQUAL(operands[1], "--flag");
    CU_ASSERT_STRING_EQUAL(operands[2], "--");
    CU_ASSERT(!v.flag);
    CU_ASSERT(parse("--count 1 --count 2", &v, &n, operands));
    CU_ASSERT_EQUAL(v.count, 2);
    CU_ASSERT(parse("--text=--flag=x", &v, &n, operands));
    CU_ASSERT_STRING_EQUAL(v.text, "--flag=x");
}

static void test_mistakes(void)
{
    static const struct {
        const char *line, *reason;
    } cases[] = {
        {"--flg", "there is no option '--flg'; did you mean '--flag'?"},
        {"--color red", "did you mean '--colour'?"},
        {"--conut=5", "there is no option '--conut'; did you mean '--count'?"},
        {"-flag", "there is no option '-flag'; did you mean '--flag'?"},
        {"---flag", "did you mean '--flag'?"},
        {"-x", "there is no option '-x'"},
        {"--=5", "there is no option '--'"},
        {"--flag=yes", "--flag takes no argument"},
        {"--text", "--text needs an argument: --text FILE"},
        {"--text=", "--text: expected a FILE"},
        {"--count x", "--count: expected a number"},
        {"--count=", "--count: expected a number"},
        {"--memory 3", "--memory: 3 is not a multiple of 4 KiB"},
        {"--colour blu", "--colour: there is no NAME 'blu'; did you mean 'blue'?"},
        {"--colour Green", "did you mean 'green'?"},
        {"--colour erd", "did you mean 'red'?"},
    };
    char *operands[MOST];
    struct values v;
    int n;

    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        CU_ASSERT(!parse(cases[k].line, &v, &n, operands));
        says(cases[k].reason);
    }
}

void suite_options(void)
{
    CU_pSuite s = CU_add_suite("options", NULL, NULL);

    CU_add_test(s, "memory sizes", test_memory);
    CU_add_test(s, "memory sizes printed", test_memory_text);
    CU_add_test(s, "counts", test_count);
    CU_add_test(s, "command lines", test_options);
    CU_add_test(s, "mistakes", test_mistakes);
}
