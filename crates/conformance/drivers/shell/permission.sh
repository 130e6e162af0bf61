#!/bin/sh
# permission.sh: is this a permission of a tokens file?  One-shot form of the suite, the text on
# stdin with nothing added to it:
#
#     printf %s db:a,b:read | sh permission.sh
#
# exit 0: accept.  Exit 1 and a line `reject CODE` on stdout: reject.  Anything else is no verdict.

set -u
set -f   # lists are split by the shell: no file names for `*`
LC_ALL=C # bytes, and plain a-z in bracket expressions
export LC_ALL

reject() {
    printf 'reject %s\n' "$1"
    exit 1
}

# A shell cannot hold NUL, and $(...) drops final newlines.  Both are faults of the text (PERM-10):
# the one becomes another control character, the other is kept by the dot.
text=$(tr '\000' '\001' && printf .) || exit 3
text=${text%.}

# PERM-01: three parts around two colons.
case $text in
*:*:*:*) reject permission-shape ;;
*:*:*) ;;
*) reject permission-shape ;;
esac
# With exactly two colons, only an empty third part can get lost in splitting.
IFS=:
# shellcheck disable=SC2086
set -- $text
type=$1
names=$2
actions=${3-}

# PERM-02
case $type in
db | system) ;;
'*') reject permission-admin-only ;;
*) reject permission-resource-type ;;
esac

# PERM-04: checked before splitting, which would lose the empty element of `a,`.
case ,$names, in
*,,*) reject permission-empty-element ;;
esac
case ,$actions, in
*,,*) actions= ;; # said after the faults of the names
esac

# DB-01, DB-04
is_database() {
    case $1 in
    _internal) return 0 ;;
    [!A-Za-z0-9]* | *[!A-Za-z0-9_/-]* | */*/* | */) return 1 ;;
    esac
    [ "${#1}" -le 511 ]
}

IFS=,
case $names in
'*') ;;
*)
    for name in $names; do
        case $type:$name in
        *:'*') reject permission-mixed-wildcard ;; # PERM-03
        system:health | system:metrics | system:ping | system:ready) ;;
        system:*) reject permission-system-name ;; # PERM-06
        db:*) is_database "$name" || reject database-name ;; # PERM-05
        esac
    done
    ;;
esac

[ -n "$actions" ] || reject permission-empty-element
for action in $actions; do
    case $type:$action in
    db:read | db:write | db:create | db:delete | db:describe | system:read) ;;
    *) reject permission-action ;; # PERM-07, PERM-08
    esac
done
exit 0
