#!/bin/sh
# SPDX-License-Identifier: MIT
# `emit coq`: every description becomes a term that Coq accepts, the same each time. What is proved
# of the language rests on no axiom; a description that lost a privilege check gets no certificate,
# and a forged one does not compile.
. tests/shell/tap.sh

build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What is beyond a term is reported where it is.
sed '/^translate V/a\  T := 0' isa-analyzer/isas/pg32.isa >"$work/assigns.isa"
"$build/isa-analyzer" emit coq "$work/assigns.isa" >"$work/out" 2>"$work/err"
is 'a translation that assigns: exit status' "$?" 2
has 'a translation that assigns is reported' "$work/err" \
    "can't be emitted for Coq; expected let, if, require and trap"
is 'nothing is written then' "$(cat "$work/out")" ''

for isa in isa-analyzer/isas/*.isa tests/language/machines/*.isa; do
    term=$work/$(basename "$isa" .isa | tr '.-' '__').v
    holds "$isa is emitted" "$build/isa-analyzer" emit coq "$isa" -o "$term"
    "$build/isa-analyzer" emit coq "$isa" >"$work/again"
    holds "$isa is emitted the same again" cmp "$term" "$work/again"
done

if test "$build" != build; then
    echo 'skip Coq compiles in the plain build only'
    exit 0
fi

# coq FILE.v: with the development, and $work as Trapeze.Machines beside its own.
coq() {
    coqc -q -R build/proofs/language Trapeze.Language -R build/proofs/machines Trapeze.Machines \
        -R "$work" Trapeze.Test "$1"
}

# The variants are compiled by make.
for term in bytes selectors word36; do
    holds "Coq accepts $term" coq "$work/$term.v"
done

cat >"$work/Assumptions.v" <<'END'
From Trapeze.Language Require Import Locality ClassifierSound Certificate Steps Witness.
From Trapeze.Language Require Import WellFormed Verdicts Pg32.
Print Assumptions execute_local.
Print Assumptions perform_local.
Print Assumptions classifier_sound.
Print Assumptions always_traps_sound.
Print Assumptions certificate_sound.
Print Assumptions steps_sound.
Print Assumptions witness_sound.
Print Assumptions no_interrupt.
Print Assumptions perform_well_formed.
Print Assumptions pg32_runs_directly.
Print Assumptions pg32_steps.
Print Assumptions pg32_jrst1_hybrid.
Print Assumptions jrst1_goes_wrong.
Print Assumptions certified_runs.
Print Assumptions certified_steps.
Print Assumptions wrong_fails.
Print Assumptions undecided_sound.
Print Assumptions lra_goes_wrong.
END
coq "$work/Assumptions.v" >"$work/out" 2>&1
is 'assumptions: Coq ends with' "$?" 0
is 'theorems that rest on no axiom' "$(grep -c '^Closed under the global context$' "$work/out")" 18
is 'nothing is admitted' "$(grep -lE '\<(Admitted|admit|Axiom|Parameter)\>' proofs/Language/*.v)" ''

# certify NAME HYBRID: compiles a file that claims that Trapeze.Test.NAME is certified. Status 0: it
# is; 1: it is not, and Coq says that the claim is false; 3: anything else.
certify() {
    cat >"$work/Certify.v" <<END
From Trapeze.Language Require Import Semantics Classifier Certificate.
From Trapeze.Test Require $1.
Theorem certificate : certified $1.$1 $2 = true.
Proof. vm_compute. reflexivity. Qed.
END
    coq "$work/Certify.v" >"$work/out" 2>&1 && return 0
    grep -q 'Unable to unify "true" with "false"' "$work/out" && return 1
    return 3
}

# doubt NAME: the names of what the classifier does not accept, as Coq prints them.
doubt() {
    cat >"$work/Doubt.v" <<END
From Trapeze.Language Require Import Semantics Classifier Certificate.
From Trapeze.Test Require $1.
Eval vm_compute in doubtful $1.$1 false.
END
    coq "$work/Doubt.v" 2>&1 | sed -n 's/^ *= //p'
}

# A check of privilege is removed: from each instruction that has one, in turn.
privileged='lpsw spsw lrb stm rtm in out idle halt'
test "$TRAPEZE_SIZE" = quick && privileged='lpsw stm'
for insn in $privileged; do
    sed "/^instruction $insn /,/require/{/require/d;}" isa-analyzer/isas/pg32.isa \
        >"$work/mutant.isa"
    sed -i 's/^machine pg32 /machine mutant /' "$work/mutant.isa"
    "$build/isa-analyzer" emit coq "$work/mutant.isa" -o "$work/mutant.v" && coq "$work/mutant.v"
    certify mutant false
    is "$insn without privilege does not certify" "$?" 1
    is "$insn without privilege is named" "$(doubt mutant)" "[\"$insn\"%string]"
done

# Other mistakes in what a certificate rests on.
edit() {
    sed "$2" isa-analyzer/isas/pg32.isa | sed 's/^machine pg32 /machine mutant /' \
        >"$work/mutant.isa"
    "$build/isa-analyzer" emit coq "$work/mutant.isa" -o "$work/mutant.v" && coq "$work/mutant.v"
    certify mutant false
    is "$1" "$?" "$3"
}
edit 'PG32 itself certifies' '' 0
edit 'relocation without the bound does not certify' '/wide(a) + n <= wide(b)/d' 1
edit 'relocation of other addresses does not certify' 's/^  l + a$/  l - a/' 1
edit 'a tick that changes a register does not certify' 's/^  entered := 0$/&\n  x[1] := 0/' 1
edit 'a load of physical memory does not certify' \
    's/:= V\[x\[rs1\] + imm +: 4\]/:= E[x[rs1] +: 4]/' 1

# Forged: the claim of a certificate for a machine that has none.
cp "$work/pg32_lra.v" "$work/forged.v"
sed -i 's/pg32_lra/forged/' "$work/forged.v"
coq "$work/forged.v"
certify forged false
is 'a forged certificate does not compile' "$?" 1
