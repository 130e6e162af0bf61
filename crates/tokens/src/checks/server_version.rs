//! VER-01 to VER-05: what an older server makes of a file, where the server's version is known.

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, Rule, rules};
use crate::reader::Draft;
use crate::{Action, Permission, ResourceType, ServerVersion, quote};

pub(super) const CHECK: Check = Check { codes: &[Code::ServerVersion], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(server) = context.server else { return };
    let taken: Vec<_> = found.iter().filter_map(|error| taken(error, server)).collect();
    found.extend(taken);
    if server >= ServerVersion::V3_10 {
        return;
    }
    for (index, token) in draft.tokens() {
        for entry in token.permissions() {
            found.extend(news(entry.permission).map(|(rule, part)| {
                let message = match rule {
                    rules::VER_01 => {
                        format!("a server {server} looks for a database called `*`, and stops")
                    }
                    _ => format!("a server {server} does not know {}, and stops", quote(part)),
                };
                Diagnostic::new(Code::ServerVersion, rule, message)
                    .help("3.10.0 is the first version that takes the file")
                    .at(draft.permission_place(index, entry, part))
            }));
        }
    }
}

/// What of a permission came with 3.10.0: the rule, and the name or action.
fn news<'p>(permission: &'p Permission<'_>) -> impl Iterator<Item = (Rule, &'p str)> {
    let is_db = permission.resource_type() == ResourceType::Db;
    let names = permission.names().filter_map(move |name| match name {
        "*" if is_db => Some((rules::VER_01, name)),
        "ready" if !is_db => Some((rules::VER_04, name)),
        _ => None,
    });
    let is_new =
        |action: &&str| [Action::Delete, Action::Describe].map(Action::as_str).contains(action);
    names.chain(permission.spelled_actions().filter(is_new).map(|action| (rules::VER_04, action)))
}

/// What an older server does where a newer one refuses.
fn taken(error: &Diagnostic, server: ServerVersion) -> Option<Diagnostic> {
    let (until, rule, does) = match error.code {
        Code::PermissionAdminOnly => {
            (ServerVersion::V3_10, rules::VER_02, "takes this, and makes a full admin token of it")
        }
        Code::PermissionSystemName => {
            (ServerVersion::V3_10, rules::VER_03, "panics at a system name that it does not know")
        }
        Code::DuplicateToken => (
            ServerVersion::V3_11_1,
            rules::VER_05,
            "takes both tokens, and forgets what the earlier one may do",
        ),
        _ => return None,
    };
    let message = format!("a server {server} {does}");
    let place = error.place.clone().filter(|_| server < until)?;
    Some(Diagnostic::new(Code::ServerVersion, rule, message).at(place))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{GOOD, file, found_with, marks};
    use crate::{Context, Timestamp};

    /// The rules and offending texts of what is said with a server of this version.
    fn said(file: &str, version: &str) -> Vec<(&'static str, String)> {
        let server = Some(version.parse().expect(version));
        let mut found = found_with(file, &Context { server, ..Context::at(Timestamp(0)) });
        found.retain(|found| found.code.name() == "server-version");
        let rules: Vec<_> = found.iter().map(|found| found.rule.id()).collect();
        rules.into_iter().zip(marks(file, found).into_iter().map(|(_, text)| text)).collect()
    }

    #[test]
    fn what_came_with_3_10_is_found_for_older_servers() {
        for (permission, rule, part) in [
            ("db:*:read", "VER-01", "*"),
            ("db:a:delete,read", "VER-04", "delete"),
            ("db:a:read,describe", "VER-04", "describe"),
            ("system:ping,ready:read", "VER-04", "ready"),
        ] {
            let file = file(&[], &[permission]);
            assert_eq!(said(&file, "3.9"), [(rule, part.to_owned())], "{permission}");
            assert_eq!(said(&file, "3.10.0"), [], "{permission}");
        }
        let file = file(&[], &["db:a,ready:read,write,create", "system:*:read"]);
        assert_eq!(said(&file, "3.4"), []);
    }

    #[test]
    fn it_is_said_what_the_server_does() {
        let server = "3.9".parse().ok();
        let words = |permission| {
            let context = Context { server, ..Context::at(Timestamp(0)) };
            found_with(&file(&[], &[permission]), &context).remove(0).message
        };
        assert!(words("db:*:read").contains("looks for a database called `*`"));
        assert!(words("db:a:delete").contains("does not know `delete`"));
    }

    #[test]
    fn what_older_servers_take_is_said_beside_the_error() {
        let (star, system) = (file(&[], &["*:*:*"]), file(&[], &["system:Health:read"]));
        let twice = format!(
            r#"{{"tokens": [{{"token": "{GOOD}", "name": "a", "permissions": ["db:b:read"]}},
                {{"token": "{GOOD}", "name": "b", "permissions": ["db:b:read"]}}]}}"#
        );
        for (file, rule, last, first) in [
            (star, "VER-02", "3.9", "3.10.0"),
            (system, "VER-03", "3.9", "3.10.0"),
            (twice, "VER-05", "3.11.0", "3.11.1"),
        ] {
            let rules: Vec<_> = said(&file, last).into_iter().map(|(rule, _)| rule).collect();
            assert_eq!(rules, [rule]);
            assert_eq!(said(&file, first), [], "{rule}");
        }
    }
}
