//! ADM-03: a permission tokens file beside the admin token file of the same server.

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::reader::Draft;
use crate::{Kind, quote};

pub(super) const CHECK: Check =
    Check { codes: &[Code::NameTaken, Code::DuplicateToken], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some((_, admin)) = context.admin_draft().and_then(|draft| draft.tokens().next()) else {
        return;
    };
    if draft.kind != Kind::Permission {
        return;
    }
    for (index, token) in draft.tokens() {
        if let (Some(name), Some(taken)) = (&token.name, &admin.name)
            && name.as_str() == taken.as_str()
        {
            let message = format!("the admin token has the name {} too", quote(name.as_str()));
            found.push(
                Diagnostic::new(Code::NameTaken, rules::ADM_03, message)
                    .help("rename one: a server skips a token whose name an admin token has")
                    .at(draft.name_place(index, name)),
            );
        }
        if let (Some(secret), Some(taken)) = (&token.token, &admin.token)
            && secret.as_str() == taken.as_str()
        {
            let message = "the admin token has the same string";
            found.push(
                Diagnostic::new(Code::DuplicateToken, rules::TOK_04, message)
                    .help("make a new string for one of them with `create token`")
                    .at(draft.secret_place(index, secret)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{GOOD, file, found_with, marks};
    use crate::{Context, Timestamp};

    fn beside(admin: &str) -> Vec<(&'static str, String)> {
        let file = file(&[], &["db:*:read"]);
        let admin = crate::read(admin.as_bytes(), None);
        let context = Context { admin: Some(&admin), ..Context::at(Timestamp(0)) };
        marks(&file, found_with(&file, &context))
    }

    #[test]
    fn a_shared_name_and_a_shared_secret_are_found() {
        let admin = format!(r#"{{"token": "{GOOD}", "name": "n"}}"#);
        let expected = [("duplicate-token", GOOD.to_owned()), ("name-taken", "n".to_owned())];
        assert_eq!(beside(&admin), expected);
    }

    #[test]
    fn another_name_and_secret_are_fine() {
        assert_eq!(beside(r#"{"token": "apiv3_x", "name": "_admin"}"#), []);
        assert_eq!(beside("not JSON"), []);
    }
}
