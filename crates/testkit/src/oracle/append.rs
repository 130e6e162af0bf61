//! The life of a file (FILE-01 to FILE-03): a change does what it says, and nothing else.

use tokens::{
    DatabaseName, Permission, Rotation, Secret, Token, TokenName, append, remove, rotate,
};

use crate::generate::{Grant, History, Step};
use crate::json::{elements, members};

/// After every step the file is as the model says, and what the step does not name has kept its bytes.
pub fn history(history: &History) {
    after(history);
}

/// The file at the end of a history, of which every step was looked at.
pub(crate) fn after(history: &History) -> Option<Vec<u8>> {
    let mut file = history.start.bytes();
    for step in &history.steps {
        let names = names(file.as_deref());
        match step {
            Step::Append { name, secret, expiry, permissions, databases } => {
                let token = token(name, secret, *expiry, permissions);
                file = appended(file, &token, databases);
            }
            Step::Remove(at) => {
                let name = at.checked_rem(u8::try_from(names.len()).unwrap_or(u8::MAX));
                let name = name.and_then(|at| names.get(usize::from(at)));
                file = removed(file, name.map_or("a name that no token has", String::as_str));
            }
            Step::Rotate { token, secret, name, expiry } => {
                let at = token.checked_rem(u8::try_from(names.len()).unwrap_or(u8::MAX));
                let at = at.map(usize::from);
                let rotation = Rotation {
                    secret: self::secret(secret),
                    name: name.as_deref().map(token_name),
                    expiry_millis: *expiry,
                };
                file = rotated(file, at, &names, &rotation);
            }
        }
    }
    file
}

fn secret(part: &str) -> Secret<'static> {
    Secret::parse(format!("apiv3_{part}")).unwrap_or_else(|e| panic!("{e}"))
}

fn token_name(name: &str) -> TokenName<'static> {
    TokenName::parse(name.to_owned()).unwrap_or_else(|e| panic!("{name:?}: {e}"))
}

fn token(name: &str, part: &str, expiry_millis: Option<i64>, grants: &[Grant]) -> Token<'static> {
    let parse = |grant: &Grant| Permission::parse(grant.text()).unwrap_or_else(|e| panic!("{e}"));
    Token {
        secret: secret(part),
        name: token_name(name),
        expiry_millis,
        permissions: grants.iter().map(parse).collect(),
    }
}

/// A file that loads, by its members as they are spelled.
struct Parts<'t> {
    others: Vec<(String, &'t str)>,
    databases: Vec<&'t str>,
    tokens: Vec<&'t str>,
}

fn parts(text: &str) -> Parts<'_> {
    let members = members(text).unwrap_or_else(|e| panic!("{text:?}: {e}"));
    let list = |name| {
        let found = members.iter().find(|(found, _)| found == name).map(|(_, list)| *list);
        found.filter(|list| *list != "null").map_or_else(Vec::new, |list| {
            elements(list).unwrap_or_else(|e| panic!("{list:?}: {e}"))
        })
    };
    let (databases, tokens) = (list("create_databases"), list("tokens"));
    let lists = ["create_databases", "tokens"];
    let others = members.into_iter().filter(|(name, _)| !lists.contains(&name.as_str())).collect();
    Parts { others, databases, tokens }
}

/// A file without anything in it, which `append` starts from.
const EMPTY: &str = "{\"tokens\": []}";

fn text_of(file: Option<&[u8]>) -> &str {
    let text = file.filter(|bytes| !bytes.is_empty()).map(std::str::from_utf8);
    text.map_or(EMPTY, |text| text.unwrap_or_else(|e| panic!("{e}")))
}

fn meaning<'t>(text: &'t str, name: &str) -> Vec<String> {
    let of = |token: &&'t str| {
        let members = members(token).unwrap_or_default();
        let value = members.iter().find(|(found, _)| found == name).map_or("", |(_, value)| *value);
        serde_json::from_str(value).unwrap_or_default()
    };
    parts(text).tokens.iter().map(of).collect()
}

fn names(file: Option<&[u8]>) -> Vec<String> {
    meaning(text_of(file), "name")
}

fn secrets(file: Option<&[u8]>) -> Vec<String> {
    meaning(text_of(file), "token")
}

/// FILE-01.
fn appended(file: Option<Vec<u8>>, token: &Token<'_>, databases: &[String]) -> Option<Vec<u8>> {
    let parse = |name: &String| DatabaseName::parse(name.clone()).unwrap_or_else(|e| panic!("{e}"));
    let declared: Vec<DatabaseName<'_>> = databases.iter().map(parse).collect();
    let is_twin = names(file.as_deref()).iter().any(|name| name == token.name.as_str())
        || secrets(file.as_deref()).iter().any(|secret| secret == token.secret.expose());
    let appended = match append(file.as_deref(), token, &declared) {
        Ok(appended) => appended,
        Err(error) => {
            assert!(is_twin, "an append is refused: {error}");
            return file;
        }
    };
    assert!(!is_twin, "a twin is appended");
    let (old, new) = (text_of(file.as_deref()), appended.text.as_str());
    let (before, after) = (parts(old), parts(new));
    assert_eq!(after.others, before.others, "{old:?} became {new:?}");
    assert_eq!(
        after.tokens.split_last().map(|(_, rest)| rest),
        Some(&before.tokens[..]),
        "{new:?}"
    );
    let mut expected = before.databases.clone();
    let quoted: Vec<String> = databases.iter().map(|name| format!("\"{name}\"")).collect();
    let known = |names: &[&str], name: &str| names.iter().any(|known| meant(known) == name);
    for (name, quoted) in databases.iter().zip(&quoted) {
        if !known(&expected, name) {
            expected.push(quoted);
        }
    }
    assert_eq!(after.databases, expected, "{old:?} became {new:?}");
    let reading = tokens::read(new.as_bytes(), None);
    let document = reading.document().unwrap_or_else(|| panic!("{:?}", reading.errors()));
    assert!(document.tokens().last() == Some(token), "another token was appended to {old:?}");
    assert_eq!(appended.tokens, after.tokens.len());
    assert_eq!(appended.new_databases, expected.len() - before.databases.len());
    if file.as_ref().is_some_and(|bytes| !bytes.is_empty()) {
        assert!(!appended.is_new);
        keeps_its_bytes(
            old,
            new,
            [&before.tokens, &before.databases],
            [&after.tokens, &after.databases],
        );
    } else {
        assert!(appended.is_new);
        assert_eq!(new, *tokens::render(&appended.databases, std::slice::from_ref(token)));
    }
    Some(new.as_bytes().to_vec())
}

