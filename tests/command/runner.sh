#!/bin/sh
# SPDX-License-Identifier: MIT
# The test runner itself: what goes wrong in a suite must fail, and be counted.
. tests/shell/tap.sh

run=$1/tests/cases/tests/run
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

# case NAME STATUS CLOSING-LINE [TEXT]: what the runner makes of the suite NAME.
case_is() {
    "$run" --junit "$directory/$1.xml" "$1" >"$directory/$1" 2>&1
    status=$?
    last=$(tail -n 1 "$directory/$1")
    is "$1: exit status" "$status" "$2"
    is "$1: closing line" "$last" "$3"
    test -z "$4" || has "$1: reason" "$directory/$1" "$4"
}

case_is good 0 '2 passed, 0 failed'
case_is fails 1 '1 passed, 2 failed' 'suite_fails.c:12: '
has 'fails: a test without assertions' "$directory/fails" 'nothing: no assertion was executed'
has 'fails: what was printed' "$directory/fails" 'what the test printed'
has 'fails: escaped in XML' "$directory/fails.xml" '1 &lt; 0 &amp;&amp; &quot;&lt;quoted&gt;&quot;'
case_is crashes 1 '1 passed, 1 failed' 'ended by signal 9'
case_is leaves 1 '1 passed, 1 failed' '1 ran of 2'
case_is unready 1 '0 passed, 1 failed' "the suite's set-up failed"
case_is empty 1 '0 passed, 1 failed' 'none ran'
case_is twice 1 '0 passed, 1 failed' 'ended with status'
case_is no-such-suite 1 '0 passed, 1 failed' 'no test has such a name'

# What is asked for counts, and not what a test has around it that runs another.
TRAPEZE_SIZE=long "$run" --quick --suite small --results "$directory/small" >"$directory/out" 2>&1
has 'a suite of the size asked for' "$directory/small" 'ok small / quick'
TRAPEZE_SIZE=long "$run" --quick small >"$directory/out" 2>&1
is 'the same, among all' "$(tail -n 1 "$directory/out")" '1 passed, 0 failed'
