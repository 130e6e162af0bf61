//! The text that was probably meant (PERM-10): the slips that people make, undone.

use super::{Action, Permission, ResourceType, SYSTEM_NAMES};
use crate::suggest::nearest;

/// Longer texts, in bytes, are not repaired: nobody typed them.
const LONGEST: usize = 4096;

/// A valid permission close to `text`, which is not one, if there is one: without white space and
/// quotes, with ASCII punctuation, lower-case key words, no empty elements and the nearest known
/// names. Database names keep their case; none is guessed. Texts of more than 4096 bytes are not repaired.
///
/// [`PermissionError::help`](super::PermissionError::help) says the same in a sentence.
///
/// ```
/// use tokens::permission::repair;
/// assert_eq!(repair("DB: a,,b : Read, wirte").as_deref(), Some("db:a,b:read,write"));
/// assert_eq!(repair("db:my db:read"), None);
/// ```
pub fn repair(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let ascii: String = text.chars().map(ascii_punctuation).filter(|c| !is_quote(*c)).collect();
    let parts: Vec<&str> = ascii.split(':').map(str::trim).collect();
    let [resource_type, names, actions] = parts.as_slice() else { return None };
    let resource_type = ResourceType::from_name(&resource_type.to_lowercase())?;
    let names = elements(names, |name| match resource_type {
        ResourceType::Db => name.to_owned(),
        ResourceType::System => known(name, &SYSTEM_NAMES),
    });
    let allowed: Vec<&str> =
        Action::allowed_for(resource_type).iter().map(|action| action.as_str()).collect();
    let actions = elements(actions, |action| known(action, &allowed));
    let repaired = format!("{resource_type}:{names}:{actions}");
    (repaired != text && Permission::parse(repaired.as_str()).is_ok()).then_some(repaired)
}

/// The elements of a list, trimmed, without empty ones; several `*` are one.
fn elements(list: &str, correct: impl Fn(&str) -> String) -> String {
    let mut elements: Vec<String> =
        list.split(',').map(str::trim).filter(|e| !e.is_empty()).map(correct).collect();
    if elements.iter().all(|element| element == "*") {
        elements.truncate(1);
    }
    elements.join(",")
}

fn known(name: &str, names: &[&str]) -> String {
    if name == "*" {
        return name.to_owned();
    }
    nearest(name, names.iter().copied()).unwrap_or(name).to_owned()
}

fn ascii_punctuation(character: char) -> char {
    match character {
        '：' | '﹕' => ':',
        '，' | '﹐' | '、' | ';' | '；' => ',',
        '＊' => '*',
        _ => character,
    }
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'' | '`' | '“' | '”' | '‘' | '’' | '«' | '»' | '＂' | '＇')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_undone_and_guesses_are_not_made() {
        for (text, repaired) in [
            ("db:a:read, write", Some("db:a:read,write")),
            ("db:a :read", Some("db:a:read")),
            ("'db:a:read'", Some("db:a:read")),
            ("db：a，b：read", Some("db:a,b:read")),
            ("db:a:READ", Some("db:a:read")),
            ("db:a:raed", Some("db:a:read")),
            ("db:*,*:read", Some("db:*:read")),
            ("db:a,:read,", Some("db:a:read")),
            ("system: Health :read", Some("system:health:read")),
            ("system:metric:read", Some("system:metrics:read")),
            ("db:a:read\n", Some("db:a:read")),
            ("db:＊：read", Some("db:*:read")),
            ("db:\u{3000}a:read", Some("db:a:read")),
            ("db:a:read", None),
            ("db:*, a:read", None),
            ("db:*,a:read", None),
            ("db::read", None),
            ("db:a:all", None),
            ("db:a:*", None),
            ("system:ping:write", None),
            ("token:a:read", None),
        ] {
            assert_eq!(repair(text).as_deref(), repaired, "{text}");
        }
    }

    #[test]
    fn what_nobody_typed_is_not_repaired() {
        for (length, is_repaired) in [(LONGEST, true), (LONGEST + 1, false), (LONGEST + 2, false)] {
            let text = format!("{:length$}", "db:a:READ");
            assert_eq!(repair(&text).is_some(), is_repaired, "{length} bytes");
        }
    }
}
