#!/bin/sh
# load.sh: does a server load this tokens file?  One-shot form of the suite:
#
#     sh load.sh < tokens.json
#
# exit 0: accept.  Exit 1 and a line `reject CODE ...` on stdout: reject.  Anything else (exit 3,
# the reason on stderr) is no verdict.  Needs a POSIX awk and jq 1.6 or later.
#
# jq alone is no judge of a tokens file: it takes `nan`, `01`, raw control characters and several
# values in a row, repairs invalid UTF-8 and lone surrogates, forgets all but the last of two
# members of one name, and rounds integers.  So load.awk first checks the spelling and marks what
# jq would lose, jq then checks the structure while parsing, and load.jq checks the rules.

set -u
LC_ALL=C # bytes, and plain a-z in bracket expressions
export LC_ALL

crash() {
    printf 'load.sh: %s\n' "$1" >&2
    exit 3
}

case $0 in
*/*) here=${0%/*} ;;
*) here=. ;;
esac

for program in awk jq; do
    command -v "$program" >/dev/null || crash "$program is not installed"
done
for part in load.awk load.jq; do
    [ -r "$here/$part" ] || crash "cannot read $here/$part"
done

# NUL is turned into another control character, as wrong everywhere in JSON (DOC-01): a shell
# cannot hold it, nor can every awk read it.
marked=$(tr '\000' '\001' | awk -f "$here/load.awk")
case $? in
0) ;;
1) printf 'reject json-syntax\n' && exit 1 ;;
*) crash 'awk failed' ;;
esac

# HOME: no definitions from somebody's ~/.jq.
verdict=$(printf '%s\n' "$marked" | HOME=$here jq -n -r -f "$here/load.jq") || crash 'jq failed'
case $verdict in
accept) exit 0 ;;
'reject '*) printf '%s\n' "$verdict" && exit 1 ;;
esac
crash "no verdict: $verdict"
