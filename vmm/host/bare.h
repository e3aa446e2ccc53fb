// SPDX-License-Identifier: MIT
// The bare machine put together: processor, memory, console, disk, and the guest in it; and how it
// runs while the outside world goes on.
#ifndef TRAPEZE_VMM_HOST_BARE_H
#define TRAPEZE_VMM_HOST_BARE_H

#include "vmm/host/console.h"
#include "vmm/host/disk.h"
#include "vmm/host/elf.h"
#include "vmm/host/input.h"
#include "vmm/machine/machine.h"

enum { BARE_SLICE = 100000 }; // instructions between two looks at the outside world

struct bare {
    struct machine m;
    uint8_t *memory;
    uint32_t memory_size;
    void *engine_memory;
    size_t engine_memory_size;

    const char *name; // the guest's file
    uint8_t *image;   // its contents
    size_t image_size;
    struct elf_loaded loaded;

    struct console console;
    struct input input;
    struct disk disk;

    struct {
        bool written; // since it was last set to false: a port, with this value
        uint32_t number, value;
    } port;
    uint64_t disk_reads, disk_writes; // sectors
};

// A machine with `memory_size` bytes of memory (what parse_memory accepts), the guest in the ELF
// file `path` loaded and the machine reset. b->console, b->input and b->disk are the caller's to
// open before; they are closed by bare_close. `f` names the file.
bool bare_open(struct bare *b, const char *path, uint32_t memory_size, const struct engine *e,
               struct failure *f);

// The state after bare_open again; console output is discarded from now on, the input that has
// arrived arrives at the same counts, and no more does; disk writes do not reach the file.
bool bare_rewind(struct bare *b, struct failure *f);

// How a slice is run: at most `limit` more instructions completed, as machine_go.
typedef struct run_result bare_slice(void *context, struct bare *b, uint64_t limit);
bare_slice bare_go; // machine_go itself; the context is not used

// Runs until the guest stops, `limit` instructions have completed in all (RUN_LIMIT), or
// signals_stop is set (RUN_LIMIT too). Never RUN_TRAP or RUN_INPUT. False where host memory runs
// out.
bool bare_run(struct bare *b, uint64_t limit, bare_slice *slice, void *context,
              struct run_result *result, struct failure *f);

void bare_close(struct bare *b);

#endif
