// SPDX-License-Identifier: MIT
// Runs a loop under qemu-riscv32, a process each time: its start-up is in the time, and whoever
// measures takes the difference of two runs.

#define _GNU_SOURCE // memfd_create, wait4
#include "bench/loop.h"

#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

struct run run_qemu(const struct loop *l, uint32_t rounds)
{
    const int file = memfd_create(l->name, 0);
    char path[40];
    char program[] = "qemu-riscv32";
    char *const arguments[] = {program, path, NULL};
    struct rusage usage;
    pid_t child;
    int status;

    if (file < 0 || write(file, l->file, l->file_size) != (ssize_t)l->file_size ||
        pwrite(file, &rounds, 4, (off_t)l->words) != 4)
        bench_fail("the executable for qemu-riscv32 cannot be written");
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    const int error = posix_spawnp(&child, program, NULL, NULL, arguments, environ);
    if (error != 0)
        bench_fail("cannot run qemu-riscv32 (%s): install the Debian package qemu-user",
                   strerror(error));
    if (wait4(child, &status, 0, &usage) != child || !WIFEXITED(status))
        bench_fail("qemu-riscv32 on %s ended with wait status 0x%x", l->name, (unsigned)status);
    close(file);
    return (struct run){.seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
                        .result = (uint32_t)WEXITSTATUS(status)};
}
