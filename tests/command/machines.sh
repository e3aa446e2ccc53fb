#!/bin/sh
# SPDX-License-Identifier: MIT
# The described machines are classified as tests/classify/golden says, in each configuration there;
# and what is known of them is so: the theorems, x86's sensitive instructions by their mnemonics.
. tests/shell/tap.sh

isa=$1/isa-analyzer
isas=isa-analyzer/isas
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expected MACHINE CONFIGURATION: the lines of a golden file by default, or in a configuration,
# whose lines take the place of those by default; `like NAME` stands for those of another file.
expected() {
    base=$(sed -n 's/^like //p' "tests/classify/golden/$1.txt")
    awk -v wanted="$2" '
        FNR == 1 { section = "" }
        /^#/ || /^$/ || /^like / { next }
        /^with / { section = substr($0, 6); next }
        section == "" || section == wanted {
            at = index($0, ": ")
            line[substr($0, 1, at - 1)] = $0
        }
        END { for (name in line) print line[name] }' \
        ${base:+"tests/classify/golden/$base.txt"} "tests/classify/golden/$1.txt" | sort
}

# json MACHINE CONFIGURATION: the file with what the analyzer says, asked once.
json() {
    answer="$work/$1,$(echo "$2" | tr ' ' ',').json"
    settings=
    for setting in $2; do settings="$settings --config $setting"; done
    test -e "$answer" || "$isa" check "$isas/$1.isa" $settings --json >"$answer" 2>"$work/err" ||
        { rm "$answer"; return 1; }
    echo "$answer"
}

# verdicts MACHINE CONFIGURATION
verdicts() {
    what="$1${2:+ with $2}"
    expected "$1" "$2" >"$work/expected"
    if ! answer=$(json "$1" "$2"); then
        not_ok "$what" "$(cat "$work/err")"
        return
    fi
    jq -r -f tests/shell/verdicts.jq "$answer" | sort >"$work/found"
    if cmp -s "$work/expected" "$work/found"; then
        ok "$what: $(wc -l <"$work/found") lines"
    else
        not_ok "$what" "$(diff "$work/expected" "$work/found" | grep '^[<>]' | head -n 20)"
    fi
}

