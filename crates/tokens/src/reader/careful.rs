//! The careful path: reads level by level, passes over what is faulty, and says everything there is
//! to say. One wrong member never hides another.

use std::collections::HashMap;

use super::draft::{Draft, DraftExpiry, DraftPermission, DraftToken, List, Text, pointer_to};
use super::escape::{self, Escapes};
use super::expiry::{self, ExpiryFault};
use super::json::{self, JsonType};
use super::{Kind, syntax};
use crate::database::DatabaseName;
use crate::diagnostic::{Code, Diagnostic, Place, Rule, rules};
use crate::permission::{INTERNAL_DATABASE, Permission};
use crate::{Span, quote};

/// What is read of a text: its kind, its draft, and everything that is wrong with it. `text` is all
/// of `source` but a byte-order mark.
pub(super) fn read<'a>(
    source: &'a str,
    text: &'a str,
    expected: Option<Kind>,
) -> (Option<Kind>, Option<Draft<'a>>, Vec<Diagnostic>) {
    let mut careful = Careful { source, kind: None, found: Vec::new() };
    let draft = careful.file(text, expected);
    (careful.kind, draft, careful.found)
}

struct Careful<'a> {
    source: &'a str,
    kind: Option<Kind>,
    found: Vec<Diagnostic>,
}

/// A member of an object: its name decoded and as it is spelled, and its value.
struct Member<'a> {
    name: Text<'a>,
    value: &'a str,
}

impl<'a> Careful<'a> {
    fn file(&mut self, text: &'a str, expected: Option<Kind>) -> Option<Draft<'a>> {
        let root = match json::value(text) {
            Ok(root) => root,
            Err(error) => {
                self.found.push(syntax::diagnostic(self.source, text, &error));
                return None;
            }
        };
        if JsonType::of(root) != JsonType::Object {
            let (what, rule) = match expected {
                Some(Kind::Admin) => ("an admin token file", rules::ADM_01),
                _ => ("a tokens file", rules::DOC_06),
            };
            self.not_an_object("", root, what, rule);
            return None;
        }
        let members = self.members("", root);
        self.kind = Kind::of(members.iter().map(|member| member.name.as_str()));
        match (self.kind, expected) {
            (Some(found), Some(expected)) if found != expected => {
                self.wrong_kind(root, found, expected);
                None
            }
            (Some(Kind::Admin), _) | (None, Some(Kind::Admin)) => Some(self.admin(root, members)),
            _ => Some(self.permission(root, members)),
        }
    }

    fn permission(&mut self, root: &'a str, members: Vec<Member<'a>>) -> Draft<'a> {
        let mut draft = Draft {
            source: self.source,
            kind: Kind::Permission,
            create_databases: None,
            tokens: None,
            unknown: Vec::new(),
        };
        self.duplicates("", &members, &["create_databases", "tokens"]);
        if !members.iter().any(|member| member.name.as_str() == "tokens") {
            self.missing("", root, "tokens", rules::DOC_06);
        }
        for Member { name, value } in members {
            match name.as_str() {
                "create_databases" => draft.create_databases = self.databases(value),
                "tokens" => draft.tokens = self.tokens(value),
                _ => draft.unknown.push(name),
            }
        }
        draft
    }

