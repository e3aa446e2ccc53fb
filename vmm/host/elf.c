// SPDX-License-Identifier: MIT
// The ELF loader: decide everything, then copy. libelf reads the file's structures.

#include "vmm/host/elf.h"

#include <gelf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/host/numbers.h"

#define BUILD_RV32 "compile with -march=rv32im -mabi=ilp32"
#define BUILD_EXECUTABLE                                                                           \
    "link it: riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -nostdlib -static -T SCRIPT"

// A segment to be loaded. Addresses are wide: nothing wraps around.
struct segment {
    uint64_t address, memory_size;
    uint64_t offset, file_size;
    size_t index; // in the file's table
};

struct image {
    Elf *elf;
    size_t size; // of the file
    GElf_Ehdr header;
    size_t table_n;           // program headers
    struct segment *segments; // ascending addresses
    size_t segments_n;
};

static bool check_identity(const uint8_t *bytes, size_t size, struct failure *f)
{
    if (size == 0) return fail(f, "the file is empty; expected an ELF executable");
    if (memcmp(bytes, ELFMAG, size < SELFMAG ? size : SELFMAG) != 0)
        return fail(f, "not an ELF file; expected an executable for PG32, as a linker writes it");
    if (size < EI_NIDENT)
        return fail(f, "cut short: %zu bytes are not even an ELF header; build it again", size);
    if (bytes[EI_CLASS] == ELFCLASS64)
        return fail(f, "64-bit ELF, but PG32 is a 32-bit machine; " BUILD_RV32);
    if (bytes[EI_CLASS] != ELFCLASS32)
        return fail(f, "ELF class %d; expected 1, 32-bit", bytes[EI_CLASS]);
    if (bytes[EI_DATA] == ELFDATA2MSB)
        return fail(f, "big-endian ELF, but PG32 is little-endian; " BUILD_RV32);
    if (bytes[EI_DATA] != ELFDATA2LSB)
        return fail(f, "ELF data encoding %d; expected 1, little-endian", bytes[EI_DATA]);
    if (bytes[EI_VERSION] != EV_CURRENT)
        return fail(f, "ELF version %d; expected 1", bytes[EI_VERSION]);
    if (size < sizeof(Elf32_Ehdr))
        return fail(f, "cut short: %zu bytes, less than the ELF header's %zu; build it again", size,
                    sizeof(Elf32_Ehdr));
    return true;
}

static bool check_type(const GElf_Ehdr *h, struct failure *f)
{
    if (h->e_machine != EM_RISCV)
        return fail(f, "made for machine %u; expected %u, RISC-V (EM_RISCV): " BUILD_RV32,
                    h->e_machine, EM_RISCV);
    switch (h->e_type) {
    case ET_EXEC: return true;
    case ET_REL: return fail(f, "an object file, not an executable; " BUILD_EXECUTABLE);
    case ET_DYN:
        return fail(f,
                    "position-independent or a shared library; expected an executable with fixed "
                    "addresses: link with -static -no-pie");
    case ET_CORE: return fail(f, "a core dump, not an executable");
    default: return fail(f, "ELF type %u; expected %u, an executable", h->e_type, ET_EXEC);
    }
}

static bool inside(const struct image *i, uint64_t offset, uint64_t n)
{
    return n <= i->size && offset <= i->size - n;
}

static bool cut_short(const char *what, uint64_t end, size_t size, struct failure *f)
{
    return fail(f,
                "cut short: %s should end at byte %" PRIu64 ", but the file has %zu; build or "
                "copy it again",
                what, end, size);
}

// A table of `n` elements of `size` bytes at `offset` lies in the file.
static bool check_table(const struct image *i, const char *name, uint64_t offset, size_t n,
                        size_t size, struct failure *f)
{
    return inside(i, offset, n * (uint64_t)size) ||
           cut_short(name, offset + n * (uint64_t)size, i->size, f);
}

