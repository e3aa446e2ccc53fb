// SPDX-License-Identifier: MIT
// Console input: from a file at once, from elsewhere as it comes.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/host/diagnostics.h"
#include "vmm/host/file.h"
#include "vmm/host/signals.h"
#include "vmm/host/terminal.h"

bool input_add(struct input *in, const uint8_t *bytes, size_t n, uint64_t now, struct failure *f)
{
    if (n > in->capacity - in->n) {
        const size_t capacity = 2 * in->capacity > in->n + n ? 2 * in->capacity : in->n + n;
        struct arrival *more = realloc(in->arrivals, capacity * sizeof *more);
        if (more == NULL) return fail(f, "no host memory for %zu bytes of input", capacity);
        in->arrivals = more;
        in->capacity = capacity;
    }
    if (in->n > 0 && in->arrivals[in->n - 1].count > now) now = in->arrivals[in->n - 1].count;
    for (size_t i = 0; i < n; i++) {
        in->arrivals[in->n] = (struct arrival){now, bytes[i]};
        if (in->recording != NULL) recording_add(in->recording, &in->arrivals[in->n]);
        in->n++;
    }
    if (in->recording != NULL) recording_flush(in->recording);
    return true;
}

static bool take_file(struct input *in, int fd, struct failure *f)
{
    uint8_t *bytes;
    size_t n;

    if (!file_read_open(fd, "standard input", &bytes, &n, f)) return false;
    const bool good = input_add(in, bytes, n, 0, f);
    free(bytes);
    return good;
}

bool input_open(struct input *in, int fd, struct recording *recording, struct failure *f)
{
    struct stat status;

    *in = (struct input){.fd = -1, .recording = recording};
    if (fstat(fd, &status) != 0) return true;
    if (S_ISDIR(status.st_mode))
        return fail(f, "standard input is a directory; expected a file, a pipe or a terminal");
    if (S_ISREG(status.st_mode)) return take_file(in, fd, f);
    in->fd = fd;
    terminal_raw(fd);
    return input_poll(in, 0, f);
}

bool input_replay(struct input *in, const char *path, struct failure *f)
{
    *in = (struct input){.fd = -1};
    const bool good = recording_read(path, &in->arrivals, &in->n, f);
    in->capacity = in->n;
    return good;
}

bool input_poll(struct input *in, uint64_t now, struct failure *f)
{
    struct pollfd poll_fd = {.fd = in->fd, .events = POLLIN};
    uint8_t bytes[INPUT_BACKLOG];

    if (in->fd < 0 || poll(&poll_fd, 1, 0) <= 0) return true;
    const ssize_t n = read(in->fd, bytes, sizeof bytes);
    if (n > 0) return input_add(in, bytes, (size_t)n, now, f);
    // A terminal that has hung up gives an error, which is its end.
    if (n == 0 || (errno != EINTR && errno != EAGAIN)) in->fd = -1;
    return true;
}

bool input_wait(struct input *in, uint64_t now, struct failure *f)
{
    signals_wait(in->fd);
    return signals_stop != 0 || input_poll(in, now, f);
}

bool input_take(struct input *in, struct failure *f)
{
    uint8_t *bytes = NULL;
    size_t n = 0;

    *in = (struct input){.fd = -1};
    if (isatty(STDIN_FILENO)) return true;
    if (!file_read_open(STDIN_FILENO, "standard input", &bytes, &n, f)) return false;
    in->arrivals = calloc(n + 1, sizeof *in->arrivals);
    if (in->arrivals == NULL) panic("no host memory for %zu bytes of input", n);
    for (size_t i = 0; i < n; i++) in->arrivals[i].byte = bytes[i];
    in->n = n;
    free(bytes);
    return true;
}

void input_close(struct input *in)
{
    free(in->arrivals);
    *in = (struct input){.fd = -1};
}
