//! DOC-05: members that servers ignore, often misspelled ones.

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::quote;
use crate::reader::{Draft, Known, Text, pointer_to};
use crate::suggest::nearest;

pub(super) const CHECK: Check = Check { codes: &[Code::UnknownMember], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut judge = |object: &str, name: &Text<'_>, known: &[Known]| {
        if !is_remark(name.as_str()) {
            let place = draft.place(pointer_to(object, name.as_str()), name.raw());
            found.push(finding(name.as_str(), known).at(place));
        }
    };
    for name in &draft.unknown {
        judge("", name, Known::OF_FILE);
    }
    for (index, token) in draft.tokens() {
        for name in &token.unknown {
            judge(&draft.token_pointer(index), name, Known::of_token(draft.kind));
        }
    }
}

/// Members that people add on purpose, for people.
fn is_remark(name: &str) -> bool {
    name == "description" || name.starts_with(['_', '$'])
}

fn finding(name: &str, known: &[Known]) -> Diagnostic {
    let message = format!("servers ignore the member {}", quote(name));
    let help = match nearest(name, known.iter().map(|member| member.as_str())) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "remove it, or call it `description` or `_something` if it is a remark".to_owned(),
    };
    Diagnostic::new(Code::UnknownMember, rules::DOC_05, message).help(help)
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{GOOD, found};

    fn helps(members: &str, token_members: &str) -> Vec<String> {
        let file = format!(
            r#"{{"tokens": [{{"token": "{GOOD}", "name": "n", "permissions": ["db:*:read"]
                {token_members}}}] {members}}}"#
        );
        found(&file).into_iter().filter_map(|found| found.help).collect()
    }

    #[test]
    fn misspelled_members_are_found_with_what_was_meant() {
        for (name, meant) in [
            ("expiry", "expiry_millis"),
            ("expiryMillis", "expiry_millis"),
            ("permission", "permissions"),
            ("Name", "name"),
        ] {
            let helps = helps("", &format!(r#", "{name}": 1"#));
            assert_eq!(helps, [format!("did you mean `{meant}`?")], "{name}");
        }
        assert_eq!(helps(r#", "databases": []"#, ""), ["did you mean `create_databases`?"]);
        assert_eq!(helps(r#", "x": 1, "x": 2"#, "").len(), 2, "each of the repeated");
    }

    #[test]
    fn remarks_and_members_deeper_down_are_fine() {
        let remarks = r#", "description": "a", "_comment": "b", "$schema": "c""#;
        assert!(helps(remarks, remarks).is_empty());
        assert!(helps(r#", "_x": {"expiry": 1}"#, "").is_empty());
    }
}
