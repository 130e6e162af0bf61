//! DB-06: more databases than a server takes by default.

use std::collections::HashSet;

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, Place, rules};
use crate::reader::Draft;

pub(super) const CHECK: Check = Check { codes: &[Code::TooManyDatabases], run: Run::OnDraft(run) };

/// The default of Enterprise; Core has 5, and the upgraded storage engine no limit.
const LIMIT: usize = 100;

fn run(draft: &Draft<'_>, context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut names: HashSet<&str> = context.server_databases().unwrap_or_default();
    names.extend(draft.databases().map(|(_, name)| name.as_str()));
    let Some((_, first)) = draft.databases().next() else { return };
    if names.len() > LIMIT {
        let message = format!(
            "there would be {} databases, {LIMIT} is the limit of a server by default",
            names.len()
        );
        let Place { span, .. } = draft.place(String::new(), first.raw());
        found.push(
            Diagnostic::new(Code::TooManyDatabases, rules::DB_06, message)
                .help("raise the server's limit before the start, or declare fewer")
                .at(Place { pointer: "/create_databases".to_owned(), span }),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{file, found_with};
    use crate::{Context, Timestamp};

    fn count(declared: usize, present: usize) -> usize {
        let name = |index| format!("db{index}");
        let declared: Vec<String> = (0..declared).map(name).collect();
        let declared: Vec<&str> = declared.iter().map(String::as_str).collect();
        let present: Vec<String> = (50..50 + present).map(name).collect();
        let context = Context { databases: Some(&present), ..Context::at(Timestamp(0)) };
        found_with(&file(&declared, &["db:*:read"]), &context).len()
    }

    #[test]
    fn more_than_100_databases_together_are_found() {
        assert_eq!(count(101, 0), 1);
        assert_eq!(count(60, 60), 1, "db0 to db109");
    }

    #[test]
    fn up_to_100_are_fine_and_common_ones_count_once() {
        assert_eq!(count(100, 0), 0);
        assert_eq!(count(100, 50), 0);
    }
}
