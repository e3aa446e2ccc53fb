#!/bin/sh
# SPDX-License-Identifier: MIT
# `vmm run`: exit statuses, mistakes on the command line, disks, traces, statistics, check stops.
. tests/shell/tap.sh

vmm=$1/vmm
guests=build/guests
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
out=$directory/out
err=$directory/err
unset NO_COLOR

# run NAME STATUS ARGUMENTS...: into $out and $err, without input.
run() {
    name=$1
    expected=$2
    shift 2
    "$vmm" run "$@" </dev/null >"$out" 2>"$err"
    is "$name: exit status" $? "$expected"
}

# mistake NAME TEXT ARGUMENTS...: exit status 2, the text in an error on stderr, nothing on stdout.
mistake() {
    name=$1
    text=$2
    shift 2
    run "$name" 2 "$@"
    has "$name: message" "$err" "$text"
    grep -q 'error: ' "$err" || not_ok "$name: error" "no 'error: ' in: $(head -c 300 "$err")"
    test ! -s "$out" || not_ok "$name: standard output" "is not empty"
}

# ------------------------------------------------------------------ exit statuses

for engine in threaded switch reference; do
    run "$engine: halt 0" 0 --engine "$engine" "$guests/lrb.elf"
    has "$engine: output" "$out" 'lrb moves and bounds the next fetch'
    is "$engine: no words on success" "$(cat "$err")" ''
    run "$engine: halt 42" 1 --engine "$engine" "$guests/halt-code.elf"
    has "$engine: code" "$err" 'vmm: the guest halted with code 42 (0x2a)'
    run "$engine: idle" 1 --engine "$engine" "$guests/idle-for-ever.elf"
    has "$engine: idle said" "$err" 'idle for ever'
    run "$engine: check stop" 1 --engine "$engine" "$guests/check-stop.elf"
    has "$engine: check stop said" "$err" 'check stop at count 150: trap memory, info 01000000'
    cp "$err" "$directory/check-stop.$engine"
    run "$engine: limit" 3 --engine "$engine" --max-steps 100 "$guests/check-stop.elf"
    has "$engine: limit said" "$err" 'stopped by --max-steps after 100 instructions'
    run "$engine: no limit reached" 1 --engine "$engine" --max-steps 151 "$guests/check-stop.elf"
done
run 'limit 0' 3 --max-steps 0 "$guests/lrb.elf"
is 'limit 0: output' "$(cat "$out")" ''

# ------------------------------------------------------------------ check stops

for engine in switch reference; do
    holds "check stop: $engine as threaded" \
        cmp "$directory/check-stop.threaded" "$directory/check-stop.$engine"
done
run 'check stop' 1 "$guests/check-stop.elf"
has 'check stop: PSW' "$err" \
    'PSW      mode supervisor, IE 0, P 01000000, R (l 00000000, b 01000000)'
has 'check stop: cause' "$err" 'cannot be delivered: cause 0 (memory)'
has 'check stop: old PSW' "$err" 'the trap before: cause 3 (ecall), info 00000000'
has 'check stop: registers' "$err" '  a0 01000000'
is 'check stop: 16 that completed and one that trapped' \
    "$(grep -c '^ *[0-9]* s [0-9a-f]* [0-9a-f]\{8\}' "$err")" 17
# tail_of: the last steps as a trace has them, without what they changed.
tail_of() {
    grep -E '^ +[0-9]+ [su] ' | tail -n 3 | sed 's/ \[00000024\]=.*//; s/ P=01.*//; s/ *$//'
}
"$vmm" run --trace "$directory/trace" "$guests/check-stop.elf" </dev/null >/dev/null 2>&1
is 'check stop: the last ones' "$(tail_of <"$err")" "$(tail_of <"$directory/trace")"
run 'interrupted handler' 1 "$guests/check-stop-timer.elf"
has 'interrupted handler: said' "$err" 'trap timer'

# ------------------------------------------------------------------ mistakes

mistake 'no guest' 'expected a guest'
mistake 'two guests' 'several guests need a monitor' a b
mistake 'unknown option' "there is no option '--engin'; did you mean '--engine'?" --engin switch x
mistake 'unknown engine' "there is no NAME 'treaded'; did you mean 'threaded'?" --engine treaded x
mistake 'unknown colour' "did you mean 'always'?" --color allways x
mistake 'argument missing' '--disk needs an argument: --disk FILE' x --disk
mistake 'flag with argument' '--stats takes no argument' --stats=yes x
mistake 'count' '--max-steps: expected a number' --max-steps -1 x
mistake 'memory' 'the nearest are 4K and 8K' --memory 5000 x
mistake 'memory too large' 'the most is 4194300K' --memory 4G x
mistake 'record and replay' 'exclude each other' --record a --replay b x
mistake 'json and trace' 'give the trace a file' --json --trace - x
mistake 'snapshot of nothing' 'name its image with --disk' --snapshot x
mistake 'guest missing' 'nonexistent.elf: cannot be opened: No such file' nonexistent.elf
mistake 'guest a directory' 'is a directory; expected a file' /
mistake 'guest a device' 'is a device' /dev/zero
mistake 'guest a text' 'Makefile: not an ELF file' Makefile
mistake 'guest for the host' '64-bit ELF, but PG32 is a 32-bit machine' "$vmm"
mistake 'memory too small' '--memory' --memory 4K "$guests/kernel.elf"
head -c 100 "$guests/lrb.elf" >"$directory/short.elf"
mistake 'guest cut short' 'cut short' "$directory/short.elf"
mistake 'replay missing' 'cannot be opened' --replay "$directory/none" "$guests/lrb.elf"
mistake 'replay damaged' ':1: error: not a recording' --replay Makefile "$guests/lrb.elf"
mistake 'record unwritable' 'cannot be written' --record "$directory/no/file" "$guests/lrb.elf"
mistake 'trace unwritable' 'cannot be written' --trace "$directory/no/file" "$guests/lrb.elf"

