#!/bin/sh
# SPDX-License-Identifier: MIT
# `vmm run --isa` and `vmm compare --isa` for machines that are not PG32: guests of three of them,
# of which each has two broken variants; images and command lines with mistakes.
. tests/shell/tap.sh

vmm=$1/vmm
machines=tests/described/machines
guests=tests/described/guests
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# machine NAME INPUT OUTPUT: runs bare and under every monitor at depths 1 to 3 with that output,
# and nothing differs.
machine() {
    printf "$2" >"$work/in"
    for monitor in none interpret trap hybrid; do
        for depth in 1 2 3; do
            test $monitor$depth = none2 && break
            "$vmm" run --isa "$machines/$1.isa" --monitor $monitor --depth $depth \
                "$guests/$1.hex" <"$work/in" >"$work/out" 2>"$work/err"
            is "$1 under $monitor, depth $depth" "$? $(cat "$work/out" "$work/err")" "0 $3"
        done
    done
    "$vmm" compare --isa "$machines/$1.isa" --depth 3 "$guests/$1.hex" <"$work/in" \
        >"$work/out" 2>&1
    is "$1 compared" "$? $(grep -c ' holds  *holds ' "$work/out")" '0 9'
}

machine word36 '' 'hi
u'
machine tri16 '' hi1
machine clock24 abc 'abc*'

# variant NAME TRAP HYBRID INSTRUCTION: runs as it should bare; the exit status of compare under
# each monitor, and the instruction that it names.
variant() {
    "$vmm" run --isa "$machines/$1.isa" "$guests/$1.hex" </dev/null >"$work/out" 2>&1
    is "$1 on its own machine" $? 0
    for pair in "interpret 0" "trap $2" "hybrid $3"; do
        monitor=${pair% *}
        "$vmm" compare --isa "$machines/$1.isa" --monitor "$monitor" --depth 3 "$guests/$1.hex" \
            </dev/null >"$work/out" 2>&1
        is "$1 under $monitor" $? "${pair#* }"
        test "${pair#* }" = 0 || has "$1 under $monitor: the instruction" "$work/out" " $4"
    done
}

variant word36-jrst1 1 0 'jrst 1, '
variant tri16-drop 1 0 drop
variant clock24-mask 1 0 mask
variant word36-map 1 1 'map AC'
variant tri16-limit 1 1 'limit r'
variant clock24-setc 1 1 'setc r'
has 'setc takes the clock' "$work/out" "the host's clock was not as hybrid had set it"

# ------------------------------------------------------------------ what else run can do

word36="--isa $machines/word36.isa $guests/word36.hex"
"$vmm" run $word36 --trace - --max-steps 9 >"$work/out" 2>"$work/err" </dev/null
is '--max-steps: exit status' $? 3
has 'a trace has the instruction' "$work/out" \
    '0 executive 00040 408800060 movei AC1, 0x60 '
has 'a trace has the device' "$work/out" 'port[0]=00000068'
"$vmm" run $word36 --monitor trap --trace "$work/trace" >/dev/null 2>&1 </dev/null
"$vmm" run $word36 --trace "$work/bare" >/dev/null 2>&1 </dev/null
holds 'a trace under a monitor is that of the bare machine' cmp "$work/trace" "$work/bare"
has 'a trace has traps' "$work/bare" 'trap memory info=3ffff'
has 'a trace has stores' "$work/bare" '[0]='
"$vmm" run $word36 --json --stats --monitor hybrid --depth 2 >"$work/out" 2>/dev/null </dev/null
has 'JSON: schema' "$work/out" '"schema": "trapeze/vmm-run-described/1"'
has 'JSON: levels' "$work/out" '"interpreted": '
"$vmm" compare --isa $machines/clock24-setc.isa --monitor hybrid --json $guests/clock24-setc.hex \
    >"$work/out" 2>/dev/null </dev/null
is 'JSON of compare: exit status' $? 1
has 'JSON of compare: schema' "$work/out" '"schema": "trapeze/vmm-compare-described/1"'
has 'JSON of compare: the instruction' "$work/out" '"instruction": "setc r1, r0"'
"$vmm" run $word36 --json --config core=0x400 >"$work/out" 2>/dev/null </dev/null
has '--config sets the memory' "$work/out" '"memory": 1024'
"$vmm" run $word36 --json --memory 0x2000 >"$work/out" 2>/dev/null </dev/null
has '--memory sets it too' "$work/out" '"memory": 8192'

"$vmm" run $word36 --monitor trap --depth 1000 --config core=1024 --max-steps 200 \
    >"$work/out" 2>&1 </dev/null
is 'depth 1000' "$? $(tail -n 1 "$work/out")" '0 u'

# A machine that does nothing but trap, and one whose `undefined` lets a word pass.
cp $machines/clock24.isa $machines/word36.isa "$work"
printf '@10 0' >"$work/trap.hex"
printf 'machine lenient extends word36\nundefined { if user then trap illegal(word) }\n' \
    >"$work/lenient.isa"
