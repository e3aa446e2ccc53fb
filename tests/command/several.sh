#!/bin/sh
# SPDX-License-Identifier: MIT
# `vmm run` with several guests: each one's output is what it is alone, line by line under its name;
# disks, input, ends, limits; and a guest that can take the host's timer starves its neighbour.
. tests/shell/tap.sh

vmm=$1/vmm
guests=build/guests
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$vmm" run $guests/kernel.elf --disk $guests/kernel.img --snapshot </dev/null >"$work/kernel"
"$vmm" run $guests/sha256.elf </dev/null >"$work/sha256"

for monitor in interpret trap hybrid; do
    for depth in 1 2; do
        "$vmm" run --monitor $monitor --depth $depth --snapshot $guests/kernel.elf \
            $guests/sha256.elf $guests/kernel.elf --disk $guests/kernel.img --disk - \
            --disk $guests/kernel.img </dev/null >"$work/out" 2>"$work/err"
        is "$monitor, depth $depth: exit status" $? 0
        for name in kernel#1 sha256 kernel#2; do
            sed -n "s/^$name: //p" "$work/out" >"$work/one"
            holds "$monitor, depth $depth: $name" cmp "$work/one" "$work/${name%#*}"
        done
        others=$(grep -vcE '^(kernel#[12]|sha256): ' "$work/out")
        is "$monitor, depth $depth: nothing else" "$others" 0
        is "$monitor, depth $depth: messages" "$(cat "$work/err")" ''
    done
done
first=$(grep -n '^kernel#2:' "$work/out" | head -n 1 | cut -d: -f1)
last=$(grep -n '^kernel#1:' "$work/out" | tail -n 1 | cut -d: -f1)
holds 'they take turns' test "$first" -lt "$last"

# Ends: told by name; a failure is the status of all.
"$vmm" run --monitor trap $guests/halt-code.elf $guests/check-stop.elf $guests/idle-for-ever.elf \
    $guests/sha256.elf </dev/null >"$work/out" 2>"$work/err"
is 'ends: exit status' $? 1
has 'ends: a code' "$work/err" 'halt-code: halted with code 42'
has 'ends: a check stop' "$work/err" 'check-stop: check stop: trap '
has 'ends: idle' "$work/err" 'idle-for-ever: idle for ever at P '
holds 'ends: the others go on' grep -q '^sha256: .*ok$' "$work/out"
"$vmm" run --monitor trap --max-steps 1000 $guests/sha256.elf $guests/sort.elf </dev/null \
    >"$work/out" 2>"$work/err"
is 'limit: exit status' $? 3
has 'limit: message' "$work/err" 'sha256: stopped by --max-steps after 1000 instructions'
has 'limit: the other one' "$work/err" 'sort: stopped by --max-steps after 0 instructions'

# Input is the first one's, from a file or a pipe.
printf 'hello\nworld\n' >"$work/input"
"$vmm" run --monitor trap $guests/echo.elf $guests/sha256.elf <"$work/input" >"$work/out" \
    2>"$work/err"
is 'input: exit status' $? 0
"$vmm" run $guests/echo.elf <"$work/input" >"$work/echo"
sed -n 's/^echo: //p' "$work/out" >"$work/one"
holds 'input: the first one reads it' cmp "$work/one" "$work/echo"
{ sleep 0.3; echo late; sleep 0.2; echo quit; } | "$vmm" run --monitor trap $guests/prompt.elf \
    $guests/sha256.elf >"$work/out" 2>"$work/err"
is 'live input: exit status' $? 0
has 'live input' "$work/out" 'you said: late'
has 'live input: a prompt shows before its line ends' "$work/out" 'prompt: > '

# A disk each: what one writes, another does not see.
cp $guests/kernel.img "$work/a.img"
cp $guests/kernel.img "$work/b.img"
"$vmm" run --monitor trap $guests/ports.elf $guests/kernel.elf --disk "$work/a.img" \
    --disk "$work/b.img" </dev/null >/dev/null 2>&1
holds "the second one's disk" cmp "$work/b.img" $guests/kernel.img

"$vmm" run --json --stats --monitor trap $guests/halt-code.elf $guests/sha256.elf </dev/null \
    2>/dev/null >"$work/out"
is 'JSON: exit status' $? 1
has 'JSON: schema' "$work/out" '"schema": "trapeze/vmm-run-several/1"'
has 'JSON: a code' "$work/out" '"code": 42'
has 'JSON: a partition' "$work/out" '"start": 524288'

# A machine with a set-timer instruction that does not trap: its neighbour never gets a turn.
"$vmm" run --isa isa-analyzer/isas/pg32-ustm.isa --monitor trap --max-steps 300000 --json --stats \
    $guests/hog.elf $guests/halt-code.elf </dev/null >"$work/out" 2>/dev/null
is 'a hog: exit status' $? 3
is 'a hog: the neighbour' "$(grep -c '^      "instructions": 0,' "$work/out")" 1
is 'a hog: itself' "$(grep -c '^      "instructions": 300000,' "$work/out")" 1
holds 'a hog: noticed' grep -q '"timer": [1-9]' "$work/out"
"$vmm" run --isa isa-analyzer/isas/pg32-ustm.isa --monitor interpret --max-steps 300000 \
    $guests/hog.elf $guests/halt-code.elf </dev/null >/dev/null 2>"$work/err"
has 'interpreted, it is no hog' "$work/err" 'halt-code: halted with code 42'

# wrong NAME TEXT OPTION...: exit status 2 and a message with TEXT.
wrong() {
    what=$1 text=$2
    shift 2
    "$vmm" run "$@" </dev/null >"$work/out" 2>"$work/err"
    is "$what: exit status" $? 2
    has "$what: message" "$work/err" "$text"
}
wrong 'no monitor' 'several guests need a monitor' $guests/sort.elf $guests/sort.elf
wrong 'too many guests' 'give each less with --memory' --monitor trap --memory 1G $guests/sort.elf \
    $guests/sort.elf $guests/sort.elf $guests/sort.elf
wrong 'too deep for them' 'is too deep' --monitor trap --depth 2000 --memory 1G $guests/sort.elf \
    $guests/sort.elf $guests/sort.elf
wrong 'a recording' 'are for one guest' --monitor trap --record "$work/r" $guests/sort.elf \
    $guests/sort.elf
wrong 'too many disks' '--disk is there 3 times, but there are 2 guests' --monitor trap --disk - \
    --disk - --disk - $guests/sort.elf $guests/sort.elf
wrong 'one that is not there' 'none.elf' --monitor trap $guests/sort.elf "$work/none.elf"
wrong 'one without an entry' 'x.elf: ' --monitor trap $guests/sort.elf "$work/x.elf"
