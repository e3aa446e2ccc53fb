# SPDX-License-Identifier: MIT
# Runs the commands in ```console blocks of Markdown files and compares their output with the text.
# `$ command` lines are run by sh from the root, standard error with standard output; `$?` is the
# status of the command before. A line `...` stands for any lines, `...` in a line for any text.
# `<!-- not run: why -->` on the line before the block leaves the block out.
# The variable `script` names a file that may be overwritten.

function escape(line,    parts, n, k, made) {
    n = split(line, parts, /\.\.\./)
    for (k = 1; k <= n; k++) {
        gsub(/[][\\.*^$+?(){}|]/, "\\\\&", parts[k])
        made = made (k > 1 ? ".*" : "") parts[k]
    }
    return "^" made "$"
}

# Whether the found lines from j on are the expected lines from i on.
function same(i, j) {
    for (; i <= wanted_n; i++) {
        if (wanted[i] == "...") {
            for (; j <= found_n + 1; j++)
                if (same(i + 1, j)) return 1
            return 0
        }
        if (j > found_n) break
        if (found[j] != wanted[i] && (wanted[i] !~ /\.\.\./ || found[j] !~ escape(wanted[i]))) break
        j++
    }
    if (i > wanted_n && j > found_n) return 1
    if (j > furthest) { furthest = j; missed = i }
    return 0
}

function run(    line, shell) {
    if (command == "") return
    printf "(exit %d)\n%s\n", status, command >script
    close(script)
    shell = "{ sh " script "; echo \"= $?\"; } 2>&1 </dev/null"
    found_n = 0
    while ((shell | getline line) > 0) found[++found_n] = line
    close(shell)
    # The last line is the status; output that lacks a final newline stands before it.
    status = found[found_n]
    sub(/^.*= /, "", status)
    sub(/= [0-9]+$/, "", found[found_n])
    if (found[found_n] == "") found_n--
    while (wanted_n > 0 && wanted[wanted_n] == "") wanted_n--
    furthest = 0
    if (same(1, 1)) {
        print "ok " place ": " command
    } else {
        print "not ok " place ", " command ": line " furthest " of the output is '" \
            (furthest <= found_n ? found[furthest] : "(its end)") "', the text has '" \
            (missed <= wanted_n ? wanted[missed] : "(its end)") "'"
    }
    command = ""
}

/^ *```console/ && !inside { inside = 1; skipped = before ~ /<!-- not run: .* -->/; status = 0; next }
/^ *```/ && inside { run(); inside = 0; next }
inside && !skipped && /^\$ / {
    run()
    command = substr($0, 3)
    place = FILENAME ":" FNR
    wanted_n = 0
    next
}
inside && !skipped && command != "" && command ~ /\\$/ && wanted_n == 0 {
    command = substr(command, 1, length(command) - 1) $0
    next
}
inside && !skipped { wanted[++wanted_n] = $0 }
{ before = $0 }
