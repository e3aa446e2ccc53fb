# SPDX-License-Identifier: MIT
# Builds, tests and shows Trapeze. `make help` lists the targets; everything made goes to build/.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# What a user may set: CC, CFLAGS, LDFLAGS, PREFIX, DESTDIR; V=1 shows the commands; SETUP=no
# installs no packages.
# The rest of this part is set by the recipes that make a second build.
BUILD    := build
SANITIZE :=
SETUP    := yes
VERSION  := 0.1.0
PREFIX   := /usr/local
ifeq ($(origin CC),default)
CC := gcc
endif
HOSTCC   := $(CC)
CFLAGS   ?= -O2 -g

# ------------------------------------------------------------------ set-up, before all else

# The packages that each goal needs, by the groups of tools/setup. They are seen to while make reads
# this file, so that all below can rely on them; a stamp remembers that they were there.
groups_all       := build guests
groups_guests    := build guests
groups_demo      := build guests x86
groups_check     := build guests test x86 proofs
groups_test      := build guests test x86 proofs book
groups_test-long := build guests test x86 proofs book
groups_x86       := build x86
groups_vtx-demo  := build x86
groups_vtx-test  := build x86
groups_vtx-linux := build x86
groups_language  := build proofs
groups_certificates := build proofs
groups_cosimulator := build proofs
groups_bench     := build guests bench x86
groups_fuzz      := build test
groups_lint      := build guests test lint
groups_book      := build guests book
groups_proofs    := build proofs
groups_install   := build guests
groups_clean     := none
groups_help      := none

goals  := $(or $(MAKECMDGOALS),all)
groups := $(sort $(foreach goal,$(goals),$(or $(groups_$(goal)),build guests)))
groups := $(filter-out none,$(groups))
comma  := ,
empty  :=
ifneq ($(groups),)
ifeq ($(SETUP),yes)
stamp := build/setup/$(subst $(empty) ,+,$(groups) $(notdir $(firstword $(CC))))
seen  := $(shell test $(stamp) -nt tools/setup || { CC='$(CC)' tools/setup $(groups) && \
           mkdir -p build/setup && touch $(stamp); } || echo missing)
ifneq ($(seen),)
$(error what is needed is missing, so nothing is built)
endif
endif
endif

# ------------------------------------------------------------------ flags

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wvla -Wundef -Wformat=2 -Wno-format-nonliteral
ifneq ($(groups),)
PACKAGES_CFLAGS := $(shell pkg-config --cflags libelf jansson z3)
PACKAGES_LIBS   := $(shell pkg-config --libs libelf jansson z3 ncurses)
endif
SANITIZE_FLAGS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
                  -fno-omit-frame-pointer)
DEFINES := -D_POSIX_C_SOURCE=200809L -DTRAPEZE_VERSION=\"$(VERSION)\"
FLAGS    = -std=c11 $(DEFINES) $(WARNINGS) -I. -I$(BUILD)/gen $(PACKAGES_CFLAGS) $(CFLAGS) \
           $(SANITIZE_FLAGS)
LIBS    := $(PACKAGES_LIBS)

# Flags for one file: FLAGS_path/of/file.c, and for gcc or clang alone FLAGS_gcc_path/of/file.c.
# clang takes a minute to optimize the one big function here together with the sanitizers' checks.
ifneq ($(SANITIZE),)
FLAGS_vmm/machine/engine_threaded.c := -O0
endif

compiler := $(if $(findstring clang,$(CC)),clang,gcc)

# ------------------------------------------------------------------ sources

