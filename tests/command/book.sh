#!/bin/sh
# SPDX-License-Identifier: MIT
# The book builds without a warning.
. tests/shell/tap.sh

if test "$1" != build || test "$TRAPEZE_SIZE" = quick; then
    echo 'skip the book is built in `make test`, once'
    exit 0
fi
holds 'the book builds' tools/book build
has 'the tables are in it' build/book/html/pg32.html 'jalr'
