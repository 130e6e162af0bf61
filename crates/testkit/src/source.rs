//! From a fuzzer's bytes to values. Where the bytes run out every choice is the first one, so that any
//! bytes stand for a value.
//!
//! | who chooses | use |
//! |---|---|
//! | a fuzzer | [`from_bytes`], [`from_start`] |
//! | nobody: the same values in every run | [`from_seed`] |
//! | proptest | `strategy::any`, with the feature `proptest` |

use arbitrary::{Arbitrary, Result, Unstructured};

/// The value that a fuzzer's bytes stand for; none where the type cannot be made of them.
///
/// ```
/// use testkit::generate::History;
/// let history: History = testkit::source::from_bytes(b"some bytes").unwrap();
/// testkit::oracle::append::history(&history);
/// ```
pub fn from_bytes<T: for<'a> Arbitrary<'a>>(bytes: &[u8]) -> Option<T> {
    T::arbitrary_take_rest(Unstructured::new(bytes)).ok()
}

/// The value that bytes begin with, and how many of them it took: whoever changes others changes nothing.
///
/// ```
/// use testkit::generate::Question;
/// use testkit::source::{bytes, from_bytes, from_start};
/// let bytes = bytes(7, 2048);
/// let (question, taken) = from_start::<Question>(&bytes).unwrap();
/// assert_eq!(from_bytes(&bytes[..taken]), Some(question));
/// ```
pub fn from_start<T: for<'a> Arbitrary<'a>>(bytes: &[u8]) -> Option<(T, usize)> {
    let mut source = Unstructured::new(bytes);
    let value = T::arbitrary(&mut source).ok()?;
    Some((value, bytes.len() - source.len()))
}

/// Chance that is the same for the same seed on every machine (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Chance that begins at a seed.
    pub fn new(seed: u64) -> Self {
        Chance(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below another; 0 below 0.
    pub fn below(&mut self, end: usize) -> usize {
        // What is above 32 bits is not asked for.
        let end = u64::try_from(end).unwrap_or(u64::MAX).min(u64::from(u32::MAX));
        usize::try_from(self.number() % end.max(1)).unwrap_or_default()
    }
}

/// Bytes that are the same for the same seed on every machine.
pub fn bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut chance = Chance::new(seed);
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        bytes.extend_from_slice(&chance.number().to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// A value for a seed, the same on every machine. Seeds that follow each other are not alike.
pub fn from_seed<T: for<'a> Arbitrary<'a>>(seed: u64) -> Option<T> {
    from_bytes(&bytes(seed, 2048))
}

pub(crate) fn pick<T: Copy>(u: &mut Unstructured<'_>, from: &[T]) -> Result<T> {
    u.choose(from).copied()
}

/// Once in `n` times true, and false where the bytes run out.
pub(crate) fn one_in(u: &mut Unstructured<'_>, n: u8) -> Result<bool> {
    Ok(u.int_in_range(1..=n)? == n)
}

/// Up to `most` values.
pub(crate) fn list<'a, T>(
    u: &mut Unstructured<'a>,
    most: usize,
    mut one: impl FnMut(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Vec<T>> {
    let length = u.int_in_range(0..=most)?;
    (0..length).map(|_| one(u)).collect()
}

/// A text as people and attackers write them.
pub(crate) fn text(u: &mut Unstructured<'_>) -> Result<String> {
    const PIECES: [&str; 26] = [
        "a",
        "b",
        "A",
        "0",
        "7",
        "-",
        "_",
        "/",
        " ",
        ".",
        "é",
        "ก",
        "\"",
        "\\",
        "\n",
        "\t",
        "\0",
        "\u{1}",
        "\u{8}",
        "\u{c}",
        "\u{7f}",
        "\u{202e}",
        "\u{feff}",
        "\u{1d11e}",
        "apiv3_",
        "~",
    ];
    let pieces = list(u, 8, |u| {
        if one_in(u, 8)? {
            Ok(char::arbitrary(u)?.to_string())
        } else {
            Ok(pick(u, &PIECES)?.to_owned())
        }
    });
    Ok(pieces?.concat())
}
