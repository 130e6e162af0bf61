//! ACC-04, DB-04: grants that give nothing.

use std::collections::HashSet;

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::permission::INTERNAL_DATABASE;
use crate::reader::{Draft, Entry};
use crate::{Action, ResourceType, quote};

pub(super) const CHECK: Check = Check { codes: &[Code::IneffectiveGrant], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut databases = context.server_databases().unwrap_or_default();
    databases.extend(draft.databases().map(|(_, name)| name.as_str()));
    for (index, token) in draft.tokens() {
        for entry in token.permissions() {
            if entry.permission.resource_type() == ResourceType::Db
                && !entry.permission.is_wildcard()
            {
                internal(draft, index, entry, found);
                create(draft, index, entry, &databases, found);
            }
        }
    }
}

/// DB-04: only admin tokens may use `_internal` (ACC-06).
fn internal(draft: &Draft<'_>, token: usize, entry: Entry<'_, '_>, found: &mut Vec<Diagnostic>) {
    let Some(name) = entry.permission.names().find(|name| *name == INTERNAL_DATABASE) else {
        return;
    };
    let message = "a grant on `_internal` has no effect: only admin tokens may use it";
    found.push(
        Diagnostic::new(Code::IneffectiveGrant, rules::DB_04, message)
            .help("remove `_internal`, or query it with an admin token")
            .at(draft.permission_place(token, entry, name)),
    );
}

/// ACC-04: a named grant is bound to a database that exists, and creating one needs that it does not.
fn create(
    draft: &Draft<'_>,
    token: usize,
    entry: Entry<'_, '_>,
    databases: &HashSet<&str>,
    found: &mut Vec<Diagnostic>,
) {
    let actions = entry.permission.actions();
    if !actions.contains(Action::Create) {
        return;
    }
    let alone = actions == Action::Create.into();
    let name = entry
        .permission
        .names()
        .find(|name| *name != INTERNAL_DATABASE && (alone || !databases.contains(name)));
    let Some(name) = name else { return };
    let spelled =
        entry.permission.spelled_actions().find(|spelled| *spelled == Action::Create.as_str());
    let message = format!(
        "`create` on {} has no effect: a grant on a name is bound to a database that exists",
        quote(name)
    );
    found.push(
        Diagnostic::new(Code::IneffectiveGrant, rules::ACC_04, message)
            .help("to let the token create databases grant `db:*:create`, else leave `create` out")
            .at(draft.permission_place(token, entry, spelled.unwrap_or_default())),
    );
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{file, marked};

    #[test]
    fn create_on_a_name_and_grants_on_internal_are_found() {
        for (permission, offending) in [
            ("db:a:create", "create"),
            ("db:_internal:read", "_internal"),
            ("db:a,_internal:read", "_internal"),
        ] {
            let marked = marked(&file(&["a"], &[permission]));
            assert_eq!(marked, [("ineffective-grant", offending.to_owned())], "{permission}");
        }
        let undeclared = marked(&file(&[], &["db:a:read,create"]));
        assert_eq!(undeclared, [("ineffective-grant", "create".to_owned())]);
    }

    #[test]
    fn create_on_all_or_beside_other_actions_on_a_declared_name_is_fine() {
        assert_eq!(marked(&file(&[], &["db:*:create"])), []);
        assert_eq!(marked(&file(&["a"], &["db:a:create,read,write"])), []);
        assert_eq!(marked(&file(&["a"], &["db:a:read", "system:*:read"])), []);
    }
}
