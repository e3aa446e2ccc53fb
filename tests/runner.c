// SPDX-License-Identifier: MIT
// The test runner: every suite and every command test in a process of its own, as many at a time as
// there are processors, and one closing line `N passed, M failed`. What a job is and how its
// outcome is read is in job.c; how a suite runs inside its process, in suite.c.

#define _GNU_SOURCE // vasprintf
#include "tests/job.h"
#include "tests/junit.h"
#include "tests/suite.h"

#include <errno.h>
#include <getopt.h>
#include <glob.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "usage: build/tests/run [OPTION]... [FILTER]...\n"
    "Runs the tests whose names contain one of the filters; all without one.\n"
    "  --quick              small random tests: two minutes in all\n"
    "  --long               large random tests, without what is in a normal run as large\n"
    "  --build DIR          the build under test (default: where this program is)\n"
    "  --sanitized DIR      run everything on this build too, one size smaller\n"
    "  --jobs N             processes at a time (default: one a processor)\n"
    "  --junit FILE         write the outcome as JUnit XML\n"
    "  --list               print the names and stop\n"
    "  --suite NAME --results FILE    run one suite in this process\n"
    "TRAPEZE_SEED=N in the environment repeats the random tests of an earlier run.\n";

struct options {
    char *build, *sanitized, *junit, *suite, *results;
    const char *size;
    long jobs;
    bool list;
    char **filters;
};

static struct job *jobs;
static size_t jobs_n;

static volatile sig_atomic_t interrupted;

static void at_interrupt(int signal)
{
    interrupted = signal;
}

__attribute__((format(printf, 1, 2))) static char *format(const char *text, ...)
{
    va_list arguments;
    char *made;

    va_start(arguments, text);
    if (vasprintf(&made, text, arguments) < 0) abort();
    va_end(arguments);
    return made;
}

static struct options options_read(int argc, char **argv)
{
    enum { QUICK, LONG, BUILD, SANITIZED, JOBS, JUNIT, LIST, SUITE_NAME, RESULTS, HELP };
    static const struct option known[] = {
        {"quick", no_argument, NULL, QUICK},
        {"long", no_argument, NULL, LONG},
        {"build", required_argument, NULL, BUILD},
        {"sanitized", required_argument, NULL, SANITIZED},
        {"jobs", required_argument, NULL, JOBS},
        {"junit", required_argument, NULL, JUNIT},
        {"list", no_argument, NULL, LIST},
        {"suite", required_argument, NULL, SUITE_NAME},
        {"results", required_argument, NULL, RESULTS},
        {"help", no_argument, NULL, HELP},
        {NULL, 0, NULL, 0},
    };
    struct options o = {.jobs = sysconf(_SC_NPROCESSORS_ONLN)};

    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) >= 0;) {
        switch (c) {
        case QUICK: o.size = "quick"; break;
        case LONG: o.size = "long"; break;
        case BUILD: o.build = optarg; break;
        case SANITIZED: o.sanitized = optarg; break;
        case JOBS: o.jobs = strtol(optarg, NULL, 10); break;
        case JUNIT: o.junit = optarg; break;
        case LIST: o.list = true; break;
        case SUITE_NAME: o.suite = optarg; break;
        case RESULTS: o.results = optarg; break;
        case HELP: fputs(usage, stdout); exit(0);
        default: fputs(usage, stderr); exit(2);
        }
    }
    if (o.build == NULL) { // BUILD/tests/run
        static char usual[] = "build";
        char *rest = strstr(argv[0], "/tests/run");
        if (rest != NULL) *rest = '\0';
        o.build = rest != NULL ? argv[0] : usual;
    }
    if (o.jobs < 1) o.jobs = 1;
    o.filters = argv + optind;
    return o;
}

static void add_job(const struct options *o, struct job j)
{
    bool wanted = o->filters[0] == NULL;

    for (char **f = o->filters; *f != NULL; f++) wanted = wanted || strstr(j.name, *f) != NULL;
    if (!wanted) {
        job_free(&j);
        return;
    }
    jobs = realloc(jobs, (jobs_n + 1) * sizeof *jobs);
    if (jobs == NULL) abort();
    jobs[jobs_n++] = j;
}

// Whether a script does more at this size than at the next smaller one: it then has a line with the
// words TRAPEZE_SIZE and `word`.
static bool is_larger(const char *script, const char *word)
{
    FILE *f = fopen(script, "r");
    char *line = NULL;
    size_t room = 0;
    bool found = f == NULL; // whoever runs it will say so

    while (!found && getline(&line, &room, f) >= 0)
        found = strstr(line, "TRAPEZE_SIZE") != NULL && strstr(line, word) != NULL;
    if (f != NULL) fclose(f);
    free(line);
    return found;
}

// A long run of everything leaves out the scripts that are no larger than in a normal run.
static bool is_left_out(const struct options *o, const char *script, const char *size)
{
    if (strcmp(o->size, "long") != 0 || o->filters[0] != NULL) return false;
    return !is_larger(script, strcmp(size, "long") == 0 ? "long" : "quick");
}

