//! TOK-10: a token that may do nothing.

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, Place, rules};
use crate::reader::{Draft, pointer_to};

pub(super) const CHECK: Check = Check { codes: &[Code::NoPermissions], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (index, token) in draft.tokens() {
        let Some(list) = token.permissions.as_ref().filter(|list| list.items.is_empty()) else {
            continue;
        };
        let message = "the token has no permissions: it is authenticated, and allowed nothing";
        let pointer = pointer_to(&draft.token_pointer(index), "permissions");
        found.push(
            Diagnostic::new(Code::NoPermissions, rules::TOK_10, message)
                .help("grant something, for example \"db:sensors:read\", or remove the token")
                .at(Place { pointer, span: list.span }),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{file, marked};

    #[test]
    fn an_empty_list_is_found() {
        assert_eq!(marked(&file(&[], &[])), [("no-permissions", "[]".to_owned())]);
    }

    #[test]
    fn one_permission_is_enough_and_a_faulty_one_is_no_empty_list() {
        assert_eq!(marked(&file(&[], &["system:ping:read"])), []);
        assert_eq!(marked(&file(&[], &["x"])), [("permission-shape", "x".to_owned())]);
    }
}