objects   = $(patsubst %,$(BUILD)/obj/%.o,$(basename $(1)))
ISA_C    := $(sort $(wildcard isa-analyzer/*/*.c))
VMM_C    := $(sort $(wildcard $(foreach folder,core machine pg32 described host,vmm/$(folder)/*.[cS])))
# The parts of the VT-x monitor that compute and touch no processor, for tests here.
X86_PURE_C := $(wildcard $(addprefix vmm/x86/,controls.c doctor.c doctor_guest.c doctor_segments.c \
                ept.c paging.c vmcs.c tests/broken.c \
                $(addprefix devices/,cmos.c keyboard.c pci.c pic.c pit.c power.c uart.c vga.c)))
RUNNER_C := tests/runner.c tests/job.c tests/junit.c tests/suite.c
SUITE_C  := $(sort $(filter-out tests/cases/% tests/fuzz/% tests/mutants/%,$(wildcard tests/*/*.c)) \
              $(filter-out $(RUNNER_C) tests/table.c,$(wildcard tests/*.c)))
CASES_C  := $(sort $(wildcard tests/cases/suite_*.c))
FUZZ_C   := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZERS  := $(FUZZ_C:tests/fuzz/fuzz_%.c=$(BUILD)/fuzz/%)
BENCH_C  := $(sort $(wildcard bench/*.c))
ISAS     := $(sort $(wildcard isa-analyzer/isas/*.isa))
MANUAL   := $(sort $(wildcard isa-analyzer/*.[1-9] vmm/*.[1-9]))
GUESTS   := build/guests

TOOLS := $(if $(wildcard isa-analyzer/main.c),$(BUILD)/isa-analyzer) \
         $(if $(wildcard vmm/main.c),$(BUILD)/vmm)
TESTS := $(BUILD)/tests/run $(BUILD)/tests/cases/tests/run

.PHONY: all guests demo check test test-long bench fuzz lint book install clean help \
        tools tests fuzzers sanitized FORCE

all: tools guests
tools: $(TOOLS)
tests: tools $(TESTS)
fuzzers: $(FUZZERS)

# ------------------------------------------------------------------ compiling and linking

# write-if-changed: the recipe's text goes to $@ only where it differs, so that what depends on it
# is made again only then.
define write_if_changed
@mkdir -p $(@D)
@printf '%s\n' $(1) | cmp -s - $@ || printf '%s\n' $(1) > $@
endef

# What objects were compiled with; another compiler or other flags make them anew.
$(BUILD)/flags: FORCE
	$(call write_if_changed,'$(CC) $(FLAGS)')

quiet := $(if $(V),,@)
define compile
@mkdir -p $(@D)
@echo '  CC    $@'
$(quiet)$(CC) $(FLAGS_before) $(FLAGS) $(FLAGS_$<) $(FLAGS_$(compiler)_$<) -MMD -MP -c -o $@ $<
endef

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	$(compile)

$(BUILD)/obj/%.o: %.S $(BUILD)/flags
	$(compile)

$(BUILD)/libisa.a: $(call objects,$(ISA_C))
$(BUILD)/libvmm.a: $(call objects,$(VMM_C))
%.a:
	@echo '  AR    $@'
	@rm -f $@
	$(quiet)$(AR) rcs $@ $^

define link
@mkdir -p $(@D)
@echo '  LINK  $@'
$(quiet)$(CC) $(CFLAGS) $(SANITIZE_FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
endef

$(BUILD)/isa-analyzer: $(BUILD)/obj/isa-analyzer/main.o $(BUILD)/libisa.a
	$(link)

$(BUILD)/vmm: $(BUILD)/obj/vmm/main.o $(BUILD)/libvmm.a $(BUILD)/libisa.a
	$(link)

# ------------------------------------------------------------------ generated from pg32.isa

PG32 := isa-analyzer/isas/pg32.isa

$(BUILD)/gen/pg32.gen.h: $(PG32) $(BUILD)/isa-analyzer
	@mkdir -p $(@D)
	@echo '  EMIT  $@'
	$(quiet)$(BUILD)/isa-analyzer emit c $< -o $@

# The variants, of which each extends pg32.isa.
$(BUILD)/gen/pg32-%.inc: isa-analyzer/isas/pg32-%.isa $(PG32) $(BUILD)/isa-analyzer
	@mkdir -p $(@D)
	@echo '  EMIT  $@'
	$(quiet)$(BUILD)/isa-analyzer emit gas $< -o $@

$(BUILD)/gen/pg32.inc: $(PG32) $(BUILD)/isa-analyzer
	@mkdir -p $(@D)
	@echo '  EMIT  $@'
	$(quiet)$(BUILD)/isa-analyzer emit gas $< -o $@

# Its text inside vmm, for the reference engine; the assembler includes it, which no depfile tells.
FLAGS_vmm/host/pg32_isa.S := -DPG32_ISA=\"$(PG32)\"
$(BUILD)/obj/vmm/host/pg32_isa.o: $(PG32)

# Before there are depfiles make does not know who includes the header.
$(call objects,$(VMM_C) vmm/main.c $(SUITE_C) $(FUZZ_C) $(BENCH_C)): | $(BUILD)/gen/pg32.gen.h

# ------------------------------------------------------------------ guests

ifneq ($(wildcard vmm/guests/guests.mk),)
include vmm/guests/guests.mk
endif

# ------------------------------------------------------------------ the VT-x monitor

ifneq ($(wildcard vmm/x86/x86.mk),)
include vmm/x86/x86.mk
endif

# ------------------------------------------------------------------ tests

suite_list = $(patsubst %,'SUITE(%)',$(sort $(patsubst suite_%,%,$(basename $(notdir $(1))))))

$(BUILD)/gen/suites.gen.h: FORCE
	$(call write_if_changed,$(call suite_list,$(filter-out $(CASES_C),$(wildcard tests/*/suite_*.c))))

