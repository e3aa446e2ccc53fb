#!/bin/sh
# SPDX-License-Identifier: MIT
# `vmm run --monitor`: every guest under every monitor at depths 1 to 3 ends as on the bare machine,
# with the same output, at the same count; deep towers; what cannot be done is said.
. tests/shell/tap.sh

vmm=$1/vmm
expected=vmm/guests/expected
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# run FILE OPTION...: $name's guest with its input and disk; console to FILE, JSON without what may
# differ to FILE.json, the exit status as the result.
run() {
    file=$1
    shift
    guest=build/guests/${name%%+*}
    input=$expected/$name.in
    test -e "$input" || input=/dev/null
    disk=
    test -e "$guest.img" && disk="--disk $guest.img --snapshot"
    "$vmm" run --json $disk "$@" "$guest.elf" <"$input" >"$file.all" 2>"$file"
    status=$?
    grep -vE '"(monitor|depth)"' "$file.all" >"$file.json"
    return $status
}

grep -v '^#' "$expected/table" | while read -r name status what; do
    run "$work/bare"
    is "$name bare" $? "$status"
    for monitor in interpret trap hybrid; do
        for depth in 1 2 3; do
            run "$work/out" --monitor $monitor --depth $depth
            found=$?
            if test $found = "$status" && cmp -s "$work/bare" "$work/out" &&
                cmp -s "$work/bare.json" "$work/out.json"; then
                ok "$name under $monitor, depth $depth"
            else
                not_ok "$name under $monitor, depth $depth" "exit status $found,
                    $(diff "$work/bare.json" "$work/out.json" | head -n 4)
                    $(diff "$work/bare" "$work/out" | head -n 4)"
            fi
        done
    done
done

for depth in 8 100; do
    "$vmm" run --monitor trap --depth $depth build/guests/hello.elf >"$work/out" 2>&1
    is "depth $depth" "$?" 0
    holds "depth $depth: output" cmp "$work/out" $expected/hello.out
done

# wrong NAME TEXT OPTION...: exit status 2 and a message with TEXT.
wrong() {
    what=$1 text=$2
    shift 2
    "$vmm" run "$@" build/guests/hello.elf >"$work/out" 2>"$work/err"
    is "$what: exit status" $? 2
    has "$what: message" "$work/err" "$text"
    is "$what: output" "$(cat "$work/out")" ''
}

wrong 'too deep' 'is enough for depth 4079' --monitor trap --depth 4080
wrong 'too deep for its memory' 'is enough for depth 0' --monitor trap --memory 4194300K
wrong 'too deep by far' 'is enough for depth 4079' --monitor trap --depth 18446744073709551615
wrong 'depth 0' 'for the bare machine: --monitor none' --monitor trap --depth 0
wrong 'depth without a monitor' 'choose one with --monitor' --depth 2
wrong 'an unknown monitor' "did you mean 'hybrid'" --monitor hybird
wrong 'a trace' '--trace shows the steps of the bare machine' --monitor trap --trace -

"$vmm" run --stats --monitor trap --depth 2 build/guests/timer.elf >/dev/null 2>"$work/err"
has 'statistics: levels' "$work/err" 'level 2       trap: '
has 'statistics: routines' "$work/err" 'rtm '
"$vmm" run --stats --json --monitor hybrid build/guests/timer.elf 2>/dev/null >"$work/out"
has 'statistics as JSON' "$work/out" '"interpreted": '

# Live input under a monitor, recorded: it replays on the bare machine to the same counts, and what
# was recorded there replays under monitors.
live() { sleep 0.2; echo one; sleep 0.1; echo two; sleep 0.1; echo quit; }
json() { grep -vE '"(monitor|depth|seconds|engine)"'; }
prompt=build/guests/prompt.elf
for where in '--monitor none' '--monitor trap' '--monitor hybrid --depth 3' \
    '--monitor interpret'; do
    live | "$vmm" run $where --record "$work/recording" --json $prompt 2>"$work/live" |
        json >"$work/live.json"
    has "live input, $where" "$work/live" 'you said: two'
    for other in '--monitor none' '--monitor trap --depth 2' '--monitor hybrid'; do
        "$vmm" run $other --replay "$work/recording" --json $prompt 2>"$work/out" |
            json >"$work/out.json"
        if cmp -s "$work/live" "$work/out" && cmp -s "$work/live.json" "$work/out.json"; then
            ok "recorded $where, replayed $other"
        else
            not_ok "recorded $where, replayed $other" "$(diff "$work/live.json" "$work/out.json")"
        fi
    done
done
