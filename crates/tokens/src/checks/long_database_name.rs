//! DB-02: a name longer than the documented limit.

use super::{Check, Context, Run};
use crate::database::LONGEST_DOCUMENTED_NAME;
use crate::diagnostic::{Code, Diagnostic, Place, rules};
use crate::reader::Draft;
use crate::{ResourceType, quote};

pub(super) const CHECK: Check = Check { codes: &[Code::LongDatabaseName], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (index, name) in draft.databases() {
        let place = || draft.place(format!("/create_databases/{index}"), name.raw());
        found.extend(finding(name.as_str(), place));
    }
    for (index, token) in draft.tokens() {
        for entry in token.permissions() {
            if entry.permission.resource_type() == ResourceType::Db {
                let names = entry.permission.names();
                found.extend(names.filter_map(|name| {
                    finding(name, || draft.permission_place(index, entry, name))
                }));
            }
        }
    }
}

fn finding(name: &str, place: impl FnOnce() -> Place) -> Option<Diagnostic> {
    let database = name.split('/').next().unwrap_or_default();
    // A valid name is ASCII, so its bytes are its characters.
    if database.len() <= LONGEST_DOCUMENTED_NAME {
        return None;
    }
    let message = format!(
        "the database name {} has {} characters, {LONGEST_DOCUMENTED_NAME} are documented to work",
        quote(name),
        database.len()
    );
    let found = Diagnostic::new(Code::LongDatabaseName, rules::DB_02, message);
    Some(found.help("shorten the name").at(place()))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{file, marked};

    #[test]
    fn names_over_64_characters_are_found_where_they_stand() {
        let long = "a".repeat(65);
        let marked = marked(&file(&[&long], &[&format!("db:{long}:read")]));
        assert_eq!(marked, vec![("long-database-name", long); 2]);
    }

    #[test]
    fn names_of_64_and_long_policies_are_fine() {
        let name = "a".repeat(64);
        let with_policy = format!("a/{}", "b".repeat(100));
        assert_eq!(marked(&file(&[&name, &with_policy], &["db:*:read"])), []);
    }
}
