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
        let changed = {
            let file = File::read(file.as_deref());
            match step {
                Step::Append { name, secret, expiry, permissions, databases } => {
                    appended(&file, &token(name, secret, *expiry, permissions), databases)
                }
                Step::Remove(at) => removed(&file, file.nth(*at)),
                Step::Rotate { token, secret, name, expiry } => {
                    let rotation = Rotation {
                        secret: self::secret(secret),
                        name: name.as_deref().map(token_name),
                        expiry_millis: *expiry,
                    };
                    rotated(&file, file.nth(*token), &rotation)
                }
            }
        };
        if let Some(text) = changed {
            file = Some(text.into_bytes());
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

/// The members of a file that loads, as they are spelled.
struct Parts<'t> {
    others: Vec<(String, &'t str)>,
    databases: Vec<&'t str>,
    tokens: Vec<&'t str>,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let members = members(text).unwrap_or_else(|e| panic!("{text:?}: {e}"));
        let list = |name| {
            let found = members.iter().find(|(found, _)| found == name).map(|(_, list)| *list);
            found.filter(|list| *list != "null").map_or_else(Vec::new, |list| {
                elements(list).unwrap_or_else(|e| panic!("{list:?}: {e}"))
            })
        };
        let (databases, tokens) = (list("create_databases"), list("tokens"));
        let lists = ["create_databases", "tokens"];
        let others =
            members.into_iter().filter(|(name, _)| !lists.contains(&name.as_str())).collect();
        Parts { others, databases, tokens }
    }
}

/// A file before a step, which every step reads once.
struct File<'t> {
    bytes: Option<&'t [u8]>,
    text: &'t str,
    parts: Parts<'t>,
    /// As they are meant, in the order of the tokens.
    names: Vec<String>,
    secrets: Vec<String>,
}

/// A file without anything in it, which `append` starts from.
const EMPTY: &str = "{\"tokens\": []}";

impl<'t> File<'t> {
    fn read(bytes: Option<&'t [u8]>) -> Self {
        let text = bytes.filter(|bytes| !bytes.is_empty()).map(std::str::from_utf8);
        let text = text.map_or(EMPTY, |text| text.unwrap_or_else(|e| panic!("{e}")));
        let parts = Parts::of(text);
        let (mut names, mut secrets) = (Vec::new(), Vec::new());
        for token in &parts.tokens {
            let members = members(token).unwrap_or_default();
            let of = |name| members.iter().find(|(found, _)| found == name);
            names.push(of("name").map_or_else(String::new, |(_, value)| meant(value)));
            secrets.push(of("token").map_or_else(String::new, |(_, value)| meant(value)));
        }
        File { bytes, text, parts, names, secrets }
    }

    /// The index of a token that a step names, if there is any token.
    fn nth(&self, at: u8) -> Option<usize> {
        usize::from(at).checked_rem(self.names.len())
    }

    fn name(&self, at: Option<usize>) -> &str {
        at.and_then(|at| self.names.get(at)).map_or("a name that no token has", String::as_str)
    }
}

/// FILE-01.
fn appended(file: &File<'_>, token: &Token<'_>, databases: &[String]) -> Option<String> {
    let parse = |name: &String| DatabaseName::parse(name.clone()).unwrap_or_else(|e| panic!("{e}"));
    let declared: Vec<DatabaseName<'_>> = databases.iter().map(parse).collect();
    let is_twin = file.names.iter().any(|name| name == token.name.as_str())
        || file.secrets.iter().any(|secret| secret == token.secret.expose());
    let appended = match append(file.bytes, token, &declared) {
        Ok(appended) => appended,
        Err(error) => {
            assert!(is_twin, "an append is refused: {error}");
            return None;
        }
    };
    assert!(!is_twin, "a twin is appended");
    let (old, new) = (file.text, appended.text.as_str());
    let (before, after) = (&file.parts, Parts::of(new));
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
    if file.bytes.is_some_and(|bytes| !bytes.is_empty()) {
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
    Some(new.to_owned())
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

/// The token goes, and nothing else.
fn removed(file: &File<'_>, at: Option<usize>) -> Option<String> {
    let name = file.name(at);
    let removed = match remove(file.bytes, name) {
        Ok(removed) => removed,
        Err(error) => {
            assert_eq!(at, None, "a removal is refused: {error}");
            return None;
        }
    };
    let at = at.unwrap_or_else(|| panic!("{name:?} was removed, which was not there"));
    let (old, new) = (file.text, removed.text.as_str());
    let (before, after) = (&file.parts, Parts::of(new));
    let mut expected = before.tokens.clone();
    expected.remove(at);
    assert_eq!(after.tokens, expected, "{old:?} became {new:?}");
    assert_eq!(after.others, before.others, "{old:?} became {new:?}");
    assert_eq!(after.databases, before.databases, "{old:?} became {new:?}");
    assert_eq!(removed.token.name.as_str(), name);
    assert_eq!(removed.tokens, expected.len());
    assert!(tokens::read(new.as_bytes(), None).loads(), "{old:?} became {new:?}");
    Some(new.to_owned())
}

/// The token gets what is new; all else of it stays, and so does everything else.
fn rotated(file: &File<'_>, at: Option<usize>, rotation: &Rotation<'_>) -> Option<String> {
    let name = file.name(at);
    let is_taken = |new: &TokenName<'_>| {
        let mut others = file.names.iter().enumerate().filter(|(index, _)| Some(*index) != at);
        others.any(|(_, name)| name == new.as_str())
    };
    // A token string that stays the same would be no rotation.
    let is_twin = file.secrets.iter().any(|secret| secret == rotation.secret.expose())
        || rotation.name.as_ref().is_some_and(is_taken);
    let rotated = match rotate(file.bytes, name, rotation) {
        Ok(rotated) => rotated,
        Err(error) => {
            assert!(is_twin || at.is_none(), "a rotation is refused: {error}");
            return None;
        }
    };
    let at = at.filter(|_| !is_twin).unwrap_or_else(|| panic!("{name:?} became a twin"));
    let (old, new) = (file.text, rotated.text.as_str());
    let (before, mut after) = (&file.parts, Parts::of(new));
    assert_eq!(after.others, before.others, "{old:?} became {new:?}");
    assert_eq!(after.databases, before.databases, "{old:?} became {new:?}");
    let kept = |token: &str| -> Vec<(String, String)> {
        let changed = ["token", "name", "expiry_millis"];
        let members = members(token).unwrap_or_default().into_iter();
        let kept = members.filter(|(name, _)| !changed.contains(&name.as_str()));
        kept.map(|(name, value)| (name, value.to_owned())).collect()
    };
    let changed = std::mem::replace(&mut after.tokens[at], before.tokens[at]);
    assert_eq!(kept(changed), kept(before.tokens[at]), "{old:?} became {new:?}");
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
    Some(new.to_owned())
}
