//! Findings in words: code, rule, message and help.

use super::finding::{Fault, Finding, Spot};
use super::json::{self, JsonType};
use super::known::Known;
use super::{Kind, escape, syntax};
use crate::database::DatabaseNameError;
use crate::diagnostic::{Code, Diagnostic, Place, Rule, rules};
use crate::name::EmptyNameError;
use crate::permission::{INTERNAL_DATABASE, PermissionError};
use crate::secret::PrefixError;
use crate::{Span, quote};

/// What is to be said of a finding in this source.
pub(super) fn diagnostic(source: &str, finding: &Finding<'_>) -> Diagnostic {
    let Finding { spot, raw, fault } = finding;
    let place = |spot: Spot, raw| Place { pointer: spot.to_string(), span: Span::of(source, raw) };
    let said = match fault {
        Fault::NotUtf8(bytes, error) => syntax::not_utf8(bytes, error),
        Fault::ByteOrderMark => syntax::byte_order_mark(),
        Fault::Syntax(error) => no_json(source, raw, error),
        Fault::LoneSurrogate => lone_surrogate(),
        Fault::NotAnObject(json_type, expected) => not_an_object(*spot, *json_type, *expected),
        Fault::WrongKind { found, expected } => wrong_kind(*found, *expected),
        Fault::Missing(member) => missing(*spot, *member),
        Fault::DuplicateMember { first } => {
            duplicate_member(*spot).related("first given here", place(*spot, first))
        }
        Fault::WrongType(json_type) => wrong_type(*spot, *json_type),
        Fault::NotAnInteger => not_an_integer(*spot),
        Fault::ExpiryOutOfRange => expiry_out_of_range(*spot),
        Fault::DatabaseName(error) => database_name(raw, error),
        Fault::Permission(error) => permission(error),
        Fault::Prefix(error) => prefix(*error),
        Fault::EmptyName(error) => empty_name(*error),
        Fault::DuplicateName { first: (spot, first) } => {
            duplicate_name(raw).related("first used here", place(*spot, first))
        }
        Fault::DuplicateSecret { first: (spot, first), fingerprint } => {
            duplicate_secret(fingerprint).related("first used here", place(*spot, first))
        }
    };
    // What is said of the text as a whole has its place already.
    if said.place.is_some() { said } else { said.at(place(*spot, raw)) }
}

/// DOC-01. For the same slip serde_json has other words in an object or a string that it visits than in
/// a value that it passes over; the latter are taken everywhere.
fn no_json(source: &str, text: &str, error: &serde_json::Error) -> Diagnostic {
    let is_visited = text.trim_start().starts_with(['{', '"']);
    let passing = if is_visited { json::value(text).err() } else { None };
    syntax::diagnostic(source, text, passing.as_ref().unwrap_or(error))
}

fn lone_surrogate() -> Diagnostic {
    let message = "an escape is half of a surrogate pair and means no character";
    Diagnostic::new(Code::JsonSyntax, rules::DOC_01, message)
        .help("write both halves, or the character itself")
}

fn not_an_object(spot: Spot, json_type: JsonType, expected: Option<Kind>) -> Diagnostic {
    let (what, rule, example) = match (spot, expected) {
        (Spot::File, Some(Kind::Admin)) => {
            let example = "such a file is {\"token\": \"apiv3_…\", \"name\": \"…\"}";
            ("an admin token file", rules::ADM_01, example)
        }
        (Spot::File, _) => ("a tokens file", rules::DOC_06, "such a file is {\"tokens\": [ … ]}"),
        _ => {
            let example =
                "a token is {\"token\": \"apiv3_…\", \"name\": \"…\", \"permissions\": [ … ]}";
            ("a token", rules::DOC_06, example)
        }
    };
    let message = format!("{what} must be an object, not {json_type}");
    Diagnostic::new(Code::NotAnObject, rule, message).help(match json_type {
        JsonType::Array => "name the members: {\"name\": value, …}",
        _ => example,
    })
}

