#!/bin/sh
# SPDX-License-Identifier: MIT
# isa-analyzer's verdicts on the command line: exit statuses, witnesses saved and replayed, explain,
# and the questions as SMT-LIB, answered by another solver.
. tests/shell/tap.sh

analyzer=$1/isa-analyzer
isas=isa-analyzer/isas
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# status NAME EXPECTED COMMAND...: its exit status; what it printed is in $work/out and $work/err.
status() {
    name=$1 expected=$2
    shift 2
    "$@" >"$work/out" 2>"$work/err"
    is "$name" $? "$expected"
}

status 'theorem 1 of PG32' 0 "$analyzer" check $isas/pg32.isa --require theorem1
has 'the verdict is printed' "$work/out" 'theorem1      holds'
status 'exact of PG32' 0 "$analyzer" check --require=exact $isas/pg32.isa
for variant in jrst1 rdmode wrie; do
    status "theorem 1 of $variant" 1 "$analyzer" check $isas/pg32-$variant.isa --require theorem1
    status "theorem 3 of $variant" 0 "$analyzer" check $isas/pg32-$variant.isa --require theorem3
    has "$variant: what stands in the way" "$work/out" "  $variant ($isas/pg32-$variant.isa:"
done

# ------------------------------------------------------------------ witnesses

status 'witnesses are saved' 0 "$analyzer" check $isas/pg32-lra.isa --witnesses "$work/w" --json
has 'and named by their property' "$work/out" '"location_sensitive": {'
for witness in lra.location_sensitive lra.exact lrb.privileged halt.control_sensitive; do
    status "replay of $witness" 0 "$analyzer" replay "$work/w/$witness.json"
    has "$witness is shown" "$work/out" ': shown'
done
sed 's/"l": "0x1"/"l": "0x0"/' "$work/w/lra.location_sensitive.json" >"$work/same.json"
status 'replay of two equal states' 1 "$analyzer" replay "$work/same.json"
has 'which show nothing' "$work/out" 'not shown'
head -c 300 "$work/w/lra.exact.json" >"$work/cut.json"
status 'replay of half a file' 2 "$analyzer" replay "$work/cut.json"
status 'replay of no file' 2 "$analyzer" replay "$work/none.json"
for change in 's/"word": "[^"]*"/"word": "0x13"/' 's/"cells": "[^"]*"/"cells": "0xffffffffff"/' \
    's/"schema": "[^"]*"/"schema": "x"/' 's/"property": "[^"]*"/"property": "big"/' \
    's/"l": "[^"]*"/"l": "0x123456789"/' 's/"values": {/"values": {"x[32]": "0x1",/' \
    's/"file": "[^"]*"/"file": "nowhere.isa"/' 's/"memory": {/"memory": {"0x": "0x1",/'; do
    sed "$change" "$work/w/lra.location_sensitive.json" >"$work/wrong.json"
    status "replay of a witness with $change" 2 "$analyzer" replay "$work/wrong.json"
done

# ------------------------------------------------------------------ explain

status 'explain' 0 "$analyzer" explain $isas/pg32-lra.isa lra
has 'explain says what it is' "$work/out" 'behaviour-sensitive by location'
has 'explain shows the states' "$work/out" "'lra ra, zero' with l = 0"
has 'explain reads the paper' "$work/out" 'word for word'
status 'explain of no instruction' 2 "$analyzer" explain $isas/pg32.isa lra
status 'explain without one' 2 "$analyzer" explain $isas/pg32.isa

# ------------------------------------------------------------------ undecided

cat >"$work/pg32-hard.isa" <<END
machine pg32-hard "a question that takes long" extends pg32
instruction factor "factor {rd}, {rs1}, {rs2}" : R(funct7 = 0, funct3 = 0, opcode = 0x2b)
  let product = zext(x[rs1], 64) * zext(x[rs2], 64)
  if product = 0x7ffffffdd0000039 and x[rs1] > 1 and x[rs2] > 1 then x[rd] := zext(M, 32)
END
cp $isas/pg32.isa "$work"
status 'what stays open is status 3' 3 "$analyzer" check "$work/pg32-hard.isa" --work 1 \
    --require theorem1
has 'and is said' "$work/out" 'mode-sensitive: unknown: the solver gave up'

# ------------------------------------------------------------------ usage

status 'no such theorem' 2 "$analyzer" check $isas/pg32.isa --require theorem4
status 'no threads' 2 "$analyzer" check $isas/pg32.isa --threads 0
status 'work that is no number' 2 "$analyzer" check $isas/pg32.isa --work much
status '--require has no meaning with emit' 2 "$analyzer" emit c $isas/pg32.isa --require exact
status 'witnesses into a file' 2 "$analyzer" check $isas/pg32-lra.isa --witnesses "$work/out/x"

cat >"$work/pg32-vacuous.isa" <<END
machine pg32-vacuous "privileged, since every supervisor state memory-traps" extends pg32
instruction touch "touch" : R(funct7 = 0, rs2 = 0, rs1 = 0, rd = 0, funct3 = 0, opcode = 0x2b)
  if supervisor then trap memory(0)
END
status 'theorem 1 with a vacuous privilege' 0 "$analyzer" check "$work/pg32-vacuous.isa" \
    --require theorem1
has 'of which there is a warning' "$work/err" 'warning: touch is privileged vacuously'

# ------------------------------------------------------------------ another solver

status 'emit smt2' 0 "$analyzer" emit smt2 $isas/pg32-lra.isa -o "$work/smt2"
questions=$(ls "$work/smt2" | wc -l)
test "$questions" -gt 500 && ok 'there are questions' || not_ok 'there are questions' "$questions"
# ask_cvc5 NAME FILE...: it answers each as Z3 did.
ask_cvc5() {
    name=$1 disagree=
    shift
    test $# -gt 100 || not_ok "$name: cvc5 was asked" "$# questions only"
    for file; do
        z3=$(sed -n 's/^(set-info :status \(.*\))/\1/p' "$file")
        cvc5=$(cvc5 --rlimit=3000000 "$file" 2>&1)
        test "$z3" = "$cvc5" || disagree="$disagree ${file##*/}:$z3:$cvc5"
    done
    is "$name: cvc5 gives the same answers" "$disagree" ''
}
# The lemmas, everything on LRA, LW and SW, and each twentieth of the others.
ask_cvc5 pg32-lra "$work/smt2"/lemma.* "$work/smt2"/lra.* "$work/smt2"/lw.* "$work/smt2"/sw.* \
    $(ls "$work/smt2"/* | awk 'NR % 20 == 0')
# In the long tests all questions on all machines, some 13,000; PG32's variants are one instruction.
if test "$TRAPEZE_SIZE" = long && test "$1" = build; then
    for machine in $isas/*.isa; do
        case $machine in */pg32-*) continue ;; esac
        rm -r "$work/smt2"
        "$analyzer" emit smt2 "$machine" -o "$work/smt2"
        ask_cvc5 "$machine" "$work/smt2"/*
    done
fi
status 'emit smt2 to one file' 0 "$analyzer" emit smt2 $isas/pg32-rdrel.isa -o "$work/all.smt2"
is 'which holds them all' "$(grep -c '^(check-sat)' "$work/all.smt2")" \
    "$(grep -c '^(set-info :status' "$work/all.smt2")"
