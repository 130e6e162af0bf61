//! One pass of serde_json over a text, with a cursor beside it: what a value begins with is looked at
//! before serde_json reads it, and what it takes is a slice of the text. So every place is known,
//! nothing is read twice, and the depth of what is passed over does not matter.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::draft::{DraftPermission, List, Outline, Text, Unknown};
use super::escape;
use super::finding::{Fault, Finding, Spot};
use super::json::{JsonType, unquoted};
use super::semantic::Sums;
use crate::Span;

/// A source while it is read, and what was found so far.
pub(super) struct Pass<'a> {
    source: &'a str,
    /// How far it is read, in bytes.
    at: usize,
    /// No string in it holds an escape, so that each means what it spells.
    is_plain: bool,
    pub(super) found: Vec<Finding<'a>>,
    pub(super) unknown: Vec<Unknown<'a>>,
    pub(super) sums: Sums,
    pub(super) outline: Outline<'a>,
    /// For the permissions of one token after the other.
    pub(super) permissions: Vec<DraftPermission<'a>>,
}

impl<'a> Pass<'a> {
    /// A pass over what comes after `start`.
    pub(super) fn over(source: &'a str, start: usize) -> Self {
        let is_plain = memchr::memchr(b'\\', source.as_bytes()).is_none();
        Pass {
            source,
            at: start,
            is_plain,
            found: Vec::new(),
            unknown: Vec::new(),
            sums: Sums::default(),
            outline: Outline::default(),
            permissions: Vec::new(),
        }
    }

    pub(super) fn find(&mut self, spot: Spot, raw: &'a str, fault: Fault<'a>) {
        self.found.push(Finding { spot, raw, fault });
    }

    /// Goes to the next value and looks at what it begins with. Whether only one comma or colon
    /// stands before it is serde_json's business.
    pub(super) fn peek(&mut self) -> JsonType {
        let rest = self.source.as_bytes().get(self.at..).unwrap_or_default();
        let is_between = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b',' | b':');
        let Some(length) = rest.iter().position(|byte| !is_between(byte)) else {
            return JsonType::Number;
        };
        self.at += length;
        rest.get(length).map_or(JsonType::Number, |first| JsonType::beginning_with(*first))
    }

    /// Takes a string; gives what is between its quotes.
    pub(super) fn quoted<D: Deserializer<'a>>(&mut self, string: D) -> Result<&'a str, D::Error> {
        if !self.is_plain {
            return self.spelled(string).map(unquoted);
        }
        let raw = <&str>::deserialize(string)?;
        self.at = Span::of(self.source, raw).end + "\"".len();
        Ok(raw)
    }

    /// Takes a value, whatever it is; gives it as the source spells it.
    pub(super) fn spelled<D: Deserializer<'a>>(&mut self, value: D) -> Result<&'a str, D::Error> {
        let raw = <&RawValue>::deserialize(value)?.get();
        self.at = Span::of(self.source, raw).end;
        Ok(raw)
    }

    /// Takes the next value, which has to be a string, and hands over what it means.
    pub(super) fn string<D: Deserializer<'a>>(
        &mut self,
        spot: Spot,
        value: D,
        take: impl FnOnce(&mut Self, Text<'a>),
    ) -> Result<(), D::Error> {
        let json_type = self.peek();
        if json_type == JsonType::String {
            let raw = self.quoted(value)?;
            if let Some(text) = self.decode(spot, raw) {
                take(self, text);
            }
        } else {
            let raw = self.spelled(value)?;
            self.wrong_type(spot, json_type, raw);
        }
        Ok(())
    }

    /// Where the next value begins.
    pub(super) fn next_start(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// What was read since then.
    pub(super) fn since(&self, start: usize) -> &'a str {
        Span::new(start, self.at).slice(self.source)
    }

    /// Steps into an object or an array; says where it begins.
    pub(super) fn enter(&mut self) -> usize {
        self.at += 1;
        self.at - 1
    }

    /// Steps out of the object or array that begins there, all of which has been read.
    pub(super) fn leave(&mut self, start: usize) -> Span {
        self.peek();
        self.at += 1;
        Span::new(start, self.at)
    }

    /// The bracket there.
    pub(super) fn bracket(&self, start: usize) -> &'a str {
        Span::new(start, start + 1).slice(self.source)
    }

    /// What a string means. DOC-01: a lone surrogate is no text.
    pub(super) fn decode(&mut self, spot: Spot, raw: &'a str) -> Option<Text<'a>> {
        if self.is_plain || !raw.contains('\\') {
            return Some(Text::plain(raw));
        }
        match escape::decode(raw) {
            Ok(decoded) => Some(Text::escaped(raw, decoded)),
            Err(lone) => {
                self.find(spot, lone.slice(raw), Fault::LoneSurrogate);
                None
            }
        }
    }

    /// Finds that a value is of another type than it should be. A string that means nothing is that alone.
    pub(super) fn wrong_type(&mut self, spot: Spot, json_type: JsonType, raw: &'a str) {
        if json_type != JsonType::String || self.decode(spot, unquoted(raw)).is_some() {
            self.find(spot, unquoted(raw), Fault::WrongType(json_type));
        }
    }
}

