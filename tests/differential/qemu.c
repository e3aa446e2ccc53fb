// SPDX-License-Identifier: MIT
// A program as a Linux executable in a memory file, and the process that runs it.

#define _GNU_SOURCE // memfd_create
#include "tests/differential/qemu.h"

#include <elf.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// The file's layout: headers, code, then data and first registers; the log is only memory.
struct image {
    Elf32_Ehdr header;
    Elf32_Phdr segments[2];
};

static struct image image_of(const struct program *p)
{
    const Elf32_Word code_size = (Elf32_Word)(4 * p->code_n);
    struct image i = {
        .header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB,
                               EV_CURRENT},
                   .e_type = ET_EXEC,
                   .e_machine = EM_RISCV,
                   .e_version = EV_CURRENT,
                   .e_entry = PROGRAM_CODE,
                   .e_phoff = offsetof(struct image, segments),
                   .e_ehsize = sizeof(Elf32_Ehdr),
                   .e_phentsize = sizeof(Elf32_Phdr),
                   .e_phnum = 2},
        .segments = {{.p_type = PT_LOAD,
                      .p_offset = 4096,
                      .p_vaddr = PROGRAM_CODE,
                      .p_filesz = code_size,
                      .p_memsz = code_size,
                      .p_flags = PF_R | PF_X,
                      .p_align = 4096},
                     {.p_type = PT_LOAD,
                      .p_offset = (4096 + code_size + 4095) & ~4095u,
                      .p_vaddr = PROGRAM_DATA,
                      .p_filesz = PROGRAM_LOG - PROGRAM_DATA,
                      .p_memsz = (Elf32_Word)p->result_size,
                      .p_flags = PF_R | PF_W,
                      .p_align = 4096}}};

    return i;
}

static bool write_at(int file, const void *bytes, size_t n, size_t at)
{
    return pwrite(file, bytes, n, (off_t)at) == (ssize_t)n;
}

static bool write_image(int file, const struct program *p)
{
    const struct image i = image_of(p);
    const size_t data = i.segments[1].p_offset;

    // Words are written as the host has them: RISC-V's order on every host that qemu's Debian
    // packages are built for and this project runs on.
    _Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a little-endian host");
    return write_at(file, &i, sizeof i, 0) && write_at(file, p->code, 4 * p->code_n, 4096) &&
           write_at(file, p->data, DATA_SIZE, data) &&
           write_at(file, p->first, sizeof p->first, data + DATA_SIZE);
}

static const char *run_file(int file, uint8_t *result, size_t size)
{
    static char message[160];
    char path[40];
    char program[] = "qemu-riscv32";
    char *const arguments[] = {program, path, NULL};
    int pipe_ends[2], status;
    posix_spawn_file_actions_t actions;
    pid_t child;
    size_t got = 0;
    ssize_t n;

    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (pipe(pipe_ends) != 0) return strerror(errno);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, pipe_ends[0]);
    posix_spawn_file_actions_addclose(&actions, pipe_ends[1]);
    const int failed = posix_spawnp(&child, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_ends[1]);
    if (failed != 0) {
        close(pipe_ends[0]);
        snprintf(message, sizeof message,
                 "cannot run qemu-riscv32 (%s): install the Debian package qemu-user",
                 strerror(failed));
        return message;
    }
    uint8_t beyond;
    while ((n = read(pipe_ends[0], got < size ? result + got : &beyond,
                     got < size ? size - got : 1)) > 0)
        got += (size_t)n;
    close(pipe_ends[0]);
    if (waitpid(child, &status, 0) != child) return strerror(errno);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && got == size) return NULL;
    snprintf(message, sizeof message,
             "qemu-riscv32 ended with wait status 0x%x after %zu of %zu bytes", (unsigned)status,
             got, size);
    return message;
}

const char *qemu_run(const struct program *p, uint8_t *result)
{
    const int file = memfd_create("rv32-program", 0);

    if (file < 0) return strerror(errno);
    const char *error = write_image(file, p) ? run_file(file, result, p->result_size)
                                             : "cannot write the executable for qemu-riscv32";
    close(file);
    return error;
}
