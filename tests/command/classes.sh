#!/bin/sh
# SPDX-License-Identifier: MIT
# `isa-analyzer emit` dot, json, sarif and table's classes; and `probe`.
. tests/shell/tap.sh

analyzer=$1/isa-analyzer
isas=isa-analyzer/isas
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$analyzer" emit json $isas/pg32-lra.isa -o "$work/emit.json"
"$analyzer" check $isas/pg32-lra.isa --json >"$work/check.json"
holds 'emit json is check --json' cmp "$work/emit.json" "$work/check.json"

"$analyzer" emit sarif $isas/pg32-lra.isa -o "$work/lra.sarif"
is 'sarif: exit status' $? 0
holds 'sarif: it is JSON' jq -e . "$work/lra.sarif"
result() { jq -r ".runs[0].results[] | select(.ruleId == \"$1\") | $2" "$work/lra.sarif"; }
line=$(grep -n '^instruction lra' $isas/pg32-lra.isa | cut -d: -f1)
is 'sarif: the line' \
    "$(result theorem1 .locations[0].physicalLocation.region.startLine)" "$line"
is 'sarif: the file' "$(result theorem1 .locations[0].physicalLocation.artifactLocation.uri)" \
    $isas/pg32-lra.isa
is 'sarif: the level' "$(result exact .level)" error
holds 'sarif: every result has its rule' jq -e \
    '.runs[0] | .tool.driver.rules as $r | all(.results[]; $r[.ruleIndex].id == .ruleId)' \
    "$work/lra.sarif"
"$analyzer" emit sarif $isas/pg32.isa >"$work/pg32.sarif"
is 'sarif: pg32 has no results' "$(jq '.runs[0].results | length' "$work/pg32.sarif")" 0
"$analyzer" emit sarif --work 1 $isas/pdp10-ka10.isa >"$work/x86.sarif" 2>/dev/null
holds 'sarif: what is undecided is no failure' jq -e \
    'all(.runs[0].results[]; (.kind == "open") == (.level == "none"))' "$work/x86.sarif"

for machine in pg32 pg32-lra m68000; do
    "$analyzer" emit dot $isas/$machine.isa -o "$work/$machine.dot"
    holds "dot: $machine is drawn" dot -Tsvg "$work/$machine.dot" -o "$work/$machine.svg"
done
has 'dot: what stands in the way' "$work/pg32-lra.svg" 'sensitive, not privileged'
is 'dot: in the way of pg32' "$(grep -c 'sensitive, not privileged' "$work/pg32.svg")" 0

"$analyzer" emit table $isas/pg32-lra.isa >"$work/table"
has 'table: the class' "$work/table" '| `lra` | sensitive, not privileged |'
has 'table: a verdict' "$work/table" '| theorem1 | fails |'

if test "$(uname -m)" != x86_64; then
    "$analyzer" probe >"$work/out" 2>"$work/err"
    is 'probe elsewhere: exit status' $? 2
    has 'probe elsewhere: message' "$work/err" 'nothing can be probed'
    exit 0
fi
"$analyzer" probe --json >"$work/probe.json" 2>"$work/err"
status=$?
if test $status = 2; then # a kernel without 32-bit code
    has 'probe: message' "$work/err" 'nothing can be probed'
    exit 0
fi
is 'probe: exit status' $status 0
holds 'probe: all of them' jq -e '.probes | length >= 50' "$work/probe.json"
seen() { jq -r ".probes[] | select(.code == \"$1\") | .observed.$2" "$work/probe.json"; }
for code in 'lgdt [esi]' 'mov eax, cr0' hlt wbinvd 'rdmsr 0x10' cli; do
    is "probe: $code" "$(seen "$code" exception)" '#GP'
done
for code in pushf popf 'lar eax, ds' 'verr ds' 'mov eax, cs' 'push cs' 'retf to cs' 'iret to cs'; do
    is "probe: $code" "$(seen "$code" outcome)" silent
done
is 'probe: POPF leaves IF alone' "$(seen popf text)" 'IF was to be 0 and is 1'
is 'probe: CS shows the ring' "$(seen 'mov eax, cs' text)" 'selector 0023, of ring 3'
holds 'probe: a privileged instruction traps, or it is said that it was emulated' jq -e \
    'all(.probes[]; .architectural.privileged != "yes" or .observed.outcome == "trapped" or
        (.remark // "" | contains("emulated")))' "$work/probe.json"
holds 'probe: no class is unknown' jq -e 'all(.probes[]; .architectural.class != "unknown")' \
    "$work/probe.json"
