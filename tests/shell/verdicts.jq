# SPDX-License-Identifier: MIT
# What `isa-analyzer check --json` says, in the lines of tests/classify/golden: the theorems' verdicts,
# then `INSTRUCTION [SELECTOR]: classes | always, hybrid or never`. An undecided class has a '?'.
def literal: [
  [.always_traps, "always_traps"], [.privileged, "privileged"],
  [.conditionally_privileged, "conditional"], [.control_sensitive, "control"],
  [.location_sensitive, "location"], [.mode_sensitive, "mode"],
  [.resource_sensitive, "resource"], [.user_sensitive, "user"], [.innocuous, "innocuous"],
  [.nondeterministic, "nondeterministic"], [.vacuous, "vacuous"]
] | map(select(.[0] != "no") | if .[0] == "yes" then .[1] else .[1] + "?" end) | join(" ");

def both($a; $b):
  if $a == "no" or $b == "no" then "no" elif $a == "yes" and $b == "yes" then "yes" else "unknown" end;

def directly:
  both(.exact; .reflectable) as $always | both(.exact_hybrid; .reflectable_hybrid) as $hybrid
  | if $always == "yes" then "always"
    elif $always == "unknown" or $hybrid == "unknown" then "unknown"
    elif $hybrid == "yes" then "hybrid" else "never" end;

(.verdicts | to_entries[] | "\(.key): \(.value.holds)"),
(.instructions[]
 | "\(.name)\(if .selector then " " + .selector else "" end): \(literal) | \(directly)")
