#!/bin/sh
# SPDX-License-Identifier: MIT
# The exactness tests find mistakes in the monitor itself: each line below is a change of one of its
# files, with which they must fail.
. tests/shell/tap.sh

# Whether a mistake shows depends on the guests: always the same ones.
TRAPEZE_SEED=1
export TRAPEZE_SEED

build=$1
if test "$build" != build; then
    echo 'skip mutants are tried in the plain build only'
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The suites that must fail, in a program of their own: the changed file stands before the archive.
link() {
    "${CC:-gcc}" -std=c11 -O1 -D_POSIX_C_SOURCE=200809L -I. -I$build/gen -c -o "$work/mutant.o" \
        "$work/mutant.c" &&
        "${CC:-gcc}" -o "$work/run" $(find $build/obj/tests $build/obj/vmm/x86 -name '*.o' \
            ! -path '*/cases/*' ! -path '*/fuzz/*' ! -path '*/mutants/*') "$work/mutant.o" \
            $build/libvmm.a $build/libisa.a $(pkg-config --libs libelf jansson z3) -lcunit
}

# mutant NAME FILE EDIT SUITE: with EDIT, a sed expression, made in FILE, the SUITE fails.
mutant() {
    sed "$3" "$2" >"$work/mutant.c"
    if test "$1" != unchanged && cmp -s "$2" "$work/mutant.c"; then
        not_ok "$1" "the sed expression changes nothing in $2: $3"
    elif ! link 2>"$work/err"; then
        not_ok "$1" "cannot be built: $(head -n 5 "$work/err")"
    else
        # Seconds of the processor: others may be using it.
        (
            ulimit -t 100
            timeout 600 "$work/run" --quick --suite "$4" --results "$work/results" --build $build
        ) >"$work/out" 2>"$work/err"
        ended=$?
        wrong=$(grep -c '^not ok' "$work/results")
        case "$1 $ended $wrong" in
        'unchanged 0 0') ok 'unchanged: the tests pass' ;;
        unchanged*) not_ok 'unchanged: the tests pass' "$(head -n 9 "$work/results")" ;;
        *' 124 '* | *' 137 '* | *' 152 '*) not_ok "$1 is found" 'the tests do not end' ;;
        *' 0 0') not_ok "$1 is found" "all tests of $4 pass" ;;
        *) ok "$1 is found" ;;
        esac
    fi
}

allocator=vmm/core/allocator.c
mutant unchanged $allocator '' exact
mutant 'b is not clipped' $allocator 's/b < w - l ? b : w - l/b/' exact
mutant 'l beyond the end is not looked at' $allocator '/if (l >= w) return/d' exact
mutant 'the partition ends a byte late' $allocator 's/: w - l}/: w - l + 1}/' exact
mutant 'pending is not installed' $allocator '/to->pending = from->pending/d' exact
mutant 'a tick is lost in emulation' vmm/pg32/routines.c \
    '/^static enum pg32_outcome v_lrb/,/^}/s/pg32_tick(s);//' exact
mutant 'the same, found by its routine alone' vmm/pg32/routines.c \
    '/^static enum pg32_outcome v_lrb/,/^}/s/pg32_tick(s);//' routines
mutant 'input is looked at too late' vmm/core/vm.c 's/m->s.IE && input/0 \&\& input/' exact
mutant 'the kept timer forgets the virtual one' $allocator \
    's/return v->m.s.T != 0 && v->m.s.T < turn ? v->m.s.T : turn/return turn/' sharing
mutant 'virtual time expires an instruction late' $allocator \
    's/to->T != 0 \&\& n >= to->T/to->T != 0 \&\& n > to->T/' sharing
mutant 'a pause is taken for the end of a turn' vmm/core/vm.c \
    's/ \&\& (!v->paused || v->host->s.pending)//' sharing
mutant 'turns are an instruction too long' vmm/core/vm.c \
    's/m.completed + turn;/m.completed + turn + 1;/' sharing
mutant 'decoded code is not told of stores' $allocator \
    's/code_map_wrote(&v->host->code, .*/(void)v, (void)address, (void)n;/' exact

if test "$TRAPEZE_SIZE" = quick; then
    exit 0
fi

# The same parts for machines of any description.
allocator=vmm/described/allocator.c
mutant 'any: the bound is not clipped' $allocator 's/b < w - l ? b : w - l/b/' described
mutant 'any: l beyond the end is not looked at' $allocator '/if (l >= w) return/d' described
mutant 'any: the window ends 200 cells late' $allocator 's/: w - l}/: w - l + 200}/' described
mutant 'any: a supervisor runs as one' $allocator \
    's/!described_is_user(m)/0/' described
mutant 'any: resources are not lent' $allocator \
    's/ && x->kind != COMPONENT_SIGNAL;/ \&\& x->kind == COMPONENT_GENERAL;/' described
mutant 'any: signals are not lent' $allocator \
    's/return v->m.outside->waits(v->m.owner, virtual_count(v, count));/return v == NULL;/' \
    described
mutant 'any: nobody watches' $allocator \
    's/if (set != found) element_violated(v, x, k, set, found);/(void)set, (void)found;/' \
    described_broken
mutant 'any: all traps are reflected' vmm/described/dispatcher.c \
    's/return emulate(v, trap);/return emulate == NULL ? trap : reflect(v, trap);/' described
mutant 'any: time stands still in emulation' vmm/described/routines.c \
    '/^struct described_result described_routine/,/^}/s/return r;/return v->m.count--, r;/' \
    described
