# SPDX-License-Identifier: MIT
# Builds the benchmark's loops, the same machine code for every runner: build/bench/NAME.elf with
# its listing NAME.asm. Included by the Makefile, whose `bench` runs them.

BENCH_LOOPS  := arithmetic arithmetic-wide memory branches
BENCH_TRAPS  := trap trap-skip privileged
BENCH_GUESTS := $(patsubst %,build/bench/%.elf,$(BENCH_LOOPS) $(BENCH_TRAPS))
BENCH_CC     := riscv64-unknown-elf-gcc
BENCH_FLAGS  := -march=rv32im -mabi=ilp32 -O2 -std=c11 -Wall -Wextra -Werror -ffreestanding \
                -nostdlib -static -Wl,--build-id=none -Wl,--no-warn-rwx-segments
BENCH_MACROS := -Wa,-Ibuild/gen
BENCH_LINK   := -T bench/guest/loops.ld

bench: $(BENCH_GUESTS)

define bench_link
@mkdir -p $(@D)
@echo '  GUEST $@'
$(quiet)$(BENCH_CC) $(BENCH_FLAGS) $(1) $(BENCH_LINK) -o $@ $(filter %.c %.S,$^)
$(quiet)riscv64-unknown-elf-objdump -d -M no-aliases $@ > $(@:.elf=.asm)
endef

$(patsubst %,build/bench/%.elf,$(BENCH_LOOPS)): build/bench/%.elf: bench/guest/%.c \
        bench/guest/start.S bench/guest/loops.ld bench/bench.mk
	$(call bench_link)

build/bench/trap.elf: bench/guest/trap.S bench/guest/loops.ld bench/bench.mk build/gen/pg32.inc
	$(call bench_link,$(BENCH_MACROS))

build/bench/privileged.elf: bench/guest/privileged.S bench/guest/loops.ld bench/bench.mk \
        build/gen/pg32.inc
	$(call bench_link,$(BENCH_MACROS))

build/bench/trap-skip.elf: bench/guest/trap.S bench/guest/loops.ld bench/bench.mk \
        build/gen/pg32.inc
	$(call bench_link,-DSKIP $(BENCH_MACROS))