# `vmm` itself
"$vmm" >"$out" 2>"$err"; is 'no command: exit status' $? 2
has 'no command: message' "$err" 'expected a command'
"$vmm" rnu x >"$out" 2>"$err"; is 'unknown command: exit status' $? 2
has 'unknown command: message' "$err" "there is no command 'rnu'; did you mean 'run'?"
"$vmm" --hepl >"$out" 2>"$err"; is 'unknown top option: exit status' $? 2
has 'unknown top option: message' "$err" "did you mean '--help'?"
for words in '--version' 'run --version'; do
    is "vmm $words" "$("$vmm" $words | cut -d' ' -f1,2)" 'vmm (Trapeze)'
done

# What stdin may be.
"$vmm" run "$guests/lrb.elf" <&- >"$out" 2>"$err"; is 'closed input: exit status' $? 0
"$vmm" run "$guests/lrb.elf" </ >"$out" 2>"$err"; is 'directory as input: exit status' $? 2
has 'directory as input: message' "$err" 'standard input is a directory'
"$vmm" run "$guests/lrb.elf" </dev/null >/dev/full 2>"$err"; is 'full output: exit status' $? 2
has 'full output: message' "$err" "console's output cannot be written: No space left"
"$vmm" run --trace /dev/full "$guests/lrb.elf" </dev/null >"$out" 2>"$err"
is 'full trace: exit status' $? 2
echo 'a line' | "$vmm" run --max-steps 1000000 "$guests/echo.elf" >"$out" 2>"$err"
is 'a pipe whose writer is gone' $? 0

# ------------------------------------------------------------------ disks

for n in 1 511 513 1000; do
    head -c $n /dev/zero >"$directory/odd.img"
    mistake "disk of $n bytes" "$n bytes are not whole sectors of 512 bytes" \
        --disk "$directory/odd.img" "$guests/lrb.elf"
done
: >"$directory/empty.img"
mistake 'empty disk' 'the disk image is empty' --disk "$directory/empty.img" "$guests/lrb.elf"
mistake 'disk missing' 'cannot be opened' --disk "$directory/none.img" "$guests/lrb.elf"
mistake 'disk a directory' 'is a directory' --disk "$directory" "$guests/lrb.elf"
mistake 'disk a device' 'is not a regular file' --disk /dev/zero "$guests/lrb.elf"

# ------------------------------------------------------------------ traces, statistics, JSON

run 'trace' 1 --trace "$directory/trace" "$guests/halt-code.elf"
"$vmm" run --json --stats "$guests/halt-code.elf" </dev/null >"$out" 2>"$err"
is 'json: exit status' $? 1
is 'trace: a line for every instruction' "$(wc -l <"$directory/trace")" \
    "$(sed -n '0,/"instructions"/s/.*"instructions": \([0-9]*\),/\1/p' "$out")"
has 'trace: the stop' "$directory/trace" 'stop code=42'
has 'json: schema' "$out" '"schema": "trapeze/vmm-run/1"'
has 'json: code' "$out" '"code": 42'
has 'json: statistics' "$out" '"statistics": {'
is 'json: nothing else on stderr' "$(cat "$err")" ''
run 'trace of a trap' 0 --trace "$directory/trace" "$guests/trap-ecall.elf"
has 'trace of a trap: the trap' "$directory/trace" 'trap ecall info=00000000'
run 'statistics' 0 --stats "$guests/trap-timer.elf"
has 'statistics: traps' "$err" 'timer'
"$vmm" run --json "$guests/lrb.elf" </dev/null 2>"$err" >"$out"
has 'json: the console' "$err" 'lrb moves and bounds'
"$vmm" run --json "$guests/check-stop.elf" </dev/null 2>/dev/null >"$out"
has 'json: check stop' "$out" '"outcome": "check-stop"'

# ------------------------------------------------------------------ colour

escape=$(printf '\033')
colored() {
    if grep -q "$escape" "$err"; then ok "$1"; else not_ok "$1" 'is plain'; fi
}
plain() {
    if grep -q "$escape" "$err"; then not_ok "$1" 'is coloured'; else ok "$1"; fi
}
run 'colour always' 2 --color always none.elf; colored 'always'
run 'colour never' 2 --color never none.elf; plain 'never'
run 'colour auto' 2 none.elf; plain 'auto, not on a terminal'
NO_COLOR=1 "$vmm" run --color always none.elf 2>"$err"; colored 'always, against NO_COLOR'

# ------------------------------------------------------------------ the manual agrees with --help

"$vmm" run --help | sed -n 's/^  --\([a-z-]*\)\( [A-Z=]*\)\{0,1\}.*/\1\2/p' | sed 's/ $//' |
    sort >"$directory/help"
sed -n 's/^\.It Fl Fl \([a-z-]*\)\( Ar \([A-Z=]*\)\)\{0,1\}$/\1 \3/p' vmm/vmm.1 | sed 's/ $//' |
    sort >"$directory/manual"
is 'the manual has the options of --help' "$(cat "$directory/manual")" "$(cat "$directory/help")"
is 'and there are some' "$(grep -c . "$directory/help")" 19
