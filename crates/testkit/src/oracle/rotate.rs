//! Giving a token of a file a new string (FILE-02).

use tokens::{Rotation, Token, rotate};

use super::file::{Change, File, value};
use super::writer::string;
use crate::json;

/// The token gets what is new; all else of it stays, and so does everything else.
pub(super) fn rotated(
    file: &File<'_>,
    at: Option<usize>,
    rotation: &Rotation<'_>,
) -> Option<String> {
    let name = file.name(at);
    let is_twin = file.tokens.iter().enumerate().any(|(index, other)| {
        // A token string that stays the same would be no rotation.
        other.secret == rotation.secret
            || (Some(index) != at && Some(&other.name) == rotation.name.as_ref())
    });
    let rotated = match rotate(file.bytes, name, rotation) {
        Ok(rotated) => rotated,
        Err(error) => {
            assert!(is_twin || at.is_none(), "a rotation is refused: {error}");
            return None;
        }
    };
    let at = at.filter(|_| !is_twin).unwrap_or_else(|| panic!("{name:?} became a twin"));
    let old = &file.tokens[at];
    assert!(rotated.old == *old, "another token than {name:?} was rotated");
    let new = Token {
        secret: rotation.secret.clone(),
        name: rotation.name.clone().unwrap_or_else(|| old.name.clone()),
        expiry_millis: rotation.expiry_millis.or(old.expiry_millis),
        permissions: old.permissions.clone(),
    };
    assert!(rotated.new == new, "{name:?} became another token than was asked for");
    file.becomes(&rotated.text, changes(file, file.elements[at], rotation));
    Some(rotated.text.to_string())
}

/// New values in their places; a first expiry behind the name.
fn changes(file: &File<'_>, object: &str, rotation: &Rotation<'_>) -> Vec<Change> {
    let members = json::members(object).unwrap_or_default();
    let place = |name| value(&members, name).map(|value| file.place(value));
    let required = |name| place(name).unwrap_or_else(|| panic!("{object:?} has no {name}"));
    let mut changes = vec![(required("token"), string(rotation.secret.expose()))];
    if let Some(name) = &rotation.name {
        changes.push((required("name"), string(name.as_str())));
    }
    if let Some(millis) = rotation.expiry_millis {
        let end = required("name").end;
        changes.push(match place("expiry_millis") {
            Some(value) => (value, millis.to_string()),
            None => (end..end, format!(",\"expiry_millis\":{millis}")),
        });
    }
    changes
}
