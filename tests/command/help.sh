#!/bin/sh
# SPDX-License-Identifier: MIT
# --help and the man pages say the same: every command and option of one is in the other.
. tests/shell/tap.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Without the overstriking that stands for bold type and underlining.
text() {
    mandoc -T ascii "$1" | sed "s/.$(printf '\b')//g"
}

options() {
    grep -oE -e '(^|[^-[:alnum:]])--?[a-z][-a-z]*' "$1" | grep -oE -e '--?[a-z][-a-z]*' | sort -u
}

# page NAME PAGE HELP: the options of the page against those in the file HELP.
page() {
    text "$2" >"$work/page"
    options "$work/page" >"$work/in-page"
    options "$3" >"$work/in-help"
    is "$1: options in --help are in the page" "$(comm -13 "$work/in-page" "$work/in-help")" ''
    is "$1: options in the page are in --help" "$(comm -23 "$work/in-page" "$work/in-help")" ''
    has "$1: options were found at all" "$work/in-help" --help
}

"$1/isa-analyzer" --help >"$work/isa-analyzer"
is 'isa-analyzer --help: exit status' $? 0
page isa-analyzer isa-analyzer/isa-analyzer.1 "$work/isa-analyzer"

"$1/vmm" --help >"$work/vmm"
is 'vmm --help: exit status' $? 0
for command in $(sed -n 's/^  vmm \([a-z]*\) .*/\1/p' "$work/vmm"); do
    "$1/vmm" "$command" --help >>"$work/vmm"
    is "vmm $command --help: exit status" $? 0
    text vmm/vmm.1 >"$work/page"
    has "vmm $command is in the page" "$work/page" "vmm $command"
done
page vmm vmm/vmm.1 "$work/vmm"

for file in isa-analyzer/*.[1-9] vmm/*.[1-9]; do
    holds "$file is well-formed" mandoc -T lint -W warning "$file"
done

for program in isa-analyzer vmm; do
    has "$program --version" /dev/stdin "$program (Trapeze) " <<EOF
$("$1/$program" --version)
EOF
done