    fn admin(&mut self, root: &'a str, members: Vec<Member<'a>>) -> Draft<'a> {
        let token = self.token("", root, members, Kind::Admin);
        Draft {
            source: self.source,
            kind: Kind::Admin,
            create_databases: None,
            tokens: Some(List { items: vec![token], raw: None }),
            unknown: Vec::new(),
        }
    }

    /// DOC-08.
    fn databases(&mut self, value: &'a str) -> Option<Vec<Option<Text<'a>>>> {
        let pointer = "/create_databases";
        if JsonType::of(value) == JsonType::Null {
            return None;
        }
        let elements = self.array(pointer, value, "an array of strings", rules::DOC_08)?;
        let names = elements.into_iter().enumerate().map(|(index, value)| {
            let pointer = format!("{pointer}/{index}");
            let name = self.string(&pointer, value, rules::DOC_08)?;
            match DatabaseName::parse(name.as_str()) {
                Ok(_) => Some(name),
                Err(error) => {
                    let internal = name.as_str() == INTERNAL_DATABASE;
                    let (rule, help) = if internal {
                        let help = "leave it out: every server has `_internal` already";
                        (rules::DB_04, help.to_owned())
                    } else {
                        (rules::DB_01, error.help())
                    };
                    let found = Diagnostic::new(Code::DatabaseName, rule, error.to_string());
                    self.push(found.help(help), pointer, name.raw());
                    None
                }
            }
        });
        Some(names.collect())
    }

    /// DOC-06.
    fn tokens(&mut self, value: &'a str) -> Option<List<'a, DraftToken<'a>>> {
        let elements = self.array("/tokens", value, "an array of objects", rules::DOC_06)?;
        let tokens = elements.into_iter().enumerate().map(|(index, value)| {
            let pointer = format!("/tokens/{index}");
            if JsonType::of(value) != JsonType::Object {
                self.not_an_object(&pointer, value, "a token", rules::DOC_06);
                return DraftToken::default();
            }
            let members = self.members(&pointer, value);
            self.token(&pointer, value, members, Kind::Permission)
        });
        Some(List { items: tokens.collect(), raw: Some(value) })
    }

    fn token(
        &mut self,
        pointer: &str,
        object: &'a str,
        members: Vec<Member<'a>>,
        kind: Kind,
    ) -> DraftToken<'a> {
        self.duplicates(pointer, &members, kind.token_members());
        for required in kind.required_members() {
            if !members.iter().any(|member| member.name.as_str() == *required) {
                self.missing(pointer, object, required, kind.rule_of(required));
            }
        }
        let mut token = DraftToken::default();
        for Member { name, value } in members {
            let pointer = pointer_to(pointer, name.as_str());
            let rule = kind.rule_of(name.as_str());
            match name.as_str() {
                "token" => token.token = self.string(&pointer, value, rule),
                "name" => token.name = self.string(&pointer, value, rule),
                "expiry_millis" => token.expiry = self.expiry(&pointer, value, rule),
                "permissions" if kind == Kind::Permission => {
                    token.permissions = self.permissions(&pointer, value);
                }
                _ => token.unknown.push(name),
            }
        }
        token
    }

    /// TOK-08.
    fn expiry(&mut self, pointer: &str, raw: &'a str, rule: Rule) -> Option<DraftExpiry<'a>> {
        match expiry::millis(raw) {
            Ok(millis) => return millis.map(|millis| DraftExpiry { raw, millis }),
            Err(ExpiryFault::WrongType) => {
                self.wrong_type(pointer, raw, "an integer, or left out", rule);
            }
            Err(ExpiryFault::NotAnInteger) => {
                let message = "`expiry_millis` must be spelled as an integer, without fraction, \
                               exponent or `-0`";
                let help = "give whole milliseconds since 1970, for example 1914080061529";
                let found = Diagnostic::new(Code::WrongType, rule, message).help(help);
                self.push(found, pointer.to_owned(), raw);
            }
            Err(ExpiryFault::OutOfRange) => {
                let message = "`expiry_millis` does not fit in a signed 64-bit integer";
                let help = "leave it out for a token that never expires";
                let found = Diagnostic::new(Code::ExpiryOutOfRange, rule, message);
                self.push(found.help(help), pointer.to_owned(), raw);
            }
        }
        None
    }

    /// TOK-10, TOK-11.
    fn permissions(
        &mut self,
        pointer: &str,
        value: &'a str,
    ) -> Option<List<'a, DraftPermission<'a>>> {
        let elements = self.array(pointer, value, "an array of strings", rules::TOK_10)?;
        let permissions = elements.into_iter().enumerate().map(|(index, value)| {
            let pointer = format!("{pointer}/{index}");
            let Some(text) = self.string(&pointer, value, rules::TOK_10) else {
                return DraftPermission { raw: value, permission: None, escapes: None };
            };
            let raw = text.raw();
            let (parsed, escapes) = if raw == text.as_str() {
                (Permission::parse(raw), None)
            } else {
                let parsed = Permission::parse(text.as_str().to_owned());
                (parsed, Some(Box::new(Escapes::of(raw))))
            };
            if let Err(error) = &parsed {
                let fault = error.fault();
                let found = Diagnostic::new(fault.code(), fault.rule(), error.to_string());
                let span = escapes.as_ref().map_or(error.span(), |e| e.raw(error.span()));
                self.push(
                    found.help(error.help()),
                    pointer,
                    raw.get(span.start..span.end).unwrap_or(raw),
                );
            }
            DraftPermission { raw, permission: parsed.ok(), escapes }
        });
        Some(List { items: permissions.collect(), raw: Some(value) })
    }

    /// The members of an object, their names decoded.
    fn members(&mut self, pointer: &str, object: &'a str) -> Vec<Member<'a>> {
        let members = json::members(object).into_iter();
        let members = members
            .filter_map(|(name, value)| Some(Member { name: self.decode(pointer, name)?, value }));
        members.collect()
    }

    /// DOC-04, for the names that this object knows.
    fn duplicates(&mut self, pointer: &str, members: &[Member<'a>], known: &[&str]) {
        let mut first_of: HashMap<&str, &Text<'a>> = HashMap::new();
        for Member { name, .. } in members {
            if !known.contains(&name.as_str()) {
                continue;
            }
            let Some(first) = first_of.get(name.as_str()) else {
                first_of.insert(name.as_str(), name);
                continue;
            };
            let message = format!("`{}` is given twice", name.as_str());
            let pointer = pointer_to(pointer, name.as_str());
            let first =
                Place { pointer: pointer.clone(), span: Span::of(self.source, first.raw()) };
            let found = Diagnostic::new(Code::DuplicateMember, rules::DOC_04, message)
                .help("remove one of them: servers refuse both")
                .related("first given here", first);
            self.push(found, pointer, name.raw());
        }
    }

    fn array(
        &mut self,
        pointer: &str,
        value: &'a str,
        wanted: &str,
        rule: Rule,
    ) -> Option<Vec<&'a str>> {
        if JsonType::of(value) == JsonType::Array {
            return Some(json::elements(value));
        }
        self.wrong_type(pointer, value, wanted, rule);
        None
    }

    fn string(&mut self, pointer: &str, value: &'a str, rule: Rule) -> Option<Text<'a>> {
        if JsonType::of(value) == JsonType::String {
            return self.decode(pointer, value);
        }
        self.wrong_type(pointer, value, "a string", rule);
        None
    }

    /// A string, given with its quotes. DOC-01: a lone surrogate is no text.
    fn decode(&mut self, pointer: &str, quoted: &'a str) -> Option<Text<'a>> {
        let raw = unquoted(quoted);
        if !raw.contains('\\') {
            return Some(Text::plain(raw));
        }
        let Some(lone) = escape::lone_surrogate(raw) else {
            return Some(Text::escaped(raw, escape::decode_lossy(raw).into_owned()));
        };
        let message = "an escape is half of a surrogate pair and means no character";
        let found = Diagnostic::new(Code::JsonSyntax, rules::DOC_01, message)
            .help("write both halves, or the character itself");
        self.push(found, pointer.to_owned(), lone.slice(raw));
        None
    }

    fn wrong_type(&mut self, pointer: &str, value: &'a str, wanted: &str, rule: Rule) {
        let json_type = JsonType::of(value);
        let well_formed = json_type != JsonType::String || self.decode(pointer, value).is_some();
        if well_formed {
            let message = format!("{} must be {wanted}, not {json_type}", what(pointer));
            let mut found = Diagnostic::new(Code::WrongType, rule, message);
            if pointer.ends_with("/permissions") && json_type == JsonType::String {
                found = found.help("put the permission in brackets: [\"db:sensors:read\"]");
            } else if json_type == JsonType::String && wanted.contains("integer") {
                found = found.help("leave the quotes out");
            }
            self.push(found, pointer.to_owned(), unquoted(value));
        }
    }

    fn not_an_object(&mut self, pointer: &str, value: &'a str, what: &str, rule: Rule) {
        let message = format!("{what} must be an object, not {}", JsonType::of(value));
        let mut found = Diagnostic::new(Code::NotAnObject, rule, message);
        found = found.help(match JsonType::of(value) {
            JsonType::Array => "name the members: {\"name\": value, …}",
            _ if pointer.is_empty() => "a file is {\"tokens\": [ … ]}",
            _ => "a token is {\"token\": \"apiv3_…\", \"name\": \"…\", \"permissions\": [ … ]}",
        });
        self.push(found, pointer.to_owned(), unquoted(value));
    }

    fn missing(&mut self, pointer: &str, object: &'a str, member: &str, rule: Rule) {
        let owner = if pointer.is_empty() { "the file" } else { "a token" };
        let message = format!("{owner} has no member `{member}`");
        let help = match member {
            "tokens" => "add `\"tokens\": [ … ]`; a file made by `create token` has it",
            "token" => "add the token string; `create token` generates one",
            "name" => "add a name, unique in the file",
            _ => "add `\"permissions\": [\"db:NAME:read,write\"]`",
        };
        let found = Diagnostic::new(Code::MissingMember, rule, message).help(help);
        self.push(found, pointer.to_owned(), object.get(..1).unwrap_or_default());
    }

    fn wrong_kind(&mut self, root: &'a str, found: Kind, expected: Kind) {
        let message =
            format!("this is {}, and {} is asked for", found.described(), expected.described());
        let help = match expected {
            Kind::Permission => {
                "name the permission tokens file; a server takes this one as its admin token file"
            }
            Kind::Admin => {
                "name the admin token file; a server takes this one as its permission tokens file"
            }
        };
        let diagnostic = Diagnostic::new(Code::WrongKind, rules::ADM_03, message).help(help);
        self.push(diagnostic, String::new(), root.get(..1).unwrap_or_default());
    }

    fn push(&mut self, found: Diagnostic, pointer: String, raw: &str) {
        let span = Span::of(self.source, raw);
        self.found.push(found.at(Place { pointer, span }));
    }
}

/// A string without its quotes; any other value as it is.
fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value)
}

/// The value at a pointer, in words.
fn what(pointer: &str) -> String {
    match pointer.rsplit_once('/') {
        Some((list, index)) if index.bytes().all(|byte| byte.is_ascii_digit()) => {
            let list = list.rsplit('/').next().unwrap_or_default();
            format!("each element of `{list}`")
        }
        Some((_, member)) => quote(member),
        None => "the file".to_owned(),
    }
}
