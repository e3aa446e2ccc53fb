#!/bin/sh
# SPDX-License-Identifier: MIT
# The self-hosted monitor: every guest under build/guests/monitor.elf, on the bare machine and under
# a monitor of vmm's, ends as it does alone, with the same output; a monitor on the monitor; several
# guests; images that will not do.
. tests/shell/tap.sh

vmm=$1/vmm
guests=build/guests
expected=vmm/guests/expected
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# With sanitizers vmm is slow, and it is its own code that they look at: some guests are enough.
images='monitor monitor2' monitors='trap interpret' some='.'
if test "$1" != build; then
    images=monitor monitors='' some='^(halt-code|check-stop|echo\+input|ports|timer|prompt) '
fi

# What it takes from its disk, at the depth of two: as built.
"$vmm" run $guests/kernel.elf --disk $guests/kernel.img --snapshot </dev/null >"$work/bare"
for image in $images; do
    "$vmm" run $guests/monitor.elf --disk $guests/$image.img --snapshot </dev/null >"$work/out"
    is "$image.img: exit status" $? 0
    holds "$image.img: the bare run's output" cmp "$work/bare" "$work/out"
done
for monitor in $monitors; do
    "$vmm" run --monitor $monitor $guests/monitor.elf --disk $guests/monitor.img --snapshot \
        </dev/null >"$work/out"
    is "monitor.img under $monitor: exit status" $? 0
    holds "monitor.img under $monitor: the bare run's output" cmp "$work/bare" "$work/out"
done

# Every guest with its input. A check stop is said in a line more.
grep -v '^#' "$expected/table" | grep -E "$some" | while read -r name status what; do
    guest=$guests/${name%%+*}
    input=$expected/$name.in
    test -e "$input" || input=/dev/null
    disk=
    test -e "$guest.img" && disk="-d $guest.img"
    $guests/mkimage -o "$work/image" -g 0x1000000 guest=$guest.elf $disk
    "$vmm" run $guests/monitor.elf --disk "$work/image" <"$input" 2>/dev/null |
        sed '/^guest: check stop: /d' >"$work/out"
    "$vmm" run ${disk:+--disk $guest.img --snapshot} $guest.elf <"$input" 2>/dev/null >"$work/bare"
    holds "$name: output" cmp "$work/bare" "$work/out"
    "$vmm" run $guests/monitor.elf --disk "$work/image" <"$input" >"$work/out" 2>/dev/null
    is "$name: exit status" $? "$status"
done

# More input than the monitor has room for: none is lost.
seq 1 3000 >"$work/input"
$guests/mkimage -o "$work/image" -g 0x1000000 $guests/echo.elf
"$vmm" run $guests/echo.elf <"$work/input" >"$work/bare"
"$vmm" run $guests/monitor.elf --disk "$work/image" <"$work/input" >"$work/out"
holds 'much input' cmp "$work/bare" "$work/out"

# Input from a pipe, after the guest has come to wait for it.
slow() { sleep 0.3; echo slow; sleep 0.2; echo ly; sleep 0.2; echo quit; }
$guests/mkimage -o "$work/image" -g 0x1000000 $guests/prompt.elf
slow | "$vmm" run $guests/prompt.elf >"$work/bare" 2>&1
slow | "$vmm" run $guests/monitor.elf --disk "$work/image" >"$work/out" 2>&1
holds 'slow input' cmp "$work/bare" "$work/out"
has 'slow input: it is read' "$work/out" 'you said: slow'

# Several guests: lines with names, exactly each one's own output; the worst code is the machine's.
$guests/mkimage -o "$work/image" -g 0x1000000 $guests/kernel.elf -d $guests/kernel.img \
    -g 0x100000 $guests/sha256.elf -g 0x100000 code=$guests/halt-code.elf
"$vmm" run $guests/monitor.elf --disk "$work/image" </dev/null >"$work/out" 2>/dev/null
is 'several: exit status' $? 1
"$vmm" run $guests/kernel.elf --disk $guests/kernel.img --snapshot </dev/null >"$work/bare"
sed -n 's/^kernel: //p' "$work/out" | grep -v '^halted with code' >"$work/kernel"
holds "several: the kernel's output" cmp "$work/bare" "$work/kernel"
sed -n 's/^sha256: //p' "$work/out" | grep -v '^halted with code' >"$work/sha256"
"$vmm" run $guests/sha256.elf </dev/null >"$work/bare"
holds "several: sha256's output" cmp "$work/bare" "$work/sha256"
has 'several: a code' "$work/out" 'code: halted with code 42'
first=$(grep -n '^sha256:' "$work/out" | head -n 1 | cut -d: -f1)
last=$(grep -n '^kernel:' "$work/out" | tail -n 1 | cut -d: -f1)
holds 'several: they take turns' test "$first" -lt "$last"

# What a guest writes to its disk reaches the part of the image that is its disk, and no other.
$guests/mkimage -o "$work/image" -g 0x1000000 $guests/ports.elf -d $guests/kernel.img
cp "$work/image" "$work/before"
"$vmm" run $guests/monitor.elf --disk "$work/image" </dev/null >/dev/null 2>&1
head -c $(($(wc -c <"$work/image") - $(wc -c <$guests/kernel.img))) "$work/image" >"$work/a"
head -c $(($(wc -c <"$work/image") - $(wc -c <$guests/kernel.img))) "$work/before" >"$work/b"
holds "another's sectors are kept" cmp "$work/a" "$work/b"

# wrong NAME TEXT OPTION...: the monitor says TEXT and halts with code 2.
wrong() {
    what=$1 text=$2
    shift 2
    "$vmm" run "$@" $guests/monitor.elf </dev/null >"$work/out" 2>"$work/err"
    is "$what: exit status" $? 1
    has "$what: message" "$work/out" "$text"
    has "$what: code" "$work/err" 'halted with code 2'
}
wrong 'no disk' 'no disk with guests'
wrong 'no guest on the disk' 'no guest on the disk' --disk $guests/kernel.img
wrong 'too little memory' 'kernel wants 16384 KiB of memory' --memory 16M --disk $guests/monitor.img
head -c 4096 $guests/monitor.img >"$work/short"
wrong 'a disk cut short' 'the disk ends within it' --disk "$work/short"

# mkimage itself.
fails() {
    what=$1 text=$2
    shift 2
    $guests/mkimage -o "$work/none" "$@" >"$work/out" 2>&1
    is "mkimage, $what: exit status" $? 2
    has "mkimage, $what: message" "$work/out" "$text"
}
fails 'memory' 'a multiple of 4096' -g 1000 $guests/hello.elf
fails 'too little memory' 'bytes itself' -g 4096 $guests/hello.elf
fails 'a disk of no guest' '-g goes before it' -d $guests/kernel.img
