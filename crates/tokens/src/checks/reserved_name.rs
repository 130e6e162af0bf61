//! TOK-07: the operator's name on a resource token.

use super::{Check, Context, Run};
use crate::Kind;
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::name::OPERATOR_NAME;
use crate::reader::Draft;

pub(super) const CHECK: Check = Check { codes: &[Code::ReservedName], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    if draft.kind != Kind::Permission {
        return;
    }
    for (index, token) in draft.tokens() {
        let Some(name) = token.name.as_ref().filter(|name| name.as_str() == OPERATOR_NAME) else {
            continue;
        };
        let message = "`_admin` is the operator token's name, and names are shared";
        found.push(
            Diagnostic::new(Code::ReservedName, rules::TOK_07, message)
                .help("give the token another name")
                .at(draft.name_place(index, name)),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{GOOD, marked};

    fn named(name: &str) -> Vec<(&'static str, String)> {
        marked(&format!(
            r#"{{"tokens": [{{"token": "{GOOD}", "name": "{name}", "permissions": ["db:*:read"]}}]}}"#
        ))
    }

    #[test]
    fn the_operators_name_is_found_byte_for_byte() {
        assert_eq!(named("_admin"), [("reserved-name", "_admin".to_owned())]);
    }

    #[test]
    fn names_that_resemble_it_and_the_operator_itself_are_fine() {
        for name in ["admin", "_Admin", "_admin "] {
            assert_eq!(named(name), []);
        }
        assert_eq!(marked(&format!(r#"{{"token": "{GOOD}", "name": "_admin"}}"#)), []);
    }
}
