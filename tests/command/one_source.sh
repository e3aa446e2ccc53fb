#!/bin/sh
# SPDX-License-Identifier: MIT
# One description, everything from it: an edit of one instruction in a copy of pg32.isa, and nothing
# else, changes the machine on every engine, the macros, the disassembly and the tables.
. tests/shell/tap.sh

# The book shows the language's grammar, and so does the manual page.
grammar() {
    sed -n '/^description *=/,/^width *=/p' "$1"
}
grammar book/isa-language.md | sed 's/\\/\\e/g' >build/tests/log/grammar
is 'the manual page has the grammar of the book' "$(grammar isa-analyzer/isa.5)" \
    "$(cat build/tests/log/grammar)"

if test "$1" != build || test "$TRAPEZE_SIZE" = quick; then
    echo 'skip the edit, which needs a build of its own'
    exit 0
fi

changed=build/changed
mkdir -p "$changed"
# rtm: another function code, another way of writing it, another effect.
sed -e '/^instruction rtm/s/funct7 = 0/funct7 = 9/' \
    -e '/^instruction rtm/s/"rtm {rd}"/"rtm {rd} #"/' \
    -e '/^instruction rtm/,/^$/s/x\[rd\] := T/x[rd] := T + 64/' \
    isa-analyzer/isas/pg32.isa >"$changed/pg32.isa"
is 'two lines are edited' \
    "$(diff isa-analyzer/isas/pg32.isa "$changed/pg32.isa" | grep -c '^>')" 2
# Of make's variables only those named here may reach the other build.
if ! MAKEFLAGS='' make --no-print-directory SETUP=no BUILD="$changed" PG32="$changed/pg32.isa" \
    tools "$changed/gen/pg32.inc" >"$changed/log" 2>&1; then
    not_ok 'the edited machine is built' "$(tail -n 3 "$changed/log")"
    exit 0
fi
ok 'the edited machine is built'

cat >"$changed/guest.S" <<'END'
    .include "pg32.inc"
    .globl _start
_start:
    li a0, 100
    stm a0
    nop
    rtm a1
    halt a1
END
for machine in build "$changed"; do
    mkdir -p "$machine/tests"
    holds "a guest with the macros of $machine" riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 \
        -nostdlib -static -Wl,--build-id=none -Wl,-Ttext=0x1000 "-Wa,-I$machine/gen" \
        "$changed/guest.S" -o "$machine/tests/rtm.elf"
done

for engine in threaded switch reference; do
    "build/vmm" run --engine $engine build/tests/rtm.elf >"$changed/out" 2>&1
    has "the machine as it is, $engine" "$changed/out" 'code 99 '
    "$changed/vmm" run --engine $engine "$changed/tests/rtm.elf" >"$changed/out" 2>&1
    has "the edited machine, $engine" "$changed/out" 'code 163 '
    build/vmm run --engine $engine "$changed/tests/rtm.elf" >"$changed/out" 2>&1
    has "the macro's new word is none of the old machine's, $engine" "$changed/out" 'check stop'
done
"$changed/vmm" run --trace - "$changed/tests/rtm.elf" >"$changed/out" 2>&1
has 'the disassembly' "$changed/out" '1200458b rtm a1 #'
"$changed/isa-analyzer" emit table "$changed/pg32.isa" >"$changed/out"
has 'the tables: encoding' "$changed/out" '`0001001 00000 00000 100 rd 0001011`'
has 'the tables: effect' "$changed/out" 'x[rd] := T + 64'
has 'the macros' "$changed/gen/pg32.inc" '.4byte 0x1200400b'
