// SPDX-License-Identifier: MIT
// Starting, typing, reading, waiting.

#define _GNU_SOURCE // posix_openpt and its family
#include "tests/host/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/suites.h"

enum { PATIENCE = 20000, ARGUMENTS = 20 }; // milliseconds; most, with the null pointer

static int good(int result, const char *what)
{
    if (result >= 0) return result;
    perror(what);
    exit(64);
}

static void run_child(const struct child *c, int in, int out, int err, char **arguments)
{
    char path[256];

    snprintf(path, sizeof path, "%s/vmm", tests_build());
    if (c->terminal >= 0) {
        setsid();
        ioctl(in, TIOCSCTTY, 0);
    }
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execv(path, arguments);
    perror(path);
    _exit(127);
}

void child_start(struct child *c, enum child_input input, const char *const *arguments)
{
    char *argv[ARGUMENTS] = {(char *)"vmm"};
    int in[2] = {-1, -1}, out[2], err[2];

    for (int k = 1; k < ARGUMENTS - 1 && arguments[k - 1] != NULL; k++)
        argv[k] = (char *)arguments[k - 1]; // execv leaves them alone
    memset(c, 0, sizeof *c);
    c->terminal = -1;
    good(pipe2(out, O_CLOEXEC), "pipe");
    good(pipe2(err, O_CLOEXEC), "pipe");
    if (input == CHILD_NOTHING) {
        in[0] = good(open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null");
    } else if (input == CHILD_PIPE) {
        good(pipe2(in, O_CLOEXEC), "pipe");
    } else {
        in[1] = good(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), "pseudo-terminal");
        good(grantpt(in[1]), "pseudo-terminal");
        good(unlockpt(in[1]), "pseudo-terminal");
        in[0] = good(open(ptsname(in[1]), O_RDWR | O_NOCTTY | O_CLOEXEC), "pseudo-terminal");
        good(tcgetattr(in[0], &c->attributes), "pseudo-terminal");
        c->terminal = in[0];
    }
    fflush(NULL);
    c->pid = good(fork(), "fork");
    if (c->pid == 0) run_child(c, in[0], out[1], err[1], argv);
    if (c->terminal < 0) close(in[0]);
    close(out[1]);
    close(err[1]);
    c->input = in[1];
    c->output_fd = out[0];
    c->errors_fd = err[0];
}

void child_type(struct child *c, const char *bytes, size_t n)
{
    good((int)write(c->input, bytes, n), "typing");
}

void child_close_input(struct child *c)
{
    if (c->input >= 0) close(c->input);
    c->input = -1;
}

// Takes in what there is on one stream; closes it at its end.
static void take(int *fd, char *bytes, size_t *n, size_t room)
{
    const ssize_t got = read(*fd, bytes + *n, room - *n);

    if (got > 0) {
        *n += (size_t)got;
        return;
    }
    close(*fd);
    *fd = -1;
}

// Waits for something on either stream; false where nothing comes, or both have ended.
static bool read_some(struct child *c)
{
    struct pollfd fds[] = {{.fd = c->output_fd, .events = POLLIN},
                           {.fd = c->errors_fd, .events = POLLIN}};

    if (c->output_fd < 0 && c->errors_fd < 0) return false;
    if (poll(fds, 2, PATIENCE) <= 0) return false;
    if (fds[0].revents != 0) take(&c->output_fd, c->output, &c->output_n, sizeof c->output);
    if (fds[1].revents != 0) take(&c->errors_fd, c->errors, &c->errors_n, sizeof c->errors - 1);
    return true;
}

bool child_expect(struct child *c, size_t n)
{
    while (c->output_n < n)
        if (c->output_fd < 0 || !read_some(c)) return false;
    return true;
}

int child_wait(struct child *c)
{
    int status;

    while (read_some(c)) continue;
    if (c->output_fd >= 0 || c->errors_fd >= 0) kill(c->pid, SIGKILL);
    good(waitpid(c->pid, &status, 0), "wait");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void child_free(struct child *c)
{
    child_close_input(c);
    if (c->terminal >= 0) close(c->terminal);
    if (c->output_fd >= 0) close(c->output_fd);
    if (c->errors_fd >= 0) close(c->errors_fd);
}

int child_end(struct child *c)
{
    const int status = child_wait(c);

    child_free(c);
    return status;
}
