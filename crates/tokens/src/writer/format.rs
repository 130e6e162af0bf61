//! A file in its canonical layout (GEN-04): known members in their order and permissions in canonical
//! text, all else in the same words with other white space.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::{EditError, push_json_string};
use crate::reader::{Known, escape, json};
use crate::{Kind, Permission, Reading, is_harmful};

/// Members of the file's object, in the order in which they are written.
const OF_FILE: [Known; 2] = [Known::CreateDatabases, Known::Tokens];

/// What is nested deeper stands on one line: indented, it would grow with the square of the depth.
const DEEPEST: usize = 32;

/// A file of either kind in the layout of a new one: two spaces, known members in their order, those that
/// are null left out, permissions in canonical text (PERM-11).
///
/// Unknown members keep their values to the digit and their order: in front of the known ones where they
/// stood there, else behind them. Nothing else changes, so that what is formatted means the same, and
/// formatting it again changes nothing.
///
/// # Errors
///
/// [`EditError::DoesNotLoad`].
///
/// ```
/// let file = br#"{"_by": 1.0, "tokens": [{"permissions": ["db:b,b:write,read"], "team": "x",
///     "name": "app", "token": "apiv3_x"}]}"#;
/// let expected = r#"{
///   "_by": 1.0,
///   "tokens": [
///     {
///       "token": "apiv3_x",
///       "name": "app",
///       "permissions": [
///         "db:b:read,write"
///       ],
///       "team": "x"
///     }
///   ]
/// }
/// "#;
/// assert_eq!(*tokens::format(file)?, expected);
/// # Ok::<(), tokens::EditError>(())
/// ```
pub fn format(old: &[u8]) -> Result<Zeroizing<String>, EditError> {
    let reading = crate::read(old, None);
    if !reading.loads() {
        return Err(EditError::does_not_load(&reading));
    }
    Ok(lay_out(&ordered(&reading)))
}

/// The file with its members in order, without a layout.
fn ordered(reading: &Reading<'_>) -> Zeroizing<String> {
    let text = reading.text();
    // All the room at once, so that no secret is left behind; canonical text is seldom longer.
    let mut new = Zeroizing::new(String::with_capacity(text.len()));
    match reading.kind() {
        Some(Kind::Admin) => object(text, Known::of_token(Kind::Admin), &mut new),
        _ => object(text, &OF_FILE, &mut new),
    }
    new
}

/// Writes an object with the members that it knows in this order.
fn object(object: &str, order: &[Known], text: &mut String) {
    let members: Vec<_> = json::members(object)
        .into_iter()
        .map(|(name, value)| (known(name, order), name, value))
        .collect();
    let in_front = members.iter().take_while(|(known, ..)| known.is_none());
    let behind = members.iter().skip_while(|(known, ..)| known.is_none());
    let unknown = behind.filter(|(known, ..)| known.is_none());
    let known = order.iter().flat_map(|next| members.iter().filter(move |m| m.0 == Some(*next)));
    // TOK-08, DOC-08: null counts as absent.
    let known = known.filter(|(.., value)| *value != "null");
    list(('{', '}'), in_front.chain(known).chain(unknown), text, |(known, name, value), text| {
        match known {
            Some(known) => push_json_string(text, known.as_str()),
            None => text.push_str(name),
        }
        text.push(':');
        match known {
            Some(known) => meaning(*known, value, text),
            None => text.push_str(value),
        }
    });
}

/// Which of these members a name in quotes is.
fn known(name: &str, of: &[Known]) -> Option<Known> {
    Known::named(&decoded(name)).filter(|known| of.contains(known))
}

/// Writes the value of a known member.
fn meaning(known: Known, value: &str, text: &mut String) {
    match known {
        Known::Tokens => list(('[', ']'), json::elements(value), text, |token, text| {
            object(token, Known::of_token(Kind::Permission), text);
        }),
        Known::CreateDatabases => list(('[', ']'), json::elements(value), text, |name, text| {
            push_json_string(text, &decoded(name));
        }),
        Known::Permissions => list(('[', ']'), json::elements(value), text, |entry, text| {
            push_json_string(text, &canonical(&decoded(entry)));
        }),
        Known::Token | Known::Name => string(value, text),
        Known::ExpiryMillis => text.push_str(value),
    }
}

/// Writes a string in the usual spelling; but what a terminal or an editor would obey stays an escape where
/// it was one.
fn string(quoted: &str, text: &mut String) {
    let meaning = decoded(quoted);
    if meaning.contains(is_harmful) {
        text.push_str(quoted);
    } else {
        push_json_string(text, &meaning);
    }
}

/// PERM-11.
fn canonical(permission: &str) -> String {
    Permission::parse(permission).map_or(permission.to_owned(), |parsed| parsed.to_string())
}

/// What a string in quotes means.
fn decoded(quoted: &str) -> Cow<'_, str> {
    escape::decode_lossy(json::unquoted(quoted))
}

/// Writes elements with commas between them.
fn list<T>(
    (open, close): (char, char),
    elements: impl IntoIterator<Item = T>,
    text: &mut String,
    write: impl Fn(T, &mut String),
) {
    text.push(open);
    for (index, element) in elements.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write(element, text);
    }
    text.push(close);
}

