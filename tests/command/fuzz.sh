#!/bin/sh
# SPDX-License-Identifier: MIT
# Every fuzzer for some seconds, from its seeds on; in the long tests for a minute.
. tests/shell/tap.sh

if ! test -d "$1/fuzz"; then
    echo 'skip fuzzers are in the sanitized build only'
    exit 0
fi
if test "$TRAPEZE_SIZE" = quick; then seconds=5; else seconds=60; fi
for fuzzer in "$1"/fuzz/*; do
    name=${fuzzer##*/}
    work=$(mktemp -d)
    holds "$name: $seconds seconds" "$fuzzer" -seed="$TRAPEZE_SEED" -max_total_time="$seconds" \
        -timeout=10 -rss_limit_mb=4096 -artifact_prefix="$1/tests/log/fuzz-$name-" "$work" \
        "tests/fuzz/$name"
    rm -rf "$work"
done