/// Passes over a value.
pub(super) struct Skipped<'p, 'a>(pub(super) &'p mut Pass<'a>);

impl<'a> DeserializeSeed<'a> for Skipped<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<(), D::Error> {
        self.0.spelled(value).map(drop)
    }
}

/// What the file's arrays are made of.
pub(super) trait Element<'a>: Sized {
    /// Where elements are gathered before it is known how many there are: for arrays of which there are
    /// many, one room for all.
    fn room<'p>(_: &'p mut Pass<'a>) -> Option<&'p mut Vec<Self>> {
        None
    }

    /// Reads the next value, which has its place here, and adds what it is.
    fn read<D: Deserializer<'a>>(
        pass: &mut Pass<'a>,
        spot: Spot,
        value: D,
        into: &mut Vec<Self>,
    ) -> Result<(), D::Error>;
}

/// Takes an array of such elements, or says that there is none.
pub(super) struct Array<'p, 'a, E> {
    pass: &'p mut Pass<'a>,
    spot: Spot,
    elements: PhantomData<E>,
}

impl<'p, 'a, E> Array<'p, 'a, E> {
    pub(super) fn at(spot: Spot, pass: &'p mut Pass<'a>) -> Self {
        Array { pass, spot, elements: PhantomData }
    }
}

impl<'a, E: Element<'a>> DeserializeSeed<'a> for Array<'_, 'a, E> {
    type Value = Option<List<E>>;

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<Self::Value, D::Error> {
        let json_type = self.pass.peek();
        if json_type == JsonType::Array {
            return value.deserialize_seq(self);
        }
        let other = self.pass.spelled(value)?;
        // DOC-08: null is as good as no databases.
        if !(json_type == JsonType::Null && self.spot == Spot::Databases) {
            self.pass.wrong_type(self.spot, json_type, other);
        }
        Ok(None)
    }
}

impl<'a, E: Element<'a>> Visitor<'a> for Array<'_, 'a, E> {
    type Value = Option<List<E>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let Array { pass, spot, .. } = self;
        let start = pass.enter();
        let mut items = E::room(pass).map(std::mem::take).unwrap_or_default();
        loop {
            let spot = spot.element(items.len());
            let one = One { pass: &mut *pass, spot, into: &mut items };
            if array.next_element_seed(one)?.is_none() {
                break;
            }
        }
        let span = pass.leave(start);
        let items = match E::room(pass) {
            None => items.into_boxed_slice(),
            Some(room) => {
                let exact = items.drain(..).collect();
                *room = items;
                exact
            }
        };
        Ok(Some(List { items, span }))
    }
}

struct One<'p, 'a, E> {
    pass: &'p mut Pass<'a>,
    spot: Spot,
    into: &'p mut Vec<E>,
}

impl<'a, E: Element<'a>> DeserializeSeed<'a> for One<'_, 'a, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<(), D::Error> {
        E::read(self.pass, self.spot, value, self.into)
    }
}
