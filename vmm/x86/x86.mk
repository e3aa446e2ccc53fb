# SPDX-License-Identifier: MIT
# Rules for the bare-metal VT-x monitor; a part of the top-level Makefile, whose BUILD, quiet and
# write_if_changed it uses. Everything goes to $(BUILD)/x86. X86_CC=clang builds with clang.

X86_CC := gcc
x86_build := $(BUILD)/x86
x86_objects := $(x86_build)/obj

x86_c := $(sort $(wildcard vmm/x86/*.[cS] vmm/x86/exits/*.c vmm/x86/devices/*.c \
    vmm/x86/tests/*.[cS] vmm/x86/guests/*.[cS]) vmm/x86/boot/entry.S vmm/guests/memory.c)
x86_o := $(x86_c:%=$(x86_objects)/%.o)

# The image that runs the same guests without the monitor, out of their memory's way.
x86_bare_c := $(sort $(wildcard vmm/x86/bare/*.[cS] vmm/x86/guests/*.S) vmm/x86/boot/entry.S \
    vmm/x86/print.c vmm/x86/shutdown.c vmm/x86/traps.c vmm/x86/trap_entry.S \
    vmm/x86/tests/stub_memory.c vmm/guests/memory.c)
x86_bare_o := $(x86_bare_c:%=$(x86_objects)/%.o)
$(x86_build)/bare.elf: x86_link := --defsym=image_at=0x1000000

x86_compiler_gcc := x86_64-linux-gnu-gcc -fno-tree-loop-distribute-patterns
x86_compiler_clang := clang -target x86_64-linux-gnu -Wno-unused-command-line-argument
x86_compile = $(or $(x86_compiler_$(X86_CC)),$(X86_CC)) -std=c11 -O2 -g $(WARNINGS) -ffreestanding \
    -m64 -mno-red-zone -mgeneral-regs-only -mno-sse -fno-stack-protector -fcf-protection=none \
    -fno-pic -fno-pie -fno-asynchronous-unwind-tables -fno-builtin -I.

.PHONY: x86
x86: $(x86_build)/monitor.img $(x86_build)/monitor.asm $(x86_build)/monitor.sym \
    $(x86_build)/monitor.elf32 $(x86_build)/exact $(x86_build)/bare.img

# The tests run it, in tests/command/vtx.sh.
check test test-long: x86
test: $(x86_build)/guests/initrd.gz

.PHONY: vtx-demo vtx-test vtx-linux
vtx-demo: x86
	@tools/vtx --build $(BUILD) demo

vtx-test: x86
	@tools/vtx-test $(BUILD)

vtx-linux: x86 $(x86_build)/guests/initrd.gz
	@tools/vtx-linux $(BUILD)

# Systems that others wrote, from Debian's packages.
$(x86_build)/guests/initrd.gz: vmm/x86/guests/linux-init tools/vtx-guests
	@echo '  X86   $@'
	$(quiet)tools/vtx-guests $(BUILD)

# Another compiler or other flags make all objects anew.
$(x86_objects)/flags: FORCE
	$(call write_if_changed,'$(x86_compile)')

$(x86_objects)/%.o: % $(x86_objects)/flags
	@mkdir -p $(@D)
	@echo '  X86   $@'
	$(quiet)$(x86_compile) -MMD -MP -c $< -o $@

x86_images := $(x86_build)/monitor $(x86_build)/bare
$(x86_build)/monitor.elf: $(x86_o)
$(x86_build)/bare.elf: $(x86_bare_o)
$(x86_images:%=%.elf): vmm/x86/boot/image.ld
	@mkdir -p $(@D)
	@echo '  X86   $@'
	$(quiet)x86_64-linux-gnu-ld -m elf_x86_64 -nostdlib -static -z noexecstack --no-warn-rwx-segments \
	    $(x86_link) -T vmm/x86/boot/image.ld $(filter %.o,$^) -o $@

# For multiboot loaders, which want 32 bits.
$(x86_images:%=%.elf32): %.elf32: %.elf
	$(quiet)x86_64-linux-gnu-objcopy -O elf32-i386 $< $@

$(x86_images:%=%.bin): %.bin: %.elf
	$(quiet)x86_64-linux-gnu-objcopy -O binary $< $@

$(x86_images:%=%.sector): %.sector: %.elf $(x86_objects)/vmm/x86/boot/sector.S.o
	$(quiet)x86_64-linux-gnu-ld -m elf_x86_64 -nostdlib -static -Ttext 0x7c00 -e start \
	    --oformat binary -R $< $(filter %.o,$^) -o $@

# The disk without modules: boot sector, two sectors with the command line (tools/vtx writes it),
# image; see boot/sector.S.
$(x86_images:%=%.img): %.img: %.sector %.bin
	@echo '  X86   $@'
	$(quiet)head -c 1024 /dev/zero | cat $*.sector - $*.bin > $@

# The controls that the monitor runs with; and that nothing escapes it under these.
$(x86_build)/controls.json: $(x86_build)/monitor.img $(x86_build)/monitor.sym tools/vtx
	@echo '  X86   $@'
	$(quiet)tools/vtx --build $(BUILD) controls > $@.out
	$(quiet)sed '/^vtx-/d' $@.out > $@
	@rm -f $@.out

x86_isa := isa-analyzer/isas/x86-32
$(x86_build)/exact: $(x86_build)/controls.json $(BUILD)/isa-analyzer $(x86_isa).isa \
    $(x86_isa)-base.isa $(x86_isa).vtx.json
	@echo '  CHECK $@'
	$(quiet)$(BUILD)/isa-analyzer check $(x86_isa).isa --vtx $< --require exact --no-witnesses > $@

# Listings, for the reader.
$(x86_build)/monitor.asm: $(x86_build)/monitor.elf
	$(quiet)x86_64-linux-gnu-objdump -d $< > $@

$(x86_build)/monitor.sym: $(x86_build)/monitor.elf
	$(quiet)x86_64-linux-gnu-nm -n $< > $@

-include $(shell test -d $(x86_objects) && find $(x86_objects) -name '*.d')