/// A JSON text with an element on each line and two spaces for each level, and a final newline. Never
/// recursive, so that any depth is fine (DOC-09).
fn lay_out(json: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(json.len().saturating_mul(2)));
    let (mut depth, mut before, mut rest) = (0_usize, None, json);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => escape::string_length(rest.get(1..).unwrap_or_default(), '"') + 2,
            _ => first.len_utf8(),
        };
        let (part, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = behind;
        match first {
            ' ' | '\t' | '\r' | '\n' => continue,
            '}' | ']' => {
                if !matches!(before, Some('{' | '[')) {
                    new_line(depth, depth.saturating_sub(1), &mut text);
                }
                depth = depth.saturating_sub(1);
            }
            _ => match before {
                Some('{' | '[' | ',') => new_line(depth, depth, &mut text),
                Some(':') => text.push(' '),
                _ => {}
            },
        }
        text.push_str(part);
        if matches!(first, '{' | '[') {
            depth += 1;
        }
        before = Some(first);
    }
    text.push('\n');
    text
}

/// A new line between elements of this depth, indented so far.
fn new_line(depth: usize, indent: usize, text: &mut String) {
    if depth <= DEEPEST {
        text.push('\n');
        (0..indent).for_each(|_| text.push_str("  "));
    } else if text.ends_with(',') {
        text.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(file: &str) -> String {
        format(file.as_bytes()).expect(file).to_string()
    }

    #[test]
    fn members_stand_in_order_and_unknown_ones_keep_their_side() {
        let file = r#"{"$schema":"s","x":{"b":1,"a":[]},"tokens":[],"y":1e400,"create_databases":["b","a","b"],
            "tokens2":[{"permissions":["db:b:write,read"]}],"x":{}}"#;
        let expected = r#"{
  "$schema": "s",
  "x": {
    "b": 1,
    "a": []
  },
  "create_databases": [
    "b",
    "a",
    "b"
  ],
  "tokens": [],
  "y": 1e400,
  "tokens2": [
    {
      "permissions": [
        "db:b:write,read"
      ]
    }
  ],
  "x": {}
}
"#;
        assert_eq!(formatted(file), expected);
    }

    #[test]
    fn known_values_are_spelled_anew_and_unknown_ones_kept() {
        let file = r#"{"t\u006fkens":[{"name":"\u00e9\/\"\u002c","expiry_millis":null,"note":"\u00e9 ,]:\\",
            "permissions":["db:\u0062,a,b:write,read","db:a:read","db:a:read"],"token":"apiv3_\u0078"}],
            "create_databases":null}"#;
        let expected = r#"{
  "tokens": [
    {
      "token": "apiv3_x",
      "name": "é/\",",
      "permissions": [
        "db:b,a:read,write",
        "db:a:read",
        "db:a:read"
      ],
      "note": "\u00e9 ,]:\\"
    }
  ]
}
"#;
        assert_eq!(formatted(file), expected);
        assert_eq!(formatted(expected), expected);
    }

    #[test]
    fn harmful_characters_stay_as_they_are_spelled() {
        for name in ["a\\u202e", "a\u{202e}", "\\u0041\\u0007"] {
            let file = format!(r#"{{"tokens":[],"token":1,"x":"{name}"}}"#);
            assert!(formatted(&file).contains(&format!("\"{name}\"")), "{name}");
            let admin = format!(r#"{{"token":"apiv3_x","name":"{name}"}}"#);
            assert!(formatted(&admin).contains(&format!("\"{name}\"")), "{name}");
        }
    }

    #[test]
    fn an_admin_file_is_formatted_as_such() {
        let file = r#"{"permissions":[ 1 ],"expiry_millis":5,"name":"_admin","token":"apiv3_x"}"#;
        let expected = "{\n  \"permissions\": [\n    1\n  ],\n  \"token\": \"apiv3_x\",\n  \"name\": \
                        \"_admin\",\n  \"expiry_millis\": 5\n}\n";
        assert_eq!(formatted(file), expected);
    }

    #[test]
    fn what_is_nested_too_deep_stands_on_one_line() {
        let deep = |depth: usize| {
            format!(r#"{{"tokens":[],"x":{}1,2{}}}"#, "[".repeat(depth), "]".repeat(depth))
        };
        let deepest = formatted(&deep(DEEPEST - 1));
        assert!(deepest.contains(&format!("\n{}2\n", "  ".repeat(DEEPEST))), "{deepest}");
        let deeper = formatted(&deep(DEEPEST + 1));
        assert!(deeper.contains(&format!("\n{}[[1, 2]]\n", "  ".repeat(DEEPEST))), "{deeper}");
        assert_eq!(formatted(&deeper), deeper);
        assert!(formatted(&deep(100_000)).len() < 250_000);
    }

    #[test]
    fn a_file_that_does_not_load_is_refused() {
        let error = format(b"{").expect_err("refused").to_string();
        assert!(error.contains("does not load"), "{error}");
    }
}
