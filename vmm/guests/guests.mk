# SPDX-License-Identifier: MIT
# Rules for the guest programs and their disk; a part of the top-level Makefile, whose BUILD, quiet,
# compile and link it uses. Everything goes to $(BUILD)/guests. GUEST_CC=clang builds with clang and
# lld instead of gcc.

GUEST_CC := gcc
guest_source := vmm/guests
guest_build := $(BUILD)/guests
guest_objects := $(guest_build)/obj

# ------------------------------------------------------------------ compilers

guest_compiler_gcc := riscv64-unknown-elf-gcc -fno-tree-loop-distribute-patterns
guest_compiler_clang := clang --target=riscv32 -mno-relax -Wno-unused-command-line-argument
guest_linker_gcc := riscv64-unknown-elf-gcc
guest_linker_clang := clang --target=riscv32 -fuse-ld=lld -Wno-unused-command-line-argument
guest_machine := -march=rv32im -mabi=ilp32
guest_flags := $(guest_machine) -std=c11 -O2 -g -Wall -Wextra -Werror -Wshadow \
    -Wstrict-prototypes -Wwrite-strings -Wvla -Wundef -ffreestanding \
    -fno-asynchronous-unwind-tables -I. -Wa,-I$(BUILD)/gen
guest_compile = $(guest_compiler_$(GUEST_CC)) $(guest_flags)
guest_link = $(guest_linker_$(GUEST_CC)) $(guest_machine) -nostdlib -static -Wl,--fatal-warnings

# picolibc, for hello; from a package of its own, so without its specs.
picolibc := /usr/lib/picolibc/riscv64-unknown-elf
picolibc_flags := -isystem $(picolibc)/include -ftls-model=local-exec
picolibc_libs = $(picolibc)/lib/rv32im/ilp32/libc.a \
    $(shell riscv64-unknown-elf-gcc $(guest_machine) -print-libgcc-file-name)

# ------------------------------------------------------------------ programs

guest_object = $(patsubst $(guest_source)/%,$(guest_objects)/%.o,$(sort \
    $(wildcard $(addprefix $(guest_source)/,$(1)))))
