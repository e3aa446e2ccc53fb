// SPDX-License-Identifier: MIT
// Host tool: makes a disk image as disk.h describes it. Programs are ELF files linked at virtual 0
// and stored as flat images; with -r, files are stored as they are.
// A guest for the self-hosted monitor (-g) has so many bytes of memory and perhaps a disk (-d).
//     mkimage -o IMAGE { [NAME=]PROGRAM.elf | -r [NAME=]FILE |
//                        -g BYTES [NAME=]GUEST.elf [-d [NAME=]DISK] }...
// Exit status: 0; 2 for usage and input that will not do.
#include <errno.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "vmm/guests/disk.h"

#define SECTOR 512
#define LARGEST (256u << 20) // bytes of one file, and of a program's memory

static struct disk_directory directory;
static uint8_t *contents; // of all sectors after the first
static uint32_t sectors = 1;

static _Noreturn void fail(const char *file, const char *why, ...)
    __attribute__((format(printf, 2, 3)));

static _Noreturn void fail(const char *file, const char *why, ...)
{
    va_list arguments;
    fflush(stdout);
    fprintf(stderr, "mkimage: %s%serror: ", file ? file : "", file ? ": " : "");
    va_start(arguments, why);
    vfprintf(stderr, why, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(2);
}

// Appends `size` bytes as whole sectors, filled with zeros. Returns the first sector.
static uint32_t append(const char *file, const uint8_t *data, uint32_t size)
{
    uint32_t first = sectors, n = (size + SECTOR - 1) / SECTOR;
    uint8_t *more = realloc(contents, (size_t)(sectors - 1 + n) * SECTOR + 1);
    if (!more) fail(file, "out of memory");
    contents = more;
    uint8_t *at = contents + (size_t)(first - 1) * SECTOR;
    memset(at, 0, (size_t)n * SECTOR);
    if (size != 0) memcpy(at, data, size);
    sectors += n;
    return first;
}

// The whole file, owned by the caller.
static uint8_t *read_file(const char *file, uint32_t *size)
{
    FILE *f = fopen(file, "rb");
    if (!f) fail(file, "%s", strerror(errno));
    uint8_t *data = NULL;
    size_t n = 0, got;
    do {
        if (n > LARGEST) fail(file, "larger than %u MiB", LARGEST >> 20);
        uint8_t *more = realloc(data, n + 65536);
        if (!more) fail(file, "out of memory");
        data = more;
        got = fread(data + n, 1, 65536, f);
        n += got;
    } while (got != 0);
    if (ferror(f)) fail(file, "%s", strerror(errno));
    fclose(f);
    *size = (uint32_t)n;
    return data;
}

static void add_file(const char *file, struct disk_entry *e)
{
    uint8_t *data = read_file(file, &e->size);
    e->sector = append(file, data, e->size);
    free(data);
}

// Lays the program's segments out as they shall be in memory.
static void add_program(const char *file, struct disk_entry *e)
{
    uint32_t size;
    uint8_t *data = read_file(file, &size);
    Elf *elf = elf_memory((char *)data, size);
    GElf_Ehdr header;
    size_t segments;
    if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header) ||
        elf_getphdrnum(elf, &segments) != 0)
        fail(file, "not an ELF file");
    if (gelf_getclass(elf) != ELFCLASS32 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_machine != EM_RISCV || header.e_type != ET_EXEC)
        fail(file, "not a 32-bit little-endian RISC-V executable");

    uint8_t *image = NULL;
    for (size_t i = 0; i < segments; i++) {
        GElf_Phdr s;
        if (!gelf_getphdr(elf, (int)i, &s)) fail(file, "segment %zu cannot be read", i);
        if (s.p_type != PT_LOAD || s.p_memsz == 0) continue;
        if (s.p_filesz > s.p_memsz || s.p_offset > size || s.p_filesz > size - s.p_offset)
            fail(file, "segment %zu reaches beyond the file", i);
        if (s.p_vaddr + s.p_memsz > LARGEST)
            fail(file, "segment %zu ends above %u MiB", i, LARGEST >> 20);
        uint32_t end = (uint32_t)(s.p_vaddr + s.p_memsz);
        if (end > e->memory) {
            image = realloc(image, end);
            if (!image) fail(file, "out of memory");
            memset(image + e->memory, 0, end - e->memory);
            e->memory = end;
        }
        memcpy(image + s.p_vaddr, data + s.p_offset, s.p_filesz);
        if (s.p_filesz != 0 && s.p_vaddr + s.p_filesz > e->size)
            e->size = (uint32_t)(s.p_vaddr + s.p_filesz);
    }
    if (e->size == 0) fail(file, "nothing to load");
    if (header.e_entry >= e->memory || header.e_entry % 4 != 0) fail(file, "no entry point");
    e->entry = (uint32_t)header.e_entry;
    e->sector = append(file, image, e->size);
    elf_end(elf);
    free(image);
    free(data);
}

