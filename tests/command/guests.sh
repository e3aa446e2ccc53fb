#!/bin/sh
# SPDX-License-Identifier: MIT
# Every guest of vmm/guests/expected/table on every engine: the exit status, and the console's
# output to the byte. Conventions are in that file.
. tests/shell/tap.sh

vmm=$1/vmm
expected=vmm/guests/expected
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

engines=$("$vmm" run --help | sed -n '/--engine/,/^  --[^e]/p' | tr -s ' \n' ' ' |
    sed -n 's/.*default: \([a-z, ]*\).*/\1/p' | tr -d ',')
is 'the engines are known' "$(echo $engines)" 'threaded switch reference'

grep -v '^#' "$expected/table" | while read -r name status what; do
    guest=${name%%+*}
    input=$expected/$name.in
    test -e "$input" || input=/dev/null
    disk=
    if test -e "build/guests/$guest.img"; then
        cp "build/guests/$guest.img" "$work/disk"
        disk="--disk $work/disk"
    fi
    # The reference engine takes minutes for what the others do in a moment.
    slow=
    if test "$TRAPEZE_SIZE" != long; then
        "$vmm" run --max-steps 200000 $disk "build/guests/$guest.elf" <"$input" >/dev/null 2>&1
        test $? = 3 && slow=yes &&
            echo "skip $name and others on the reference engine, but in the long tests"
    fi
    for engine in $engines; do
        test "$engine" = reference && test -n "$slow" && continue
        "$vmm" run --engine "$engine" $disk "build/guests/$guest.elf" \
            <"$input" >"$work/out" 2>"$work/err"
        found=$?
        if test $found != "$status"; then
            not_ok "$name on $engine" "exit status $found, expected $status: $(cat "$work/err")"
        elif ! cmp -s "$work/out" "$expected/$name.out"; then
            not_ok "$name on $engine" "$(diff "$expected/$name.out" "$work/out" | head -n 4)"
        else
            ok "$name on $engine"
        fi
    done
done

# No guest is forgotten. The variants are tested by variants.sh and several.sh, the monitor by
# self.sh.
for elf in build/guests/*.elf; do
    name=$(basename "$elf" .elf)
    case $name in pg32-* | hog | monitor) continue ;; esac
    if grep -q "^$name[+ ]" "$expected/table"; then ok "$name is in the table"
    else not_ok "$name is in the table" "no line for it in $expected/table"; fi
done
