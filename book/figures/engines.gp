# SPDX-License-Identifier: MIT
# Speed of the engines beside qemu and unicorn, from the report of `make bench` in bench.txt.
set terminal svg size 680,340 font "sans-serif,12" background "#ffffff"
set output output
set style data histograms
set style histogram clustered gap 1.2
set style fill solid 0.9 noborder
set boxwidth 0.9
set logscale y
set yrange [20:20000]
set ylabel "million instructions a second"
set grid ytics lc rgb "#dddddd" lw 1
set key outside top center horizontal
set border 3 lc rgb "#888888"
set tics nomirror textcolor rgb "#333333"
rows = "< awk '/^  (arithmetic|memory|branches)/ && NF == 5' book/figures/bench.txt"
plot rows using 2:xtic(1) title "threaded" lc rgb "#2f5d9b", \
     rows using 3 title "switch" lc rgb "#8fb0d9", \
     rows using 4 title "qemu-riscv32" lc rgb "#c08a2d", \
     rows using 5 title "unicorn" lc rgb "#e3c58f"
