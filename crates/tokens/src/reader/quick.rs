//! The quick path: one pass of serde over a file in which everything is plain. Whatever is unusual,
//! an escape as much as a fault, makes it give up; the careful path then reads the file again and
//! says what there is to say.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::draft::{Draft, DraftExpiry, DraftPermission, DraftToken, List, Text};
use super::expiry;
use crate::{DatabaseName, Kind, Permission};

/// The draft of a plain permission tokens file; none where anything is unusual.
pub(super) fn read(source: &str) -> Option<Draft<'_>> {
    let file: File<'_> = serde_json::from_str(source).ok()?;
    Some(Draft {
        source,
        kind: Kind::Permission,
        create_databases: file.create_databases,
        tokens: Some(file.tokens),
        unknown: file.unknown,
    })
}

struct File<'a> {
    create_databases: Option<Vec<Option<Text<'a>>>>,
    tokens: List<'a, DraftToken<'a>>,
    unknown: Vec<Text<'a>>,
}

/// Something that is read from the members of an object.
trait FromMembers<'de>: Sized {
    fn from_members<A: MapAccess<'de>>(members: A) -> Result<Self, A::Error>;
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: FromMembers<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::from_members(members)
    }
}

impl<'de> FromMembers<'de> for File<'de> {
    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut create_databases = None;
        let mut tokens = None;
        let mut unknown = Vec::new();
        while let Some(name) = members.next_key::<&'de str>()? {
            match name {
                "create_databases" => once(&mut create_databases, &mut members)?,
                "tokens" => once(&mut tokens, &mut members)?,
                _ => skip(name, &mut unknown, &mut members)?,
            }
        }
        let create_databases = create_databases.map(|names: Vec<Name<'de>>| {
            names.into_iter().map(|name| Some(Text::plain(name.0))).collect()
        });
        let tokens = tokens.ok_or_else(unusual)?;
        Ok(File { create_databases, tokens: not_empty(tokens)?, unknown })
    }
}

impl<'de> FromMembers<'de> for DraftToken<'de> {
    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut token = None;
        let mut name = None;
        let mut expiry = None;
        let mut permissions = None;
        let mut unknown = Vec::new();
        while let Some(member) = members.next_key::<&'de str>()? {
            match member {
                "token" => once(&mut token, &mut members)?,
                "name" => once(&mut name, &mut members)?,
                "expiry_millis" => once(&mut expiry, &mut members)?,
                "permissions" => once(&mut permissions, &mut members)?,
                _ => skip(member, &mut unknown, &mut members)?,
            }
        }
        let expiry: Option<Expiry<'de>> = expiry;
        Ok(DraftToken {
            token: Some(Text::plain(token.ok_or_else(unusual)?)),
            name: Some(Text::plain(name.ok_or_else(unusual)?)),
            expiry: expiry.and_then(|expiry| expiry.0),
            permissions: Some(not_empty(permissions.ok_or_else(unusual)?)?),
            unknown,
        })
    }
}

/// Reads a member's value, which must be its first.
fn once<'de, T, A>(slot: &mut Option<T>, members: &mut A) -> Result<(), A::Error>
where
    T: Deserialize<'de>,
    A: MapAccess<'de>,
{
    if slot.is_some() {
        return Err(unusual());
    }
    *slot = Some(members.next_value()?);
    Ok(())
}

fn skip<'de, A: MapAccess<'de>>(
    name: &'de str,
    unknown: &mut Vec<Text<'de>>,
    members: &mut A,
) -> Result<(), A::Error> {
    members.next_value::<IgnoredAny>()?;
    unknown.push(Text::plain(name));
    Ok(())
}

fn not_empty<'de, T, E: Error>(items: Vec<T>) -> Result<List<'de, T>, E> {
    if items.is_empty() { Err(unusual()) } else { Ok(List { items, raw: None }) }
}

/// The careful path finds the words; nobody reads these.
fn unusual<E: Error>() -> E {
    E::custom("unusual")
}

impl<'de> Deserialize<'de> for File<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

impl<'de> Deserialize<'de> for DraftToken<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

/// A valid database name.
struct Name<'a>(&'a str);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <&str>::deserialize(deserializer)?;
        DatabaseName::parse(name).map(|_| Name(name)).map_err(|_| unusual())
    }
}

impl<'de> Deserialize<'de> for DraftPermission<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&str>::deserialize(deserializer)?;
        let permission = Permission::parse(raw).map_err(|_| unusual())?;
        Ok(DraftPermission { raw, permission: Some(permission), escapes: None })
    }
}

struct Expiry<'a>(Option<DraftExpiry<'a>>);

impl<'de> Deserialize<'de> for Expiry<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let millis = expiry::millis(raw).map_err(|_| unusual())?;
        Ok(Expiry(millis.map(|millis| DraftExpiry { raw, millis })))
    }
}
