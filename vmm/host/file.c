// SPDX-License-Identifier: MIT
// Reading files, and in words why one cannot be read.

#define _POSIX_C_SOURCE 200809L
#include "vmm/host/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_read_open(int fd, const char *name, uint8_t **bytes, size_t *size, struct failure *f)
{
    size_t capacity = 1 << 16;

    *size = 0;
    *bytes = malloc(capacity);
    for (;;) {
        if (*bytes == NULL)
            return fail(f, "%s: no host memory for more than %zu bytes", name, *size);
        const ssize_t n = read(fd, *bytes + *size, capacity - *size);
        if (n == 0) return true;
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            fail(f, "%s: cannot be read: %s", name, strerror(errno));
            free(*bytes);
            return false;
        }
        *size += (size_t)n;
        if (*size < capacity) continue;
        uint8_t *more = realloc(*bytes, capacity *= 2);
        if (more == NULL) free(*bytes);
        *bytes = more;
    }
}

bool file_read(const char *path, uint8_t **bytes, size_t *size, struct failure *f)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    bool good = false;

    if (fd < 0) return fail(f, "%s: cannot be opened: %s", path, strerror(errno));
    if (fstat(fd, &status) != 0)
        fail(f, "%s: cannot be examined: %s", path, strerror(errno));
    else if (S_ISDIR(status.st_mode))
        fail(f, "%s: is a directory; expected a file", path);
    else if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
        fail(f, "%s: is a device or a socket; expected a file", path);
    else
        good = file_read_open(fd, path, bytes, size, f);
    close(fd);
    return good;
}
