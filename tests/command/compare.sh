#!/bin/sh
# SPDX-License-Identifier: MIT
# `vmm compare`: every guest is equivalent and controlled under every monitor; the table, the JSON,
# the files that stay as they are, and wrong usage.
. tests/shell/tap.sh

vmm=$1/vmm
expected=vmm/guests/expected
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

grep -v '^#' "$expected/table" | while read -r name status what; do
    guest=build/guests/${name%%+*}
    input=$expected/$name.in
    test -e "$input" || input=/dev/null
    disk=
    if test -e "$guest.img"; then
        cp "$guest.img" "$work/disk"
        disk="--disk $work/disk"
    fi
    "$vmm" compare --depth 3 $disk "$guest.elf" <"$input" >"$work/out" 2>&1
    is "$name: exit status" $? 0
    is "$name: rows that hold" "$(grep -c ' holds  *holds ' "$work/out")" 9
    test -z "$disk" || holds "$name: the disk stays as it is" cmp "$work/disk" "$guest.img"
done

"$vmm" compare --json --monitor hybrid,trap build/guests/timer.elf </dev/null >"$work/out"
is 'JSON: exit status' $? 0
has 'JSON: schema' "$work/out" '"schema": "trapeze/vmm-compare/1"'
is 'JSON: runs' "$(grep -c '"depth": [12],' "$work/out")" 4
"$vmm" compare --max-steps 100 build/guests/kernel.elf </dev/null >"$work/out" 2>&1
is '--max-steps: exit status' $? 0
has '--max-steps: bare' "$work/out" 'stopped by --max-steps after 100 instructions'

# wrong NAME TEXT ARGUMENT...: exit status 2 and a message with TEXT.
wrong() {
    what=$1 text=$2
    shift 2
    "$vmm" compare "$@" </dev/null >"$work/out" 2>"$work/err"
    is "$what: exit status" $? 2
    has "$what: message" "$work/err" "$text"
}

wrong 'no guest' 'expected one guest, not 0'
wrong 'two guests' 'expected one guest, not 2' build/guests/hello.elf build/guests/hello.elf
wrong 'no such monitor' "there is no monitor 'none'" --monitor none build/guests/hello.elf
wrong 'a monitor twice' "'trap' is there twice" --monitor trap,trap build/guests/hello.elf
wrong 'depth 0' '--depth counts monitors' --depth 0 build/guests/hello.elf
wrong 'too deep' 'is too deep' --depth 2 --memory 4095M build/guests/hello.elf
wrong 'no such guest' 'absent.elf' build/guests/absent.elf
wrong 'no such option' "did you mean '--depth'" --dept 2 build/guests/hello.elf