// A guest's memory: whole pages, large enough.
static uint32_t guest_memory(const char *file, const char *text, uint32_t least)
{
    char *end;
    errno = 0;
    unsigned long bytes = strtoul(text, &end, 0);
    if (*text == '\0' || *end != '\0' || errno != 0 || bytes % 4096 != 0 || bytes > 0xfffff000)
        fail(file, "-g %s: expected bytes of memory, a multiple of 4096 below 4 GiB", text);
    if (bytes < least) fail(file, "-g %s: it needs %u bytes itself", text, least);
    return (uint32_t)bytes;
}

// Adds one argument, [NAME=]FILE. Without a name: the file's, less its directory and ".elf".
// `memory` is a guest's.
static void add(const char *argument, uint32_t type, const char *memory)
{
    const char *equals = strchr(argument, '='), *slash = strrchr(argument, '/');
    const char *file = equals ? equals + 1 : argument;
    const char *name = equals ? argument : slash ? slash + 1 : argument;
    const int program = type == DISK_PROGRAM || type == DISK_GUEST;
    size_t length = equals ? (size_t)(equals - argument) : strlen(name);
    if (!equals && program && length > 4 && !strcmp(name + length - 4, ".elf")) length -= 4;
    if (length == 0) fail(file, "it has no name");
    if (length >= DISK_NAME)
        fail(file, "name '%.*s' is longer than %d", (int)length, name, DISK_NAME - 1);
    if (directory.count == DISK_ENTRIES) fail(file, "more than %d entries", DISK_ENTRIES);

    struct disk_entry *e = &directory.entry[directory.count];
    memcpy(e->name, name, length);
    for (uint32_t i = 0; i < directory.count; i++)
        if (!strcmp(directory.entry[i].name, e->name)) fail(file, "a second '%s'", e->name);
    if (type == DISK_DISK && (directory.count == 0 || e[-1].type != DISK_GUEST))
        fail(file, "-d is for the disk of a guest; -g goes before it");
    directory.count++;
    if (program)
        add_program(file, e);
    else
        add_file(file, e);
    if (type == DISK_GUEST) e->memory = guest_memory(file, memory, e->memory);
    e->type = type;
}

static const char usage[] = "usage: mkimage -o IMAGE { [NAME=]PROGRAM.elf | -r [NAME=]FILE | "
                            "-g BYTES [NAME=]GUEST.elf [-d [NAME=]DISK] }...";

int main(int count, char **argument)
{
    const char *out = NULL;
    if (elf_version(EV_CURRENT) == EV_NONE) fail(NULL, "libelf: %s", elf_errmsg(-1));
    for (int i = 1; i < count; i++) {
        const int left = count - 1 - i;
        if (!strcmp(argument[i], "-o") && left >= 1)
            out = argument[++i];
        else if (!strcmp(argument[i], "-r") && left >= 1)
            add(argument[++i], DISK_FILE, NULL);
        else if (!strcmp(argument[i], "-d") && left >= 1)
            add(argument[++i], DISK_DISK, NULL);
        else if (!strcmp(argument[i], "-g") && left >= 2) {
            add(argument[i + 2], DISK_GUEST, argument[i + 1]);
            i += 2;
        } else if (argument[i][0] != '-')
            add(argument[i], DISK_PROGRAM, NULL);
        else
            fail(NULL, "%s", usage);
    }
    if (!out || directory.count == 0) fail(NULL, "%s", usage);
    directory.magic = DISK_MAGIC;

    FILE *f = fopen(out, "wb");
    if (!f) fail(out, "%s", strerror(errno));
    int bad = fwrite(&directory, SECTOR, 1, f) != 1 ||
              fwrite(contents, SECTOR, sectors - 1, f) != sectors - 1;
    if (fclose(f) != 0 || bad) {
        int why = errno;
        remove(out);
        fail(out, "%s", strerror(why));
    }
    free(contents);
    return 0;
}
