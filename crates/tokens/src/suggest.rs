//! "Did you mean …?": the nearest of the names that would have been right.
//!
//! Findings and errors of this crate suggest by themselves; this is for programs that have names of their
//! own.
//!
//! ```
//! use tokens::suggest::nearest;
//!
//! let tokens = ["dashboard", "gateway"];
//! let help = nearest("dashbord", tokens).map(|meant| format!("did you mean `{meant}`?"));
//! assert_eq!(help.as_deref(), Some("did you mean `dashboard`?"));
//! ```

use strsim::osa_distance;

/// With more candidates than this no name is looked for, so that a file with as many wrong names as
/// right ones stays linear.
const MOST_CANDIDATES: usize = 1000;
/// More findings of a kind in one file get no suggestion: looking for one takes time with every candidate.
pub(crate) const MOST_SUGGESTIONS: usize = 100;
/// Longer words, in bytes, get no suggestion: they are no slip of the finger.
const LONGEST_WORD: usize = 64;

/// The candidate that `word` was probably meant to be: the same but for case, `_` and `-`, or one
/// that it abbreviates, or one a few edits away (a third of its length, at least one, but never all of it).
///
/// Of several as near the first. Words of more than 64 bytes get none, and only the first 1000 candidates are
/// looked at.
///
/// ```
/// assert_eq!(tokens::suggest::nearest("raed", ["write", "read"]), Some("read"));
/// assert_eq!(tokens::suggest::nearest("expiry", ["name", "expiry_millis"]), Some("expiry_millis"));
/// assert_eq!(tokens::suggest::nearest("weather", ["name", "read"]), None);
/// ```
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if word.is_empty() || word.len() > LONGEST_WORD {
        return None;
    }
    let plain = plain(word);
    let length = word.chars().count();
    // An edit for every character would make any word of any other.
    let most_edits = (length / 3).max(1).min(length - 1);
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| candidate.len() <= 2 * LONGEST_WORD)
        .filter_map(|candidate| {
            let edits = edits(word, &plain, candidate, most_edits)?;
            (edits <= most_edits).then_some((edits, candidate))
        })
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// How many edits make one of the other; none where more than `most` are needed for the length alone.
fn edits(word: &str, plain_word: &str, candidate: &str, most: usize) -> Option<usize> {
    let plain_candidate = plain(candidate);
    let abbreviates = plain_word.len() >= 5
        && (plain_candidate.starts_with(plain_word) || plain_candidate.ends_with(plain_word));
    if plain_candidate == plain_word {
        Some(0)
    } else if abbreviates {
        Some(1)
    } else {
        let longer = candidate.chars().count().abs_diff(word.chars().count());
        (longer <= most).then(|| osa_distance(word, candidate))
    }
}

fn plain(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// The hint for a text that [`is_shell_variable`], with no full stop.
pub const UNEXPANDED: &str = "`$NAME` looks like a shell variable that was not expanded: generate the \
     file with the variables set, or with `create token`, which needs none";

/// Whether a text looks like a shell variable that was not expanded: `$NAME` or `${NAME}`.
///
/// ```
/// assert!(tokens::suggest::is_shell_variable("$DB") && tokens::suggest::is_shell_variable("${DB}"));
/// assert!(!tokens::suggest::is_shell_variable("$") && !tokens::suggest::is_shell_variable("5$"));
/// ```
pub fn is_shell_variable(text: &str) -> bool {
    let Some((_, after)) = text.split_once('$') else { return false };
    let name = after.strip_prefix('{').unwrap_or(after);
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_wins_and_far_ones_are_not_offered() {
        for (word, candidates, expected) in [
            ("db3", vec!["db1", "db2", "d3"], Some("db1")),
            ("databases", vec!["tokens", "create_databases"], Some("create_databases")),
            ("createDatabases", vec!["tokens", "create_databases"], Some("create_databases")),
            ("Permission", vec!["permissions", "name"], Some("permissions")),
            ("", vec!["a"], None),
            ("x", vec!["a"], None),
            ("B", vec!["a", "b"], Some("b")),
            ("sensors", vec!["metrics"], None),
            ("metircz", vec!["metrics"], Some("metrics")),
        ] {
            assert_eq!(nearest(word, candidates), expected, "{word}");
        }
    }

    #[test]
    fn nothing_is_offered_for_and_by_long_words() {
        for (word, candidate, is_offered) in [
            (LONGEST_WORD, 2 * LONGEST_WORD, true),
            (LONGEST_WORD, 2 * LONGEST_WORD + 1, false),
            (LONGEST_WORD + 1, LONGEST_WORD + 1, false),
            (LONGEST_WORD + 2, LONGEST_WORD + 2, false),
        ] {
            let [word, candidate] = [word, candidate].map(|length| "n".repeat(length));
            let offered = nearest(&word, [candidate.as_str()]);
            assert_eq!(offered.is_some(), is_offered, "{} to {}", word.len(), candidate.len());
        }
    }

    #[test]
    fn a_shell_variable_begins_as_names_do() {
        for (text, is_one) in [("$_x", true), ("a-${B}", true), ("$1", false), ("${1}", false)] {
            assert_eq!(is_shell_variable(text), is_one, "{text}");
        }
    }
}
