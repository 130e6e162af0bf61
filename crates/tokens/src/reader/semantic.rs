//! What makes a well-formed file unloadable: token strings and names, alone and together (TOK-01,
//! TOK-04 to TOK-06).

use std::sync::Arc;

use super::draft::{Draft, Text};
use super::finding::{Fault, Finding, Spot};
use super::known::Known;
use super::pass::Pass;
use crate::TokenHash;
use crate::name::TokenName;
use crate::secret::Secret;

/// Looks at a token's name (TOK-05), or else at its string (TOK-01).
pub(super) fn look_at<'a>(text: &Text<'a>, spot: Spot, pass: &mut Pass<'a>) {
    pass.sums.add(spot, text.as_str());
    let fault = match spot {
        Spot::Member(_, Known::Name) => TokenName::parse(text.as_str()).err().map(Fault::EmptyName),
        _ => Secret::parse(text.as_str()).err().map(Fault::Prefix),
    };
    if let Some(fault) = fault {
        pass.find(spot, text.raw(), fault);
    }
}

/// Sums of the names and of the strings of tokens, each with the token's index.
#[derive(Default)]
pub(super) struct Sums {
    names: Vec<(u64, usize)>,
    secrets: Vec<(u64, usize)>,
}

impl Sums {
    fn add(&mut self, spot: Spot, text: &str) {
        match spot {
            // What is empty is refused for that alone.
            _ if text.is_empty() => {}
            Spot::Member(Some(index), Known::Name) => self.names.push((sum(text), index)),
            Spot::Member(Some(index), _) => self.secrets.push((sum(text), index)),
            // An admin token is alone.
            _ => {}
        }
    }

    /// Finds names (TOK-06, byte for byte) and strings (TOK-04) that stood before.
    pub(super) fn find_duplicates<'a>(self, draft: &Draft<'a>, found: &mut Vec<Finding<'a>>) {
        find_repeats(self.names, Known::Name, |index| draft.token(index)?.name.as_ref(), found);
        find_repeats(self.secrets, Known::Token, |index| draft.token(index)?.token.as_ref(), found);
    }
}

/// Sorting brings repeats together: by sums first, which are quickly compared, and by texts only where sums
/// are equal. So nobody gains anything by texts that are made to have one sum.
fn find_repeats<'d, 'a: 'd>(
    mut sums: Vec<(u64, usize)>,
    member: Known,
    text: impl Fn(usize) -> Option<&'d Text<'a>>,
    found: &mut Vec<Finding<'a>>,
) {
    keep_repeats(&mut sums);
    sums.sort_unstable();
    // A token may have the member twice.
    sums.dedup();
    for same_sum in sums.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1) {
        let texts = same_sum.iter().filter_map(|(_, index)| Some((text(*index)?, *index)));
        let mut texts: Vec<(&Text<'a>, usize)> = texts.collect();
        texts.sort_by_key(|(text, _)| text.as_str());
        for same in texts.chunk_by(|one, other| one.0.as_str() == other.0.as_str()) {
            let mut places =
                same.iter().map(|(text, index)| (Spot::Member(Some(*index), member), text.raw()));
            let (Some(first), Some((text, _))) = (places.next(), same.first()) else { continue };
            let repeat = |(spot, raw), fault| Finding { spot, raw, fault };
            if member == Known::Name {
                found.extend(places.map(|place| repeat(place, Fault::DuplicateName { first })));
            } else if places.len() > 0 {
                let fingerprint: Arc<str> = TokenHash::of(text.as_str()).fingerprint().into();
                found.extend(places.map(|place| {
                    let fingerprint = Arc::clone(&fingerprint);
                    repeat(place, Fault::DuplicateSecret { first, fingerprint })
                }));
            }
        }
    }
}

/// Keeps all sums that are there twice, and few others: to sort them all takes several times as long.
fn keep_repeats(sums: &mut Vec<(u64, usize)>) {
    let mut counts = vec![0_u8; sums.len().saturating_mul(8)];
    let slots = counts.len() as u128;
    let slot = |sum: u64| ((u128::from(sum) * slots) >> u64::BITS) as usize;
    for (sum, _) in &*sums {
        if let Some(count) = counts.get_mut(slot(*sum)) {
            *count = count.saturating_add(1);
        }
    }
    sums.retain(|(sum, _)| counts.get(slot(*sum)).is_some_and(|count| *count > 1));
}

/// A number that is most often another one for another text.
fn sum(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(last, byte)| *last = *byte);
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    words.fold(text.len() as u64, |sum, word| {
        (sum.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}
