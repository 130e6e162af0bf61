//! What makes a well-formed file unloadable: token strings and names, alone and together (TOK-01,
//! TOK-04 to TOK-06).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::draft::{Draft, DraftToken, Text};
use super::finding::{Fault, Finding, Spot};
use super::known::Known;
use crate::Kind;
use crate::name::TokenName;
use crate::secret::Secret;

/// Finds what is wrong with a draft's tokens.
pub(super) fn look_at<'a>(draft: &Draft<'a>, found: &mut Vec<Finding<'a>>) {
    for (index, token) in draft.tokens() {
        found.extend(prefix(owner(draft, index), token));
        found.extend(empty_name(owner(draft, index), token));
    }
    if draft.tokens().nth(1).is_none() {
        return;
    }
    // TOK-06: names are compared byte for byte.
    find_duplicates(draft, Known::Name, |token| token.name.as_ref(), found);
    // TOK-04.
    find_duplicates(draft, Known::Token, |token| token.token.as_ref(), found);
}

fn owner(draft: &Draft<'_>, index: usize) -> Spot {
    match draft.kind {
        Kind::Permission => Spot::Token(index),
        Kind::Admin => Spot::File,
    }
}

fn prefix<'a>(owner: Spot, token: &DraftToken<'a>) -> Option<Finding<'a>> {
    let secret = token.token.as_ref()?;
    let error = Secret::parse(secret.as_str()).err()?;
    Some(Finding {
        spot: owner.member(Known::Token),
        raw: secret.raw(),
        fault: Fault::Prefix(error),
    })
}

fn empty_name<'a>(owner: Spot, token: &DraftToken<'a>) -> Option<Finding<'a>> {
    let name = token.name.as_ref()?;
    let error = TokenName::parse(name.as_str()).err()?;
    Some(Finding {
        spot: owner.member(Known::Name),
        raw: name.raw(),
        fault: Fault::EmptyName(error),
    })
}

fn find_duplicates<'d, 'a>(
    draft: &'d Draft<'a>,
    member: Known,
    text: impl Fn(&'d DraftToken<'a>) -> Option<&'d Text<'a>>,
    found: &mut Vec<Finding<'a>>,
) {
    let texts = draft.tokens().filter_map(|(index, token)| Some((index, text(token)?)));
    let mut seen: HashMap<&str, (usize, &'d Text<'a>)> =
        HashMap::with_capacity(draft.tokens().count());
    for (index, text) in texts.filter(|(_, text)| !text.as_str().is_empty()) {
        match seen.entry(text.as_str()) {
            Entry::Vacant(entry) => {
                entry.insert((index, text));
            }
            Entry::Occupied(first) => {
                let spot = |index| owner(draft, index).member(member);
                let (first, first_text) = *first.get();
                let first = (spot(first), first_text.raw());
                let fault = match member {
                    Known::Name => Fault::DuplicateName { first },
                    _ => Fault::DuplicateSecret { first },
                };
                found.push(Finding { spot: spot(index), raw: text.raw(), fault });
            }
        }
    }
}
