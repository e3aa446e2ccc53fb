# SPDX-License-Identifier: MIT
# What command tests share: each check prints one line, `ok NAME` or `not ok NAME: why`.

ok() {
    printf 'ok %s\n' "$1"
}

# One line, whatever the reason contains.
not_ok() {
    printf 'not ok %s: %s\n' "$1" "$(printf '%s' "$2" | tr '\n' ' ')"
}

# is NAME FOUND EXPECTED
is() {
    if test "$2" = "$3"; then ok "$1"; else not_ok "$1" "found '$2', expected '$3'"; fi
}

# has NAME FILE TEXT: a line of the file contains the text.
has() {
    if grep -qF -e "$3" "$2"; then ok "$1"; else not_ok "$1" "no '$3' in: $(head -c 300 "$2")"; fi
}

# holds NAME COMMAND...: the command ends with status 0; its output is the reason where it does not.
holds() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        ok "$name"
    else
        printf '%s\n' "$output" >&2
        not_ok "$name" "$* ended with status $?: $(printf '%s' "$output" | head -c 300)"
    fi
}
