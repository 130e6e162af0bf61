//! GEN-06: an admin token that is not the operator's leaves the place of the operator open.

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::name::OPERATOR_NAME;
use crate::reader::{Draft, Text};
use crate::{Kind, quote};

pub(super) const CHECK: Check = Check { codes: &[Code::OpenOperatorSlot], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    if draft.kind != Kind::Admin {
        return;
    }
    for (index, token) in draft.tokens() {
        let Some(name) = &token.name else { continue };
        if name.as_str() != OPERATOR_NAME {
            found.push(finding(name).at(draft.name_place(index, name)));
        }
    }
}

fn finding(name: &Text<'_>) -> Diagnostic {
    let message = format!(
        "the admin token is named {}, so anyone who reaches the server may still make the operator \
         token `_admin`",
        quote(name.as_str())
    );
    Diagnostic::new(Code::OpenOperatorSlot, rules::GEN_06, message)
        .help("name it `_admin`, or make the operator token before others can reach the server")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{GOOD, file, marked};

    #[test]
    fn an_admin_token_of_another_name_is_found() {
        let marked = marked(&format!(r#"{{"token": "{GOOD}", "name": "ci"}}"#));
        assert_eq!(marked, [("open-operator-slot", "ci".to_owned())]);
    }

    #[test]
    fn the_operator_and_permission_files_are_fine() {
        assert_eq!(marked(&format!(r#"{{"token": "{GOOD}", "name": "_admin"}}"#)), []);
        assert_eq!(marked(&file(&[], &["db:*:read"])), []);
    }
}
