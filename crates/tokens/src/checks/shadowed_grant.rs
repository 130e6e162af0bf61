//! ACC-03: a grant on a name that takes away what the token's grant on `*` would give.

use super::{Check, Context, Run};
use crate::access::Grants;
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::quote;
use crate::reader::{Draft, DraftToken};

pub(super) const CHECK: Check = Check { codes: &[Code::ShadowedGrant], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (index, token) in draft.tokens() {
        let wildcards = token.permissions().filter(|entry| entry.permission.is_wildcard()).count();
        if wildcards > 0 && token.permissions().count() > wildcards {
            shadows(draft, index, token, found);
        }
    }
}

fn shadows(draft: &Draft<'_>, token: usize, of: &DraftToken<'_>, found: &mut Vec<Diagnostic>) {
    let entries: Vec<_> = of.permissions().collect();
    let grants = Grants::of(entries.iter().enumerate().map(|(at, entry)| (at, entry.permission)));
    for grant in grants.iter() {
        let Some((wildcard, lost)) = grants.shadowed_by(grant) else { continue };
        let first = |entries_of: &[usize]| entries.get(*entries_of.first()?).copied();
        let (Some(entry), Some(by)) = (first(&grant.entries), first(&wildcard.entries)) else {
            continue;
        };
        let Some(star) = by.permission.names().next() else { continue };
        let name = quote(grant.name);
        let message = format!(
            "the grant on {name} decides alone there, so `{lost}` of the grant on `*` is lost"
        );
        let help = format!(
            "add `{lost}` to the grant on {name}, or remove it if `*` was meant to cover it"
        );
        found.push(
            Diagnostic::new(Code::ShadowedGrant, rules::ACC_03, message)
                .help(help)
                .at(draft.permission_place(token, entry, grant.name))
                .related(
                    "this grant on `*` is not looked at there",
                    draft.permission_place(token, by, star),
                ),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{file, found, marked};

    #[test]
    fn a_narrower_grant_beside_a_wider_one_on_all_is_found_in_either_order() {
        for permissions in [["db:*:read,write", "db:b,a:read"], ["db:b,a:read", "db:*:read,write"]]
        {
            let file = file(&["a", "b"], &permissions);
            let found = found(&file);
            assert_eq!(found.len(), 2, "one for each name");
            assert_eq!(found[1].code.name(), "shadowed-grant");
            assert!(found[1].message.contains("`write`"), "{}", found[1].message);
            assert_eq!(found[0].related.len(), 1);
        }
    }

    #[test]
    fn nothing_lost_is_nothing_said() {
        for permissions in [
            &["db:*:read", "db:a:read,write"][..],
            &["db:*:read,write", "db:a:read", "db:a:write"],
            &["db:*:write", "system:ping:read"],
            // `create` on a name means nothing, so it cannot be lost (ACC-04).
            &["db:*:create,read", "db:a:read"],
            &["db:a:read", "db:b:write"],
        ] {
            assert_eq!(marked(&file(&["a", "b"], permissions)), [], "{permissions:?}");
        }
    }
}
