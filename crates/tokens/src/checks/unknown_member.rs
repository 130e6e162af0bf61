//! DOC-05: members that servers ignore, often misspelled ones.

use std::borrow::Cow;

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::reader::{Draft, Known, Unknown, pointer_to};
use crate::suggest::{MOST_SUGGESTIONS, nearest};
use crate::{Kind, quote};

pub(super) const CHECK: Check = Check { codes: &[Code::UnknownMember], run: Run::OnDraft(run) };

/// More are told together, so that a file of nothing else is not said back several times as long.
const MOST_LISTED: usize = 1000;

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut unknown = draft.unknown.iter().filter(|unknown| !is_remark(unknown.name.as_str()));
    for (count, unknown) in unknown.by_ref().take(MOST_LISTED).enumerate() {
        let name = unknown.name.as_str();
        let known = known_beside(draft, unknown).iter().filter(|_| count < MOST_SUGGESTIONS);
        let meant = nearest(name, known.map(|member| member.as_str()));
        let help = match meant {
            Some(meant) => Cow::Owned(format!("did you mean `{meant}`?")),
            None => Cow::Borrowed(HELP),
        };
        let message = format!("servers ignore the member {}", quote(name));
        found.push(finding(draft, unknown, message).help(help));
    }
    if let Some(next) = unknown.next() {
        let name = quote(next.name.as_str());
        let message = match unknown.count() {
            0 => format!("servers ignore the member {name}"),
            others => format!("servers ignore the member {name}, and {others} more behind it"),
        };
        found.push(finding(draft, next, message).help(HELP));
    }
}

const HELP: &str = "remove it, or call it `description` or `_something` if it is a remark";

fn finding(draft: &Draft<'_>, unknown: &Unknown<'_>, message: String) -> Diagnostic {
    let Unknown { token, name } = unknown;
    let object = token.map_or_else(String::new, |index| draft.token_pointer(index));
    let place = draft.place(pointer_to(&object, name.as_str()), name.raw());
    Diagnostic::new(Code::UnknownMember, rules::DOC_05, message).at(place)
}

/// What the object knows that has this member.
fn known_beside(draft: &Draft<'_>, unknown: &Unknown<'_>) -> &'static [Known] {
    match (unknown.token, draft.kind) {
        (None, Kind::Permission) => Known::OF_FILE,
        (_, kind) => Known::of_token(kind),
    }
}

/// Members that people add on purpose, for people.
fn is_remark(name: &str) -> bool {
    name == "description" || name.starts_with(['_', '$'])
}

#[cfg(test)]
mod tests {
    use super::MOST_SUGGESTIONS;
    use crate::Code;
    use crate::checks::testing::{GOOD, found};

    fn helps(members: &str, token_members: &str) -> Vec<String> {
        let file = format!(
            r#"{{"tokens": [{{"token": "{GOOD}", "name": "n", "permissions": ["db:*:read"]
                {token_members}}}] {members}}}"#
        );
        found(&file).into_iter().filter_map(|found| Some(found.help?.into_owned())).collect()
    }

    #[test]
    fn those_that_are_not_listed_are_counted() {
        for (count, listed) in [(1000, 1000), (1001, 1001), (1003, 1001)] {
            let members: String = (0..count).map(|n| format!(", \"x{n}\": 0")).collect();
            let file = format!(r#"{{"tokens": [], "_": 0{members}}}"#);
            let unknown = found(&file).into_iter().filter(|f| f.code == Code::UnknownMember);
            let unknown: Vec<_> = unknown.collect();
            assert_eq!(unknown.len(), listed, "{count}");
            let last = unknown.last().map(|found| found.message.as_str()).unwrap_or_default();
            let end = match count {
                1000 => "`x999`",
                1001 => "`x1000`",
                _ => "`x1000`, and 2 more behind it",
            };
            assert!(last.ends_with(end), "{last}");
        }
    }

    #[test]
    fn only_the_first_get_a_suggestion() {
        let helps = helps(&", \"tokns\": 0".repeat(MOST_SUGGESTIONS + 2), "");
        let suggested = helps.iter().filter(|help| help.starts_with("did you mean `tokens`"));
        assert_eq!((suggested.count(), helps.len()), (MOST_SUGGESTIONS, MOST_SUGGESTIONS + 2));
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
