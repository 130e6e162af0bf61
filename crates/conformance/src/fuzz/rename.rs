//! Values that stand in several places of a request, made small in all of them at once: a token string in the
//! file and in a probe, a name in a list and in a permission, a moment on both sides of a comparison.

use std::collections::BTreeSet;

use testkit::generate::Json;
use testkit::words::{ACTIONS, SYSTEM_NAMES};

use crate::families::sha512;

/// Another value for one that stands in a request, wherever it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rename {
    from: String,
    to: String,
}

/// What a token string begins with (TOK-01).
const PREFIX: &str = "apiv3_";

/// How many others are tried for each.
const OTHERS: usize = 4;

impl Rename {
    /// All that make something shorter in these, and keep apart what is not the same.
    pub(super) fn all(of: &[&Json]) -> Vec<Self> {
        let mut words = BTreeSet::new();
        of.iter().for_each(|json| collect(json, &mut words));
        let renames = words.iter().flat_map(|from| {
            let (prefix, ends) = ends(from);
            let others = ends.into_iter().map(move |end| format!("{prefix}{end}"));
            let others = others.filter(|to| !words.contains(to.as_str())).take(OTHERS);
            let shorter = others.filter(|to| to.chars().count() < from.chars().count());
            shorter.map(|to| Rename { from: (*from).to_owned(), to })
        });
        renames.collect()
    }

    /// The same with the other value; a server's tokens have its hash.
    pub(super) fn apply(&self, json: &Json) -> Json {
        match json {
            Json::Raw(raw) if *raw == self.from => Json::raw(&self.to),
            Json::Raw(_) => json.clone(),
            Json::Text(text) => Json::Text(self.in_text(text)),
            Json::Array(elements) => Json::Array(elements.iter().map(|e| self.apply(e)).collect()),
            Json::Object(members) => {
                let members = members.iter().map(|(name, value)| (name.clone(), self.apply(value)));
                Json::Object(members.collect())
            }
        }
    }

    fn in_text(&self, text: &str) -> String {
        if text == self.from {
            return self.to.clone();
        }
        if self.from.starts_with(PREFIX) && text == sha512(&self.from) {
            return sha512(&self.to);
        }
        let parts = text.split_inclusive(SEPARATORS).map(|part| {
            let word = part.trim_end_matches(SEPARATORS);
            if word == self.from { part.replacen(word, &self.to, 1) } else { part.to_owned() }
        });
        parts.collect()
    }
}

/// What stands between the words of a permission.
const SEPARATORS: [char; 2] = [':', ','];

/// The values and words that may be renamed.
fn collect<'j>(json: &'j Json, words: &mut BTreeSet<&'j str>) {
    match json {
        Json::Raw(raw) => {
            words.insert(raw);
        }
        Json::Text(text) => {
            words.insert(text);
            words.extend(text.split(SEPARATORS).filter(|word| !is_of_the_grammar(word)));
        }
        Json::Array(elements) => elements.iter().for_each(|element| collect(element, words)),
        Json::Object(members) => members.iter().for_each(|(_, value)| collect(value, words)),
    }
}

fn is_of_the_grammar(word: &str) -> bool {
    matches!(word, "db" | "system") || ACTIONS.contains(&word) || SYSTEM_NAMES.contains(&word)
}

/// What a word may be replaced by: what it begins with in any case, and how it may go on.
fn ends(word: &str) -> (&'static str, Vec<String>) {
    // `-` is no name (DB-01): what shows where a name is too long may show there, too.
    let names = || {
        let letters = || ('a'..='z').map(String::from);
        let pairs =
            letters().flat_map(move |one| letters().map(move |other| format!("{one}{other}")));
        std::iter::once("-".to_owned()).chain(letters()).chain(pairs).collect()
    };
    match word.strip_prefix(PREFIX) {
        Some(_) => (PREFIX, names()),
        None if word.parse::<f64>().is_ok() => ("", ["0", "1", "2"].map(str::to_owned).to_vec()),
        None => ("", names()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_becomes_short_wherever_it_stands() {
        let json = Json::Array(vec![
            Json::text("sensors"),
            Json::text("db:sensors,a:read"),
            Json::text("apiv3_long"),
            Json::text(sha512("apiv3_long")),
            Json::raw("17"),
        ]);
        let all = Rename::all(&[&json]);
        let small = all.iter().filter(|rename| ["b", "apiv3_a", "0"].contains(&rename.to.as_str()));
        let small = small.filter(|rename| rename.from.len() < 20 && !rename.from.contains(':'));
        let small = small.fold(json, |json, rename| rename.apply(&json));
        let expected = Json::Array(vec![
            Json::text("b"),
            Json::text("db:b,a:read"),
            Json::text("apiv3_a"),
            Json::text(sha512("apiv3_a")),
            Json::raw("0"),
        ]);
        assert_eq!(small, expected);
        assert!(all.iter().all(|rename| rename.to != "a"), "`a` is another name");
    }
}
