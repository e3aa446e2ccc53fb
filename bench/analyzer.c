// SPDX-License-Identifier: MIT
// How long the analyzer takes to classify a machine, on one core: a process of its own, and its
// processor time.

#define _DEFAULT_SOURCE
#include "bench/loop.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

double run_analyzer(const char *machine)
{
    char path[80];
    struct rusage usage;
    int status;

    snprintf(path, sizeof path, "isa-analyzer/isas/%s.isa", machine);
    const pid_t pid = fork();
    if (pid == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        execl("build/isa-analyzer", "isa-analyzer", "check", "--threads", "1", path, (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0)
        bench_fail("isa-analyzer check %s did not end as it should", path);
    return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}
