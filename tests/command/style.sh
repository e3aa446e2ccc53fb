#!/bin/sh
# SPDX-License-Identifier: MIT
# What can be checked of the rules in CONTRIBUTING.md: licence lines, lengths of files and lines,
# and that nothing in the machine needs more of libc than freestanding C offers.
. tests/shell/tap.sh

if test "$1" != build; then
    echo 'skip once is enough'
    exit 0
fi

# Not the inputs that are wrong on purpose.
files=$(find isa-analyzer vmm proofs tests bench tools .ci -type f \
    \( -name '*.[chSv]' -o -name '*.isa' -o -name '*.sh' -o -name '*.mk' -o -name '*.ld' -o \
    -path 'tools/*' -o -name 'run' \) 2>/dev/null |
    grep -v -e '^tests/language/mistakes/' -e '^tests/fuzz/isa/' | sort)

none() {
    if test -z "$2"; then ok "$1"; else not_ok "$1" "$2"; fi
}

none 'every file begins with its licence' "$(for f in $files Makefile; do
    head -n 2 "$f" | grep -q 'SPDX-License-[I]dentifier: ' || echo "$f"; done)"
none 'no file has more than 600 lines' \
    "$(wc -l $files | awk '$1 > 600 && $2 != "total" { print $2 }')"
none 'no line has more than 100 columns' \
    "$(LC_ALL=C.UTF-8 grep -nE '^.{101,}' $files | cut -d: -f1,2)"
none 'no tabs but in makefiles' "$(grep -l "$(printf '\t')" $(echo "$files" | grep '\.[ch]$'))"
none 'no white space at ends of lines' "$(grep -n '[ 	]$' $files /dev/null | cut -d: -f1,2)"

if ls build/obj/vmm/machine/*.o >/dev/null 2>&1; then
    folders='build/obj/vmm/machine'
    for more in core pg32; do
        test -d "build/obj/vmm/$more" && folders="$folders build/obj/vmm/$more"
    done
    objects=$(find $folders -name '*.o')
    nm -g --defined-only $objects | awk 'NF == 3 { print $3 }' | sort -u >build/tests/log/defined
    printf '%s\n' memcpy memset memcmp memmove _GLOBAL_OFFSET_TABLE_ >>build/tests/log/defined
    sort -o build/tests/log/defined build/tests/log/defined
    none 'the machine is freestanding' "$(nm -u $objects | awk 'NF == 2 { print $2 }' | sort -u |
        comm -23 - build/tests/log/defined)"
fi
