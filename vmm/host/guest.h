// SPDX-License-Identifier: MIT
// A guest put together: the machine that it runs on, memory, console, disk; and how it runs while
// the outside world goes on.
#ifndef TRAPEZE_VMM_HOST_GUEST_H
#define TRAPEZE_VMM_HOST_GUEST_H

#include "vmm/host/console.h"
#include "vmm/host/disk.h"
#include "vmm/host/elf.h"
#include "vmm/host/input.h"
#include "vmm/host/tower.h"

enum { GUEST_SLICE = 100000 }; // instructions between two looks at the outside world

struct guest {
    struct tower tower;
    struct machine *m; // its top, which the guest runs on

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

// A machine with `memory_size` bytes of memory (what parse_memory accepts, or 0: what the guest
// asks for), bare or, with a depth other than 0, under `monitor`; the guest in the ELF file `path`
// loaded and the machine reset. g->console, g->input and g->disk are the caller's to open before;
// they are closed by guest_close. `f` names the file.
bool guest_open(struct guest *g, const char *path, uint32_t memory_size, const struct engine *e,
                const struct monitor *monitor, uint64_t depth, struct failure *f);

// The state after guest_open again; console output is discarded from now on, the input that has
// arrived arrives at the same counts, and no more does; disk writes do not reach the file.
bool guest_rewind(struct guest *g, struct failure *f);

// How a slice is run: at most `limit` more instructions completed, as machine_go.
typedef struct run_result guest_slice(void *context, struct guest *g, uint64_t limit);
guest_slice guest_go; // machine_go itself; the context is not used

// Runs until the guest stops, `limit` instructions have completed in all (RUN_LIMIT), or
// signals_stop is set (RUN_LIMIT too). Never RUN_TRAP or RUN_INPUT. False where host memory runs
// out.
bool guest_run(struct guest *g, uint64_t limit, guest_slice *slice, void *context,
               struct run_result *result, struct failure *f);

void guest_close(struct guest *g);

// The parts of guest_open, for a machine that is not g->tower's. guest_read reads the file, and
// where *memory_size is 0 sets it to what the guest asks for. guest_place loads it into *m, which
// the caller then resets with g->loaded.entry.
bool guest_read(struct guest *g, const char *path, uint32_t *memory_size, struct failure *f);
bool guest_place(struct guest *g, struct machine *m, struct failure *f);

// The parts of guest_run. guest_attach gives the machine console, input and disk; guest_exchange
// lets in what has come from outside, waiting for it if `wait`, and out what the guest has written.
void guest_attach(struct guest *g);
bool guest_exchange(struct guest *g, bool wait, struct failure *f);

#endif
