#!/bin/sh
# SPDX-License-Identifier: MIT
# Linux and memtest86+ under the VT-x monitor, and Linux on the bare machine: some minutes.
. tests/shell/tap.sh

if test "$1" != build || test "$TRAPEZE_SIZE" = quick; then
    echo 'skip it takes some minutes, or is no program of this build'
    exit 0
fi

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
tools/vtx --build "$1" --kernel vmm/x86/guests/linux-init --text 'x memory=16' boot >"$out/out" 2>&1
is 'no kernel: exit status' $? 2
has 'no kernel: why' "$out/out" 'x: it is no kernel with the boot protocol 2.12 or later'
tools/vtx --build "$1" --kernel "$1/x86/guests/vmlinuz" --text 'small memory=16' boot \
    >"$out/out" 2>&1
is 'too little memory: exit status' $? 2
has 'too little memory: why' "$out/out" 'small: it needs at least'
tools/vtx --build "$1" boot >"$out/out" 2>&1
is 'nothing to boot: exit status' $? 2
has 'nothing to boot: why' "$out/out" 'no kernels were loaded'
tools/vtx --build "$1" --kernel "$1/x86/guests/memtest.bin" --text 'm memory=8' boot until=x \
    >"$out/out" 2>&1
is 'a wrong option: exit status' $? 2
has 'a wrong option: what is expected' "$out/out" 'until=SECONDS'
tools/vtx --build "$1" --kernel /nowhere --text 'm memory=8' boot >"$out/out" 2>&1
is 'no such file: exit status' $? 2
tools/vtx --build "$1" --kernel "$1/x86/guests/memtest.bin" boot >"$out/out" 2>&1
is 'a kernel without text: exit status' $? 2

tools/vtx-linux "$1"
