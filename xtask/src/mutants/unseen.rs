//! What no vector can see, because no op of the protocol tells it; the tests have to.

/// Why the vectors cannot see mutants, and which: of a module, or of any where none is named, those whose
/// name holds a word.
type Unseen = (&'static str, &'static [(&'static str, &'static str)]);

const UNSEEN: [Unseen; 8] = [
    (
        "words for people and programmers",
        &[
            ("", "fmt::Display"),
            ("", "fmt::Debug"),
            ("", "::help"),
            ("mask", ""),
            ("quote", ""),
            ("suggest", ""),
            ("secret", "PrefixError::of"),
            ("checks/undeclared_database", "in finding"),
            ("checks/undeclared_database", "next_for"),
            ("checks/unknown_member", "in run"),
            ("checks/unknown_member", "known_beside"),
            ("checks/unusable_token", " kind "),
            ("checks/unusable_token", "in kind"),
            ("checks/unusable_token", "delete ! in run"),
            ("permission/error", "actions_help"),
            ("plan/mod", "and_will_lack"),
            ("permission/repair", ""),
            ("reader/words", ""),
            ("reader/finding", "Spot::name"),
            ("reader/finding", "Spot::known"),
            ("reader/json", "delete match arm b't' | b'f' in JsonType"),
            ("reader/known", "Known::as_str"),
            ("reader/mod", "Kind::as_str"),
            ("reader/mod", "Kind::described"),
            ("reader/syntax", ""),
            ("diagnostic/mod", "Severity::as_str"),
        ],
    ),
    (
        "reasons of decisions, and rules, degrees and places of findings, where these choose no code",
        &[
            ("access", "replace != with == in Grants<'p>::add"),
            ("access", "replace && with || in Access<'p, 'd>::look_up"),
            ("access", "delete ! in Access<'p, 'd>::look_up"),
            ("checks/no_tokens", "delete ! in run"),
            ("diagnostic/rules", ""),
            ("permission/error", "PermissionError::span"),
            ("reader/draft", "DraftToken<'a>::permission "),
            ("reader/draft", "pointer"),
            ("reader/escape", "Escapes::"),
            ("reader/escape", "string_length"),
            ("reader/draft", "permission_span"),
            ("reader/finding", "in Spot::member"),
            ("reader/finding", "Spot::token"),
            ("reader/json", "error_span"),
            ("reader/json", "is_cut_off"),
            ("reader/json", "reached"),
            ("reader/mod", "Reading<'a>::text"),
            ("reader/pass", "replace - with"),
            ("reader/pass", "Pass<'a>::bracket"),
            ("reader/semantic", "text.is_empty()"),
            ("span", "LineIndex"),
            ("span", "character_starts"),
        ],
    ),
    (
        "what no text that is JSON comes to",
        &[
            ("reader/escape", "replace + with - in escape"),
            ("reader/escape", "replace + with * in escape"),
        ],
    ),
    (
        "white space, which an answer to `append` may lay out as it likes",
        &[
            ("writer/style", "Spacing::of"),
            ("writer/style", "Spacing::write"),
            ("writer/style", "Spacing::hint"),
            ("writer/style", "after_comma"),
            ("writer/style", "TokenStyle::of"),
            ("writer/style", "TokenStyle::hint"),
            ("writer/style", "in nested"),
            ("writer/style", "split_indent"),
        ],
    ),
    (
        "what the library has for the command alone",
        &[
            ("access", "Databases<'d>::needed_by"),
            ("access", "Databases<'d>::without"),
            ("access", "Outcome::http_status"),
            ("checks/mod", "Check::codes"),
            ("diagnostic/code", "Code::from_name"),
            ("diff", ""),
            ("document", "Document<'a>::token "),
            ("document", "Document<'a>::index_of"),
            ("duration", ""),
            ("expiry", "Timestamp::"),
            ("expiry", "Lifetime"),
            ("os", ""),
            ("plan/state", ""),
            ("reader/draft", "Draft<'a>::document "),
            ("reader/draft", "DraftToken<'a>::document_token"),
            ("reader/draft", "DraftToken<'a>::name"),
            ("reader/draft", "DraftToken<'a>::secret"),
            ("reader/mod", "Reading<'a>::kind"),
            ("reader/mod", "Reading<'a>::token_count"),
            ("secret", "exposed_part"),
            ("server", ""),
            ("writer/append", "in append"),
            ("writer/describe", ""),
            ("writer/format", ""),
        ],
    ),
    (
        "checks that need the command's flags, a file's mode or the server's state",
        &[
            ("checks/context", ""),
            ("checks/expires_soon", ""),
            ("checks/file_mode", ""),
            ("checks/server_start", ""),
            ("checks/server_version", ""),
            ("checks/undeclared_database", "context.keeps_its_tokens()"),
            ("checks/undeclared_database", "delete ! in run"),
            ("plan/place", ""),
        ],
    ),
    (
        "admin token files, which no op reads or writes, and what is said of them beside another",
        &[
            ("checks/open_operator_slot", ""),
            ("checks/sibling", ""),
            ("reader/file", "Some(Kind::Admin)"),
            ("reader/file", "draft.kind == Kind::Admin"),
            ("reader/file", " in admin"),
            ("reader/mod", "delete match arm Some(Known::Tokens"),
            ("reader/draft", "admin_token"),
            ("reader/mod", "admin_token"),
            ("writer/mod", "render_admin"),
        ],
    ),
    (
        "removing and rotating, which no op does",
        &[
            ("writer/edit", "Edit<'t>::elements"),
            ("writer/edit", "find"),
            ("writer/remove", ""),
            ("writer/rotate", ""),
            ("writer/style", "further_member"),
        ],
    ),
];

fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let of =
        |(why, of): &'static Unseen| of.iter().map(move |(module, word)| (*why, *module, *word));
    UNSEEN.iter().flat_map(of)
}

fn is_of((_, of, word): (&str, &str, &str), module: &str, name: &str) -> bool {
    (of.is_empty() || of == module) && name.contains(word)
}

/// Why no vector can see a mutant; none where one could.
pub(super) fn why(module: &str, name: &str) -> Option<&'static str> {
    all().find(|unseen| is_of(*unseen, module, name)).map(|(why, ..)| why)
}

/// As rows: which, and why.
pub(super) fn rows() -> String {
    let shown = |(of, word): &(&str, &str)| match (*of, *word) {
        (of, "") => of.to_owned(),
        ("", word) => format!("`{word}`"),
        (of, word) => format!("{of} `{}`", word.trim()),
    };
    let row = |(why, which): &Unseen| {
        let which: Vec<String> = which.iter().map(shown).collect();
        format!("| {why} | {} |\n", which.join(", "))
    };
    UNSEEN.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutants::rates::module;
    use crate::mutants::results::{Outcome, Results, Suite};

    #[test]
    fn every_entry_is_about_a_mutant_that_the_vectors_miss() {
        let results = Results::load().expect("results");
        for unseen in all() {
            let mut mutants = results.all();
            let is_used = mutants.any(|(file, mutant)| {
                let is_missed = mutant.with(Suite::Vectors) == Some(Outcome::Missed);
                is_missed && is_of(unseen, module(file), &mutant.name)
            });
            assert!(is_used, "nothing that they miss is {unseen:?}");
        }
    }
}
