#!/bin/sh
# SPDX-License-Identifier: MIT
# `vmm step`: commands from a pipe, and keys on a terminal.
. tests/shell/tap.sh

vmm=$1/vmm
guests=build/guests
work=$(mktemp -d)
check_stop='check stop: trap memory info=01000000 came before one instruction had completed'
check_stop="$check_stop since the last trap"
trap 'rm -rf "$work"' EXIT
kernel="--disk $guests/kernel.img $guests/kernel.elf"

# stepper ARGUMENT...: the commands in $work/commands; what is printed to $work/out.
stepper() {
    timeout 60 "$vmm" step "$@" <"$work/commands" >"$work/out" 2>"$work/err"
}

# line NAME TEXT: there is a line of just that, but for blanks.
line() {
    if sed 's/  */ /g; s/^ //; s/ $//' "$work/out" | grep -qxF -e "$2"; then ok "$1"
    else not_ok "$1" "no line '$2' in: $(head -c 1000 "$work/out")"; fi
}

# ------------------------------------------------------------------ forward and back

cat >"$work/commands" <<'EOS'
# a comment
step
s 2
registers
psw
b
back 100
stop-on-trap on
run
traps
stop-on-trap off
to 0x11c
break 0x11c
points
run
run-back
clear
run 1000
goto 5
count 300000
count 20
goto 200000
time
watch 0x1000 4
clear 0x1000
code 0x100 2
memory 0x100 2
physical 0x100 2
run
back
map
step 5
screen
goto 0
EOS
stepper $kernel
is 'exit status' $? 0
cp "$work/out" "$work/bare"
line 'the first instruction' '0 s 00000100 800002b7 lui t0, 0x80000'
line 'steps' '3 s 0000010c 00003117 auipc sp, 0x3'
line 'a step back' '2 s 00000108 0002b00b stm t0'
line 'T is set' 'timer T 2147483647, pending 0; console byte waits 0'
has 'a register has changed' "$work/out" '*  t0 7fffffff'
line 'the beginning' 'the beginning of history'
line 'the console' '| Trapeze kernel: 16384 KiB of memory, 27 sectors of disk'
line 'a trap' 'trap timer info=00000000 at P 000000c4'
line 'the log' '197559 u 000000c4 trap timer info=00000000'
line 'a count back' '20 s 00000e48 00e7a00b lrb a5, a4'
line 'the time' 'step 200000 of 300043 known'
line 'memory' '00000100: 800002b7 fff28293'
line 'the end' 'the guest has halted with code 0'
is 'the console is shown once' "$(grep -c 'primes below 20000' "$work/out")" 1
line 'after the end' 'build/guests/kernel.elf bare machine step 3505225/3505225 count 5246040'
line 'where P is' '=> 000012d8 01452783 lw a5, 20(a0)'
is 'back at the start' "$(tail -n 1 "$work/out")" '         0 s 00000100 800002b7 lui t0, 0x80000'

# The same on any machine, but for what it is made of and how much of a screen that takes.
grep -v -e '^screen' -e '^map' "$work/commands" >"$work/less"
mv "$work/less" "$work/commands"
stepper $kernel
mv "$work/out" "$work/bare"
for machine in interpret trap hybrid 'trap --depth 3'; do
    stepper --monitor $machine $kernel
    is "$machine: the same" "$(diff "$work/bare" "$work/out" | head -n 3)" ''
done

cat >"$work/commands" <<'EOS'
step 100000
map
EOS
stepper --monitor trap --depth 2 $kernel
line 'a map: the machine' 'level 0 00000000-011fffff the bare machine, 18M'
line 'a map: a partition' \
    'level 2 00100000-010fffff partition at 00080000 of level 1, 16M, monitor trap'
line 'a map: the guest' 'R 00100000-00103fff virtual 0 to 3fff'

# Another description: its instructions, and its meaning of them.
printf '%s\n' 'run' 'back 9' 'code' 'step 9' >"$work/commands"
stepper --isa isa-analyzer/isas/pg32-rdmode.isa $guests/pg32-rdmode.elf
is 'a variant: exit status' $? 0
line 'a variant: it ends' 'the guest has halted with code 0'
printf '%s\n' 'code 0x100 200' >"$work/commands"
stepper --isa isa-analyzer/isas/pg32-rdmode.isa $guests/pg32-rdmode.elf
has 'a variant: its instruction' "$work/out" ' rdmode '
stepper $guests/pg32-rdmode.elf
is 'which PG32 does not have' "$(grep -c rdmode "$work/out")" 0

# ------------------------------------------------------------------ changes, input

cat >"$work/commands" <<'EOS'
to 0x264
set a0 0xabcd
set P 0x264
back
step
registers
store 0x3000 0x12345678
watch 0x0 4
run
memory 0x3000 1
run
run
back
EOS
stepper $guests/check-stop.elf
is 'changes: exit status' $? 0
has 'changes: a register, and again' "$work/out" 'a0 0000abcd'
line 'a store by a trap' 'a store to 00000000'
line 'changes: memory' '00003000: 12345678'
line 'a check stop' "$check_stop"

