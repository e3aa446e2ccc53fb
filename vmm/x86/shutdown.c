// SPDX-License-Identifier: MIT
// Bochs's ports for ending: iodebug's 0x8A00 (breaks into its debugger, which is told to quit) and
// 0x8900 ("Shutdown", status 1); and QEMU's isa-debug-exit.

#include "vmm/x86/shutdown.h"

#include "vmm/x86/cpu.h"
#include "vmm/x86/print.h"

void shutdown(unsigned status)
{
    print("vtx-end status=%u\n", status);
    print_flush();
    if (status == 0) {
        out16(0x8a00, 0x8a00);
        out16(0x8a00, 0x8ae0);
    }
    for (const char *c = "Shutdown"; *c; c++) out8(0x8900, (uint8_t)*c);
    out32(0xf4, status);
    halt_for_ever();
    __builtin_unreachable();
}
