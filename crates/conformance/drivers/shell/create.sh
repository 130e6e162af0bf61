#!/bin/sh
# create.sh: a sample of how NOT to do it: the here-document of many a wiki, as test subject for
# the generator form.  With a plain name, an expiry in days and a path where nothing stands yet,
# it leaves a file that loads.  What it breaks:
#
#   GEN-01  eight random bytes in hex, not 64 in base64: weak
#   GEN-02  --offline is not looked at; unknown flags are ignored
#   GEN-03  --expiry in days alone (`1h` is an error); a great number wraps around, 0d is dead at birth
#   GEN-04  `null` and `[]` where an optional member should be left out
#   GEN-05  nothing is escaped or checked: a name with a quotation mark, an empty name or a bad
#           permission gives a file that does not load
#   GEN-07  the secret goes to stdout
#   FILE-01, FILE-02, FILE-03, FILE-06  an old file, whatever it is, is overwritten, not appended to
#   FILE-04  the mode is that of the umask (0644 as a rule), or of the old file
#   FILE-05  written in place: whoever reads meanwhile, or after a crash, sees a part
#   FILE-07, FILE-09  follows symbolic links, waits at a FIFO; reports success even if it cannot write

set -u
shift 2 # create token

name='' file='' expiry=null permissions='' databases=''
while [ $# -gt 0 ]; do
    case $1 in
    --name) name=$2 && shift ;;
    --permission | --permissions) permissions="$permissions${permissions:+, }\"$2\"" && shift ;;
    --expiry) expiry=$((($(date +%s) + ${2%d} * 86400) * 1000)) && shift ;;
    --create-databases) databases="\"$(echo "$2" | sed 's/,/", "/g')\"" && shift ;;
    --output-file) file=$2 && shift ;;
    esac
    shift
done

token=apiv3_$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')

cat >"$file" <<EOF
{
  "create_databases": [$databases],
  "tokens": [
    {
      "token": "$token",
      "name": "$name",
      "expiry_millis": $expiry,
      "permissions": [$permissions]
    }
  ]
}
EOF

echo "Created token $name: $token"
