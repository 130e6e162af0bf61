//! PERM-09: a (name, action) that a token is granted twice.

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, Place, rules};
use crate::reader::{Draft, DraftToken, Entry};
use crate::{Action, Actions, ResourceType, quote};

pub(super) const CHECK: Check = Check { codes: &[Code::DuplicateGrant], run: Run::OnDraft(run) };

const HELP: &str = "remove one of them: it means the same as once";

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    // One list for all tokens, since each needs it for a moment only.
    let mut grants = Vec::new();
    for (index, token) in draft.tokens() {
        grants.clear();
        grants.extend(
            token
                .permissions()
                .flat_map(|entry| entry.permission.names().map(move |name| Grant { name, entry })),
        );
        // Sorting brings repeats together, in file order since it is stable.
        grants.sort_by_key(Grant::key);
        for repeats in grants.chunk_by(|a, b| a.key() == b.key()) {
            repeated_names(draft, index, repeats, found);
        }
        repeated_actions(draft, index, token, found);
    }
}

/// A name in a permission.
struct Grant<'d, 'a> {
    name: &'d str,
    entry: Entry<'d, 'a>,
}

impl<'d> Grant<'d, '_> {
    fn key(&self) -> (ResourceType, &'d str) {
        (self.entry.permission.resource_type(), self.name)
    }

    fn place(&self, draft: &Draft<'_>, token: usize) -> Place {
        draft.permission_place(token, self.entry, self.name)
    }
}

/// Grants on one name.
fn repeated_names(
    draft: &Draft<'_>,
    token: usize,
    grants: &[Grant<'_, '_>],
    found: &mut Vec<Diagnostic>,
) {
    let [first, others @ ..] = grants else { return };
    let mut granted = first.entry.permission.actions();
    for other in others {
        let again = granted.intersection(other.entry.permission.actions());
        granted |= other.entry.permission.actions();
        if !again.is_empty() {
            let message = format!("{} is granted `{again}` twice", quote(other.name));
            found.push(
                Diagnostic::new(Code::DuplicateGrant, rules::PERM_09, message)
                    .help(HELP)
                    .at(other.place(draft, token))
                    .related("first granted here", first.place(draft, token)),
            );
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
        for spelled in entry.permission.spelled_actions() {
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
