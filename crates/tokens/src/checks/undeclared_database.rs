//! DB-05: a permission on a database that the file does not declare. With the server's databases
//! known it is an error, since it stops the start; without, only a file that declares databases at
//! all is held to its declarations.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::permission::INTERNAL_DATABASE;
use crate::reader::{Draft, Entry};
use crate::suggest::{MOST_SUGGESTIONS, nearest};
use crate::{ResourceType, quote};

pub(super) const CHECK: Check =
    Check { codes: &[Code::UndeclaredDatabase, Code::MissingDatabase], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let server = context.server_databases();
    let declared: HashSet<&str> = draft.databases().map(|(_, name)| name.as_str()).collect();
    if declared.is_empty() && server.is_none() {
        return;
    }
    let is_known = |name: &str| {
        declared.contains(name) || server.as_ref().is_some_and(|server| server.contains(name))
    };
    // A server that creates no token is not stopped by what its tokens would need (BOOT-02, BOOT-04).
    let code = match server {
        Some(_) if !context.keeps_its_tokens() => Code::MissingDatabase,
        _ => Code::UndeclaredDatabase,
    };
    let mut suggestions = None;
    for (index, token) in draft.tokens() {
        for (entry, name) in token.permissions().flat_map(named_databases) {
            if !is_known(name) {
                let suggestions = suggestions.get_or_insert_with(|| {
                    Suggestions::of(draft, server.iter().flatten().copied())
                });
                let help = suggestions.next_for(name).map(|meant| {
                    let known = if declared.contains(meant) { "declared" } else { "there" };
                    format!("{} is {known}: did you mean that?", quote(meant))
                });
                let place = draft.permission_place(index, entry, name);
                found.push(finding(code, name, help).at(place));
            }
        }
    }
}

/// The databases that a permission names and a server need not have by itself (DB-04).
fn named_databases<'d, 'a>(entry: Entry<'d, 'a>) -> impl Iterator<Item = (Entry<'d, 'a>, &'d str)> {
    let permission = entry.permission;
    let names = permission.names().filter(move |name| {
        let named = permission.resource_type() == ResourceType::Db && !permission.is_wildcard();
        named && *name != INTERNAL_DATABASE
    });
    names.map(move |name| (entry, name))
}

fn finding(code: Code, name: &str, suggestion: Option<String>) -> Diagnostic {
    let message = match code {
        Code::MissingDatabase => {
            format!("the database {} is neither on the server nor declared here", quote(name))
        }
        _ => format!("the database {} is not declared in `create_databases`", quote(name)),
    };
    let help = suggestion.map_or(
        Cow::Borrowed(
            "add it to `create_databases`, or create it on the server before the start, which \
             fails without it",
        ),
        Cow::Owned,
    );
    Diagnostic::new(code, rules::DB_05, message).help(help)
}

/// Known names that may have been meant: those that nothing is granted on first.
struct Suggestions<'d> {
    unused: Vec<&'d str>,
    used: Vec<&'d str>,
    left: usize,
}

impl<'d> Suggestions<'d> {
    fn of(draft: &'d Draft<'_>, server: impl Iterator<Item = &'d str>) -> Self {
        let permissions = draft.tokens().flat_map(|(_, token)| token.permissions());
        let named: HashSet<&str> = permissions.flat_map(|entry| entry.permission.names()).collect();
        let declared = draft.databases().map(|(_, name)| name.as_str());
        let known = declared.chain(server);
        let (used, unused) = known.partition(|name| named.contains(name));
        Suggestions { unused, used, left: MOST_SUGGESTIONS }
    }

    fn next_for(&mut self, name: &str) -> Option<&'d str> {
        self.left = self.left.checked_sub(1)?;
        let in_list = |names: &[&'d str]| nearest(name, names.iter().copied());
        in_list(&self.unused).or_else(|| in_list(&self.used))
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{file, found, found_with, marked};
    use crate::plan::{State, StateToken};
    use crate::{Context, Timestamp};

    #[test]
    fn a_misspelled_name_is_found_and_the_unused_neighbour_offered() {
        let file = file(&["db1", "db2", "d3"], &["db:db1,db2:read,write", "db:db3:read"]);
        assert_eq!(marked(&file), [("undeclared-database", "db3".to_owned())]);
        let help = found(&file).remove(0).help;
        assert_eq!(help.as_deref(), Some("`d3` is declared: did you mean that?"));
    }

    #[test]
    fn a_policy_is_a_database_of_its_own() {
        let marked = marked(&file(&["db"], &["db:db/rp:read"]));
        assert_eq!(marked, [("undeclared-database", "db/rp".to_owned())]);
    }

    #[test]
    fn files_without_declarations_and_grants_on_all_or_internal_are_fine() {
        assert_eq!(marked(&file(&[], &["db:anything:read"])), []);
        assert_eq!(marked(&file(&["a"], &["db:*:read", "db:a:read", "system:*:read"])), []);
    }

    #[test]
    fn a_name_of_the_server_is_offered_too() {
        let databases = ["sensors".to_owned()];
        let context = Context { databases: Some(&databases), ..Context::at(Timestamp(0)) };
        let help = found_with(&file(&[], &["db:sensor:read"]), &context).remove(0).help;
        assert!(help.is_some_and(|help| help.starts_with("`sensors` is")));
    }

    fn codes(databases: &[&str], state: Option<&State>) -> Vec<&'static str> {
        let file = file(&["a"], &["db:a,b:read"]);
        let databases: Vec<String> = databases.iter().map(|name| (*name).to_owned()).collect();
        let context = Context { databases: Some(&databases), state, ..Context::at(Timestamp(0)) };
        found_with(&file, &context).iter().map(|found| found.code.name()).collect()
    }

    #[test]
    fn with_the_servers_databases_known_a_missing_one_is_an_error() {
        assert_eq!(codes(&["c"], None), ["missing-database"]);
        assert!(codes(&["b"], None).is_empty());
    }

    #[test]
    fn a_server_that_keeps_its_tokens_is_not_stopped() {
        let hash = "0123456789".to_owned();
        let token = StateToken { name: "x".to_owned(), hash, resource: true };
        let state = State { databases: vec![], tokens: vec![token] };
        assert_eq!(codes(&["c"], Some(&state)), ["tokens-exist", "undeclared-database"]);
    }
}
