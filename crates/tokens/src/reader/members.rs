//! The members that an object knows, and where each stands first.

use serde::de::{DeserializeSeed, Deserializer};

use super::draft::{Text, Unknown};
use super::finding::{Fault, Spot};
use super::known::Known;
use super::pass::Pass;
use crate::Span;

/// The members that an object knows, and where the name of each stands first.
pub(super) struct Members<'a> {
    known: &'static [Known],
    first: [Option<&'a str>; 4],
    /// The name that was taken last, as it is spelled between its quotes.
    last: &'a str,
}

impl<'a> Members<'a> {
    pub(super) fn of(known: &'static [Known]) -> Self {
        Members { known, first: [None; 4], last: "" }
    }

    /// Takes the name of the owner's next member.
    pub(super) fn name<'n>(&'n mut self, owner: Spot, pass: &'n mut Pass<'a>) -> Name<'n, 'a> {
        Name { members: self, owner, pass }
    }

    /// The known member that has this name. DOC-04: it may stand only once.
    fn know(&mut self, name: &Text<'a>, owner: Spot, pass: &mut Pass<'a>) -> Option<Known> {
        let member = Known::named(name.as_str())?;
        let mut known = self.known.iter().zip(&mut self.first);
        let (_, first) = known.find(|(known, _)| **known == member)?;
        match *first {
            None => *first = Some(name.raw()),
            Some(first) => {
                pass.find(owner.member(member), name.raw(), Fault::DuplicateMember { first });
            }
        }
        Some(member)
    }

    /// The name that was taken last, with its quotes.
    pub(super) fn last(&self, source: &'a str) -> &'a str {
        let raw = Span::of(source, self.last);
        Span::new(raw.start.saturating_sub(1), raw.end + 1).slice(source)
    }

    /// Whether any was given.
    pub(super) fn any(&self) -> bool {
        self.first.iter().any(Option::is_some)
    }

    /// Finds what the object that begins there lacks.
    pub(super) fn find_missing(&self, owner: Spot, start: usize, pass: &mut Pass<'a>) {
        for (known, first) in self.known.iter().zip(&self.first) {
            if first.is_none() && known.is_required() {
                pass.find(owner, pass.bracket(start), Fault::Missing(*known));
            }
        }
    }
}

/// Takes the name of a member: a known one, or none; an unknown one is remembered (DOC-05).
pub(super) struct Name<'n, 'a> {
    members: &'n mut Members<'a>,
    owner: Spot,
    pass: &'n mut Pass<'a>,
}

impl<'a> DeserializeSeed<'a> for Name<'_, 'a> {
    type Value = Option<Known>;

    fn deserialize<D: Deserializer<'a>>(self, name: D) -> Result<Option<Known>, D::Error> {
        let Name { members, owner, pass } = self;
        let raw = pass.quoted(name)?;
        members.last = raw;
        let Some(name) = pass.decode(owner, raw) else { return Ok(None) };
        let known = members.know(&name, owner, pass);
        if known.is_none() {
            pass.unknown.push(Unknown { token: owner.token(), name });
        }
        Ok(known)
    }
}
