//! PERM-09: a (name, action) that a token is granted twice.

use std::collections::HashMap;

use super::{Check, Context};
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::reader::{Draft, DraftToken};
use crate::{Action, Actions, Permission, ResourceType, quote};

pub(super) const CHECK: Check = Check { codes: &[Code::DuplicateGrant], run };

const HELP: &str = "remove one of them: it means the same as once";

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    // One map for all tokens, since most need it for a moment only.
    let mut granted = HashMap::new();
    for (index, token) in draft.tokens() {
        granted.clear();
        repeated_names(draft, index, token, &mut granted, found);
        repeated_actions(draft, index, token, found);
    }
}

type Entry<'d, 'a> = (usize, &'a str, &'d Permission<'a>);
type Granted<'d, 'a> = HashMap<(ResourceType, &'d str), (Actions, Entry<'d, 'a>, &'d str)>;

fn repeated_names<'d, 'a>(
    draft: &'d Draft<'a>,
    token: usize,
    of: &'d DraftToken<'a>,
    granted: &mut Granted<'d, 'a>,
    found: &mut Vec<Diagnostic>,
) {
    for entry in of.permissions() {
        let permission = entry.2;
        for name in permission.names() {
            let key = (permission.resource_type(), name);
            let Some((actions, first, first_name)) = granted.get_mut(&key) else {
                granted.insert(key, (permission.actions(), entry, name));
                continue;
            };
            let again = actions.intersection(permission.actions());
            if !again.is_empty() {
                let message = format!("{} is granted `{again}` twice", quote(name));
                found.push(
                    Diagnostic::new(Code::DuplicateGrant, rules::PERM_09, message)
                        .help(HELP)
                        .at(draft.permission_place(token, entry, name))
                        .related(
                            "first granted here",
                            draft.permission_place(token, *first, first_name),
                        ),
                );
            }
            *actions |= permission.actions();
        }
    }
}

fn repeated_actions<'a>(
    draft: &Draft<'a>,
    token: usize,
    of: &DraftToken<'a>,
    found: &mut Vec<Diagnostic>,
) {
    for entry in of.permissions() {
        let mut seen = Actions::default();
        for spelled in entry.2.spelled_actions() {
            let Some(action) = Action::from_name(spelled) else { continue };
            if seen.contains(action) {
                let message = format!("`{action}` stands twice in one list of actions");
                found.push(
                    Diagnostic::new(Code::DuplicateGrant, rules::PERM_09, message)
                        .help(HELP)
                        .at(draft.permission_place(token, entry, spelled)),
                );
            }
            seen |= action.into();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{file, marked};

    fn grants(permissions: &[&str]) -> Vec<String> {
        let marked = marked(&file(&["a", "b"], permissions));
        marked.into_iter().map(|(code, text)| format!("{code} {text}")).collect()
    }

    #[test]
    fn repeats_are_found_in_one_list_and_across_entries() {
        assert_eq!(grants(&["db:a,b,a:read"]), ["duplicate-grant a"]);
        assert_eq!(grants(&["db:a:read,write,read"]), ["duplicate-grant read"]);
        assert_eq!(grants(&["db:a:read", "db:b,a:write,read"]), ["duplicate-grant a"]);
        assert_eq!(grants(&["db:*:read", "db:*:read"]), ["duplicate-grant *"]);
        assert_eq!(grants(&["system:ping:read", "system:ping:read"]), ["duplicate-grant ping"]);
    }

    #[test]
    fn other_actions_names_and_types_are_no_repeats() {
        assert!(grants(&["db:a:read", "db:a:write", "db:b:read"]).is_empty());
        assert!(grants(&["db:*:read", "system:*:read"]).is_empty());
        // A grant on a name is not a repeat of the one on `*`: it decides alone (ACC-03).
        assert!(grants(&["db:*:read", "db:a:read"]).is_empty());
    }
}
