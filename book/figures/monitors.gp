# SPDX-License-Identifier: MIT
# The cost of a privileged instruction at each depth, from the report of `make bench` in bench.txt.
set terminal svg size 560,320 font "sans-serif,12" background "#ffffff"
set output output
set xlabel "monitors on each other"
set ylabel "nanoseconds"
set xrange [-0.3:5.3]
set yrange [0:*]
set xtics 1
set grid ytics lc rgb "#dddddd" lw 1
set key left top
set border 3 lc rgb "#888888"
set tics nomirror textcolor rgb "#333333"
costs = "< awk '/^  privileged instruction/ { for (k = 3; k <= 8; k++) print k - 3, $k }' book/figures/bench.txt"
first = system("awk '/^  growth:/ { print $2 }' book/figures/bench.txt") + 0
more = system("awk '/^  growth:/ { print $8 }' book/figures/bench.txt") + 0
plot [0:5.3] costs using 1:2 with points pt 7 ps 1.1 lc rgb "#2f5d9b" title "one privileged instruction", \
     (x >= 1 ? first + more * (x - 1) : 1/0) lc rgb "#c08a2d" lw 2 title sprintf("%.1f + %.1f (depth - 1)", first, more)
