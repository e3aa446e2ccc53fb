// SPDX-License-Identifier: MIT
// Runs one suite under CUnit and writes down what came of each test. CUnit lets much pass in
// silence: a set-up that fails skips its tests, a test without assertions passes, a mistake in
// adding a test is forgotten by the next. Each of them is a failure here.

#include "tests/suite.h"
#include "tests/suites.h"

#include <CUnit/CUnit.h>
#include <CUnit/TestRun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *records;
static unsigned asserts_before;
static const char *build_directory;

static bool size_is(const char *size)
{
    const char *asked = getenv("TRAPEZE_SIZE");
    return asked != NULL && strcmp(asked, size) == 0;
}

bool tests_quick(void)
{
    return size_is("quick");
}

bool tests_long(void)
{
    return size_is("long");
}

#ifndef __has_feature // gcc's way to tell is a macro
#define __has_feature(name) 0
#endif

bool tests_watched(void)
{
#if defined __SANITIZE_ADDRESS__
    return true;
#else
    return __has_feature(address_sanitizer);
#endif
}

uint64_t tests_seed(void)
{
    const char *seed = getenv("TRAPEZE_SEED");
    return seed != NULL ? strtoull(seed, NULL, 0) : 1;
}

const char *tests_build(void)
{
    return build_directory;
}

// One record is one line, whatever a name or a condition contains.
static void put_line(const char *text)
{
    for (; *text != '\0'; text++) fputc(*text == '\n' ? ' ' : *text, records);
}

static void put_record(const char *verdict, const CU_pSuite s, const CU_pTest t)
{
    fprintf(records, "%s ", verdict);
    put_line(s->pName);
    fputs(" / ", records);
    put_line(t->pName);
}

static void at_test_start(const CU_pTest t, const CU_pSuite s)
{
    (void)t, (void)s;
    asserts_before = CU_get_number_of_asserts();
}

static void at_test_complete(const CU_pTest t, const CU_pSuite s, const CU_pFailureRecord first)
{
    const bool asserted = CU_get_number_of_asserts() > asserts_before;
    int shown = 0;

    fflush(NULL);
    put_record(first == NULL && asserted ? "ok" : "not ok", s, t);
    if (!asserted) fputs(": no assertion was executed", records);
    for (CU_pFailureRecord f = first; f != NULL; f = f->pNext, shown++) {
        if (shown == 3) {
            fputs("; and more", records);
            break;
        }
        fprintf(records, "%s %s:%u: ", shown == 0 ? ":" : ";",
                f->strFileName != NULL ? f->strFileName : "?", f->uiLineNumber);
        put_line(f->strCondition != NULL ? f->strCondition : "?");
    }
    fputc('\n', records);
    fflush(records);
}

static void at_set_up_failure(const CU_pSuite s)
{
    for (CU_pTest t = s->pTest; t != NULL; t = t->pNext) {
        put_record("not ok", s, t);
        fputs(": the suite's set-up failed\n", records);
    }
}

static void at_clean_up_failure(const CU_pSuite s)
{
    fputs("not ok ", records);
    put_line(s->pName);
    fputs(": the suite's clean-up failed\n", records);
}

int suite_run(const char *name, const char *build, const char *results)
{
    const struct suite *found = suites;

    while (found->name != NULL && strcmp(found->name, name) != 0) found++;
    records = fopen(results, "w");
    if (found->name == NULL || records == NULL) {
        fprintf(stderr, "no suite '%s', or '%s' cannot be written\n", name, results);
        return 64;
    }
    build_directory = build;
    CU_set_error_action(CUEA_ABORT); // a mistake in adding tests ends the process
    if (CU_initialize_registry() != CUE_SUCCESS) return 64;
    found->add();
    fprintf(records, "plan %u\n", CU_get_registry()->uiNumberOfTests);
    fflush(records);

    CU_set_error_action(CUEA_IGNORE);
    CU_set_test_start_handler(at_test_start);
    CU_set_test_complete_handler(at_test_complete);
    CU_set_suite_init_failure_handler(at_set_up_failure);
    CU_set_suite_cleanup_failure_handler(at_clean_up_failure);
    CU_run_all_tests();
    CU_cleanup_registry();
    return fclose(records) == 0 ? 0 : 64;
}
