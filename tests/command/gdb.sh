#!/bin/sh
# SPDX-License-Identifier: MIT
# `vmm run --gdb` and gdb-multiarch: forward and back, PG32's own mnemonics, and the same session on
# the bare machine, in a virtual one, and in a virtual one in a virtual one.
. tests/shell/tap.sh

vmm=$1/vmm
guests=build/guests
work=$(mktemp -d)
check_stop='check stop: trap memory info=01000000 came before one instruction had completed'
check_stop="$check_stop since the last trap"
trap 'rm -rf "$work"' EXIT

# start OPTION...: vmm in the background, for gdb on a free port; $port, $pid.
start() {
    rm -f "$work/err"
    timeout 100 "$vmm" run --gdb 0 "$@" </dev/null >"$work/console" 2>"$work/err" &
    pid=$!
    tries=0
    until port=$(sed -n 's/^vmm: gdb may come: target remote 127.0.0.1:\([0-9]*\)$/\1/p' \
        "$work/err" 2>/dev/null) && test -n "$port"; do
        tries=$((tries + 1))
        test $tries -lt 200 || { not_ok "vmm $*" "does not listen: $(cat "$work/err")"
            return 1
        }
        sleep 0.05
    done
}

# session GUEST: what is in $work/script, at $port.
session() {
    {
        printf '%s\n' 'set pagination off' 'set confirm off' 'set width 0' 'set style enabled off'
        printf '%s\n' 'source vmm/host/gdb/pg32.py' "target remote 127.0.0.1:$port"
        cat "$work/script"
    } >"$work/commands"
    timeout 100 gdb-multiarch -nx -batch -x "$work/commands" "$1" >"$work/out" 2>&1
}

# line NAME TEXT: such a line is in the transcript, but for blanks; ... stands for any text.
line() {
    pattern=$(printf '%s' "$2" | sed 's/[][\\.*^$]/\\&/g; s/\\\.\\\.\\\./.*/g')
    if tr '\t' ' ' <"$work/out" | sed 's/  */ /g; s/^ //; s/ $//' | grep -qx -e "$pattern"
    then ok "$1"
    else not_ok "$1" "no line '$2' in: $(head -c 2000 "$work/out")"; fi
}

# ------------------------------------------------------------------ the same on every machine

cat >"$work/script" <<'EOS'
monitor stop-on-halt on
info registers t0 pc status l b T pending
x/3i $pc
stepi 3
info registers t0 pc T
reverse-stepi
info registers t0 pc T
reverse-continue
reverse-stepi
break system_call
continue
info registers pc status l b
x/2i (char *) &resume_end - 4
continue
monitor traps 3
reverse-continue
reverse-continue
monitor time
delete
watch *(int *) &tasks
continue
reverse-continue
continue
delete
tbreak *((char *) &resume_end - 4)
continue
x/i $pc
stepi
info registers pc status l b
reverse-stepi
info registers pc status l b
set $a0 = 42
print $a0
print $status
reverse-stepi
stepi
print $a0
monitor stop-on-trap on
continue
monitor stop-on-trap off
continue
monitor time
reverse-stepi
x/i $pc
stepi
x/4xw 0
monitor physical 0x20 4
monitor disassemble 0x0002b00b 0x108
monitor disassemble 7
monitor trapz
monitor help
info registers
EOS

deepest='hybrid --depth 3'
test "$1" = build || deepest= # that takes long with sanitizers
for machine in none trap 'trap --depth 2' "$deepest"; do
    test -n "$machine" || continue
    start --wait --monitor $machine --disk $guests/kernel.img --snapshot $guests/kernel.elf ||
        continue
    session $guests/kernel.elf
    is "$machine: gdb" $? 0
    wait $pid
    is "$machine: exit status" $? 0
    if test "$machine" = none; then
        cp "$work/out" "$work/bare"
        cp "$work/console" "$work/bare-console"
        line 'status by name' 'status 0x0 [ M=supervisor cause=memory ]'
        line 'stm' '0x108 <start+8>: stm t0'
        line 'registers' 't0 0x7fffffff 2147483647'
        line 'the timer' 'T 0x7fffffff 2147483647'
        line 'before the timer' 'T 0x0 0'
        line 'lpsw' '=> 0x254 <resume_stm+124>: lpsw (zero)'
        line 'the beginning' 'No more reverse-execution history.'
        line 'a breakpoint' 'Breakpoint 1, system_call (t=t@entry=... <tasks+...'
        line 'back to the beginning' 'instructions completed 0, count 0, traps 0'
        line 'a watchpoint' 'Hardware watchpoint 2: *(int *) &tasks'
        line 'user mode' 'status 0x3 [ M=user IE cause=memory ]'
        line 'the task'"'"'s R' 'l 0x4000 16384'
        line 'a change stays' '$3 = 42'
        line 'a trap' 'trap timer info=00000000 at P ...'
        line 'the end' 'the guest has halted with code 0'
        line 'the last step' 'step 3505225 of 3505225 known, the last'
        line 'back from the end' '=> 0x... halt a5'
        line 'our mnemonic' 'stm t0'
        line 'an argument missing' 'expected: monitor disassemble WORD ADDRESS'
        line 'a command misspelt' \
            "there is no command 'monitor trapz'; did you mean 'monitor traps'? See monitor help"
    else
        is "$machine: the session is the same" "$(diff "$work/bare" "$work/out")" ''
        is "$machine: the console is the same" "$(diff "$work/bare-console" "$work/console")" ''
    fi
