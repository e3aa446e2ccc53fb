// SPDX-License-Identifier: MIT
// Signal handlers. They call only what is async-signal-safe.

#define _GNU_SOURCE // ppoll
#include "vmm/host/signals.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/terminal.h"

volatile sig_atomic_t signals_stop;

static const int orderly[] = {SIGINT, SIGTERM, SIGHUP};
static const int fatal[] = {SIGQUIT, SIGPIPE, SIGABRT, SIGSEGV, SIGILL, SIGFPE, SIGXCPU, SIGXFSZ};
static const char *volatile guarded;
static volatile size_t guarded_size;

enum { ORDERLY = sizeof orderly / sizeof orderly[0], FATAL = sizeof fatal / sizeof fatal[0] };

static struct sigaction found[FATAL]; // sanitizers have handlers of their own

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction old, action = {.sa_handler = handler, .sa_flags = flags};

    sigemptyset(&action.sa_mask);
    // Who started us may want a signal ignored; nohup for one.
    if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        sigaction(number, &action, NULL);
}

static void end_by(int number)
{
    terminal_restore();
    signal(number, SIG_DFL);
    raise(number);
}

// Puts the terminal back, and lets the signal do what it would have done.
static void on_fatal(int number, siginfo_t *info, void *context)
{
    (void)context;
    terminal_restore();
    for (int i = 0; i < FATAL; i++)
        if (fatal[i] == number) sigaction(number, &found[i], NULL);
    // An instruction that caused it does so again on return, and not if it was sent.
    const bool caused = number == SIGSEGV || number == SIGILL || number == SIGFPE;
    if (!caused || info->si_code <= 0) raise(number);
}

static void on_orderly(int number)
{
    if (signals_stop != 0) end_by(number);
    signals_stop = number;
}

static void on_suspend(int number)
{
    const int kept = errno;

    (void)number;
    terminal_restore();
    raise(SIGSTOP);
    terminal_again();
    errno = kept;
}

static void on_bus(int number, siginfo_t *info, void *context)
{
    static const char text[] =
        "vmm: error: the disk image can no longer be accessed: it has been cut "
        "short, or its file system is full\n";
    const uintptr_t at = (uintptr_t)info->si_addr - (uintptr_t)guarded;

    (void)context;
    if (guarded == NULL || at >= guarded_size) {
        end_by(number);
        return;
    }
    terminal_restore();
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(STATUS_USAGE);
    _exit(STATUS_USAGE);
}

void signals_install(void)
{
    for (int i = 0; i < ORDERLY; i++) handle(orderly[i], on_orderly, SA_RESTART);
    for (int i = 0; i < FATAL; i++) {
        struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO};
        sigemptyset(&action.sa_mask);
        if (sigaction(fatal[i], NULL, &found[i]) == 0 && found[i].sa_handler != SIG_IGN)
            sigaction(fatal[i], &action, NULL);
    }
    handle(SIGTSTP, on_suspend, SA_RESTART);
}

void signals_guard(const void *mapped, size_t size)
{
    struct sigaction action = {.sa_sigaction = on_bus, .sa_flags = SA_SIGINFO};

    guarded = mapped;
    guarded_size = size;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}

void signals_wait(int fd)
{
    signals_wait_any(&fd, 1);
}

void signals_wait_any(const int *fds, size_t n)
{
    struct pollfd polls[SIGNALS_WAIT_MOST];
    sigset_t held, before;

    for (size_t i = 0; i < n; i++) polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};

    // Blocked but for ppoll itself, so that none can slip in between the test and the wait.
    sigemptyset(&held);
    for (int i = 0; i < ORDERLY; i++) sigaddset(&held, orderly[i]);
    sigprocmask(SIG_BLOCK, &held, &before);
    while (signals_stop == 0 && ppoll(polls, n, NULL, &before) < 0 && errno == EINTR) continue;
    sigprocmask(SIG_SETMASK, &before, NULL);
}

void signals_end(void)
{
    const int number = signals_stop;

    fflush(NULL);
    terminal_restore();
    signal(number, SIG_DFL);
    raise(number);
    _exit(128 + number);
}
