//! Shrinking by structure: from a value that shows a fault to the smallest one that still does.
//!
//! Bytes that are cut make another value altogether; parts that are left out make a simpler one of the same
//! kind. So each generated type says what is simpler than it, and [`minimise`] goes there.

/// A value with simpler neighbours.
pub trait Shrink: Clone {
    /// Simpler values of the same kind, the boldest steps first; none if this is the simplest.
    /// Every chain of steps ends.
    fn simpler(&self) -> Vec<Self>;
}

/// The smallest value that can be reached and for which `fails` still holds.
///
/// ```
/// use testkit::shrink::minimise;
/// let found = minimise("a long text with an x in it".to_owned(), |text| text.contains('x'));
/// assert_eq!(found, "x");
/// ```
pub fn minimise<T: Shrink>(mut value: T, mut fails: impl FnMut(&T) -> bool) -> T {
    while let Some(simpler) = value.simpler().into_iter().find(&mut fails) {
        value = simpler;
    }
    value
}

impl<T: Shrink> Shrink for Vec<T> {
    fn simpler(&self) -> Vec<Self> {
        let mut all = shorter(self);
        for (at, element) in self.iter().enumerate() {
            all.extend(element.simpler().into_iter().map(|simpler| {
                let mut list = self.clone();
                list.splice(at..=at, [simpler]);
                list
            }));
        }
        all
    }
}

/// The list without its second half, without its first, and without each element.
pub(crate) fn shorter<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    let mut all = Vec::new();
    if list.len() > 2 {
        let (first, second) = list.split_at(list.len() / 2);
        all.extend([first.to_vec(), second.to_vec()]);
    }
    all.extend((0..list.len()).map(|without| {
        let kept = list.iter().enumerate().filter(|(at, _)| *at != without);
        kept.map(|(_, element)| element.clone()).collect()
    }));
    all
}

impl Shrink for char {
    /// `a` is the simplest letter; everything else becomes one.
    fn simpler(&self) -> Vec<Self> {
        if *self == 'a' { Vec::new() } else { vec!['a'] }
    }
}

impl Shrink for String {
    fn simpler(&self) -> Vec<Self> {
        let characters: Vec<char> = self.chars().collect();
        characters.simpler().into_iter().map(String::from_iter).collect()
    }
}

impl<T: Shrink> Shrink for Option<T> {
    fn simpler(&self) -> Vec<Self> {
        let Some(value) = self else { return Vec::new() };
        std::iter::once(None).chain(value.simpler().into_iter().map(Some)).collect()
    }
}

impl Shrink for bool {
    fn simpler(&self) -> Vec<Self> {
        if *self { vec![false] } else { Vec::new() }
    }
}

macro_rules! numbers {
    ($($number:ty)+) => {$(
        impl Shrink for $number {
            /// Zero, the half, and one less, each nearer to zero.
            fn simpler(&self) -> Vec<Self> {
                #[allow(unused_comparisons, reason = "some of the types have no sign")]
                let less = if *self < 0 { self.wrapping_add(1) } else { self.wrapping_sub(1) };
                let mut all = match *self {
                    0 => Vec::new(),
                    _ => vec![0, self / 2, less],
                };
                all.dedup();
                all
            }
        }
    )+};
}

numbers!(u8 usize i64);

/// `Shrink` for a struct, field by field.
macro_rules! shrink_fields {
    ($type:ty { $($field:ident),+ }) => {
        impl $crate::shrink::Shrink for $type {
            fn simpler(&self) -> Vec<Self> {
                let mut all = Vec::new();
                $(all.extend($crate::shrink::Shrink::simpler(&self.$field).into_iter().map(|$field| {
                    Self { $field, ..self.clone() }
                }));)+
                all
            }
        }
    };
}
pub(crate) use shrink_fields;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_is_found() {
        assert_eq!(minimise(vec![5_i64, -300, 7], |list| list.iter().any(|n| *n < -9)), [-10]);
        assert_eq!(minimise(Some(200_u8), |n| n.is_some()), Some(0));
        assert_eq!(minimise("กขค-ง".to_owned(), |text| text.chars().count() > 2), "aaa");
    }

    #[test]
    fn shrinking_ends() {
        for number in [i64::MIN, i64::MAX, -1, 1] {
            assert_eq!(minimise(number, |_| true), 0);
        }
    }
}
