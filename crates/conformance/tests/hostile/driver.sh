# A driver that misbehaves in the way that its first argument names. Where it answers, it rejects.
# Its second argument, where a way needs one, is a path at which nothing is.
way=$1
state=$2
ops='"ops":["permission","load"],"features":[]'

hello() { printf '{"seq":%s,"protocol":1,"implementation":{"name":"%s"},%s}\n' "$1" "$way" "$ops"; }
reject() { printf '{"seq":%s,"outcome":"reject"}\n' "$1"; }
noise() { yes "${1:-noise}" 2>/dev/null; }
zeros() { head -c "$1" /dev/zero | tr '\0' 0; }

# A rejection of so many bytes, with its end.
padded() {
    answer=$(reject "$1")
    printf '%s' "$answer"
    head -c "$(($2 - ${#answer} - 1))" /dev/zero | tr '\0' ' '
    echo
}

greet() {
    case $way in
    hello-never) exec sleep 1000 ;;
    hello-exit) echo 'no such module' >&2; exit 1 ;;
    hello-killed) kill -KILL $$ ;;
    hello-rubbish) echo 'Starting up...' ;;
    hello-array) echo '[0]' ;;
    hello-half) printf '{"seq":0,'; exit 0 ;;
    hello-bom) printf '\357\273\277'; hello 0 ;;
    hello-twice) printf '%s\n%s\n' "$(hello 0)" "$(hello 0)" ;;
    hello-and-answer) printf '%s\n%s\n' "$(hello 0)" "$(reject 7)" ;;
    hello-flood) noise ;;
    hello-long) zeros 100000000; echo ;;
    hello-seq) hello 1 ;;
    hello-no-seq) echo "{\"protocol\":1,$ops}" ;;
    hello-version) echo "{\"seq\":0,\"protocol\":2,$ops}" ;;
    hello-no-version) echo "{\"seq\":0,$ops}" ;;
    hello-unsupported) echo '{"seq":0,"outcome":"unsupported","message":"version 9 alone"}' ;;
    hello-error) echo '{"seq":0,"error":"what is hello?"}' ;;
    hello-no-ops) echo '{"seq":0,"protocol":1}' ;;
    hello-other-ops) echo '{"seq":0,"protocol":1,"ops":["frobnicate"]}' ;;
    hello-ops-number) echo '{"seq":0,"protocol":1,"ops":5}' ;;
    hello-slow) sleep 1; hello 0 ;;
    hello-once) mkdir "$state" 2>/dev/null && hello 0 || exit 1 ;;
    one-of-two) mkdir "$state" 2>/dev/null && way=good; hello 0 ;;
    stderr-flood) noise >&2 & hello 0 ;;
    stderr-flood-one-line) noise | tr -d '\n' >&2 & hello 0 ;;
    never-reads) hello 0; exec sleep 1000 ;;
    *) hello 0 ;;
    esac
}

part() {
    case $way in
    bye-ignored) trap '' HUP INT TERM; exec sleep 1000 ;;
    bye-status) echo 'I could not say good-bye' >&2; exit 3 ;;
    bye-killed) kill -KILL $$ ;;
    bye-answered) reject "$1" ;;
    bye-half) printf 'so long' ;;
    bye-closed) exec >&-; exec sleep 1000 ;;
    bye-grandchild) sleep 1000 & exit 0 ;;
    esac
    exit 0
}

