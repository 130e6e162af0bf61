//! The members of a tokens file and of its tokens. What is faulty is passed over and remembered, so
//! that one wrong member never hides another.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::draft::{Draft, DraftExpiry, DraftPermission, DraftToken, List, Text};
use super::escape::Escapes;
use super::expiry;
use super::finding::{Fault, Finding, Spot};
use super::json::JsonType;
use super::known::Known;
use super::pass::{Any, Array, Element, Name, Pass, Value};
use crate::{DatabaseName, Kind, Permission, Span};

/// What is read of a text: its kind, its draft, and everything that is wrong with it. `text` is all
/// of `source` but a byte-order mark.
pub(super) fn read<'a>(
    source: &'a str,
    text: &'a str,
    expected: Option<Kind>,
) -> (Option<Kind>, Option<Draft<'a>>, Vec<Finding<'a>>) {
    let mut pass = Pass::over(source, source.len() - text.len());
    let mut json = serde_json::Deserializer::from_str(text);
    let file = File { source, expected, pass: &mut pass };
    let read = file.deserialize(&mut json).and_then(|read| json.end().map(|()| read));
    match read {
        Ok((kind, draft)) => (kind, draft, pass.found),
        // What was found in a text that is no JSON is void.
        Err(error) => {
            let fault = Fault::Syntax(error);
            (None, None, vec![Finding { spot: Spot::File, raw: text, fault }])
        }
    }
}

/// A member of an object that is yet to be understood.
struct Member<'a> {
    name: Text<'a>,
    value: Value<'a>,
}

/// The members that an object knows, and where the name of each stands first.
struct Members<'a> {
    known: &'static [Known],
    first: [Option<&'a str>; 4],
}

impl<'a> Members<'a> {
    fn of(known: &'static [Known]) -> Self {
        Members { known, first: [None; 4] }
    }

    /// The known member that has this name. DOC-04: it may stand only once.
    fn know(&mut self, name: &Text<'a>, owner: Spot, pass: &mut Pass<'a>) -> Option<Known> {
        let mut known = self.known.iter().zip(&mut self.first);
        let (member, first) = known.find(|(known, _)| known.as_str() == name.as_str())?;
        match *first {
            None => *first = Some(name.raw()),
            Some(first) => {
                pass.find(owner.member(*member), name.raw(), Fault::DuplicateMember { first });
            }
        }
        Some(*member)
    }

    /// Whether any was given.
    fn any(&self) -> bool {
        self.first.iter().any(Option::is_some)
    }

    /// Finds what the object that begins there lacks.
    fn find_missing(&self, owner: Spot, start: usize, pass: &mut Pass<'a>) {
        for (known, first) in self.known.iter().zip(&self.first) {
            if first.is_none() && known.is_required() {
                pass.find(owner, pass.bracket(start), Fault::Missing(*known));
            }
        }
    }
}

/// The name of the next member; one that is no text is passed over with its value.
fn next_name<'a, A: MapAccess<'a>>(
    members: &mut A,
    owner: Spot,
    pass: &mut Pass<'a>,
) -> Result<Option<Text<'a>>, A::Error> {
    while let Some(raw) = members.next_key_seed(Name(pass))? {
        match pass.decode(owner, raw) {
            Some(name) => return Ok(Some(name)),
            None => members.next_value_seed(Any(pass))?,
        };
    }
    Ok(None)
}

struct File<'p, 'a> {
    source: &'a str,
    expected: Option<Kind>,
    pass: &'p mut Pass<'a>,
}

type Root<'a> = (Option<Kind>, Option<Draft<'a>>);

impl<'a> DeserializeSeed<'a> for File<'_, 'a> {
    type Value = Root<'a>;

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<Root<'a>, D::Error> {
        let json_type = self.pass.peek();
        if json_type == JsonType::Object {
            return value.deserialize_map(self);
        }
        let other = self.pass.value(value)?.raw;
        self.pass.find(Spot::File, other, Fault::NotAnObject(json_type, self.expected));
        Ok((None, None))
    }
}

impl<'a> Visitor<'a> for File<'_, 'a> {
    type Value = Root<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut members: A) -> Result<Root<'a>, A::Error> {
        let File { source, expected, pass } = self;
        let start = pass.enter();
        let mut draft = Draft::of(source, Kind::Permission);
        let mut known = Members::of(match expected {
            // Nothing is looked for in a file of the wrong kind.
            Some(Kind::Admin) => &[],
            _ => Known::OF_FILE,
        });
        let mut others = Vec::new();
        while let Some(name) = next_name(&mut members, Spot::File, pass)? {
            match known.know(&name, Spot::File, pass) {
                Some(Known::Tokens) => {
                    draft.tokens = members.next_value_seed(Array::at(Spot::Tokens, pass))?;
                }
                Some(_) => {
                    let list = members.next_value_seed(Array::at(Spot::Databases, pass))?;
                    draft.create_databases = list.map(|list| list.items);
                }
                None => others.push(Member { name, value: members.next_value_seed(Any(pass))? }),
            }
        }
        let kind = if known.any() {
            Some(Kind::Permission)
        } else {
            Kind::of(others.iter().map(|member| member.name.as_str()))
        };
        let draft = match (kind, expected) {
            (Some(found), Some(expected)) if found != expected => {
                pass.find(Spot::File, pass.bracket(start), Fault::WrongKind { found, expected });
                None
            }
            (Some(Kind::Admin), _) | (None, Some(Kind::Admin)) => {
                Some(admin(Draft::of(source, Kind::Admin), start, others, pass))
            }
            _ => {
                known.find_missing(Spot::File, start, pass);
                draft.unknown = others.into_iter().map(|member| member.name).collect();
                Some(draft)
            }
        };
        Ok((kind, draft))
    }
}

