//! One pass of serde_json over a text, with a cursor beside it: what a value begins with is looked at
//! before serde_json reads it, and what it takes is a slice of the text. So every place is known,
//! nothing is read twice, and the depth of what is passed over does not matter.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::draft::{List, Text};
use super::escape;
use super::finding::{Fault, Finding, Spot};
use super::json::{JsonType, unquoted};
use crate::Span;

/// A source while it is read, and what was found so far.
pub(super) struct Pass<'a> {
    source: &'a str,
    /// How far it is read, in bytes.
    at: usize,
    /// No string in it holds an escape, so that each means what it spells.
    is_plain: bool,
    pub(super) found: Vec<Finding<'a>>,
}

/// A value as the source spells it.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) json_type: JsonType,
    /// Without the quotes of a string.
    pub(super) raw: &'a str,
}

impl<'a> Pass<'a> {
    /// A pass over what comes after `start`.
    pub(super) fn over(source: &'a str, start: usize) -> Self {
        let is_plain = memchr::memchr(b'\\', source.as_bytes()).is_none();
        Pass { source, at: start, is_plain, found: Vec::new() }
    }

    pub(super) fn find(&mut self, spot: Spot, raw: &'a str, fault: Fault<'a>) {
        self.found.push(Finding { spot, raw, fault });
    }

    /// Goes to the next value and looks at what it begins with. Whether only one comma or colon
    /// stands before it is serde_json's business.
    pub(super) fn peek(&mut self) -> JsonType {
        while let Some(byte) = self.source.as_bytes().get(self.at) {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' => self.at += 1,
                first => return JsonType::beginning_with(*first),
            }
        }
        JsonType::Number
    }

    /// Takes the next value, whatever it is.
    pub(super) fn value<D: Deserializer<'a>>(&mut self, value: D) -> Result<Value<'a>, D::Error> {
        let json_type = self.peek();
        let raw = match json_type {
            JsonType::String => self.quoted(value)?,
            _ => self.spelled(value)?,
        };
        Ok(Value { json_type, raw })
    }

    /// Takes a string; gives what is between its quotes.
    fn quoted<D: Deserializer<'a>>(&mut self, string: D) -> Result<&'a str, D::Error> {
        if !self.is_plain {
            return self.spelled(string).map(unquoted);
        }
        let raw = <&str>::deserialize(string)?;
        self.at = Span::of(self.source, raw).end + "\"".len();
        Ok(raw)
    }

    fn spelled<D: Deserializer<'a>>(&mut self, value: D) -> Result<&'a str, D::Error> {
        let raw = <&RawValue>::deserialize(value)?.get();
        self.at = Span::of(self.source, raw).end;
        Ok(raw)
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

    /// A string; anything else is of the wrong type.
    pub(super) fn string(&mut self, spot: Spot, value: Value<'a>) -> Option<Text<'a>> {
        if value.json_type == JsonType::String {
            return self.decode(spot, value.raw);
        }
        self.wrong_type(spot, value);
        None
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

    pub(super) fn wrong_type(&mut self, spot: Spot, value: Value<'a>) {
        let Value { json_type, raw } = value;
        if json_type != JsonType::String || self.decode(spot, raw).is_some() {
            self.find(spot, raw, Fault::WrongType(json_type));
        }
    }
}

/// Takes the name of a member, as it is spelled between its quotes.
pub(super) struct Name<'p, 'a>(pub(super) &'p mut Pass<'a>);

impl<'a> DeserializeSeed<'a> for Name<'_, 'a> {
    type Value = &'a str;

    fn deserialize<D: Deserializer<'a>>(self, name: D) -> Result<&'a str, D::Error> {
        self.0.quoted(name)
    }
}

/// Takes a value, whatever it is.
pub(super) struct Any<'p, 'a>(pub(super) &'p mut Pass<'a>);

impl<'a> DeserializeSeed<'a> for Any<'_, 'a> {
    type Value = Value<'a>;

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<Value<'a>, D::Error> {
        self.0.value(value)
    }
}

/// What the file's arrays are made of.
pub(super) trait Element<'a>: Sized {
    /// Reads the next value, which has its place here.
    fn read<D: Deserializer<'a>>(
        pass: &mut Pass<'a>,
        spot: Spot,
        value: D,
    ) -> Result<Self, D::Error>;
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
        let other = self.pass.value(value)?;
        // DOC-08: null is as good as no databases.
        if !(json_type == JsonType::Null && self.spot == Spot::Databases) {
            self.pass.wrong_type(self.spot, other);
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
        let mut items = Vec::new();
        while let Some(item) = array.next_element_seed(One::at(spot.element(items.len()), pass))? {
            items.push(item);
        }
        Ok(Some(List { items, span: pass.leave(start) }))
    }
}

struct One<'p, 'a, E> {
    pass: &'p mut Pass<'a>,
    spot: Spot,
    element: PhantomData<E>,
}

impl<'p, 'a, E> One<'p, 'a, E> {
    fn at(spot: Spot, pass: &'p mut Pass<'a>) -> Self {
        One { pass, spot, element: PhantomData }
    }
}

impl<'a, E: Element<'a>> DeserializeSeed<'a> for One<'_, 'a, E> {
    type Value = E;

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<E, D::Error> {
        E::read(self.pass, self.spot, value)
    }
}