for golden in tests/classify/golden/*.txt; do
    machine=$(basename "$golden" .txt)
    verdicts "$machine" ''
    # Quick tests ask for the one other configuration that is asked about below.
    test "$TRAPEZE_SIZE" = quick && test "$machine" != x86-32 && continue
    sed -n 's/^with //p' "$golden" >"$work/configurations"
    while read -r configuration; do
        verdicts "$machine" "$configuration"
    done <"$work/configurations"
done

# Every machine has expectations.
for description in "$isas"/*.isa; do
    machine=$(basename "$description" .isa)
    if test -e "tests/classify/golden/$machine.txt"; then ok "$machine is expected to be something"
    else not_ok "$machine is expected to be something" "no tests/classify/golden/$machine.txt"; fi
done

# ---- the theorems

# holds_of THEOREM ANSWER MACHINE...
holds_of() {
    theorem=$1 answer=$2
    shift 2
    for machine in "$@"; do
        is "$machine: $theorem" "$(jq -r ".verdicts[\"$theorem\"].holds" "$(json "$machine" '')")" \
            "$answer"
    done
}

holds_of theorem1 yes s360-67 m68010 pg-word riscv-u pg32
holds_of theorem1 no pdp10-ka10 m68000 x86-32 \
    pg32-jrst1 pg32-rdmode pg32-wrie pg32-rdrel pg32-lra pg32-ustm
holds_of theorem3 yes pdp10-ka10 m68000 pg32-jrst1 pg32-rdmode pg32-wrie
holds_of theorem3 no x86-32 pg32-rdrel pg32-lra pg32-ustm
for machine in pg32 pg32-jrst1 pg32-rdmode pg32-wrie pg32-rdrel pg32-lra pg32-ustm; do
    is "$machine: the exact criterion agrees with theorems 1 and 3" "$(jq -r '.verdicts
        | .theorem1.holds == .exact.holds and .theorem3.holds == .["exact-hybrid"].holds' \
        "$(json "$machine" '')")" true
done

# required STATUS MACHINE THEOREM
required() {
    "$isa" check "$isas/$2.isa" --require "$3" >"$work/out" 2>&1
    is "$2: exit status with --require $3" "$?" "$1"
}
required 0 pg-word theorem1
required 1 m68000 theorem1
required 0 m68000 theorem3

# ---- x86-32: the sensitive unprivileged instructions by their mnemonics

# An instruction whose user-mode trap the monitor can arrange (it can run directly) is conditional.
cat >"$work/x86.jq" <<'END'
def mnemonic: {
  push_seg: "PUSH seg", push_fs: "PUSH seg", push_gs: "PUSH seg",
  pop_seg: "POP seg", pop_fs: "POP seg", pop_gs: "POP seg",
  mov_from_seg: "MOV seg", mov_to_seg: "MOV seg", int: "INT n",
  call_far: "far CALL", call_far_memory: "far CALL", jmp_far: "far JMP",
  jmp_far_memory: "far JMP", ret_far: "far RET", ret_far_imm: "far RET",
  in_dx: "IN", out_dx: "OUT",
  mov_from_cr: "MOV CR", mov_to_cr: "MOV CR", mov_from_dr: "MOV DR", mov_to_dr: "MOV DR"
}[.] // ascii_upcase;
def sensitive:
  .control_sensitive != "no" or .location_sensitive != "no" or .mode_sensitive != "no"
  or .resource_sensitive != "no";
def conditional: .conditionally_privileged == "yes" and .exact == "yes";
[.instructions[] | select(.always_traps == "no")
  | select(if $which == "privileged" then .privileged == "yes"
           else .privileged != "yes" and sensitive and conditional == ($which == "conditional")
           end)
  | .name | mnemonic] | unique | join(", ")
END

# x86 CONFIGURATION WHICH
x86() {
    jq -r --arg which "$2" -f "$work/x86.jq" "$(json x86-32 "$1")"
}

# set_of LIST: in the order in which jq has it.
set_of() {
    printf '%s\n' "$1" | tr ',' '\n' | sed 's/^ *//; s/ *$//' | LC_ALL=C sort | paste -sd, - |
        sed 's/,/, /g'
}

literature='SGDT, SIDT, SLDT, SMSW, PUSHF, POPF, LAR, LSL, VERR, VERW, PUSH seg, POP seg, MOV seg,
STR, far CALL, far JMP, far RET, INT n'
also='IRET, LDS, LES, LFS, LGS, LSS, SYSENTER'
privileged='LGDT, LIDT, LLDT, LTR, LMSW, CLTS, MOV CR, MOV DR, HLT, INVD, WBINVD, INVLPG, RDMSR,
WRMSR'
one_line() { printf '%s' "$1" | tr '\n' ' '; }
privileged=$(one_line "$privileged")

is 'x86: Robin and Irvine have 18 mnemonics' \
    "$(one_line "$literature" | tr ',' '\n' | grep -c .)" 18
is 'x86: sensitive and unprivileged' "$(x86 '' sensitive)" \
    "$(set_of "$(one_line "$literature"), $also")"
is 'x86: conditional' "$(x86 '' conditional)" "$(set_of 'CLI, STI, IN, OUT, RDTSC, RDPMC')"
is 'x86: privileged' "$(x86 '' privileged)" "$(set_of "$privileged")"
without=$(one_line "$literature, $also" | tr ',' '\n' | sed 's/^ *//' |
    grep -vxE 'SGDT|SIDT|SLDT|STR|SMSW' | paste -sd, -)
is 'x86, UMIP: sensitive and unprivileged' "$(x86 UMIP=1 sensitive)" "$(set_of "$without")"
is 'x86, UMIP: privileged' "$(x86 UMIP=1 privileged)" \
    "$(set_of "$privileged, SGDT, SIDT, SLDT, STR, SMSW")"
is 'x86: CPUID is not sensitive' \
    "$(jq -r '.instructions[] | select(.name == "cpuid") | .innocuous' "$(json x86-32 '')")" yes
