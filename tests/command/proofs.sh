#!/bin/sh
# SPDX-License-Identifier: MIT
# The proofs compile and rest on nothing; and they notice: each line below is a change of a
# definition or a hypothesis, with which they must not compile.
. tests/shell/tap.sh

if test "$1" != build || test "$TRAPEZE_SIZE" = quick; then
    echo 'skip the proofs are checked in `make test`, once'
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make SETUP=no proofs >"$work/out" 2>"$work/err"
is 'make proofs' "$?" 0
for name in theorem1_equivalence_step theorem1_equivalence_run theorem1_halts_iff \
    theorem1_resource_control theorem1_efficiency direct_execution_iff \
    literal_repaired_implies_exact literal_hypothesis_unsound literal_hypothesis_too_strong \
    theorem2_recursive theorem3_hybrid \
    classifier_sound pg32_virtualizable pg32_jrst1_hybrid_only; do
    is "$name is closed" 'Closed under the global context' \
        "$(grep -A99 -xE "@?$name" "$work/out" | sed '/^$/q' | tail -n 2 | head -n 1)"
done

# The language and the descriptions, which the theorems about PG32 rest on.
language="-Q $PWD/build/proofs/language Trapeze.Language"
language="$language -Q $PWD/build/proofs/machines Trapeze.Machines"

# compile DIRECTORY: what there is to compile again; the log is DIRECTORY/log.
compile() {
    (cd "$1" && coqdep -Q . Trapeze *.v >depend 2>/dev/null &&
        printf '%s\n' "%.vo: %.v ; coqc -q -Q . Trapeze $language \$<" 'include depend' >rules &&
        make -f rules $(ls *.v | sed 's/v$/vo/') >log 2>&1)
}

# mutant NAME FILE EDIT: with EDIT, a sed expression, made in FILE, that file is still well-formed
# but a proof fails.
mutant() {
    copy=$work/copy
    rm -rf "$copy"
    cp -pR build/proofs/theorems "$copy"
    sed "$3" "proofs/$2.v" >"$copy/$2.v"
    if test "$1" != unchanged && cmp -s "proofs/$2.v" "$copy/$2.v"; then
        not_ok "$1" "the sed expression changes nothing in $2.v: $3"
        return
    fi
    rm "$copy/$2.vo"
    compile "$copy"
    ended=$?
    if test "$1" = unchanged; then
        is 'unchanged: the proofs compile' "$ended" 0
    elif ! test -e "$copy/$2.vo"; then
        not_ok "$1 is noticed" "$2.v itself does not compile: $(head -c 300 "$copy/log")"
    elif test "$ended" = 0; then
        not_ok "$1 is noticed" 'all proofs compile'
    else
        ok "$1 is noticed"
    fi
}

mutant unchanged Exact ''
mutant 'b is not clipped' Monitor 's/N.min b (w g - l)/b/'
mutant 'the trap flag is forgotten' Monitor 's/ventered r && (count c =? since r)/false/'
mutant 'the view takes P from elsewhere' Monitor \
    's/guest g r c (word (E (cpu c)) 4)/guest g r c (P (cpu c))/'
mutant 'exact: stores go anywhere' Exact "s,/\\\\ confined g (cpu c) s',,"
mutant 'exact: the timer is not looked at' Exact "s,T s' = tick (T s)\\.,True.,"
mutant 'reflectable: any information' Exact \
    's/  trap_of (exec (w g) i (cpu (virtual g r c))) = Some (cause, x)/& \\\/ vM r = User/'
mutant 'insensitive: any address' Paper "s/MemTrap a' => a = a'/MemTrap a' => True/"
mutant 'instructions read beyond memory' Architecture \
    's/    agree n s s. -> agree_outcome/    s = s'"'"' -> agree_outcome/'
mutant 'PG32: b is taken for l' Instance 's/base := L.get s pg32.the_l/base := L.get s pg32.the_b/'
if test "$TRAPEZE_SIZE" = long; then
    mutant 'the dispatcher reflects what is privileged' Exact 's/negb (c =? 1)/true/'
    mutant 'l beyond the end is not looked at' Monitor 's/if w g <=? l then/if false then/'
    mutant 'the partition may begin where traps save' Monitor 's/trap_area <= k g/0 <= k g/'
    mutant 'the guest keeps its mode on the host' Monitor 's/M := User; P/M := M s; P/'
    mutant 'the trap flag is installed' Monitor 's/entered := false;/entered := entered v;/'
    mutant 'interrupts are emulated' Monitor 's/if interrupt c || reflects/if reflects/'
    mutant 'exact: stops are allowed' Exact \
        's/  | Stop _ | Wait => False/  | Stop _ | Wait => True/'
    mutant 'routines may do anything' Exact \
        's/agree_outcome n (routine p n i s)/agree_outcome n (exec n i s)/'
    mutant 'nothing is spurious' Exact 's/  trap_of (exec (q g) i (cpu c)) <> None ->/  False ->/'
    mutant 'contained: resources change' Paper "s/    untouched s s' /    True /"
fi

# A second look, by a small checker that trusts no compiled file.
if test "$TRAPEZE_SIZE" = long; then
    (cd build/proofs/theorems &&
        coqchk -silent -o -Q . Trapeze $language Trapeze.Theorems Trapeze.Examples) \
        >"$work/out" 2>&1
    is 'coqchk: exit status' $? 0
    has 'coqchk: no axiom' "$work/out" '* Axioms: <none>'
fi

# What tools/proofs is for: an axiom, a theorem that is gone.
copy=$work/axiom
cp -pR build/proofs/theorems "$copy"
printf '%s\n' 'Axiom anything : forall P : Prop, P.' \
    'Theorem theorem4 : 0 = 1. Proof. apply anything. Qed.' >>"$copy/Theorems.v"
(cd "$copy" && coqc -q -Q . Trapeze $language Theorems.v)
tools/proofs "$copy" "$copy" >"$work/out" 2>"$work/err"
is 'an axiom: exit status' $? 1
has 'an axiom is found in the text' "$work/err" 'an axiom, or a proof that was given up'
has 'an axiom is found by Coq' "$work/err" "theorem4 rests on more than Coq's kernel"

sed 's/^Theorem theorem3_hybrid/Theorem theorem3/' proofs/Theorems.v >"$copy/Theorems.v"
(cd "$copy" && coqc -q -Q . Trapeze $language Theorems.v)
tools/proofs "$copy" "$copy" >"$work/out" 2>"$work/err"
is 'a theorem is gone: exit status' $? 1
has 'a theorem is gone' "$work/err" 'does not state theorem3_hybrid'
