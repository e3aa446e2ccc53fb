#!/bin/sh
# SPDX-License-Identifier: MIT
# PG32's broken variants: each guest of vmm/guests/variants uses the instruction that breaks a
# condition, in both modes. It runs as it should bare and under the monitors whose theorem holds,
# and `vmm compare` finds the instruction under the others.
. tests/shell/tap.sh

vmm=$1/vmm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# variant NAME INTERPRET TRAP HYBRID: the exit status of compare under each monitor.
variant() {
    isa=isa-analyzer/isas/pg32-$1.isa
    guest=build/guests/pg32-$1.elf
    "$vmm" run --isa "$isa" "$guest" >"$work/out" 2>&1
    is "$1 on its own machine" "$?" 0
    "$vmm" run "$guest" >"$work/out" 2>&1
    is "$1 on PG32, which has no such instruction" "$?" 1
    for pair in "interpret $2" "trap $3" "hybrid $4"; do
        monitor=${pair% *}
        "$vmm" compare --isa "$isa" --monitor "$monitor" "$guest" >"$work/out" 2>&1
        is "$1 under $monitor" "$?" "${pair#* }"
        if test "${pair#* }" = 1; then
            has "$1 under $monitor: the instruction" "$work/out" " $1 "
        fi
    done
}

variant jrst1 0 1 0
variant rdmode 0 1 0
variant wrie 0 1 0
variant rdrel 0 1 1
variant lra 0 1 1
variant ustm 0 1 1
has 'ustm takes the timer' "$work/out" "the host's timer was not as hybrid had set it"

# Every other guest behaves on an evaluated machine as on the generated one.
"$vmm" compare --isa isa-analyzer/isas/pg32-lra.isa build/guests/timer.elf >"$work/out" 2>&1
is 'a guest without broken instructions' "$?" 0
"$vmm" run --isa isa-analyzer/isas/pg32-lra.isa --trace - build/guests/pg32-lra.elf \
    >"$work/out" 2>&1
has 'a trace names the instruction' "$work/out" ' lra s1, s2 '

mistake() {
    "$vmm" run --isa "$3" ${4:+"$4" "$5"} build/guests/hello.elf >"$work/out" 2>&1
    is "$1: status" "$?" 2
    has "$1: message" "$work/out" "$2"
}
mistake 'no such description' 'cannot read' nosuch.isa
mistake 'a description with mistakes' 'error: ' tests/language/mistakes/names.isa
mistake 'no parameter' 'has no such parameter' isa-analyzer/isas/pg32.isa --config size=1

# Other machines than PG32 with more instructions are for described.sh; a changed tick is one.
printf 'machine pg32-tick extends pg32\ntick { T := T + 1 }\n' >"$work/pg32-tick.isa"
cp isa-analyzer/isas/pg32.isa "$work"
"$vmm" run --isa "$work/pg32-tick.isa" --trace - build/guests/hello.elf </dev/null >"$work/out" 2>&1
is 'another tick' "$?" 0
has 'another tick: it counts up' "$work/out" ' T=00000002'
