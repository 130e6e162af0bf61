//! The words of the format, and words that are nearly such. They stand here once more, apart from the
//! library's own, so that a slip there is noticed.

/// The actions on databases, in canonical order (PERM-11).
pub const ACTIONS: [&str; 5] = ["create", "describe", "read", "write", "delete"];

/// What a `system` permission can name (PERM-06).
pub const SYSTEM_NAMES: [&str; 4] = ["health", "metrics", "ping", "ready"];

/// No resource types; `*` is judged apart (PERM-02).
pub const NO_TYPES: [&str; 9] = ["", "token", "DB", "Db", " db", "db ", "System", "dbs", "ｄｂ"];

/// No database names (DB-01). None of them holds a `,` or a `:`, and none is empty or `*`.
pub const NO_DATABASE_NAMES: [&str; 19] = [
    "-a", "_a", "/a", "a/", "/", "a/b/c", "a//b", "a b", " a", "a ", "a.b", "db*", "**", "a\n",
    "a\0", "é", "ก", "a\u{a0}", "\"a\"",
];

/// No system names (PERM-06), under the same conditions.
pub const NO_SYSTEM_NAMES: [&str; 8] =
    ["Health", " ping", "ping ", "metric", "info", "write", "a", "pıng"];

/// No actions (PERM-07), under the same conditions; `*` is one of them.
pub const NO_ACTIONS: [&str; 10] =
    ["*", "drop", "update", "Read", "READ", " read", "read ", "reads", "rea", "ｒead"];

/// A word with one letter in upper case, one letter twice, and one letter missing: what was done, and
/// the text.
///
/// ```
/// let all = testkit::words::misspelt("db");
/// assert!(all.contains(&("twice-1".to_owned(), "ddb".to_owned())));
/// ```
pub fn misspelt(word: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (at, letter) in word.char_indices() {
        let (head, tail) = word.split_at(at);
        let tail = tail.trim_start_matches(letter);
        let upper = letter.to_ascii_uppercase();
        all.push((format!("upper-{}", at + 1), format!("{head}{upper}{tail}")));
        all.push((format!("twice-{}", at + 1), format!("{head}{letter}{letter}{tail}")));
        all.push((format!("without-{}", at + 1), format!("{head}{tail}")));
    }
    // Letters that follow each other in the word make some of them the word itself.
    all.retain(|(_, text)| text != word && !text.is_empty());
    all
}

/// Each type of JSON, and a value of it.
pub const TYPES: [(&str, &str); 7] = [
    ("object", r#"{"a":1}"#),
    ("array", "[1]"),
    ("string", r#""plant7""#),
    ("number", "17"),
    ("true", "true"),
    ("false", "false"),
    ("null", "null"),
];

/// The types that may stand in each member's place, and in that of an element of a list of strings.
pub const MEMBER_TYPES: [(&str, &[&str]); 8] = [
    ("create_databases", &["array", "null"]),
    ("database", &["string"]),
    ("tokens", &["array"]),
    ("token", &["string"]),
    ("name", &["string"]),
    ("expiry_millis", &["number", "null"]),
    ("permissions", &["array"]),
    ("permission", &["string"]),
];

/// The values of the types that may not stand in a member's place, with their names.
///
/// ```
/// let wrong: Vec<&str> = testkit::words::wrong_types("expiry_millis").map(|(name, _)| name).collect();
/// assert_eq!(wrong, ["object", "array", "string", "true", "false"]);
/// ```
pub fn wrong_types(member: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let allowed = MEMBER_TYPES.iter().find(|(name, _)| *name == member);
    let allowed = allowed.map_or(&[][..], |(_, allowed)| allowed);
    TYPES.into_iter().filter(move |(name, _)| !allowed.contains(name))
}

/// What is no value in JSON, and at which byte that shows (DOC-01).
pub const NO_VALUES: [(&str, usize); 11] = [
    ("NaN", 0),
    ("Infinity", 0),
    ("True", 0),
    ("undefined", 0),
    ("'x'", 0),
    ("+1", 0),
    (".5", 0),
    ("01", 1),
    ("0x1", 1),
    ("-x", 1),
    ("1.x", 2),
];

/// Numbers that are not spelled as integers, each by a name (TOK-08).
pub const EXPIRIES_SPELLED_WRONG: [(&str, &str); 9] = [
    ("fraction", "1900000000000.0"),
    ("fraction-zeros", "1900000000000.000"),
    ("half", "1900000000000.5"),
    ("exponent-zero", "1900000000000e0"),
    ("exponent-plus", "19e+11"),
    ("exponent-upper", "19E11"),
    ("exponent-minus", "19000000000000e-1"),
    ("zero-fraction", "0.0"),
    ("minus-fraction", "-1.0"),
];

/// Integers beyond 64 bits, each by a name (TOK-08).
pub const EXPIRIES_OUT_OF_RANGE: [(&str, &str); 5] = [
    ("past-64-bits", "9223372036854775808"),
    ("unsigned-64-bits", "18446744073709551615"),
    ("past-unsigned-64-bits", "18446744073709551616"),
    ("minus-past-64-bits", "-9223372036854775809"),
    (
        "hundred-digits",
        "9999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999",
    ),
];

/// What stands after the prefix of token strings that can be guessed (TOK-02).
pub const WEAK: [&str; 6] = [
    "",
    "short",
    "q8Zt3Kx0Lw7Rb2Yc5Nf1V",
    "0123456789abcdef0123456789abcde",
    "q8Zt3Kx0Laaaaaaaa2Yc5Nf1V",
    "abababababababababababab",
];

/// What stands after the prefix of placeholders (TOK-02).
pub const PLACEHOLDERS: [&str; 8] = [
    "YOUR-TOKEN",
    "your_token_here",
    "<token>",
    "${TOKEN}",
    "$TOKEN",
    "example",
    "...",
    "xxx-xxxx-xxx",
];

/// What stands after the prefix of token strings that no header carries (TOK-03).
pub const UNUSABLE: [&str; 6] = [
    "q8Zt3Kx0Lw7Rb2Yc5Nf1V Hs",
    "q8Zt3Kx0Lw7Rb2Yc5Nf1VHs\n",
    "q8Zt3Kx0Lw7Rb2Yc5Nf1VHs\u{7f}",
    "q8Zt3Kx0Lw7Rb2Yc5Nf1VHs\u{e9}",
    "\tq8Zt3Kx0Lw7Rb2Yc5Nf1VHs",
    "q8Zt3Kx0Lw7Rb2Yc5Nf1V\0Hs",
];
