//! The members of a tokens file. What is faulty is passed over and remembered, so that one wrong member
//! never hides another.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::draft::{Draft, List, Text};
use super::finding::{Fault, Finding, Spot};
use super::json::{JsonType, unquoted};
use super::known::Known;
use super::members::Members;
use super::pass::{Array, Element, Pass, Skipped};
use super::token;
use crate::{DatabaseName, Kind, Span};

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
        Ok((kind, Some(draft))) if draft.kind == Kind::Admin => {
            let (draft, found) = admin(draft, text);
            (kind, Some(draft), found)
        }
        Ok((kind, Some(draft))) => {
            let Pass { sums, unknown, outline, mut found, .. } = pass;
            sums.find_duplicates(&draft, &mut found);
            (kind, Some(Draft { unknown, outline, ..draft }), found)
        }
        Ok((kind, None)) => (kind, None, pass.found),
        // What was found in a text that is no JSON is void.
        Err(error) => {
            let fault = Fault::Syntax(error);
            (None, None, vec![Finding { spot: Spot::File, raw: text, fault }])
        }
    }
}

/// ADM-02: the file is the token. It is read a second time, now that this is known.
fn admin<'a>(draft: Draft<'a>, text: &'a str) -> (Draft<'a>, Vec<Finding<'a>>) {
    let mut pass = Pass::over(draft.source, draft.source.len() - text.len());
    let mut tokens = Vec::new();
    let mut json = serde_json::Deserializer::from_str(text);
    // It was found to be JSON before.
    let _ = token::read(Kind::Admin, &mut pass, Spot::File, &mut json, &mut tokens);
    let tokens = List { items: tokens.into_boxed_slice(), span: Span::default() };
    (Draft { tokens: Some(tokens), unknown: pass.unknown, ..draft }, pass.found)
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
        let other = unquoted(self.pass.spelled(value)?);
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
        while let Some(member) = members.next_key_seed(known.name(Spot::File, pass))? {
            let value = pass.next_start();
            match member {
                Some(Known::Tokens) => {
                    draft.tokens = members.next_value_seed(Array::at(Spot::Tokens, pass))?;
                }
                Some(_) => {
                    let list = members.next_value_seed(Array::at(Spot::Databases, pass))?;
                    draft.create_databases = list.map(|list| list.items);
                }
                None => members.next_value_seed(Skipped(pass))?,
            }
            let pair = (known.last(source), pass.since(value));
            pass.outline.members.push(pair);
            match member {
                Some(Known::Tokens) => pass.outline.tokens = Some(pair),
                Some(_) => pass.outline.create_databases = Some(pair),
                None => {}
            }
        }
        pass.leave(start);
        pass.outline.object = pass.since(start);
        let kind = if known.any() {
            Some(Kind::Permission)
        } else {
            Kind::of(pass.unknown.iter().map(|unknown| unknown.name.as_str()))
        };
        let draft = match (kind, expected) {
            (Some(found), Some(expected)) if found != expected => {
                pass.find(Spot::File, pass.bracket(start), Fault::WrongKind { found, expected });
                None
            }
            (Some(Kind::Admin), _) | (None, Some(Kind::Admin)) => {
                Some(Draft::of(source, Kind::Admin))
            }
            _ => {
                known.find_missing(Spot::File, start, pass);
                Some(draft)
            }
        };
        Ok((kind, draft))
    }
}

/// The name of a database to create (DB-01, DB-04); none where it is faulty.
impl<'a> Element<'a> for Option<Text<'a>> {
    fn read<D: Deserializer<'a>>(
        pass: &mut Pass<'a>,
        spot: Spot,
        value: D,
        names: &mut Vec<Self>,
    ) -> Result<(), D::Error> {
        let mut name = None;
        pass.string(spot, value, |pass, text| match DatabaseName::parse(text.as_str()) {
            Ok(_) => name = Some(text),
            Err(error) => pass.find(spot, text.raw(), Fault::DatabaseName(error)),
        })?;
        names.push(name);
        Ok(())
    }
}