// The tables that the header points to lie in the file. Section headers are not needed, but as a
// rule come last: without them something is missing. Numbers that the header has no room for stand
// in the first section header, where libelf finds them.
static bool check_tables(struct image *i, struct failure *f)
{
    static const char sections[] = "the section header table",
                      segments[] = "the program header table";
    const GElf_Ehdr *h = &i->header;
    size_t n = h->e_shnum;

    if (h->e_shoff != 0 && h->e_shentsize != sizeof(Elf32_Shdr))
        return fail(f, "section headers of %u bytes; expected %zu", h->e_shentsize,
                    sizeof(Elf32_Shdr));
    if (h->e_shoff != 0 && !check_table(i, sections, h->e_shoff, n + !n, sizeof(Elf32_Shdr), f))
        return false;
    if (h->e_phnum == 0 || h->e_phoff == 0)
        return fail(f, "no program headers, so nothing to load; " BUILD_EXECUTABLE);
    if (h->e_phentsize != sizeof(Elf32_Phdr))
        return fail(f, "program headers of %u bytes; expected %zu", h->e_phentsize,
                    sizeof(Elf32_Phdr));
    if (h->e_phnum != PN_XNUM &&
        !check_table(i, segments, h->e_phoff, h->e_phnum, sizeof(Elf32_Phdr), f))
        return false;
    if (elf_getshdrnum(i->elf, &n) != 0 || elf_getphdrnum(i->elf, &i->table_n) != 0)
        return fail(f, "broken header tables: %s", elf_errmsg(-1));
    return (h->e_shoff == 0 || check_table(i, sections, h->e_shoff, n, sizeof(Elf32_Shdr), f)) &&
           check_table(i, segments, h->e_phoff, i->table_n, sizeof(Elf32_Phdr), f);
}

static bool check_segment(const struct image *i, const struct segment *s, uint32_t memory_size,
                          struct failure *f)
{
    const uint64_t end = s->address + s->memory_size, page = 4096;
    const uint64_t enough = (end + page - 1) / page * page;

    if (s->file_size > s->memory_size)
        return fail(f,
                    "segment %zu has %" PRIu64 " bytes in the file but %" PRIu64 " in memory; "
                    "expected no more in the file: the linker's output is damaged",
                    s->index, s->file_size, s->memory_size);
    if (!inside(i, s->offset, s->file_size)) {
        char what[48];
        snprintf(what, sizeof what, "segment %zu", s->index);
        return cut_short(what, s->offset + s->file_size, i->size, f);
    }
    if (end <= memory_size) return true;
    if (enough > UINT32_MAX)
        return fail(f,
                    "segment %zu, physical 0x%" PRIx64 " to 0x%" PRIx64 ", lies beyond all "
                    "memory that PG32 can have; link it at lower addresses",
                    s->index, s->address, end);
    return fail(f,
                "segment %zu, physical 0x%" PRIx64 " to 0x%" PRIx64 ", lies beyond the memory "
                "of %s; --memory %s would do",
                s->index, s->address, end, memory_text(memory_size).text, memory_text(enough).text);
}

static int by_address(const void *a, const void *b)
{
    const struct segment *p = a, *q = b;

    return p->address < q->address ? -1 : p->address > q->address;
}

static bool collect_segments(struct image *i, uint32_t memory_size, struct failure *f)
{
    i->segments = calloc(i->table_n, sizeof *i->segments);
    if (i->segments == NULL) return fail(f, "no host memory for %zu segments", i->table_n);
    for (size_t k = 0; k < i->table_n; k++) {
        GElf_Phdr copy; // the table may be misaligned
        const GElf_Phdr *p = gelf_getphdr(i->elf, (int)k, &copy);
        if (p == NULL) return fail(f, "broken program header %zu: %s", k, elf_errmsg(-1));
        if (p->p_type == PT_INTERP)
            return fail(f, "dynamically linked; expected all of the program: link with -static");
        if (p->p_type != PT_LOAD || (p->p_memsz == 0 && p->p_filesz == 0)) continue;
        i->segments[i->segments_n] = (struct segment){.address = p->p_paddr,
                                                      .memory_size = p->p_memsz,
                                                      .offset = p->p_offset,
                                                      .file_size = p->p_filesz,
                                                      .index = k};
        if (!check_segment(i, &i->segments[i->segments_n], memory_size, f)) return false;
        i->segments_n++;
    }
    if (i->segments_n == 0)
        return fail(f, "no loadable segments (PT_LOAD); check the linker script's PHDRS");
    qsort(i->segments, i->segments_n, sizeof *i->segments, by_address);
    for (size_t k = 1; k < i->segments_n; k++) {
        const struct segment *a = &i->segments[k - 1], *b = &i->segments[k];
        if (a->address + a->memory_size <= b->address) continue;
        return fail(f,
                    "segments %zu (physical 0x%" PRIx64 " to 0x%" PRIx64 ") and %zu (from "
                    "0x%" PRIx64 ") overlap; correct the linker script",
                    a->index, a->address, a->address + a->memory_size, b->index, b->address);
    }
    return true;
}