fn wrong_kind(found: Kind, expected: Kind) -> Diagnostic {
    let message =
        format!("this is {}, and {} is asked for", found.described(), expected.described());
    Diagnostic::new(Code::WrongKind, rules::ADM_03, message).help(match expected {
        Kind::Permission => {
            "name the permission tokens file; a server takes this one as its admin token file"
        }
        Kind::Admin => {
            "name the admin token file; a server takes this one as its permission tokens file"
        }
    })
}

fn missing(owner: Spot, member: Known) -> Diagnostic {
    let words = if owner == Spot::File { "the file" } else { "a token" };
    let message = format!("{words} has no member `{}`", member.as_str());
    let rule = rule_of(owner.member(member));
    Diagnostic::new(Code::MissingMember, rule, message).help(match member {
        Known::Tokens => "add `\"tokens\": [ … ]`; a file made by `create token` has it",
        Known::Token => "add the token string; `create token` generates one",
        Known::Name => "add a name, unique in the file",
        _ => "add `\"permissions\": [\"db:NAME:read,write\"]`",
    })
}

fn duplicate_member(spot: Spot) -> Diagnostic {
    let message = format!("`{}` is given twice", spot.name());
    Diagnostic::new(Code::DuplicateMember, rules::DOC_04, message)
        .help("remove one of them: servers refuse both")
}

fn wrong_type(spot: Spot, json_type: JsonType) -> Diagnostic {
    let what = match spot {
        Spot::Database(_) | Spot::Permission(..) => format!("each element of `{}`", spot.name()),
        _ => format!("`{}`", spot.name()),
    };
    let message = format!("{what} must be {}, not {json_type}", wanted(spot));
    let said = Diagnostic::new(Code::WrongType, rule_of(spot), message);
    match spot.known() {
        _ if json_type != JsonType::String => said,
        Some(Known::Permissions) => {
            said.help("put the permission in brackets: [\"db:sensors:read\"]")
        }
        Some(Known::ExpiryMillis) => said.help("leave the quotes out"),
        _ => said,
    }
}

fn not_an_integer(spot: Spot) -> Diagnostic {
    let message =
        "`expiry_millis` must be spelled as an integer, without fraction, exponent or `-0`";
    Diagnostic::new(Code::WrongType, rule_of(spot), message)
        .help("give whole milliseconds since 1970, for example 1914080061529")
}

fn expiry_out_of_range(spot: Spot) -> Diagnostic {
    let message = "`expiry_millis` does not fit in a signed 64-bit integer";
    Diagnostic::new(Code::ExpiryOutOfRange, rule_of(spot), message)
        .help("leave it out for a token that never expires")
}

fn database_name(raw: &str, error: &DatabaseNameError) -> Diagnostic {
    let (rule, help) = if escape::decode_lossy(raw) == INTERNAL_DATABASE {
        let help = "leave it out: every server has `_internal` already";
        (rules::DB_04, help.to_owned())
    } else {
        (rules::DB_01, error.help())
    };
    Diagnostic::new(Code::DatabaseName, rule, error.to_string()).help(help)
}

fn permission(error: &PermissionError) -> Diagnostic {
    let fault = error.fault();
    Diagnostic::new(fault.code(), fault.rule(), error.to_string()).help(error.help())
}

fn prefix(error: PrefixError) -> Diagnostic {
    Diagnostic::new(Code::TokenPrefix, rules::TOK_01, error.to_string()).help(error.help())
}

fn empty_name(error: EmptyNameError) -> Diagnostic {
    Diagnostic::new(Code::EmptyName, rules::TOK_05, error.to_string())
        .help("give it a name; perhaps a shell variable was not set")
}

fn duplicate_name(raw: &str) -> Diagnostic {
    let message = format!("two tokens have the name {}", quote(&escape::decode_lossy(raw)));
    Diagnostic::new(Code::DuplicateName, rules::TOK_06, message)
        .help("rename one: servers know a token by its name")
}

fn duplicate_secret(fingerprint: &str) -> Diagnostic {
    let message = format!("two tokens have the same string, fingerprint {fingerprint}");
    Diagnostic::new(Code::DuplicateToken, rules::TOK_04, message)
        .help("make a string for each token with `create token`; servers know a token by its hash")
}

