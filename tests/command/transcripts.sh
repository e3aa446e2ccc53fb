#!/bin/sh
# SPDX-License-Identifier: MIT
# The transcripts in README and book are what the commands print.
. tests/shell/tap.sh

if test "$1" != build; then
    echo 'skip the texts speak of build/'
    exit 0
fi
script=$(mktemp)
trap 'rm -f "$script"' EXIT
NO_COLOR=1 awk -v script="$script" -f tests/shell/transcripts.awk \
    README.md CONTRIBUTING.md book/*.md
