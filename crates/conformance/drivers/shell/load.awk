# load.awk: the first half of load.sh.  Reads JSON text and writes JSON of the same structure,
#
#   - each string with a serial number of eight digits in front:  "name"  ->  "00000003name"
#     (so two members of one name stay two for jq, DOC-04),
#   - each number as a string of its digits:  1.0  ->  "#1.0"
#     (so nothing is rounded, and how it was spelled can still be seen, TOK-08).
#
# What is wrong in the spelling (DOC-01) cannot be marked: there the output ends with a `!`, which
# is not JSON.  Records end at a quotation mark, so they are by turns the text between strings and
# (the pieces of) a string.  Run it with LC_ALL=C: the patterns are about bytes.

BEGIN {
    RS = "\""
    ORS = ""
    number = "-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?"
    hex = "[0-9A-Fa-f]"
    low_surrogate = "\\\\u[Dd][C-Fc-f]" hex hex
    surrogate_pair = "\\\\u[Dd][89ABab]" hex hex low_surrogate
    surrogate = "\\\\u[Dd][89A-Fa-f]"
    unicode_escape = "\\\\u" hex hex hex hex
    tail = "[\200-\277]"
    utf8 = "[\302-\337]" tail \
        "|\340[\240-\277]" tail "|[\341-\354\356\357]" tail tail "|\355[\200-\237]" tail \
        "|\360[\220-\277]" tail tail "|[\361-\363]" tail tail tail "|\364[\200-\217]" tail tail
}

function broken() {
    print "!"
    exit
}

NR > 1 { print "\"" } # the mark that ended the record before

!in_string {
    rest = $0
    gsub(number, " ", rest)
    gsub(/true|false|null/, " ", rest)
    if (rest ~ /[^][{}:, \t\r\n]/)
        broken() # also a byte-order mark (DOC-02) and white space of other alphabets
    gsub(number, "\"#&\"")
    print
    in_string = 1
    starts = 1
    next
}

{
    if (starts)
        print sprintf("%08d", ++strings)
    print
    starts = 0

    rest = $0
    if (match(rest, /\\+$/) && RLENGTH % 2 == 1) # the mark is escaped: the string goes on
        rest = substr(rest, 1, length(rest) - 1)
    else
        in_string = 0

    if (rest ~ /[\001-\037]/)
        broken()
    gsub(utf8, "?", rest)
    if (rest ~ /[\200-\377]/)
        broken()
    gsub(/\\["\\\/bfnrt]/, " ", rest) # from the left, so that in \\u only the u is left over
    gsub(surrogate_pair, " ", rest)
    if (rest ~ surrogate)
        broken()
    gsub(unicode_escape, " ", rest)
    if (rest ~ /\\/)
        broken()
}