static bool check_entry(const struct image *i, struct failure *f)
{
    const uint32_t entry = (uint32_t)i->header.e_entry;

    if (entry % 4 != 0)
        return fail(f, "the entry 0x%" PRIx32 " is not a multiple of 4; " BUILD_RV32, entry);
    for (size_t k = 0; k < i->segments_n; k++) {
        const struct segment *s = &i->segments[k];
        if (entry >= s->address && entry < s->address + s->memory_size) return true;
    }
    return fail(f,
                "the entry 0x%" PRIx32 " is outside what is loaded; name a start symbol with "
                "ENTRY() in the linker script or -e",
                entry);
}

static bool decide(struct image *i, uint32_t memory_size, struct failure *f)
{
    if (gelf_getehdr(i->elf, &i->header) == NULL)
        return fail(f, "broken ELF header: %s", elf_errmsg(-1));
    return check_type(&i->header, f) && check_tables(i, f) && collect_segments(i, memory_size, f) &&
           check_entry(i, f);
}

// Opens the file and decides about it, for a machine of so much memory. Closed by close_image,
// whatever was decided.
static bool open_image(struct image *i, const uint8_t *bytes, uint32_t memory_size,
                       struct failure *f)
{
    if (!check_identity(bytes, i->size, f)) return false;
    if (elf_version(EV_CURRENT) == EV_NONE) return fail(f, "libelf: %s", elf_errmsg(-1));
    i->elf = elf_memory((char *)bytes, i->size); // only read: nothing asks for a change
    if (i->elf == NULL) return fail(f, "broken ELF file: %s", elf_errmsg(-1));
    return decide(i, memory_size, f);
}

static void close_image(struct image *i)
{
    free(i->segments);
    elf_end(i->elf);
}

bool elf_load(const uint8_t *bytes, size_t size, uint8_t *memory, uint32_t memory_size,
              struct elf_loaded *loaded, struct failure *f)
{
    struct image i = {.size = size};
    const bool good = open_image(&i, bytes, memory_size, f);

    for (size_t k = 0; good && k < i.segments_n; k++) {
        const struct segment *s = &i.segments[k];
        memcpy(memory + s->address, bytes + s->offset, s->file_size);
        memset(memory + s->address + s->file_size, 0, s->memory_size - s->file_size);
        loaded->end = (uint32_t)(s->address + s->memory_size);
    }
    if (good) {
        loaded->entry = (uint32_t)i.header.e_entry;
        loaded->segments = (uint32_t)i.segments_n;
        loaded->compressed = (i.header.e_flags & EF_RISCV_RVC) != 0;
    }
    close_image(&i);
    return good;
}

// The number in the note at `data`, or 0: ours is called Trapeze and has type 1 and one word.
static uint32_t note_memory(Elf_Data *data)
{
    static const char name[] = "Trapeze";
    const char *bytes = data->d_buf;
    GElf_Nhdr note;
    size_t name_at, value_at, next = 0;

    while ((next = gelf_getnote(data, next, &note, &name_at, &value_at)) != 0) {
        uint32_t value;
        if (note.n_type != NOTE_MEMORY || note.n_namesz != sizeof name ||
            note.n_descsz != sizeof value || memcmp(bytes + name_at, name, sizeof name) != 0)
            continue;
        memcpy(&value, bytes + value_at, sizeof value); // hosts are little-endian
        return value;
    }
    return 0;
}

bool elf_memory_wanted(const uint8_t *bytes, size_t size, uint32_t *memory_size, struct failure *f)
{
    struct image i = {.size = size};
    const bool good = open_image(&i, bytes, PG32_MEMORY_MOST, f);
    uint32_t wanted = 0;

    for (size_t k = 0; good && k < i.table_n; k++) {
        GElf_Phdr p;
        Elf_Data *data;
        if (gelf_getphdr(i.elf, (int)k, &p) == NULL || p.p_type != PT_NOTE ||
            !inside(&i, p.p_offset, p.p_filesz) || p.p_filesz == 0)
            continue;
        data = elf_getdata_rawchunk(i.elf, (int64_t)p.p_offset, p.p_filesz, ELF_T_NHDR);
        if (data != NULL && wanted == 0) wanted = note_memory(data);
    }
    close_image(&i);
    if (!good) return false;
    if (wanted % 4096 != 0 || wanted > PG32_MEMORY_MOST)
        return fail(f,
                    "its note asks for 0x%" PRIx32 " bytes of memory; expected a multiple of "
                    "4 KiB",
                    wanted);
    *memory_size = wanted != 0 ? wanted : PG32_MEMORY_USUAL;
    return true;
}
