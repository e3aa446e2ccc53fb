#!/bin/sh
# SPDX-License-Identifier: MIT
# `certify`: the certificates of descriptions compile, and say what they should; a description that
# lost a check of privilege is not certified; a certificate that was forged does not compile.
. tests/shell/tap.sh

build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# certify FILE.isa NAME: the certificate is $work/NAME.v, what it reports $work/err.
certify() {
    "$build/isa-analyzer" certify "$1" -o "$work/$2.v" 2>"$work/err"
}

certify isa-analyzer/isas/pg32.isa pg32
is 'pg32: exit status' "$?" 0
is 'pg32: nothing is undecided' "$(cat "$work/err")" ''
has 'pg32: the machine' "$work/pg32.v" 'Theorem machine : runs_all certified_machine false.'
has 'pg32: any number of steps' "$work/pg32.v" 'Theorem machine_steps : steps_alike'
"$build/isa-analyzer" certify isa-analyzer/isas/pg32.isa >"$work/again" 2>/dev/null
holds 'it is the same each time, and goes to standard output' cmp "$work/again" "$work/pg32.v"
certify isa-analyzer/isas/pg32-lra.isa pg32_lra
has 'pg32-lra: the instruction' "$work/pg32_lra.v" \
    'Theorem verdict_lra : goes_wrong certified_machine true insn_lra.'
has 'pg32-lra: the machine' "$work/pg32_lra.v" \
    'Theorem machine_fails : ~ runs_all certified_machine false.'
certify isa-analyzer/isas/pg32-jrst1.isa pg32_jrst1
has 'pg32-jrst1: in user mode' "$work/pg32_jrst1.v" \
    'Theorem machine_in_user_mode : runs_all certified_machine true.'
others='bytes selectors word36' # the last takes the solver a minute
test "$TRAPEZE_SIZE" = quick && others='bytes selectors'
for name in $others; do
    certify "tests/language/machines/$name.isa" "$name"
    is "$name: exit status" "$?" 0
done

# A machine whose relocation the proofs do not know.
sed 's/^machine pg32 /machine strange /; s/^  l + a$/  a + l/' isa-analyzer/isas/pg32.isa \
    >"$work/strange.isa"
certify "$work/strange.isa" strange
is 'another relocation: exit status' "$?" 0
has 'another relocation: how many are undecided' "$work/err" \
    'isa-analyzer: strange: 8 of 57 instructions undecided'
has 'another relocation: why' "$work/err" "  lw: the translation 'V' is not relocation by R"
has 'another relocation: said in the certificate' "$work/strange.v" '(* lw: undecided: the transl'
is 'another relocation: nothing is said of the machine' \
    "$(grep -cE 'Theorem machine' "$work/strange.v")" 0

# A tick that changes a register.
sed 's/^machine pg32 /machine ticks /; s/^  entered := 0$/&\n  x[1] := 0/' \
    isa-analyzer/isas/pg32.isa >"$work/ticks.isa"
certify "$work/ticks.isa" ticks
has 'a tick that changes a register: why' "$work/err" '  lw: the tick changes more than resources'

# Each privileged instruction without its check, in turn.
privileged='lpsw spsw lrb stm in out idle halt'
test "$TRAPEZE_SIZE" = quick && privileged=lpsw
for insn in $privileged; do
    sed "/^instruction $insn /,/require/{/require/d;}; s/^machine pg32 /machine no_$insn /" \
        isa-analyzer/isas/pg32.isa >"$work/no_$insn.isa"
    certify "$work/no_$insn.isa" "no_$insn"
    is "$insn without privilege: nothing is undecided" "$(cat "$work/err")" ''
    has "$insn without privilege goes wrong" "$work/no_$insn.v" \
        "Theorem verdict_$insn : goes_wrong certified_machine"
    has "$insn without privilege: the machine fails" "$work/no_$insn.v" 'Theorem machine_fails :'
done

# To read the timer is harmless, since it is lent; but the proofs do not know what is lent.
sed "/^instruction rtm /,/require/{/require/d;}; s/^machine pg32 /machine no_rtm /" \
    isa-analyzer/isas/pg32.isa >"$work/no_rtm.isa"
certify "$work/no_rtm.isa" no_rtm
has 'rtm without privilege is undecided' "$work/err" '  rtm: the solver accepts it; the classif'
has 'rtm without privilege is in the list' "$work/no_rtm.v" '  "rtm"%string].'

# What is wrong on the command line.
"$build/isa-analyzer" certify >"$work/out" 2>"$work/err"
is 'no description: exit status' "$?" 2
"$build/isa-analyzer" certify --json isa-analyzer/isas/pg32.isa >"$work/out" 2>"$work/err"
is 'an option without meaning: exit status' "$?" 2
sed '/^translate V/a\  T := 0' isa-analyzer/isas/pg32.isa >"$work/assigns.isa"
"$build/isa-analyzer" certify "$work/assigns.isa" >"$work/out" 2>"$work/err"
is 'what is beyond a term: exit status' "$?" 2
has 'what is beyond a term is reported' "$work/err" "can't be emitted for Coq"
is 'what is beyond a term: nothing is written' "$(cat "$work/out")" ''