$(BUILD)/gen/cases/suites.gen.h: FORCE
	$(call write_if_changed,$(call suite_list,$(CASES_C)))

$(call objects,$(SUITE_C) $(RUNNER_C) tests/table.c): | $(BUILD)/gen/suites.gen.h
$(call objects,$(CASES_C)) $(BUILD)/obj/tests/cases/table.o: | $(BUILD)/gen/cases/suites.gen.h
$(call objects,$(CASES_C)) $(BUILD)/obj/tests/cases/table.o: private FLAGS_before := -I$(BUILD)/gen/cases

$(BUILD)/obj/tests/cases/table.o: tests/table.c $(BUILD)/flags
	$(compile)

$(BUILD)/tests/run: private LIBS += -lcunit
$(BUILD)/tests/run: $(call objects,$(RUNNER_C) tests/table.c $(SUITE_C) $(X86_PURE_C)) \
                    $(BUILD)/libvmm.a $(BUILD)/libisa.a
	$(link)

# The runner with suites that go wrong, for the runner's own test.
$(BUILD)/tests/cases/tests/run: private LIBS += -lcunit
$(BUILD)/tests/cases/tests/run: $(call objects,$(RUNNER_C) $(CASES_C)) \
                                $(BUILD)/obj/tests/cases/table.o
	$(link)

# A second build by another compiler that watches for undefined behaviour and wrong addresses;
# fuzzers need its instrumentation.
sanitized_make = $(MAKE) --no-print-directory SETUP=no BUILD=build/asan CC=clang CFLAGS='-O1 -g' \
                 SANITIZE=fuzzer-no-link,address,undefined
sanitized: tools
	+$(sanitized_make) tests fuzzers

$(FUZZERS): private LIBS += -fsanitize=fuzzer
$(FUZZERS): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/libvmm.a $(BUILD)/libisa.a
	$(link)

# The tests call make again (for the transcripts); it shall do nothing new.
run_tests = env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL CC='$(CC)' CFLAGS='$(CFLAGS)' $(BUILD)/tests/run

check: all tests language cosimulator
	$(run_tests) --quick

test: all tests sanitized language cosimulator certificates
	$(run_tests) --sanitized build/asan --junit $(BUILD)/tests/test.xml

test-long: all tests sanitized language cosimulator certificates
	$(run_tests) --long --sanitized build/asan --junit $(BUILD)/tests/test-long.xml