/// ADM-02: the file is the token.
fn admin<'a>(
    draft: Draft<'a>,
    start: usize,
    members: Vec<Member<'a>>,
    pass: &mut Pass<'a>,
) -> Draft<'a> {
    let mut token = DraftToken::default();
    let mut known = Members::of(Known::of_token(Kind::Admin));
    for Member { name, value } in members {
        match known.know(&name, Spot::File, pass) {
            Some(member) => token.take(member, value, Spot::File, pass),
            None => token.unknown.push(name),
        }
    }
    known.find_missing(Spot::File, start, pass);
    Draft { tokens: Some(List { items: vec![token], span: Span::default() }), ..draft }
}

impl<'a> DraftToken<'a> {
    /// Takes a member that is no array.
    fn take(&mut self, member: Known, value: Value<'a>, owner: Spot, pass: &mut Pass<'a>) {
        let spot = owner.member(member);
        match member {
            Known::Token => self.token = pass.string(spot, value),
            Known::Name => self.name = pass.string(spot, value),
            _ => self.expiry = take_expiry(value, spot, pass),
        }
    }
}

/// TOK-08.
fn take_expiry<'a>(value: Value<'a>, spot: Spot, pass: &mut Pass<'a>) -> Option<DraftExpiry<'a>> {
    let Value { json_type, raw } = value;
    match expiry::millis(json_type, raw) {
        Ok(millis) => return millis.map(|millis| DraftExpiry { raw, millis }),
        Err(expiry::Fault::WrongType) => pass.wrong_type(spot, value),
        Err(expiry::Fault::NotAnInteger) => pass.find(spot, raw, Fault::NotAnInteger),
        Err(expiry::Fault::OutOfRange) => pass.find(spot, raw, Fault::ExpiryOutOfRange),
    }
    None
}

impl<'a> Element<'a> for DraftToken<'a> {
    fn read<D: Deserializer<'a>>(
        pass: &mut Pass<'a>,
        spot: Spot,
        value: D,
    ) -> Result<Self, D::Error> {
        let json_type = pass.peek();
        if json_type == JsonType::Object {
            return value.deserialize_map(TokenVisitor { spot, pass });
        }
        let other = pass.value(value)?.raw;
        pass.find(spot, other, Fault::NotAnObject(json_type, None));
        Ok(DraftToken::default())
    }
}

struct TokenVisitor<'p, 'a> {
    spot: Spot,
    pass: &'p mut Pass<'a>,
}

impl<'a> Visitor<'a> for TokenVisitor<'_, 'a> {
    type Value = DraftToken<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut members: A) -> Result<DraftToken<'a>, A::Error> {
        let TokenVisitor { spot, pass } = self;
        let start = pass.enter();
        let mut token = DraftToken::default();
        let mut known = Members::of(Known::of_token(Kind::Permission));
        while let Some(name) = next_name(&mut members, spot, pass)? {
            match known.know(&name, spot, pass) {
                Some(Known::Permissions) => {
                    let permissions = Array::at(spot.member(Known::Permissions), pass);
                    token.permissions = members.next_value_seed(permissions)?;
                }
                Some(member) => {
                    let value = members.next_value_seed(Any(pass))?;
                    token.take(member, value, spot, pass);
                }
                None => {
                    members.next_value_seed(Any(pass))?;
                    token.unknown.push(name);
                }
            }
        }
        pass.leave(start);
        known.find_missing(spot, start, pass);
        Ok(token)
    }
}

/// The name of a database to create (DB-01, DB-04); none where it is faulty.
impl<'a> Element<'a> for Option<Text<'a>> {
    fn read<D: Deserializer<'a>>(
        pass: &mut Pass<'a>,
        spot: Spot,
        value: D,
    ) -> Result<Self, D::Error> {
        let value = pass.value(value)?;
        let Some(name) = pass.string(spot, value) else { return Ok(None) };
        match DatabaseName::parse(name.as_str()) {
            Ok(_) => Ok(Some(name)),
            Err(error) => {
                pass.find(spot, name.raw(), Fault::DatabaseName(error));
                Ok(None)
            }
        }
    }
}

/// TOK-10, TOK-11.
impl<'a> Element<'a> for DraftPermission<'a> {
    fn read<D: Deserializer<'a>>(
        pass: &mut Pass<'a>,
        spot: Spot,
        value: D,
    ) -> Result<Self, D::Error> {
        let value = pass.value(value)?;
        let Some(text) = pass.string(spot, value) else {
            return Ok(DraftPermission { raw: value.raw, permission: None, escapes: None });
        };
        let raw = text.raw();
        let (parsed, escapes) = if text.is_plain() {
            (Permission::parse(raw), None)
        } else {
            let parsed = Permission::parse(text.as_str().to_owned());
            (parsed, Some(Box::new(Escapes::of(raw))))
        };
        let permission = match parsed {
            Ok(permission) => Some(permission),
            Err(error) => {
                let span = escapes.as_ref().map_or(error.span(), |e| e.raw(error.span()));
                let part = raw.get(span.start..span.end).unwrap_or(raw);
                pass.find(spot, part, Fault::Permission(error));
                None
            }
        };
        Ok(DraftPermission { raw, permission, escapes })
    }
}
