#!/bin/sh
# SPDX-License-Identifier: MIT
# The VT-x monitor under its fuzzing guest, 100,000 exits; tools/vtx-test has some thousand.
. tests/shell/tap.sh

if test "$1" != build || test "$TRAPEZE_SIZE" != long; then
    echo 'skip a long test'
    exit 0
fi
out=$(mktemp)
trap 'rm -f "$out"' EXIT
tools/vtx --build "$1" --limit 100000000000 --seconds 3000 "fuzz ${TRAPEZE_SEED:-1} 100000" \
    >"$out" 2>&1
is 'exit status' $? 0
sed -n 's/^vtx-test \([^ ]*\) ok .*/ok \1/p; s/^vtx-test \([^ ]*\) not-ok: /not ok \1: /p' "$out"
is 'all have run' "$(grep -c '^vtx-test ' "$out")" 3
cat "$out"