# Each fuzzer for a minute, or for FUZZ_SECONDS.
FUZZ_SECONDS := 60
fuzz: tools sanitized
	tools/fuzz build/asan $(FUZZ_SECONDS)

# ------------------------------------------------------------------ proofs

ifneq ($(wildcard proofs/language.mk),)
include proofs/language.mk
endif
ifneq ($(wildcard proofs/proofs.mk),)
include proofs/proofs.mk
endif

# ------------------------------------------------------------------ demo, bench, lint, book

demo: all x86
	@tools/demo

$(BUILD)/bench/bench: private LIBS += -lunicorn
$(BUILD)/bench/bench: $(call objects,$(BENCH_C)) $(BUILD)/libvmm.a $(BUILD)/libisa.a
	$(link)

ifneq ($(wildcard bench/bench.mk),)
include bench/bench.mk
endif

bench: all x86 $(if $(BENCH_C),$(BUILD)/bench/bench)
	@tools/vtx-cost $(BUILD)
	$(if $(BENCH_C),$(BUILD)/bench/bench)

lint: all
	$(MAKE) --no-print-directory SETUP=no BUILD=build/clang CC=clang tools
	tools/lint

book: tools
	tools/book $(BUILD)

# ------------------------------------------------------------------ install, clean, help

install: all
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/trapeze/isas' \
	  '$(DESTDIR)$(PREFIX)/share/trapeze/guests' '$(DESTDIR)$(PREFIX)/share/doc/trapeze'
	install $(TOOLS) '$(DESTDIR)$(PREFIX)/bin'
	install -m 644 $(ISAS) $(wildcard isa-analyzer/isas/*.vtx.json) '$(DESTDIR)$(PREFIX)/share/trapeze/isas'
	install -D -m 644 vmm/host/gdb/pg32.py '$(DESTDIR)$(PREFIX)/share/trapeze/gdb/pg32.py'
	install -m 644 $(GUESTS)/*.elf $(GUESTS)/*.img '$(DESTDIR)$(PREFIX)/share/trapeze/guests'
	install -m 644 isa-analyzer/*.schema.json '$(DESTDIR)$(PREFIX)/share/trapeze'
	install -m 644 README.md LICENSE CITATION.cff '$(DESTDIR)$(PREFIX)/share/doc/trapeze'
	for page in $(MANUAL); do \
	  install -D -m 644 $$page "$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}" || exit; \
	done

clean:
	rm -rf build

help:
	@echo 'make             the tools isa-analyzer and vmm, and the guests, in build/'
	@echo 'make demo        shows what Trapeze does'
	@echo 'make check       the tests that take two minutes'
	@echo 'make test        the tests (under 20 minutes); the last line is their sum'
	@echo 'make test-long   the tests at full size, and a minute of fuzzing'
	@echo 'make x86         the VT-x monitor, in build/x86'
	@echo 'make vtx-demo    shows the VT-x monitor and its guests, in Bochs'
	@echo 'make vtx-test    its tests, on eight models of processors'
	@echo 'make vtx-linux   Linux and memtest86+ under it, and Linux on the bare machine'
	@echo 'make language    the .isa language in Coq, and descriptions as terms of it'
	@echo 'make bench       how fast the engines are, beside qemu and unicorn'
	@echo 'make fuzz        each fuzzer for a minute (FUZZ_SECONDS=60)'
	@echo 'make lint        cppcheck, clang-tidy, a build by clang, headers on their own'
	@echo 'make proofs      checks proofs and certificates, prints theorems and what they rest on'
	@echo 'make book        the book: build/book/html/index.html'
	@echo 'make install     to PREFIX=/usr/local, below DESTDIR'
	@echo 'make clean       removes build/'
	@echo 'Missing Debian packages are installed by each target for itself; SETUP=no prevents it.'

-include $(shell test -d $(BUILD)/obj && find $(BUILD)/obj -name '*.d')
