// SPDX-License-Identifier: MIT
// Starts a job's process and reads what it left behind.

#define _GNU_SOURCE // asprintf
#include "tests/job.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOG_LINES = 40 }; // of a failed job's log are shown

double job_clock(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// In the child: `fd` becomes a new file. Ends the child where that fails.
static void redirect(int fd, const char *path)
{
    const int file = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_APPEND, 0666);

    if (file < 0 || dup2(file, fd) < 0) _exit(127);
    if (file != fd) close(file);
}

// A run in the background, or under nohup, has some of these ignored; tests send them.
static void heed_signals(void)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM};

    for (size_t k = 0; k < sizeof signals / sizeof *signals; k++) signal(signals[k], SIG_DFL);
}

bool job_start(struct job *j)
{
    char *program;

    if (asprintf(&program, "%s/tests/run", j->build) < 0) abort();
    unlink(j->results);
    fflush(NULL);
    j->began = job_clock();
    j->pid = fork();
    if (j->pid == 0) {
        setpgid(0, 0);
        heed_signals();
        setenv("TRAPEZE_SIZE", j->size, 1);
        const int nothing = open("/dev/null", O_RDONLY);
        if (nothing < 0 || dup2(nothing, 0) < 0) _exit(127);
        redirect(2, j->log);
        if (j->suite != NULL) {
            dup2(2, 1);
            execl(program, program, "--suite", j->suite, "--results", j->results, "--build",
                  j->build, (char *)NULL);
        } else {
            redirect(1, j->results);
            execlp("sh", "sh", j->script, j->build, (char *)NULL);
        }
        _exit(127);
    }
    free(program);
    return j->pid > 0;
}

void job_end(struct job *j)
{
    j->timed_out = true;
    kill(-j->pid, SIGKILL);
}

static void add(struct job *j, const char *name, size_t length, const char *why)
{
    struct record *r = realloc(j->records, (j->records_n + 1) * sizeof *r);

    if (r == NULL) abort();
    j->records = r;
    r[j->records_n].name = strndup(name, length);
    r[j->records_n].why = why != NULL ? strdup(why) : NULL;
    j->records_n++;
    if (why != NULL) j->failures++;
}

void job_free(struct job *j)
{
    for (size_t k = 0; k < j->records_n; k++) {
        free(j->records[k].name);
        free(j->records[k].why);
    }
    free(j->records);
    free(j->skipped);
    free(j->name);
    free(j->suite);
    free(j->script);
    free(j->log);
    free(j->results);
}

// Takes one line of a results file; what is no record says nothing (a command may print more).
static void take(struct job *j, const char *line, long *plan)
{
    if (strncmp(line, "plan ", 5) == 0) {
        *plan = strtol(line + 5, NULL, 10);
    } else if (strncmp(line, "skip ", 5) == 0) {
        free(j->skipped);
        j->skipped = strdup(line + 5);
    } else if (strncmp(line, "ok ", 3) == 0) {
        add(j, line + 3, strlen(line + 3), NULL);
    } else if (strncmp(line, "not ok ", 7) == 0) {
        const char *colon = strstr(line + 7, ": ");
        add(j, line + 7, colon != NULL ? (size_t)(colon - line - 7) : strlen(line + 7),
            colon != NULL ? colon + 2 : "failed");
    }
}

void job_collect(struct job *j, int status)
{
    FILE *f = fopen(j->results, "r");
    long plan = -1;
    char *line = NULL, why[160];
    size_t room = 0;

    j->seconds = job_clock() - j->began;
    j->pid = 0;
    while (f != NULL && getline(&line, &room, f) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        take(j, line, &plan);
    }
    if (f != NULL) fclose(f);
    free(line);

    const size_t ran = j->records_n;
    if (j->timed_out) {
        snprintf(why, sizeof why, "not done after %.0f seconds", j->seconds);
        add(j, "in time", 7, why);
    } else if (WIFSIGNALED(status)) {
        snprintf(why, sizeof why, "ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
        add(j, "the process", 11, why);
    } else if (WEXITSTATUS(status) != 0 && (j->suite != NULL || j->failures == 0)) {
        snprintf(why, sizeof why, "ended with status %d", WEXITSTATUS(status));
        add(j, "the process", 11, why);
    } else if ((ran == 0 && j->skipped == NULL) || plan == 0) {
        add(j, "tests", 5, "none ran");
    } else if (plan > 0 && ran < (size_t)plan) {
        snprintf(why, sizeof why, "%zu ran of %ld", ran, plan);
        add(j, "all tests", 9, why);
    } else if (j->suite != NULL && plan < 0) {
        add(j, "all tests", 9, "the suite did not say how many there are");
    }
}

// The last lines of a file, indented.
static void show_end_of(const char *path, FILE *out)
{
    char *lines[LOG_LINES] = {NULL}, *line = NULL;
    size_t n = 0, room = 0;
    FILE *f = fopen(path, "r");

    if (f == NULL) return;
    while (getline(&line, &room, f) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        free(lines[n % LOG_LINES]);
        lines[n++ % LOG_LINES] = strdup(line);
    }
    fclose(f);
    free(line);
    if (n > 0) fprintf(out, "    %s%s:\n", n > LOG_LINES ? "the end of " : "", path);
    for (size_t k = n > LOG_LINES ? n - LOG_LINES : 0; k < n; k++)
        fprintf(out, "    | %s\n", lines[k % LOG_LINES]);
    for (size_t k = 0; k < LOG_LINES; k++) free(lines[k]);
}

void job_report(const struct job *j, FILE *out)
{
    fprintf(out, "%s %s: %zu passed, %zu failed, %.1f s\n", j->failures == 0 ? "ok  " : "FAIL",
            j->name, j->records_n - j->failures, j->failures, j->seconds);
    if (j->skipped != NULL) fprintf(out, "    skipped: %s\n", j->skipped);
    for (size_t k = 0; k < j->records_n; k++) {
        if (j->records[k].why == NULL) continue;
        fprintf(out, "    not ok %s: %s\n", j->records[k].name, j->records[k].why);
    }
    if (j->failures != 0) show_end_of(j->log, out);
    fflush(out);
}