static void add_scripts(const struct options *o, char *build, const char *prefix, const char *size,
                        const char *directory)
{
    glob_t scripts = {0};

    glob("tests/command/*.sh", 0, NULL, &scripts);
    for (size_t k = 0; k < scripts.gl_pathc; k++) {
        if (is_left_out(o, scripts.gl_pathv[k], size)) continue;
        char *base = strdup(strrchr(scripts.gl_pathv[k], '/') + 1);
        base[strlen(base) - 3] = '\0';
        struct job j = {.name = format("%scommand/%s", prefix, base),
                        .build = build,
                        .size = size,
                        .script = strdup(scripts.gl_pathv[k])};
        j.log = format("%s/command-%s.log", directory, base);
        j.results = format("%s/command-%s.results", directory, base);
        free(base);
        add_job(o, j);
    }
    globfree(&scripts);
}

static void add_suites(const struct options *o, char *build, const char *prefix, const char *size,
                       const char *directory)
{
    for (const struct suite *s = suites; s->name != NULL; s++) {
        struct job j = {.name = format("%s%s", prefix, s->name),
                        .build = build,
                        .size = size,
                        .suite = strdup(s->name)};
        j.log = format("%s/%s.log", directory, s->name);
        j.results = format("%s/%s.results", directory, s->name);
        add_job(o, j);
    }
}

// The jobs for one build, what takes longest first: the command tests, or at full size the suites.
static void add_build(const struct options *o, char *build, const char *prefix, const char *size)
{
    char *directory = format("%s/tests/log", build);

    if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "%s: error: cannot be made: %s\n", directory, strerror(errno));
        exit(2);
    }
    if (strcmp(size, "long") == 0) add_suites(o, build, prefix, size, directory);
    add_scripts(o, build, prefix, size, directory);
    if (strcmp(size, "long") != 0) add_suites(o, build, prefix, size, directory);
    free(directory);
}

// Waits a moment, then takes in what has ended and ends what is overdue; how many have ended.
static size_t wait_for_jobs(double limit)
{
    size_t ended = 0;
    int status;

    nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
    for (size_t k = 0; k < jobs_n; k++) {
        struct job *j = &jobs[k];
        if (j->pid == 0) continue;
        if (!j->timed_out && job_clock() - j->began > limit) job_end(j);
        if (waitpid(j->pid, &status, WNOHANG) != j->pid) continue;
        job_collect(j, status);
        job_report(j, stdout);
        ended++;
    }
    return ended;
}

static void run_jobs(const struct options *o)
{
    const double limit = strcmp(o->size, "long") == 0 ? 3600 : 900; // seconds, for each job
    size_t running = 0, next = 0;

    while (next < jobs_n || running > 0) {
        while (next < jobs_n && running < (size_t)o->jobs) {
            if (!job_start(&jobs[next++])) {
                perror("error: a process cannot be started");
                exit(64);
            }
            running++;
        }
        running -= wait_for_jobs(limit);
        if (!interrupted) continue;
        for (size_t k = 0; k < jobs_n; k++)
            if (jobs[k].pid != 0) job_end(&jobs[k]);
        exit(128 + interrupted);
    }
}

// Sees to it that random tests have a seed, and says which.
static void set_seed(void)
{
    char seed[32];

    snprintf(seed, sizeof seed, "%jd", (intmax_t)time(NULL));
    setenv("TRAPEZE_SEED", seed, 0);
}

int main(int argc, char **argv)
{
    struct options o = options_read(argc, argv);
    size_t passed = 0, failed = 0;

    // A suite's size is what is asked for here, or what stands in the environment.
    if (o.suite != NULL && o.size != NULL) setenv("TRAPEZE_SIZE", o.size, 1);
    if (o.size == NULL) o.size = "normal";
    if (o.suite != NULL && o.results != NULL) return suite_run(o.suite, o.build, o.results);
    add_build(&o, o.build, "", o.size);
    if (o.sanitized != NULL)
        add_build(&o, o.sanitized, "sanitized/", strcmp(o.size, "long") == 0 ? "normal" : "quick");
    if (o.list) {
        for (size_t k = 0; k < jobs_n; k++) printf("%s\n", jobs[k].name);
        exit(0);
    }
    set_seed();
    signal(SIGINT, at_interrupt);
    signal(SIGTERM, at_interrupt);
    printf("seed: TRAPEZE_SEED=%s\n", getenv("TRAPEZE_SEED"));
    run_jobs(&o);
    for (size_t k = 0; k < jobs_n; k++) {
        passed += jobs[k].records_n - jobs[k].failures;
        failed += jobs[k].failures;
    }
    if (jobs_n == 0) {
        fputs("error: no test has such a name\n", stderr);
        failed++;
    }
    if (o.junit != NULL && !junit_write(o.junit, jobs, jobs_n)) {
        fprintf(stderr, "%s: error: cannot be written: %s\n", o.junit, strerror(errno));
        failed++;
    }
    if (failed > 0) printf("repeat with TRAPEZE_SEED=%s\n", getenv("TRAPEZE_SEED"));
    printf("%zu passed, %zu failed\n", passed, failed);
    for (size_t k = 0; k < jobs_n; k++) job_free(&jobs[k]);
    free(jobs);
    return failed == 0 ? 0 : 1;
}
