#!/bin/sh
# SPDX-License-Identifier: MIT
# The VT-x monitor: its guests in Bochs, its refusals, and the command that runs it.
. tests/shell/tap.sh

if test "$1" != build; then
    echo 'skip it is no program of this build'
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tools/vtx-test "$1"

tools/vtx --build "$1" demo >"$work/out" 2>&1
is 'the demonstration: exit status' $? 0
is 'the demonstration: what the guest says' "$(sed -n 's/^tour | \([^ ]*\) mode.*/\1/p
    s/.* no VMX, .*/hidden/p' "$work/out" | tr '\n' ' ')" 'real protected 64-bit hidden '
has 'the demonstration: it ends' "$work/out" 'It has ended: halted.'

tools/vtx --build "$1" juggle >"$work/out" 2>&1
is 'an unknown command: exit status' $? 2
has 'an unknown command: what there is' "$work/out" 'capabilities'
tools/vtx --build "$1" test no-such-stub >"$work/out" 2>&1
is 'no stub: exit status' $? 1
tools/vtx --build "$1" --image bare juggle >"$work/out" 2>&1
is 'an unknown command on the bare machine: exit status' $? 2
tools/vtx --build "$1" --image bare test no-such-stub >"$work/out" 2>&1
is 'no stub on the bare machine: exit status' $? 1
tools/vtx --build "$1" --limit 1000000 test >"$work/out" 2>&1
is 'a limit: exit status' $? 3
has 'a limit: which' "$work/out" 'not done after 1000000 instructions; see --limit'
tools/vtx --build "$1" --limit many test >"$work/out" 2>&1
is 'no number: exit status' $? 2
tools/vtx --build "$1" test "$(printf '%0600d' 0)" >"$work/out" 2>&1
is 'too long a command: exit status' $? 2
tools/vtx --build "$1" >"$work/out" 2>&1
is 'nothing to do: exit status' $? 2

# Another figure is no mistake by itself: put it into the book when it is meant.
case $(x86_64-linux-gnu-gcc --version | head -n 1) in
*'(Debian 12.2.0-'*)
    tools/vtx-cost "$1" >"$work/out" 2>&1
    is 'what exits cost: exit status' $? 0
    is 'what exits cost: as in the book' "$(cat "$work/out")" "$(cat book/figures/exits.txt)"
    ;;
esac

tools/vtx --build "$1" controls >"$work/out" 2>&1
is 'controls: exit status' $? 0
sed '/^vtx-/d' "$work/out" >"$work/controls.json"
is 'controls: all that are needed are on' "$(jq '[.controls[] | select(.needed and (.on | not))] |
    length' "$work/controls.json")" 0
holds 'controls: some are needed' jq -e '[.controls[] | select(.needed)] | length > 20' \
    "$work/controls.json"
is 'controls: names are unique' "$(jq '.controls | length == (unique_by(.name) | length)' \
    "$work/controls.json")" true
tools/vtx --build "$1" capabilities >"$work/out" 2>&1
has 'capabilities: a word as it is' "$work/out" 'processor2 = 000010ea'
