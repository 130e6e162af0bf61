//! DB-03: a database declared twice.

use std::collections::HashMap;

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::quote;
use crate::reader::Draft;

pub(super) const CHECK: Check = Check { codes: &[Code::DuplicateDatabase], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let place = |index: usize, raw: &str| draft.place(format!("/create_databases/{index}"), raw);
    let mut first_of: HashMap<&str, (usize, &str)> = HashMap::new();
    for (index, name) in draft.databases() {
        let Some((first, raw)) = first_of.get(name.as_str()).copied() else {
            first_of.insert(name.as_str(), (index, name.raw()));
            continue;
        };
        let message = format!("{} is declared twice", quote(name.as_str()));
        found.push(
            Diagnostic::new(Code::DuplicateDatabase, rules::DB_03, message)
                .help("remove one: it is created once")
                .at(place(index, name.raw()))
                .related("first declared here", place(first, raw)),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{file, marked};

    #[test]
    fn a_second_declaration_is_found() {
        let marked = marked(&file(&["a", "b", "a"], &["db:a,b:read"]));
        assert_eq!(marked, [("duplicate-database", "a".to_owned())]);
    }

    #[test]
    fn names_that_differ_in_case_or_policy_are_different() {
        assert_eq!(marked(&file(&["a", "A", "a/b"], &["db:*:read"])), []);
    }
}