fn meant(quoted: &str) -> String {
    serde_json::from_str(quoted).unwrap_or_default()
}

/// Without what was added behind an old element, the text is the old one to the byte (FILE-02).
fn keeps_its_bytes(old: &str, new: &str, before: [&[&str]; 2], after: [&[&str]; 2]) {
    let lists = || before.into_iter().zip(after);
    if !lists().all(|(before, after)| !before.is_empty() || after.is_empty()) {
        return;
    }
    let end = |part: &str| part.as_ptr().addr() - new.as_ptr().addr() + part.len();
    let added = lists().filter(|(before, after)| before.len() < after.len());
    let mut cuts: Vec<(usize, usize)> = added
        .map(|(before, after)| (end(after[before.len() - 1]), end(after[after.len() - 1])))
        .collect();
    cuts.sort_unstable_by(|a, b| b.cmp(a));
    let mut kept = new.to_owned();
    for (from, to) in cuts {
        kept.replace_range(from..to, "");
    }
    assert_eq!(kept, old, "{new:?}");
}

/// The token of this name goes, and nothing else.
fn removed(file: Option<Vec<u8>>, name: &str) -> Option<Vec<u8>> {
    let position = names(file.as_deref()).iter().position(|found| found == name);
    let removed = match remove(file.as_deref(), name) {
        Ok(removed) => removed,
        Err(error) => {
            assert_eq!(position, None, "a removal is refused: {error}");
            return file;
        }
    };
    let at = position.unwrap_or_else(|| panic!("{name:?} was removed, which was not there"));
    let (old, new) = (text_of(file.as_deref()), removed.text.as_str());
    let (before, after) = (parts(old), parts(new));
    let mut expected = before.tokens.clone();
    expected.remove(at);
    assert_eq!(after.tokens, expected, "{old:?} became {new:?}");
    assert_eq!(after.others, before.others, "{old:?} became {new:?}");
    assert_eq!(after.databases, before.databases, "{old:?} became {new:?}");
    assert_eq!(removed.token.name.as_str(), name);
    assert_eq!(removed.tokens, expected.len());
    assert!(tokens::read(new.as_bytes(), None).loads(), "{old:?} became {new:?}");
    Some(new.as_bytes().to_vec())
}

/// The token gets what is new; all else of it stays, and so does everything else.
fn rotated(
    file: Option<Vec<u8>>,
    at: Option<usize>,
    names: &[String],
    rotation: &Rotation<'_>,
) -> Option<Vec<u8>> {
    let name = at.and_then(|at| names.get(at)).map_or("a name that no token has", String::as_str);
    // A token string that stays the same would be no rotation.
    let is_taken = |new: &TokenName<'_>| {
        let mut others = names.iter().enumerate().filter(|(index, _)| Some(*index) != at);
        others.any(|(_, name)| name == new.as_str())
    };
    let is_twin = secrets(file.as_deref()).iter().any(|s| s == rotation.secret.expose())
        || rotation.name.as_ref().is_some_and(is_taken);
    let rotated = match rotate(file.as_deref(), name, rotation) {
        Ok(rotated) => rotated,
        Err(error) => {
            assert!(is_twin || at.is_none(), "a rotation is refused: {error}");
            return file;
        }
    };
    let at = at.filter(|_| !is_twin).unwrap_or_else(|| panic!("{name:?} became a twin"));
    let (old, new) = (text_of(file.as_deref()), rotated.text.as_str());
    let (mut before, mut after) = (parts(old), parts(new));
    assert_eq!(after.others, before.others, "{old:?} became {new:?}");
    assert_eq!(after.databases, before.databases, "{old:?} became {new:?}");
    let kept = |token: &str| -> Vec<(String, String)> {
        let changed = ["token", "name", "expiry_millis"];
        let members = members(token).unwrap_or_default().into_iter();
        let kept = members.filter(|(name, _)| !changed.contains(&name.as_str()));
        kept.map(|(name, value)| (name, value.to_owned())).collect()
    };
    assert_eq!(
        kept(after.tokens.remove(at)),
        kept(before.tokens.remove(at)),
        "{old:?} became {new:?}"
    );
    assert_eq!(after.tokens, before.tokens, "{old:?} became {new:?}");
    let reading = tokens::read(new.as_bytes(), None);
    let document = reading.document().unwrap_or_else(|| panic!("{:?}", reading.errors()));
    let expected = Token {
        secret: rotation.secret.clone(),
        name: rotation.name.clone().unwrap_or_else(|| rotated.old.name.clone()),
        expiry_millis: rotation.expiry_millis.or(rotated.old.expiry_millis),
        permissions: rotated.old.permissions.clone(),
    };
    assert!(document.tokens().get(at) == Some(&expected), "{old:?} became {new:?}");
    assert!(rotated.new == expected);
    assert_eq!(rotated.old.name.as_str(), name);
    Some(new.as_bytes().to_vec())
}