done

# ------------------------------------------------------------------ coming and going

printf '%s\n' 'print/x $pc' detach >"$work/script"
start --wait $guests/hello.elf && {
    session $guests/hello.elf
    wait $pid
    is 'detached: exit status' $? 0
    is 'detached: the guest goes on' "$(diff "$work/console" vmm/guests/expected/hello.out)" ''
}
printf '%s\n' 'stepi 7' kill >"$work/script"
start --wait $guests/hello.elf && {
    session $guests/hello.elf
    wait $pid
    is 'killed: exit status' $? 3
    has 'killed: message' "$work/err" 'killed by the debugger after 7 instructions, at P '
}
printf '%s\n' continue >"$work/script"
start --wait $guests/halt-code.elf && {
    session $guests/halt-code.elf
    wait $pid
    is 'a code: exit status' $? 1
    line 'a code' '[Inferior 1 (Remote target) exited with code 052]'
}
start --wait --monitor trap $guests/check-stop.elf && {
    printf '%s\n' continue 'print/x $pc' 'reverse-stepi' 'reverse-stepi' 'x/i $pc' >"$work/script"
    session $guests/check-stop.elf
    wait $pid
    line 'check stop' "$check_stop"
    line 'check stop: back' '=> 0x264 <main+...>: ecall'
}
start --wait --max-steps 100 $guests/sieve.elf && {
    printf '%s\n' continue >"$work/script"
    session $guests/sieve.elf
    wait $pid
    is '--max-steps: exit status' $? 3
    line '--max-steps' 'stopped by --max-steps after 100 instructions'
}

# Back over all that was printed, and forward again.
start --wait --monitor trap --disk $guests/kernel.img --snapshot $guests/kernel.elf && {
    printf '%s\n' 'monitor stop-on-halt on' continue reverse-continue continue continue \
        >"$work/script"
    session $guests/kernel.elf
    wait $pid
    is 'the console is printed once' "$(diff "$work/console" vmm/guests/expected/kernel.out)" ''
}

# A guest that has begun without gdb, and waits for input from a pipe that stays open.
mkfifo "$work/pipe"
sleep 60 >"$work/pipe" &
holder=$!
timeout 60 "$vmm" run --gdb 0 $guests/idle-for-ever.elf <"$work/pipe" >"$work/console" \
    2>"$work/err" &
pid=$!
sleep 0.3
port=$(sed -n 's/.*127.0.0.1:\([0-9]*\)$/\1/p' "$work/err")
printf '%s\n' 'x/i $pc' 'reverse-continue' 'print/x $pc' >"$work/script"
session $guests/idle-for-ever.elf
line 'attached in an idle' '=> 0x... idle'
line 'attached: back to the beginning' '$1 = 0x100'
session $guests/idle-for-ever.elf
line 'attached a second time' '$1 = 0x100'
kill $holder # the end of the input
wait $pid
is 'attached: exit status' $? 1
has 'attached: the guest went on' "$work/err" 'the guest is idle for ever'

# ------------------------------------------------------------------ mistakes

# mistake NAME TEXT ARGUMENT...: exit status 2 and a message with TEXT.
mistake() {
    what=$1 text=$2
    shift 2
    timeout 20 "$vmm" run "$@" </dev/null >"$work/out" 2>"$work/err"
    is "$what: exit status" $? 2
    has "$what: message" "$work/err" "$text"
}
mistake 'no port' "--gdb: expected a number" --gdb port $guests/hello.elf
mistake 'too large a port' '--gdb: expected a port, from 0 to 65535, not 65536' --gdb 65536 \
    $guests/hello.elf
mistake 'wait without gdb' "name its port with --gdb PORT" --wait $guests/hello.elf
mistake 'two guests' '--gdb debugs one guest' --monitor trap --gdb 0 $guests/hello.elf \
    $guests/lrb.elf
mistake 'gdb and trace' '--gdb and --trace exclude each other' --gdb 0 --trace - $guests/hello.elf
start --wait $guests/hello.elf && {
    mistake 'a port in use' 'cannot listen on 127.0.0.1: Address already in use' --gdb "$port" \
        $guests/hello.elf
    kill $pid
    wait $pid
    is 'waiting for gdb, and ended' $? 143
}
