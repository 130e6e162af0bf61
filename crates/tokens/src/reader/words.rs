//! Findings in words: code, rule, message and help.

use zeroize::Zeroizing;

use super::finding::{Fault, Finding, Spot};
use super::json::{self, JsonType};
use super::known::Known;
use super::{Kind, escape, syntax};
use crate::database::DatabaseNameError;
use crate::diagnostic::{Code, Diagnostic, Place, Rule, rules};
use crate::name::EmptyNameError;
use crate::permission::{INTERNAL_DATABASE, PermissionError};
use crate::secret::PrefixError;
use crate::{Span, TokenHash, quote};

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
        Fault::DuplicateSecret { first: (spot, first) } => {
            duplicate_secret(raw).related("first used here", place(*spot, first))
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
    let (what, rule) = match (spot, expected) {
        (Spot::File, Some(Kind::Admin)) => ("an admin token file", rules::ADM_01),
        (Spot::File, _) => ("a tokens file", rules::DOC_06),
        _ => ("a token", rules::DOC_06),
    };
    let message = format!("{what} must be an object, not {json_type}");
    Diagnostic::new(Code::NotAnObject, rule, message).help(match json_type {
        JsonType::Array => "name the members: {\"name\": value, …}",
        _ if spot == Spot::File => "a file is {\"tokens\": [ … ]}",
        _ => "a token is {\"token\": \"apiv3_…\", \"name\": \"…\", \"permissions\": [ … ]}",
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

fn duplicate_secret(raw: &str) -> Diagnostic {
    let secret = Zeroizing::new(escape::decode_lossy(raw).into_owned());
    let hash = TokenHash::of(&secret);
    let message = format!("two tokens have the same string, fingerprint {}", hash.fingerprint());
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
