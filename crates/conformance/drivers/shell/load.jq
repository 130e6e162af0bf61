# load.jq: the second half of load.sh.  Its input is what load.awk wrote: a string has eight digits
# in front, a number is a string that begins with `#`.  Its output is one line, `accept` or
# `reject CODE ...`, which never quotes the document (GEN-07).

def need(condition; $reason): if condition then . else error("reject " + $reason) end;

def is_text: type == "string" and (startswith("#") | not);
def text: .[8:];
def texts: .[] | text;

# The values of a member: none or one (DOC-04).
def member($name):
  [to_entries[] | select(.key | text == $name) | .value]
  | need(length < 2; "duplicate-member " + $name);
def required($name): member($name) | need(length == 1; "missing-member " + $name) | .[0];
def optional($name): member($name) | .[0]; # null if absent: the same (DOC-08, TOK-08)

def need_text($name): need(is_text; "wrong-type " + $name);
def need_texts($name): need(type == "array" and all(.[]; is_text); "wrong-type " + $name);

# DB-01.  \A and \z: `$` would let a final newline through.
def is_database: length <= 511 and test("\\A[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9_-]+)?\\z");

# PERM-01 to PERM-08, DB-04.  What is between the colons cannot be empty; list elements neither,
# for no name and no action is.
def is_permission:
  "(health|metrics|ping|ready)" as $system
  | "(read|write|create|delete|describe)" as $action
  | test("\\Asystem:(\\*|\($system)(,\($system))*):read(,read)*\\z")
    or (test("\\Adb:[^:]+:\($action)(,\($action))*\\z")
        and (split(":")[1] | . == "*" or all(split(",")[]; . == "_internal" or is_database)));

# TOK-08: an integer, spelled as one, in signed 64 bits.  Digits of the same count compare as text.
def check_expiry:
  need(. == null or (type == "string" and test("\\A#-?[0-9]+\\z")); "wrong-type expiry_millis")
  | if . == null then .
    else
      (if startswith("#-") then [.[2:], "9223372036854775808"]
       else [.[1:], "9223372036854775807"] end) as [$digits, $most]
      | need([($digits | length), $digits] <= [($most | length), $most]; "expiry-out-of-range")
    end;

# A token object in, its token and name out.
def check_token:
  need(type == "object"; "not-an-object in tokens")
  | {
      token: (required("token") | need_text("token") | text
              | need(startswith("apiv3_"); "token-prefix")), # TOK-01
      name: (required("name") | need_text("name") | text
             | need(. != ""; "empty-name")), # TOK-05
      expiry: (optional("expiry_millis") | check_expiry),
      permissions: (required("permissions") | need_texts("permissions") # TOK-10, TOK-11
                    | need(all(texts; is_permission); "permission"))
    };

def need_unique(f; $reason): need(length == (map(f) | unique | length); $reason);

def check_document:
  need(type == "object"; "not-an-object") # DOC-06
  | (optional("create_databases") | if . == null then [] else . end
     | need_texts("create_databases") # DOC-08
     | need(all(texts; is_database); "database-name in create_databases")) as $databases
  | required("tokens")
  | need(type == "array"; "wrong-type tokens") # DOC-06
  | map(check_token)
  | need_unique(.token; "duplicate-token") # TOK-04
  | need_unique(.name; "duplicate-name"); # TOK-06

# `inputs` gives every value that stands in the file; there must be one (DOC-01).  The brackets
# around the inner `try` are for jq 1.6, whose `try` else catches the errors of what follows it too.
try (
  [try [inputs] catch null] | .[0]
  | need(. != null; "json-syntax")
  | need(length == 1; "json-syntax: \(length) values")
  | .[0]
  | check_document
  | "accept"
) catch .
