#!/bin/sh
# SPDX-License-Identifier: MIT
# `isa-analyzer redpill`: for each of PG32's broken variants a program, made from the witness, that
# prints 0 on the bare machine and 1 under the monitors whose theorem does not hold; for other
# machines the two states, which `replay` runs.
. tests/shell/tap.sh

analyzer=$1/isa-analyzer
vmm=$1/vmm
isas=isa-analyzer/isas
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build NAME: the red pill of pg32-NAME, from its assembly to an executable.
build() {
    "$analyzer" redpill $isas/pg32-$1.isa -o "$work/$1.S" 2>"$work/err" &&
        "$analyzer" emit gas $isas/pg32-$1.isa -o "$work/pg32-$1.inc" &&
        riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -nostdlib -static -Wa,-I"$work" \
            -T vmm/guests/bare.ld "$work/$1.S" -o "$work/$1.elf" 2>>"$work/err"
}

# pill NAME TRAP HYBRID: what it prints under these monitors.
pill() {
    name=$1
    if ! build "$1"; then
        not_ok "$1: a red pill" "$(cat "$work/err")"
        return
    fi
    ok "$1: a red pill"
    for pair in 'none 0' 'interpret 0' "trap $2" "hybrid $3"; do
        found=$("$vmm" run --isa $isas/pg32-$name.isa --monitor "${pair% *}" \
            "$work/$name.elf" 2>&1 | head -n 1)
        is "$name: printed under ${pair% *}" "$found" "${pair#* }"
    done
    "$vmm" compare --isa $isas/pg32-$name.isa --monitor trap "$work/$name.elf" >"$work/out" 2>&1
    is "$name: compare" $? 1
}

pill jrst1 1 0
pill rdmode 1 0
pill wrie 1 0
pill rdrel 1 1
pill lra 1 1
# The timer is lent to a guest that is alone, who cannot tell; the monitor has lost control all the
# same.
pill ustm 0 0
has 'ustm: control' "$work/out" "the host's timer was not as trap had set it"
# With a neighbour the monitor keeps it.
"$vmm" run --isa $isas/pg32-ustm.isa --monitor trap --max-steps 100000 "$work/ustm.elf" \
    build/guests/halt-code.elf </dev/null >"$work/out" 2>&1
has 'ustm: printed where the timer is kept' "$work/out" 'ustm: 1'

"$analyzer" redpill $isas/pg32.isa >"$work/out" 2>"$work/err"
is 'pg32: exit status' $? 1
has 'pg32: there is none' "$work/err" \
    'there is no red pill: every instruction of pg32 may run directly'
is 'pg32: no program' "$(cat "$work/out")" ''
"$analyzer" redpill $isas/pg32-lra.isa lra -o "$work/again.S"
holds 'the same each time' cmp "$work/lra.S" "$work/again.S"
"$analyzer" redpill $isas/pg32-lra.isa add >"$work/out" 2>"$work/err"
is 'of an instruction without one' $? 1
"$analyzer" redpill $isas/pg32-lra.isa nonsense >"$work/out" 2>"$work/err"
is 'of no instruction: exit status' $? 2
has 'of no instruction: message' "$work/err" "has no instruction 'nonsense'"

machines='m68000 pdp10-ka10'
test "$TRAPEZE_SIZE" = quick || machines="$machines x86-32"
for machine in $machines; do
    "$analyzer" redpill $isas/$machine.isa -o "$work/states.json" 2>"$work/err"
    is "$machine: exit status" $? 0
    "$analyzer" replay "$work/states.json" >"$work/out" 2>&1
    is "$machine: its two states replay" $? 0
done
