//! The members of a token object.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::draft::{DraftExpiry, DraftPermission, DraftToken, EscapedPermission};
use super::escape::Escapes;
use super::expiry;
use super::finding::{Fault, Spot};
use super::json::{JsonType, unquoted};
use super::known::Known;
use super::members::Members;
use super::pass::{Array, Element, Pass, Skipped};
use super::semantic;
use crate::{Kind, Permission};

impl<'a> Element<'a> for DraftToken<'a> {
    fn read<D: Deserializer<'a>>(
        pass: &mut Pass<'a>,
        spot: Spot,
        value: D,
        tokens: &mut Vec<Self>,
    ) -> Result<(), D::Error> {
        read(Kind::Permission, pass, spot, value, tokens)
    }
}

/// Reads a token, as files of this kind have them.
pub(super) fn read<'a, D: Deserializer<'a>>(
    kind: Kind,
    pass: &mut Pass<'a>,
    spot: Spot,
    value: D,
    tokens: &mut Vec<DraftToken<'a>>,
) -> Result<(), D::Error> {
    let json_type = pass.peek();
    let start = pass.next_start();
    tokens.push(DraftToken::default());
    match tokens.last_mut() {
        Some(token) if json_type == JsonType::Object => {
            value.deserialize_map(TokenVisitor { kind, spot, pass, token })?;
        }
        _ => {
            let other = unquoted(pass.spelled(value)?);
            pass.find(spot, other, Fault::NotAnObject(json_type, None));
        }
    }
    pass.outline.elements.push(pass.since(start));
    Ok(())
}

/// Fills in a token where it is kept, so that it need not be moved.
struct TokenVisitor<'p, 'a> {
    kind: Kind,
    spot: Spot,
    pass: &'p mut Pass<'a>,
    token: &'p mut DraftToken<'a>,
}

impl<'a> Visitor<'a> for TokenVisitor<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut members: A) -> Result<(), A::Error> {
        let TokenVisitor { kind, spot: owner, pass, token } = self;
        let start = pass.enter();
        let mut known = Members::of(Known::of_token(kind));
        while let Some(member) = members.next_key_seed(known.name(owner, pass))? {
            match member {
                Some(Known::Permissions) => {
                    let permissions = Array::at(owner.member(Known::Permissions), pass);
                    token.permissions = members.next_value_seed(permissions)?;
                }
                Some(member) => {
                    let spot = owner.member(member);
                    members.next_value_seed(Scalar { member, spot, pass, token })?;
                }
                None => members.next_value_seed(Skipped(pass))?,
            }
        }
        pass.leave(start);
        known.find_missing(owner, start, pass);
        Ok(())
    }
}

/// A member that is no array.
struct Scalar<'p, 'a> {
    member: Known,
    spot: Spot,
    pass: &'p mut Pass<'a>,
    token: &'p mut DraftToken<'a>,
}

impl<'a> DeserializeSeed<'a> for Scalar<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<(), D::Error> {
        let Scalar { member, spot, pass, token } = self;
        let text = match member {
            Known::Token => &mut token.token,
            Known::Name => &mut token.name,
            _ => {
                token.expiry = expiry(pass, spot, value)?;
                return Ok(());
            }
        };
        // Of two members of one name the latter counts.
        *text = None;
        pass.string(spot, value, |pass, string| {
            semantic::look_at(&string, spot, pass);
            *text = Some(string);
        })
    }
}

/// TOK-08.
fn expiry<'a, D: Deserializer<'a>>(
    pass: &mut Pass<'a>,
    spot: Spot,
    value: D,
) -> Result<Option<DraftExpiry<'a>>, D::Error> {
    let json_type = pass.peek();
    let raw = pass.spelled(value)?;
    match expiry::millis(json_type, raw) {
        Ok(millis) => return Ok(millis.map(|millis| DraftExpiry { raw, millis })),
        Err(expiry::Fault::WrongType) => pass.wrong_type(spot, json_type, raw),
        Err(expiry::Fault::NotAnInteger) => pass.find(spot, raw, Fault::NotAnInteger),
        Err(expiry::Fault::OutOfRange) => pass.find(spot, raw, Fault::ExpiryOutOfRange),
    }
    Ok(None)
}

/// TOK-10, TOK-11.
impl<'a> Element<'a> for DraftPermission<'a> {
    fn room<'p>(pass: &'p mut Pass<'a>) -> Option<&'p mut Vec<Self>> {
        Some(&mut pass.permissions)
    }

    fn read<D: Deserializer<'a>>(
        pass: &mut Pass<'a>,
        spot: Spot,
        value: D,
        permissions: &mut Vec<Self>,
    ) -> Result<(), D::Error> {
        let before = permissions.len();
        pass.string(spot, value, |pass, text| {
            let raw = text.raw();
            if text.is_plain() {
                match Permission::parse(raw) {
                    Ok(permission) => permissions.push(DraftPermission::Plain(permission)),
                    Err(error) => {
                        pass.find(spot, error.span().slice(raw), Fault::Permission(error));
                    }
                }
                return;
            }
            let escapes = Escapes::of(raw);
            match Permission::parse(text.as_str().to_owned()) {
                Ok(permission) => {
                    let escaped = EscapedPermission { raw, permission, escapes };
                    permissions.push(DraftPermission::Escaped(Box::new(escaped)));
                }
                Err(error) => {
                    let part = escapes.raw(error.span()).slice(raw);
                    pass.find(spot, part, Fault::Permission(error));
                }
            }
        })?;
        if permissions.len() == before {
            permissions.push(DraftPermission::Faulty);
        }
        Ok(())
    }
}
