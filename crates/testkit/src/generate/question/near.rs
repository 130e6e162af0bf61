//! Texts that are near each other: what some program takes for the same.

/// How near one text is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// It is the same.
    Same,
    /// Its letters are in the other case.
    OtherCase,
    /// White space stands behind it.
    Spaced,
    /// It goes on.
    Longer,
    /// Its end is missing.
    Shorter,
    /// It has a retention policy, or none if this has one.
    Policy,
    /// It has nothing in common with it.
    Far,
}

impl Near {
    /// All of them, the nearest first.
    pub(super) const ALL: [Near; 7] = [
        Near::Same,
        Near::OtherCase,
        Near::Spaced,
        Near::Longer,
        Near::Shorter,
        Near::Policy,
        Near::Far,
    ];

    /// The text that is so near to this one. What a token string begins with stays.
    pub(super) fn to(self, text: &str) -> String {
        let (prefix, part) = match text.strip_prefix("apiv3_") {
            Some(part) => ("apiv3_", part),
            None => ("", text),
        };
        let part = match self {
            Near::Same => part.to_owned(),
            Near::OtherCase => part.chars().map(other_case).collect(),
            Near::Spaced => format!("{part} "),
            Near::Longer => format!("{part}x"),
            Near::Shorter => part.chars().take(part.chars().count().saturating_sub(1)).collect(),
            Near::Policy => match part.split_once('/') {
                Some((database, _)) => database.to_owned(),
                None => format!("{part}/rp"),
            },
            // Which JavaScript's objects have from the start.
            Near::Far => "constructor".to_owned(),
        };
        format!("{prefix}{part}")
    }
}

fn other_case(letter: char) -> char {
    match letter {
        'a'..='z' => letter.to_ascii_uppercase(),
        _ => letter.to_ascii_lowercase(),
    }
}

/// One of each, chosen by a number: every combination in its turn, over and over.
pub(super) struct Turn(pub(super) usize);

impl Turn {
    /// The next choice.
    pub(super) fn of<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let chosen = from.get(self.0.checked_rem(from.len())?).copied();
        self.0 /= from.len();
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_texts() {
        let near = |text| Near::ALL.map(|near| near.to(text));
        assert_eq!(near("aB"), ["aB", "Ab", "aB ", "aBx", "a", "aB/rp", "constructor"]);
        assert_eq!(near("apiv3_a")[1..3], ["apiv3_A", "apiv3_a "]);
    }

    #[test]
    fn every_combination_has_its_turn() {
        let all = (0..6).map(|number| {
            let mut turn = Turn(number);
            (turn.of(&[1, 2]), turn.of(&['a', 'b', 'c']))
        });
        let all: std::collections::BTreeSet<_> = all.collect();
        assert_eq!(all.len(), 6);
    }
}
