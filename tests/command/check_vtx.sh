#!/bin/sh
# SPDX-License-Identifier: MIT
# `check --vtx`: exit statuses, what is printed, and files that are wrong.
. tests/shell/tap.sh

isa=$1/isa-analyzer
x86=isa-analyzer/isas/x86-32.isa
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check FILE.isa CONTROLS OPTION...
check() {
    description=$1 controls=$2
    shift 2
    "$isa" check "$description" --vtx "$controls" --no-witnesses "$@" >"$work/out" 2>"$work/err"
}

# The controls that the rows name, all on but those under 'off'; of the first 'on' of each row.
jq '[.every_exit, .exits[], .twice[]] | {schema: "trapeze/vtx-controls/1", controls: ((map(.off[]?)
    | unique) as $off | [.[].on[]?] | unique | map({name: ., on: (IN($off[]) | not),
    needed: false}))}' isa-analyzer/isas/x86-32.vtx.json >"$work/all.json"

# ---- the real ones, where the monitor was built

real=$1/x86/controls.json
if test "$1" = build; then
    check $x86 "$real" --require exact
    is 'the monitor: exit status' $? 0
    has 'the monitor: nothing escapes' "$work/out" ', 0 escape'
    is 'the monitor: no complaints' "$(cat "$work/err")" ''
    is 'the monitor: its controls are all that the rows name, but for alternatives' "$(jq -r \
        --slurpfile k "$real" '[.controls[].name] - [$k[0].controls[].name] | join(", ")' \
        "$work/all.json")" ''
    jq '(.controls[] | select(.name == "HLT exiting")).on = false' "$real" >"$work/hlt.json"
    check $x86 "$work/hlt.json" --require exact
    is 'no HLT exiting: exit status' $? 1
    has 'no HLT exiting: what escapes' "$work/err" \
        "isa-analyzer: hlt escapes: it does not exit, since 'HLT exiting' is off"
    check $x86 "$work/hlt.json"
    is 'without --require: exit status' $? 0
    jq '(.controls[] | select(.name == "virtual NMIs")).needed = true' "$real" >"$work/idle.json"
    check $x86 "$work/idle.json" --require exact
    is 'needed for nothing: exit status' $? 1
    has 'needed for nothing: it is told' "$work/err" \
        "'virtual NMIs' is said to be needed, but nothing escapes without it"
    check $x86 "$real" --json
    is 'JSON: exit status' $? 0
    is 'JSON: verdicts' "$(jq -r '[.vtx.instructions[].verdict] | unique | join(" ")' \
        "$work/out")" 'exits twice'
    is 'JSON: each needed control has what escapes without it' "$(jq '[.vtx.needed[]
        | select(.escape_without == [])] | length' "$work/out")" 0
    is 'JSON: a section for each' "$(jq '[.vtx.instructions[] | select(.sections == [])]
        | length' "$work/out")" 0
fi

# ---- usage

check $x86 "$work/all.json" --require theorem1
is 'another theorem: exit status' $? 2
has 'another theorem: what is wanted' "$work/err" '--require wants exact'
check isa-analyzer/isas/pg32.isa "$work/all.json"
is 'a machine without rows: exit status' $? 2
has 'a machine without rows: which file' "$work/err" 'isas/pg32.vtx.json'
"$isa" explain $x86 hlt --vtx "$work/all.json" >"$work/out" 2>"$work/err"
is 'another command: exit status' $? 2

# ---- files that are wrong

# wrong NAME TEXT: the controls are what stands on standard input.
wrong() {
    cat >"$work/wrong.json"
    check $x86 "$work/wrong.json"
    is "$1: exit status" $? 2
    has "$1: message" "$work/err" "$2"
    is "$1: nothing is printed" "$(cat "$work/out")" ''
}
s='"schema": "trapeze/vtx-controls/1"'
check $x86 "$work/none.json"
is 'no file: exit status' $? 2
has 'no file: message' "$work/err" 'none.json'
echo 'vtx-end' | wrong 'no JSON' 'wrong.json:1:'
echo '[]' | wrong 'no object' '"schema" is missing or no string'
echo '{"schema": "trapeze/check/1"}' | wrong 'another schema' 'expected "trapeze/vtx-controls/1"'
echo "{$s}" | wrong 'no controls' '"controls" is missing or no array'
echo "{$s, \"controls\": []}" | wrong 'none listed' '"controls" is empty'
echo "{$s, \"controls\": [1]}" | wrong 'a number' 'controls[0] is no object'
echo "{$s, \"controls\": [{\"on\": true, \"needed\": true}]}" |
    wrong 'no name' 'controls[0]: "name" is missing or no string'
echo "{$s, \"controls\": [{\"name\": \"x\", \"on\": 1, \"needed\": true}]}" |
    wrong 'on is 1' 'controls[0]: "on" is missing or neither true nor false'
echo "{$s, \"controls\": [{\"name\": \"x\", \"on\": true}]}" |
    wrong 'no needed' 'controls[0]: "needed" is missing'
echo "{$s, \"controls\": [{\"name\": \"x\", \"on\": true, \"needed\": true, \"of\": 1}]}" |
    wrong 'another member' 'there is no member "of"'
x='{"name": "x", "on": true, "needed": true}'
echo "{$s, \"controls\": [$x, $x]}" | wrong 'twice the same' 'controls[1]: there is a second "x"'

# ---- rows that are wrong

# rows FILTER NAME TEXT: x86-32's rows changed so, beside a description that extends x86-32.
cp isa-analyzer/isas/x86-32.isa isa-analyzer/isas/x86-32-base.isa "$work"
rows() {
    jq "$1" isa-analyzer/isas/x86-32.vtx.json >"$work/x86-32.vtx.json"
    check "$work/x86-32.isa" "$work/all.json"
    is "$2: exit status" $? 2
    has "$2: message" "$work/err" "$3"
}
rows '.exits[2].instructions = ["halt"]' 'no such instruction' \
    "exits[2]: machine x86-32 has no instruction 'halt'"
rows '.twice[0].state = ["cpl"]' 'no such state' "twice[0]: machine x86-32 has no component 'cpl'"
rows '.acts[0].beyond = true' 'not beyond' "acts[0]: machine x86-32 has the instruction 'invd'"
rows '.exits[0].section = 25' 'no section' 'exits[0]: "section" is missing or no string'
rows '.exits[0].onn = []' 'a member spelled wrong' 'exits[0]: there is no member "onn"'
rows '.exits[0].on = "x"' 'no array' 'exits[0]: "on" is missing or no array'
rows 'del(.acts)' 'no acts' '"acts" is missing or no array'
rows '.twice[0].state = []' 'an empty row' 'twice[0]: "state" is empty'