cat >"$work/commands" <<'EOS'
run
type hello, you
step
run
back
type not now
EOS
stepper $guests/idle-for-ever.elf
is 'input: exit status' $? 2
line 'input: idle' 'the guest is idle for ever: the timer is off, and no more input comes'
line 'input: it ends the idle' 'the guest has halted with code 0'
has 'input: not in the past' "$work/out" 'input can only come at the latest moment'

# ------------------------------------------------------------------ mistakes

# wrong COMMAND TEXT: that command says that, and the exit status is 2.
wrong() {
    printf '%s\n' "$1" step >"$work/commands"
    stepper $guests/hello.elf
    is "'$1': exit status" $? 2
    has "'$1': message" "$work/out" "$2"
    has "'$1': more is done" "$work/out" '         1 s 00000104'
}
wrong 'stap' "there is no command 'stap'; did you mean 'step'? See help"
wrong 'step x' 'N: expected a number'
wrong 'step 1 2' 'expected: step [N]'
wrong 'to' 'expected: to ADDRESS'
wrong 'memory 0xffffffff' 'ffffffff is outside of R'
wrong 'physical 0x1000000' 'is more than'
wrong 'set q 1' "there is no register 'q'"
wrong 'set zero 1' 'zero cannot be set'
wrong 'set M 2' 'M: 2 is more than 1'
wrong 'clear 4' 'there is none'
wrong "$(printf '%300s' x)" 'less than 256 characters'

# mistake NAME TEXT ARGUMENT...
mistake() {
    what=$1 text=$2
    shift 2
    "$vmm" step "$@" </dev/null >"$work/out" 2>"$work/err"
    is "$what: exit status" $? 2
    has "$what: message" "$work/err" "$text"
}
mistake 'no guest' 'expected one guest: vmm step GUEST.elf'
mistake 'two guests' 'expected one guest: vmm step GUEST.elf' $guests/hello.elf $guests/lrb.elf
mistake 'not a guest' 'not an ELF file' Makefile
mistake 'depth alone' 'choose one with --monitor NAME' --depth 2 $guests/hello.elf

# ------------------------------------------------------------------ on a terminal

# terminal KEYS COMMAND...: the command on a terminal of 30 by 80, where the keys are typed after a
# while; its output to $work/out, its exit status to $work/status, the terminal's attributes before
# and after to $work/before and $work/after.
terminal() {
    keys=$1
    shift
    {
        sleep 0.7
        printf "$keys"
        sleep 0.7
    } | TERM=xterm timeout 60 script -qec "stty rows 30 cols 80; stty -g >$work/before; $*
        echo \$? >$work/status; stty -g >$work/after" /dev/null >"$work/out" 2>&1
}

# restored NAME: the terminal is as before, and its screen was given back.
restored() {
    is "$1: the terminal is as before" "$(cat "$work/after")" "$(cat "$work/before")"
    has "$1: the screen is given back" "$work/out" "$(printf '\033[?1049l')"
    has "$1: so is the cursor" "$work/out" "$(printf '\033[?25h')"
}

terminal 'sss:count 100\r\014bq' "$vmm" step --monitor trap $kernel
is 'keys: exit status' "$(cat "$work/status")" 0
has 'keys: a step' "$work/out" 'stm t0'
has 'keys: the title' "$work/out" 'monitor trap, depth 1'
has 'keys: a command, drawn anew' "$work/out" 'step 100/100  count 100'
restored keys
terminal '?xxx:stap\rq' "$vmm" step $guests/hello.elf
has 'help: keys' "$work/out" 'backspace'
has 'help: commands' "$work/out" 'run-back'
has 'a mistake on the screen' "$work/out" "did you mean 'step'"
for signal in TERM INT HUP SEGV ABRT; do
    terminal 's' timeout --foreground -s $signal 1 "$vmm" step $guests/hello.elf
    is "$signal: ended by it" "$(cat "$work/status")" 124
    restored "$signal"
done
for name in unknown ''; do
    test "$1" = build || break # ncurses loses some memory over it, which the sanitizer minds
    terminal '' "TERM=$name $vmm step $guests/hello.elf"
    is "TERM '$name': exit status" "$(cat "$work/status")" 2
    has "TERM '$name': message" "$work/out" 'TERM names no terminal that can be drawn on'
done
resize='stty rows 9 cols 20 </dev/tty; sleep 0.2; stty rows 40 cols 132 </dev/tty'
terminal '' "(sleep 0.3; $resize) & \
    timeout --foreground -s TERM 2 $vmm step $guests/hello.elf"
has 'resized: too small' "$work/out" 'the terminal is to'
has 'resized: large again' "$work/out" '00000114'
restored 'resized'