/// The rule of what stands at a place.
fn rule_of(spot: Spot) -> Rule {
    match spot {
        Spot::File | Spot::Tokens | Spot::Token(_) => rules::DOC_06,
        Spot::Databases | Spot::Database(_) => rules::DOC_08,
        Spot::Member(None, _) => rules::ADM_02,
        Spot::Member(_, Known::Token) => rules::TOK_01,
        Spot::Member(_, Known::Name) => rules::TOK_06,
        Spot::Member(_, Known::Permissions) => rules::TOK_10,
        Spot::Member(..) => rules::TOK_08,
        Spot::Permission(..) => rules::TOK_10,
    }
}

/// What is to stand at a place.
fn wanted(spot: Spot) -> &'static str {
    match (spot, spot.known()) {
        (Spot::Database(_) | Spot::Permission(..), _) => "a string",
        (_, Some(Known::Tokens)) => "an array of objects",
        (_, Some(Known::CreateDatabases | Known::Permissions)) => "an array of strings",
        (_, Some(Known::ExpiryMillis)) => "an integer, or left out",
        _ => "a string",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rule, message and help of each finding.
    fn said(file: &str, expected: Option<Kind>) -> Vec<String> {
        let reading = crate::read(file.as_bytes(), expected);
        let said = reading.errors().iter().map(|error| {
            let help = error.help.as_deref().unwrap_or("no help");
            format!("{}: {} ({help})", error.rule, error.message)
        });
        said.collect()
    }

    const NAMED: &str = "name the members: {\"name\": value, …}";
    const NO_NAME: &str = "add a name, unique in the file";
    const NO_TOKEN: &str = "add the token string; `create token` generates one";
    const NO_INTEGER: &str = "`expiry_millis` must be spelled as an integer, without fraction, exponent \
         or `-0` (give whole milliseconds since 1970, for example 1914080061529)";
    const NO_START: &str = "does not begin with a letter or a digit";

    #[test]
    fn every_finding_names_its_rule_and_the_way_out() {
        for (file, expected) in [
            ("[]", vec![format!("DOC-06: a tokens file must be an object, not an array ({NAMED})")]),
            ("5", vec!["DOC-06: a tokens file must be an object, not a number (such a file is {\"tokens\": [ … ]})".into()]),
            (
                r#"{"tokens": [5, []]}"#,
                vec![
                    "DOC-06: a token must be an object, not a number (a token is {\"token\": \"apiv3_…\", \"name\": \"…\", \"permissions\": [ … ]})".into(),
                    format!("DOC-06: a token must be an object, not an array ({NAMED})"),
                ],
            ),
            (
                "{}",
                vec!["DOC-06: the file has no member `tokens` (add `\"tokens\": [ … ]`; a file made by `create token` has it)".into()],
            ),
            (
                r#"{"tokens": [{}]}"#,
                vec![
                    format!("TOK-01: a token has no member `token` ({NO_TOKEN})"),
                    format!("TOK-06: a token has no member `name` ({NO_NAME})"),
                    "TOK-10: a token has no member `permissions` (add `\"permissions\": [\"db:NAME:read,write\"]`)".into(),
                ],
            ),
            (
                r#"{"tokens": [], "tokens": []}"#,
                vec!["DOC-04: `tokens` is given twice (remove one of them: servers refuse both)".into()],
            ),
            (
                r#"{"tokens": {}, "create_databases": "a"}"#,
                vec![
                    "DOC-06: `tokens` must be an array of objects, not an object (no help)".into(),
                    "DOC-08: `create_databases` must be an array of strings, not a string (no help)".into(),
                ],
            ),
            (
                r#"{"tokens": [{"token": 5, "name": "", "permissions": "db:a:read", "expiry_millis": "5"}]}"#,
                vec![
                    "TOK-01: `token` must be a string, not a number (no help)".into(),
                    "TOK-05: a token's name is empty (give it a name; perhaps a shell variable was not set)".into(),
                    "TOK-10: `permissions` must be an array of strings, not a string (put the permission in brackets: [\"db:sensors:read\"])".into(),
                    "TOK-08: `expiry_millis` must be an integer, or left out, not a string (leave the quotes out)".into(),
                ],
            ),
            (
                r#"{"tokens": [{"token": "x", "name": [], "permissions": [null, "db:a:all"], "expiry_millis": true}]}"#,
                vec![
                    "TOK-01: a token string does not begin with `apiv3_` (a server takes only strings that begin with `apiv3_`: generate one with `create token`)".into(),
                    "TOK-06: `name` must be a string, not an array (no help)".into(),
                    "TOK-10: each element of `permissions` must be a string, not null (no help)".into(),
                    "PERM-07: `all` in `db:a:all` is not an action of `db` (the actions are create, describe, read, write, delete)".into(),
                    "TOK-08: `expiry_millis` must be an integer, or left out, not a boolean (no help)".into(),
                ],
            ),
            (
                r#"{"tokens": [{"token": "apiv3_x", "name": "n", "permissions": {}, "expiry_millis": 1.0},
                    {"token": "apiv3_x", "name": "n", "permissions": [], "expiry_millis": 9223372036854775808}]}"#,
                vec![
                    "TOK-10: `permissions` must be an array of strings, not an object (no help)".into(),
                    format!("TOK-08: {NO_INTEGER}"),
                    "TOK-04: two tokens have the same string, fingerprint d02b0b6e3 (make a string for each token with `create token`; servers know a token by its hash)".into(),
                    "TOK-06: two tokens have the name `n` (rename one: servers know a token by its name)".into(),
                    "TOK-08: `expiry_millis` does not fit in a signed 64-bit integer (leave it out for a token that never expires)".into(),
                ],
            ),
            (
                r#"{"tokens": [], "create_databases": [5, "_internal", "-", "\ud800"]}"#,
                vec![
                    "DOC-08: each element of `create_databases` must be a string, not a number (no help)".into(),
                    format!("DB-04: `_internal` is not a database name: it {NO_START} (leave it out: every server has `_internal` already)"),
                    format!("DB-01: `-` is not a database name: it {NO_START} (use 1 to 511 ASCII letters, digits, `_` and `-`, beginning with a letter or a digit, with at most one `/` inside)"),
                    "DOC-01: an escape is half of a surrogate pair and means no character (write both halves, or the character itself)".into(),
                ],
            ),
            (
                r#"{"token": "apiv3_x", "name": 5, "expiry_millis": "1"}"#,
                vec![
                    "ADM-02: `name` must be a string, not a number (no help)".into(),
                    "ADM-02: `expiry_millis` must be an integer, or left out, not a string (leave the quotes out)".into(),
                ],
            ),
        ] {
            assert_eq!(said(file, None), expected, "{file}");
        }
    }

    #[test]
    fn a_file_that_is_to_be_of_a_kind_is_measured_by_it() {
        let wrong = "ADM-03: this is a permission tokens file, and an admin token file is asked for \
             (name the admin token file; a server takes this one as its permission tokens file)";
        for (file, kind, expected) in [
            ("[]", Kind::Admin, vec![format!("ADM-01: an admin token file must be an object, not an array ({NAMED})")]),
            ("5", Kind::Admin, vec!["ADM-01: an admin token file must be an object, not a number (such a file is {\"token\": \"apiv3_…\", \"name\": \"…\"})".into()]),
            (
                "{}",
                Kind::Admin,
                vec![
                    format!("ADM-02: the file has no member `token` ({NO_TOKEN})"),
                    format!("ADM-02: the file has no member `name` ({NO_NAME})"),
                ],
            ),
            (r#"{"tokens": []}"#, Kind::Admin, vec![wrong.into()]),
            // Nothing else is said of a file of the other kind.
            (r#"{"create_databases": ["-"]}"#, Kind::Admin, vec![wrong.into()]),
            (
                r#"{"token": 5}"#,
                Kind::Permission,
                vec!["ADM-03: this is an admin token file, and a permission tokens file is asked for (name the permission tokens file; a server takes this one as its admin token file)".into()],
            ),
        ] {
            assert_eq!(said(file, Some(kind)), expected, "{file}");
        }
    }
}