reply() {
    case $way in
    seq-wrong) reject "$(($1 + 1))" ;;
    seq-before) reject 0 ;;
    seq-none) echo '{"outcome":"reject"}' ;;
    seq-null) echo '{"seq":null,"outcome":"reject"}' ;;
    seq-text) echo "{\"seq\":\"$1\",\"outcome\":\"reject\"}" ;;
    seq-negative) reject "-$1" ;;
    seq-counted) counted=$((counted + 1)); reject "$counted" ;;
    no-json) echo 'reject' ;;
    no-object) echo "[$1]" ;;
    empty-line) echo ;;
    deep) zeros 100000 | tr 0 '['; echo ;;
    twice-at-once) printf '%s\n%s\n' "$(reject "$1")" "$(reject "$1")" ;;
    twice) reject "$1"; reject "$1" ;;
    ahead) reject "$1"; reject "$(($1 + 1))" ;;
    ahead-at-once) printf '%s\n%s\n' "$(reject "$1")" "$(reject "$(($1 + 7))")" ;;
    half-then-silence) printf '{"seq":%s,"out' "$1"; exec sleep 1000 ;;
    half-then-end) printf '{"seq":%s,"out' "$1"; exit 0 ;;
    whole-without-end) printf '{"seq":%s,"outcome":"reject"}' "$1"; exit 0 ;;
    silence) ;;
    late) sleep 1; reject "$1" ;;
    stopped) kill -STOP $$ ;;
    busy) while :; do :; done ;;
    exit-0) exit 0 ;;
    exit-1) echo "Traceback: apiv3_verysecret of question $1" >&2; exit 1 ;;
    killed) kill -KILL $$ ;;
    terminated) kill -TERM $$ ;;
    answer-then-exit) reject "$1"; exit 0 ;;
    answer-then-killed) reject "$1"; kill -KILL $$ ;;
    stdout-flood) noise ;;
    stdout-flood-of-answers) noise "$(reject "$1")" ;;
    stdout-flood-one-line) noise | tr -d '\n' ;;
    line-of-100-mb) zeros 100000000; echo ;;
    line-of-16-mib) padded "$1" 16777216 ;;
    line-of-16-mib-and-1) padded "$1" 16777217 ;;
    not-utf-8) printf '{"seq":%s,"outcome":"reject","message":"\377"}\n' "$1" ;;
    nul) printf '{"seq":%s,"outcome":"reject"}\000\n' "$1" ;;
    utf-16) printf '{\000"\000s\000e\000q\000"\000\n\000' ;;
    bom) printf '\357\273\277'; reject "$1" ;;
    crlf) printf '{"seq":%s,"outcome":"reject"}\r\n' "$1" ;;
    stdin-closed) exec <&-; exec sleep 1000 ;;
    stdout-closed) exec >&-; exec sleep 1000 ;;
    all-closed) exec <&- >&- 2>&-; exec sleep 1000 ;;
    zombie) sh -c 'exit 0' & exec sleep 1000 ;;
    grandchild) sleep 1000 & exit 1 ;;
    grandchild-hangs) sleep 1000; exit 1 ;;
    grandchild-escapes) env -i "$(command -v setsid)" sleep 3 & exit 1 ;;
    outcome-unknown) echo "{\"seq\":$1,\"outcome\":\"rejected\"}" ;;
    outcome-none) echo "{\"seq\":$1}" ;;
    outcome-number) echo "{\"seq\":$1,\"outcome\":1}" ;;
    outcome-twice) echo "{\"seq\":$1,\"outcome\":\"accept\",\"outcome\":\"reject\"}" ;;
    value-none) echo "{\"seq\":$1,\"outcome\":\"accept\"}" ;;
    value-null) echo "{\"seq\":$1,\"outcome\":\"accept\",\"value\":null}" ;;
    value-of-another-op) echo "{\"seq\":$1,\"outcome\":\"accept\",\"value\":{\"decisions\":[]}}" ;;
    error) echo "{\"seq\":$1,\"error\":\"I do not understand\"}" ;;
    error-and-reject) echo "{\"seq\":$1,\"outcome\":\"reject\",\"error\":\"no\"}" ;;
    unsupported) echo "{\"seq\":$1,\"outcome\":\"unsupported\",\"message\":\"not today\"}" ;;
    one-of-two | hello-once) exit 1 ;;
    talks) echo "question $1" >&2; reject "$1" ;;
    *) reject "$1" ;;
    esac
}

while IFS= read -r line; do
    seq=${line#*\"seq\":}
    seq=${seq%%,*}
    case $line in
    *'"op":"hello"'*) greet ;;
    *'"op":"bye"'*) part "$seq" ;;
    *) reply "$seq" ;;
    esac
done
