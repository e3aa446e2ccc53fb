#!/bin/sh
# SPDX-License-Identifier: MIT
# The oracles find mistakes: for every line of tests/mutants/table, a copy of pg32.isa with one, the
# machine that is made of it, and the oracle that must tell it from the true one.
. tests/shell/tap.sh

# Whether a mistake shows depends on the guests: always the same ones.
TRAPEZE_SEED=1
export TRAPEZE_SEED

build=$1
if test "$build" != build; then
    echo 'skip mutants are tried in the plain build only'
    exit 0
fi
isa=isa-analyzer/isas/pg32.isa
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compile DIRECTORY: the machine of DIRECTORY/pg32.gen.h with both oracles, to DIRECTORY/differ.
# What does not depend on the description was compiled by make.
compile() {
    "${CC:-gcc}" -std=c11 -O1 -D_POSIX_C_SOURCE=200809L -DPG32_ISA="\"$isa\"" -I. -I"$1" \
        -o "$1/differ" tests/mutants/differ.c tests/differential/bare.c \
        tests/differential/comparison.c tests/differential/lockstep.c \
        tests/differential/subject.c vmm/core/machine.c vmm/machine/hardware.c \
        vmm/machine/engine_switch.c vmm/machine/decoded.c \
        vmm/host/reference.c vmm/host/isa.c vmm/host/pg32_isa.S \
        $build/obj/tests/differential/program.o $build/obj/tests/differential/unit.o \
        $build/obj/tests/differential/qemu.o $build/obj/tests/rv32.o \
        $build/obj/tests/random_code.o $build/obj/tests/random_guest.o \
        $build/obj/vmm/host/diagnostics.o $build/obj/vmm/host/failure.o \
        $build/obj/vmm/host/terminal.o \
        $build/obj/vmm/machine/devices.o $build/obj/vmm/machine/code_map.o $build/libisa.a
}

try() {
    mutant=$work/$1
    mkdir -p "$mutant"
    sed "$3" "$isa" >"$mutant/pg32.isa"
    if test "$2" != none && cmp -s "$isa" "$mutant/pg32.isa"; then
        not_ok "$1" "the sed expression changes nothing in $isa: $3"
    elif ! "$build/isa-analyzer" emit c "$mutant/pg32.isa" -o "$mutant/pg32.gen.h" \
        2>"$mutant/err" ||
        ! compile "$mutant" 2>>"$mutant/err"; then
        not_ok "$1" "cannot be built: $(head -n 5 "$mutant/err")"
    else
        found=$(timeout 120 "$mutant/differ" 2>"$mutant/err") ||
            found="$found; ended with status $?"
        found=${found:-none}
        case "$2 $found" in
        none\ none | qemu\ *qemu* | reference\ *reference*) ok "$1 is found by: $2" ;;
        *) not_ok "$1 is found by: $2" "found by: $found; $(head -n 5 "$mutant/err")" ;;
        esac
    fi
    rm -rf "$mutant"
}

while read -r name finder edit; do
    case $name in
    '#'* | '') ;;
    more) test "$TRAPEZE_SIZE" = quick && break ;;
    *) try "$name" "$finder" "$edit" </dev/null ;;
    esac
done <tests/mutants/table
