// SPDX-License-Identifier: MIT
// Reading a whole file into memory.
#ifndef TRAPEZE_VMM_HOST_FILE_H
#define TRAPEZE_VMM_HOST_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "vmm/host/failure.h"

// The contents of `path`, a file or a pipe, in *bytes, which the caller frees (never null, also
// where *size is 0). `f` names the file.
bool file_read(const char *path, uint8_t **bytes, size_t *size, struct failure *f);

// The same for an open descriptor, from where it stands; `name` is for the failure's text.
bool file_read_open(int fd, const char *name, uint8_t **bytes, size_t *size, struct failure *f);

#endif
