# load.awk: the first half of load.sh.  Reads JSON text and writes JSON of the same structure,
#
#   - each string with a serial number of eight digits in front:  "name"  ->  "00000003name"
#     (so two members of one name stay two for jq, DOC-04),
#   - each number as a string of its digits:  1.0  ->  "#1.0"
#     (so nothing is rounded, and how it was spelled can still be seen, TOK-08).
#
# Exit status 1: what stands between the strings, or in one, is not spelled as JSON is (DOC-01).
# Whether it all fits together is left to jq.  Records end at a quotation mark, so they are by turns
# the text between strings and (the pieces of) a string.  Run it with LC_ALL=C: the patterns are
# about bytes.

BEGIN {
    RS = "\""
    ORS = ""
    number = "-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?"

    # What a string is made of: no control characters, no invalid UTF-8, no lone surrogates.
    tail = "[\200-\277]"
    utf8 = "[\302-\337]" tail \
        "|\340[\240-\277]" tail "|[\341-\354\356\357]" tail tail "|\355[\200-\237]" tail \
        "|\360[\220-\277]" tail tail "|[\361-\363]" tail tail tail "|\364[\200-\217]" tail tail
    hex = "[0-9A-Fa-f]"
    backslash = "\\\\"
    escape = backslash "[/bfnrt" backslash "]" \
        "|" backslash "u([0-9A-CEFa-cef]" hex "|[Dd][0-7])" hex hex \
        "|" backslash "u[Dd][89ABab]" hex hex backslash "u[Dd][C-Fc-f]" hex hex
    plain = "[^" backslash "\001-\037\200-\377]"
    string = "^(" plain "|" utf8 "|" escape ")*$"
}

NR > 1 { print "\"" } # the mark that ended the record before

!in_string {
    rest = $0
    gsub(number, " ", rest)
    gsub(/true|false|null/, " ", rest)
    if (rest ~ /[^][{}:, \t\r\n]/)
        exit 1 # also at a byte-order mark (DOC-02)
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

    piece = $0
    if (match(piece, /\\+$/) && RLENGTH % 2 == 1) # the mark is escaped: the string goes on
        piece = substr(piece, 1, length(piece) - 1)
    else
        in_string = 0
    if (piece !~ string)
        exit 1
}