guest_asm := $(basename $(notdir $(wildcard $(guest_source)/asm/*.S)))
guest_variants := $(basename $(notdir $(wildcard $(guest_source)/variants/*.S)))
guest_c := $(basename $(notdir $(wildcard $(guest_source)/c/*.c)))
# In the order of the disk's directory, which is that of the first turns.
guest_users := primes queens clock polite reader vandal usurper garbage

guest_bare_o := $(call guest_object,start.S)
guest_bare_c_o := $(call guest_object,start.S print.c format.c memory.c)
guest_kernel_o := $(call guest_object,kernel/*.S kernel/*.c format.c memory.c)
guest_user_o := $(call guest_object,kernel/user/start.S kernel/user/print.c format.c memory.c)

guest_user_elfs := $(guest_users:%=$(guest_build)/user/%.elf)
guest_elfs := $(patsubst %,$(guest_build)/%.elf,$(guest_asm) $(guest_variants) $(guest_c) kernel \
    monitor) $(guest_user_elfs)

.PHONY: guests
guests: $(guest_elfs) $(guest_elfs:.elf=.asm) $(guest_elfs:.elf=.sym) $(guest_build)/kernel.img \
    $(guest_build)/monitor.img $(guest_build)/monitor2.img

# ------------------------------------------------------------------ compiling and linking

# Another compiler or other flags make all objects anew.
$(guest_objects)/flags: FORCE
	$(call write_if_changed,'$(guest_compile)')

# pg32.inc stands here because the assembler reads it, of which depfiles know nothing.
$(guest_objects)/%.o: $(guest_source)/% $(BUILD)/gen/pg32.inc $(guest_objects)/flags
	@mkdir -p $(@D)
	@echo '  GUEST $@'
	$(quiet)$(guest_compile) $(guest_flags_$(*F)) -MMD -MP -c $< -o $@

guest_flags_hello.c := $(picolibc_flags)
guest_libs_hello = $(picolibc_libs)

define guest_link_elf
@mkdir -p $(@D)
@echo '  GUEST $@'
$(quiet)$(guest_link) -T $(filter %.ld,$^) $(filter %.o,$^) $(guest_libs_$(*F)) -o $@
endef

$(guest_asm:%=$(guest_build)/%.elf): $(guest_build)/%.elf: $(guest_objects)/asm/%.S.o \
    $(guest_bare_o) $(guest_source)/bare.ld
	$(guest_link_elf)

$(patsubst %,$(guest_objects)/variants/%.S.o,$(filter pg32-%,$(guest_variants))): \
    $(guest_objects)/variants/%.S.o: $(BUILD)/gen/%.inc
$(guest_objects)/variants/hog.S.o: $(BUILD)/gen/pg32-ustm.inc

$(guest_variants:%=$(guest_build)/%.elf): $(guest_build)/%.elf: $(guest_objects)/variants/%.S.o \
    $(guest_bare_o) $(guest_source)/bare.ld
	$(guest_link_elf)

$(guest_c:%=$(guest_build)/%.elf): $(guest_build)/%.elf: $(guest_objects)/c/%.c.o \
    $(guest_bare_c_o) $(guest_source)/bare.ld
	$(guest_link_elf)

$(guest_user_elfs): $(guest_build)/user/%.elf: $(guest_objects)/kernel/user/%.c.o \
    $(guest_user_o) $(guest_source)/kernel/user/user.ld
	$(guest_link_elf)

$(guest_build)/kernel.elf: $(guest_kernel_o) $(guest_source)/kernel/kernel.ld
	$(guest_link_elf)

# The self-hosted monitor: the core, the monitors for PG32 and what stands for the host's part.
self_c := $(sort $(wildcard vmm/pg32/self/*.[cS] vmm/core/*.c vmm/pg32/*.c) \
    $(addprefix vmm/machine/,code_map.c decoded.c devices.c))
self_o := $(self_c:%=$(guest_objects)/self/%.o) $(call guest_object,print.c format.c memory.c)
# Low memory is at 0 and is used.
self_flags := -isystem $(picolibc)/include -fno-delete-null-pointer-checks

$(guest_objects)/self/%.o: % $(BUILD)/gen/pg32.inc $(BUILD)/gen/pg32.gen.h $(guest_objects)/flags
	@mkdir -p $(@D)
	@echo '  GUEST $@'
	$(quiet)$(guest_compile) $(self_flags) -I$(BUILD)/gen -MMD -MP -c $< -o $@

guest_libs_monitor = $(shell riscv64-unknown-elf-gcc $(guest_machine) -print-libgcc-file-name)

$(guest_build)/monitor.elf: $(self_o) vmm/pg32/self/self.ld
	$(guest_link_elf)

# Listings, for the reader.
$(guest_build)/%.asm: $(guest_build)/%.elf
	$(quiet)riscv64-unknown-elf-objdump -d -S $< > $@

$(guest_build)/%.sym: $(guest_build)/%.elf
	$(quiet)riscv64-unknown-elf-nm -n $< > $@

# ------------------------------------------------------------------ the disk

$(guest_build)/mkimage: $(BUILD)/obj/$(guest_source)/mkimage.o
	$(link)

$(guest_build)/kernel.img: $(guest_build)/mkimage $(guest_user_elfs)
	@echo '  IMAGE $@'
	$(quiet)$< -o $@ $(guest_user_elfs)

# What monitor.elf takes its guests from: the kernel with its disk, as large as on the bare machine;
# and a monitor with those.
$(guest_build)/monitor.img: $(guest_build)/mkimage $(guest_build)/kernel.elf \
    $(guest_build)/kernel.img
	@echo '  IMAGE $@'
	$(quiet)$< -o $@ -g 0x1000000 $(guest_build)/kernel.elf -d $(guest_build)/kernel.img

$(guest_build)/monitor2.img: $(guest_build)/mkimage $(guest_build)/monitor.elf \
    $(guest_build)/monitor.img
	@echo '  IMAGE $@'
	$(quiet)$< -o $@ -g 0x2000000 $(guest_build)/monitor.elf -d $(guest_build)/monitor.img

-include $(shell test -d $(guest_objects) && find $(guest_objects) -name '*.d')