for monitor in none interpret trap hybrid; do
    "$vmm" run --isa $machines/word36.isa --monitor $monitor "$work/trap.hex" </dev/null \
        >"$work/out" 2>&1
    is "only traps under $monitor" "$? $(head -n 1 "$work/out")" \
        '1 vmm: check stop: 1024 traps, the last one memory, and no instruction completes'
done
"$vmm" run --isa "$work/lenient.isa" "$work/trap.hex" </dev/null >"$work/out" 2>&1
is 'an undefined word that does not trap' "$? $(head -n 1 "$work/out")" \
    "1 vmm: check stop: a word that is no instruction, and 'undefined' does not trap it"

# ------------------------------------------------------------------ mistakes

# wrong NAME TEXT ARGUMENT...: exit status 2, a message with TEXT, and no output.
wrong() {
    what=$1 text=$2
    shift 2
    "$vmm" run "$@" </dev/null >"$work/out" 2>"$work/err"
    is "$what: exit status" $? 2
    has "$what: message" "$work/err" "$text"
    is "$what: output" "$(cat "$work/out")" ''
}

wrong 'no relocation' "no component of machine bytes is base" \
    --isa tests/language/machines/bytes.isa --monitor trap $guests/clock24.hex
cat >"$work/mute.isa" <<END
machine mute
config n : 8 = 16
state { counter P : 8 mode M : 1 { supervisor = 0, user = 1 } memory E[n] : 8, little }
END
wrong 'no fetch' "has no 'fetch'" --isa "$work/mute.isa" $guests/word36.hex
printf 'machine peek extends clock24\ntick { clock := zext(E[0x10], 10) }\n' >"$work/peek.isa"
wrong 'a tick that reads memory' "'tick' of machine peek uses memory" \
    --isa "$work/peek.isa" --monitor trap $guests/clock24.hex
wrong 'too deep' 'cannot have 262512 cells, of which each monitor takes 256' \
    $word36 --memory 262000 --monitor trap --depth 2
wrong 'too much memory' 'cannot have 262144 cells' $word36 --memory 262144
wrong 'no memory' 'cannot have 0 cells' $word36 --memory 0
wrong 'too deep by far' 'at most 1000' $word36 --monitor trap --depth 18446744073709551615
wrong 'depth 0' 'for the bare machine: --monitor none' $word36 --monitor trap --depth 0
wrong 'depth without a monitor' 'choose one with --monitor' $word36 --depth 2
wrong 'an engine' '--engine is for PG32' $word36 --engine switch
wrong 'a disk' '--disk is for PG32' $word36 --disk=x
wrong 'no such option' "did you mean '--depth'" $word36 --deth 1
wrong 'no parameter' 'expected NAME=VALUE with one of: core' $word36 --config size=1
wrong 'no value' 'expected NAME=VALUE with one of: core' $word36 --config core
wrong 'no number' '--config core=x' $word36 --config core=x
wrong 'too large a value' 'at most 18 bits' $word36 --config core=0x100000
wrong 'two images' 'expected one image, not 2' $word36 $guests/word36.hex
wrong 'no such image' 'absent.hex' --isa $machines/word36.isa absent.hex
wrong 'an ELF file' 'is for memories of little-endian bytes' \
    --isa $machines/word36.isa build/guests/hello.elf

# image NAME TEXT CONTENTS: the image is refused at a place, and with TEXT.
image() {
    printf "$3" >"$work/image.hex"
    wrong "image: $1" "$2" --isa $machines/word36.isa "$work/image.hex"
}

image empty 'has no numbers to load' ''
image 'only comments' 'has no numbers to load' '// nothing\n/* at\nall */'
image 'no end of a comment' 'image.hex:2:1: error: this comment has no end' '1\n/* 2'
image 'a lone slash' "image.hex:1:3: error: a lone '/'" '1 / 2'
image 'not a number' "image.hex:2:3: error: unexpected 'x'" '1\n 0x2'
image 'too large for a cell' 'image.hex:1:1: error: this number has 37 bits' 1000000000
image 'too large for anything' 'has more than 64 bits' 12345678901234567
image 'beyond the end' 'image.hex:2:1: error: address 1000 is beyond' '@fff 1\n2'
image 'an address beyond the end' 'image.hex:1:1: error: address 1000 is beyond' '@1000'
image 'no address' 'expected an address' '1 @'
image 'no entry' 'the address at which execution begins' '// entry = x\n1'
image 'an entry beyond the end' 'image.hex:1:12: error: address 1000 is beyond' '// entry = 1000\n1'
image 'two entries' 'a second entry' '// entry = 1\n1\n// entry = 2'
image 'more than an entry' 'expected nothing behind' '// entry = 1 2\n1'
printf '// entry point of it\n@1_0 56_2000_000/**/ @20 0' >"$work/image.hex"
"$vmm" run --isa $machines/word36.isa "$work/image.hex" </dev/null >"$work/out" 2>&1
is 'image: the first number is the entry, _ and comments are allowed' "$? $(cat "$work/out")" '0 '
