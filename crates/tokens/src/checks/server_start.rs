//! BOOT-02 to BOOT-04: what a server in a known state would run into.

use super::{Check, Context, Run};
use crate::Kind;
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::plan;
use crate::reader::Draft;

/// A missing database is said by the check of undeclared ones, which knows it in broken files too.
pub(super) const CHECK: Check = Check {
    codes: &[Code::TokensExist, Code::NameTaken, Code::SameNameNewSecret, Code::DuplicateToken],
    run: Run::OnDraft(run),
};

fn run(draft: &Draft<'_>, context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(state) = context.state else { return };
    let Some(document) = draft.document().filter(|_| draft.kind == Kind::Permission) else {
        return;
    };
    let findings = plan(&document, state).findings.into_iter();
    let findings = findings.filter(|finding| finding.code != Code::MissingDatabase);
    found.extend(findings.map(|finding| finding.in_draft(Some(draft))));
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{GOOD, file, found_with, marks};
    use crate::plan::{State, StateToken};
    use crate::{Context, Secret, Timestamp};

    fn codes(name: &str, secret: &str, resource: bool) -> Vec<(&'static str, String)> {
        let hash = Secret::parse(secret.to_owned()).expect("prefixed").hash().as_str().to_owned();
        let token = StateToken { name: name.to_owned(), hash, resource };
        let state = State { databases: vec![], tokens: vec![token] };
        let context = Context { state: Some(&state), ..Context::at(Timestamp(0)) };
        let file = file(&["a"], &["db:a:read"]);
        marks(&file, found_with(&file, &context))
    }

    #[test]
    fn what_the_server_has_already_is_found() {
        let none = String::new;
        assert_eq!(codes("other", "apiv3_x", true), [("tokens-exist", none())]);
        assert_eq!(
            codes("n", "apiv3_x", true),
            [("tokens-exist", none()), ("same-name-new-secret", "n".to_owned())]
        );
        assert_eq!(codes("n", "apiv3_x", false), [("name-taken", "n".to_owned())]);
        assert_eq!(codes("other", GOOD, false), [("duplicate-token", GOOD.to_owned())]);
    }

    #[test]
    fn a_fresh_server_and_unrelated_admin_tokens_are_fine() {
        assert_eq!(codes("_admin", "apiv3_x", false), []);
    }
}
