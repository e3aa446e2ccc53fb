# SPDX-License-Identifier: MIT
# Rules for the guest programs and their disks; included by the top-level Makefile.
# Needs $(BUILD)/gen/pg32.inc (a rule there). Provides `guests`. GUEST_CC=clang builds with clang
# and lld instead of gcc.

BUILD ?= build
GUEST_CC ?= gcc
HOSTCC ?= cc
G := vmm/guests
GB := $(BUILD)/guests
GO := $(GB)/obj

GUEST_TARGET_gcc := riscv64-unknown-elf-gcc -fno-tree-loop-distribute-patterns
GUEST_LINK_gcc := riscv64-unknown-elf-gcc -Wl,--fatal-warnings
GUEST_TARGET_clang := clang --target=riscv32 -mno-relax -Wno-unused-command-line-argument
GUEST_LINK_clang := clang --target=riscv32 -fuse-ld=lld -Wl,--fatal-warnings
GUEST_ARCH := -march=rv32im -mabi=ilp32
GUEST_CFLAGS := $(GUEST_ARCH) -std=c11 -O2 -g -Wall -Wextra -Werror -ffreestanding \
    -fno-asynchronous-unwind-tables -I. -Wa,-I$(BUILD)/gen
GUEST_OBJDUMP := riscv64-unknown-elf-objdump
GUEST_COMPILE = $(GUEST_TARGET_$(GUEST_CC)) $(GUEST_CFLAGS)
GUEST_LINK = $(GUEST_LINK_$(GUEST_CC)) $(GUEST_ARCH) -nostdlib -static

# picolibc, for hello
PICOLIBC := /usr/lib/picolibc/riscv64-unknown-elf
PICOLIBC_C := -isystem $(PICOLIBC)/include -ftls-model=local-exec
PICOLIBC_L = $(PICOLIBC)/lib/rv32im/ilp32/libc.a \
    $(shell riscv64-unknown-elf-gcc $(GUEST_ARCH) -print-libgcc-file-name)

GUESTS_ASM := $(basename $(notdir $(wildcard $(G)/asm/*.S)))
GUESTS_C := $(basename $(notdir $(wildcard $(G)/c/*.c)))
KERNEL_O := $(patsubst $(G)/%,$(GO)/%.o,$(wildcard $(G)/kernel/*.c $(G)/kernel/*.S)) \
    $(GO)/format.c.o $(GO)/memory.c.o
USER_O := $(patsubst %,$(GO)/kernel/user/%.o,start.S print.c) $(GO)/format.c.o $(GO)/memory.c.o
# in the order of the directory, which is that of the first turns
USERS := primes queens clock polite reader vandal usurper garbage
GUEST_ELFS := $(patsubst %,$(GB)/%.elf,$(GUESTS_ASM) $(GUESTS_C) kernel) \
    $(patsubst %,$(GB)/user/%.elf,$(USERS))

.PHONY: guests
guests: $(GUEST_ELFS) $(GUEST_ELFS:.elf=.asm) $(GUEST_ELFS:.elf=.sym) $(GB)/kernel.img

# The assembler reads pg32.inc by itself, so it stands here and not in the .d files. A change of
# compiler or flags builds all again.
$(GO)/%.c.o: $(G)/%.c $(BUILD)/gen/pg32.inc $(GO)/compiler
	@mkdir -p $(@D)
	$(GUEST_COMPILE) $(GUEST_EXTRA) -MMD -MP -c $< -o $@

$(GO)/%.S.o: $(G)/%.S $(BUILD)/gen/pg32.inc $(GO)/compiler
	@mkdir -p $(@D)
	$(GUEST_COMPILE) -MMD -MP -c $< -o $@

$(GO)/compiler: guests-compiler
	@mkdir -p $(@D)
	@echo '$(GUEST_COMPILE)' | cmp -s - $@ || echo '$(GUEST_COMPILE)' > $@

.PHONY: guests-compiler
guests-compiler:

$(GO)/c/hello.c.o: GUEST_EXTRA := $(PICOLIBC_C)
$(GB)/hello.elf: GUEST_LIBS = $(PICOLIBC_L)
BARE_O := $(GO)/start.S.o
BARE_C_O := $(GO)/print.c.o $(GO)/format.c.o $(GO)/memory.c.o

$(GUESTS_ASM:%=$(GB)/%.elf): $(GB)/%.elf: $(GO)/asm/%.S.o $(BARE_O) $(G)/bare.ld
	$(GUEST_LINK) -T $(G)/bare.ld $(filter %.o,$^) -o $@

$(GUESTS_C:%=$(GB)/%.elf): $(GB)/%.elf: $(GO)/c/%.c.o $(BARE_O) $(BARE_C_O) $(G)/bare.ld
	$(GUEST_LINK) -T $(G)/bare.ld $(filter %.o,$^) $(GUEST_LIBS) -o $@

$(GB)/kernel.elf: $(KERNEL_O) $(G)/kernel/kernel.ld
	$(GUEST_LINK) -T $(G)/kernel/kernel.ld $(filter %.o,$^) -o $@

$(USERS:%=$(GB)/user/%.elf): $(GB)/user/%.elf: $(GO)/kernel/user/%.c.o $(USER_O) $(G)/kernel/user/user.ld
	@mkdir -p $(@D)
	$(GUEST_LINK) -T $(G)/kernel/user/user.ld $(filter %.o,$^) -o $@

$(GB)/kernel.img: $(GB)/mkimage $(USERS:%=$(GB)/user/%.elf)
	$(GB)/mkimage -o $@ $(USERS:%=$(GB)/user/%.elf)

$(GB)/mkimage: $(G)/mkimage.c $(G)/disk.h
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -Wall -Wextra -Werror -O2 -g -I. $< -lelf -o $@

# Listings, for the reader.
$(GB)/%.asm: $(GB)/%.elf
	$(GUEST_OBJDUMP) -d -S $< > $@

$(GB)/%.sym: $(GB)/%.elf
	riscv64-unknown-elf-nm -n $< > $@

-include $(wildcard $(GO)/*.d $(GO)/*/*.d $(GO)/*/*/*.d)