if test "$build" != build; then
    echo 'skip Coq compiles in the plain build only'
    exit 0
fi
holds 'what certificates are about is compiled' \
    make -s SETUP=no build/proofs/language/Verdicts.vo

# coq NAME: Coq's word on $work/NAME.v.
coq() {
    coqc -q -R build/proofs/language Trapeze.Language -R "$work" Trapeze.Test "$work/$1.v"
}

names="pg32 pg32_lra pg32_jrst1 $others strange ticks no_rtm"
test "$TRAPEZE_SIZE" = quick && names='pg32 pg32_lra strange'
for name in $names; do
    holds "the certificate of $name compiles" coq "$name"
done
for insn in $privileged; do
    holds "the certificate without privilege of $insn compiles" coq "no_$insn"
done

# forged WHAT NAME EDIT: with EDIT, a sed expression, the certificate NAME does not compile, for a
# theorem that is false.
forged() {
    sed "$3" "$work/$2.v" >"$work/forged.v"
    if cmp -s "$work/$2.v" "$work/forged.v"; then
        not_ok "forged: $1" "the sed expression changes nothing in $2.v: $3"
    elif coq forged >"$work/out" 2>&1; then
        not_ok "forged: $1" 'it compiles'
    else
        has "forged: $1" "$work/out" 'Unable to unify'
    fi
}
exact='s/goes_wrong certified_machine [a-z]* insn_\(.*\)\./runs certified_machine false insn_\1./
s/^Proof. refute .*/Proof. accept. Qed./'
all='s/^Theorem machine_fails : .*/Theorem machine : runs_all certified_machine false./
s/^Proof. exact (wrong_fails.*/Proof. apply certified_runs; by_computing. Qed./'
forged 'lra may run' pg32_lra "$exact"
forged 'pg32-lra is exact' pg32_lra "$all"
forged 'the word is another' pg32_lra 's/w_word := [^;]*;/w_word := 0x13;/'
for insn in $privileged; do
    forged "without privilege, $insn may run" "no_$insn" "$exact"
    forged "without privilege of $insn, pg32 is exact" "no_$insn" "$all"
done
if test "$TRAPEZE_SIZE" = quick; then
    exit 0
fi
forged 'jrst1 may run' pg32_jrst1 "$exact"
forged 'pg32-jrst1 is exact' pg32_jrst1 "$all"
forged 'jrst1 goes wrong in user mode' pg32_jrst1 's/goes_wrong certified_machine false/&_/
s/false_/true/'
forged 'add goes wrong' pg32_lra 's/goes_wrong certified_machine true insn_lra/&_/
s/insn_lra_/insn_add/'
forged 'the partition is elsewhere' pg32_lra 's/w_partition := \([^;]*\);/w_partition := 1\1;/'
forged 'the real mode is supervisor' pg32_lra 's/w_real := \[(the_M, 0, 1); /w_real := [/'
forged 'the bound is not clipped' pg32_lra 's/(the_b, 0, \([^)]*\))\];$/(the_b, 0, 1\1)];/'
forged 'undecided are left out' strange '/^Definition undecided /,/\]\./s/"lw"/"lh"/'
forged 'none is undecided' strange '/^Definition undecided :/,/\]\./c\
Definition undecided : list string := [].'
forged 'wrong are left out' pg32_lra '/^Definition wrong :/,/\]\./c\
Definition wrong : list instruction := [].
/repeat constructor/,/\]\./s/; \[/. (*/
s/^    exact .* \]\./& *)/'

# What make proofs says of all.
holds 'the certificates of all machines compile' make -s SETUP=no certificates
tools/certificates >"$work/out" 2>"$work/err"
is 'tools/certificates: exit status' "$?" 0
for line in 'pg32: exact, any number of steps' 'm68010: exact, any number of steps' \
    's360-67: exact, any number of steps' 'pg32-jrst1: hybrid, any number of steps; wrong: j' \
    'pg32-lra: fails; wrong: lra' 'm68000: fails; wrong: move_from_sr' \
    'pdp10-ka10: hybrid, any number of steps; wrong: jsr, jsp, pushj, jrst1, jrstf'; do
    has "summed up: $line" "$work/out" "certificate of $line"
done
is 'only wfi is undecided' \
    "$(grep -o 'undecided.*' "$work/out")" 'undecided: wfi'
is 'so many instructions of x86-32 go wrong' \
    "$(sed -n 's/^certificate of x86-32: fails; wrong: \([^;]*\).*/\1/p' "$work/out" |
        wc -w)" 31
