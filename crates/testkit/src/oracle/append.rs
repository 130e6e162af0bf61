//! The life of a file (FILE-01 to FILE-03): a change does what it says, and nothing else.

use std::ops::Range;

use tokens::{DatabaseName, Rotation, Token, append};

use super::file::{self, Change, File};
use super::remove::removed;
use super::rotate::rotated;
use super::{model, writer};
use crate::generate::{Grant, History, Step};

/// After every step the file is as the model says, and what the step does not name has kept its bytes.
pub fn history(history: &History) {
    after(history);
}

/// The file at the end of a history, of which every step was looked at.
pub(crate) fn after(history: &History) -> Option<Vec<u8>> {
    let mut file = history.start.bytes();
    for step in &history.steps {
        let changed = changed(&File::read(file.as_deref()), step);
        if let Some(text) = changed {
            let reading = tokens::read(text.as_bytes(), None);
            assert!(reading.loads(), "{text:?}: {:?}", reading.errors());
            file = Some(text.into_bytes());
        }
    }
    file
}

/// The file after a step, unless the step is refused.
fn changed(file: &File<'_>, step: &Step) -> Option<String> {
    match step {
        Step::Append { name, secret, expiry, permissions, databases } => {
            let token = file::token(model::Token {
                token: format!("apiv3_{secret}"),
                name: name.clone(),
                expiry_millis: *expiry,
                permissions: permissions.iter().map(Grant::text).collect(),
            });
            appended(file, &token, databases)
        }
        Step::Remove(at) => removed(file, file.nth(*at)),
        Step::Rotate { token, secret, name, expiry } => {
            let rotation = Rotation {
                secret: file::secret(format!("apiv3_{secret}")),
                name: name.clone().map(file::name),
                expiry_millis: *expiry,
            };
            rotated(file, file.nth(*token), &rotation)
        }
    }
}

/// FILE-01.
fn appended(file: &File<'_>, token: &Token<'_>, databases: &[String]) -> Option<String> {
    let parse = |name: &String| DatabaseName::parse(name.clone()).unwrap_or_else(|e| panic!("{e}"));
    let new: Vec<DatabaseName<'_>> = databases.iter().map(parse).collect();
    let mut others = file.tokens.iter();
    let is_twin = others.any(|other| other.name == token.name || other.secret == token.secret);
    let appended = match append(file.bytes, token, &new) {
        Ok(appended) => appended,
        Err(error) => {
            assert!(is_twin, "an append is refused: {error}");
            return None;
        }
    };
    assert!(!is_twin, "a twin is appended");
    let declared = declared(file, databases);
    let (_, new) = declared.split_at(file.databases.len());
    let names: Vec<&str> = appended.databases.iter().map(DatabaseName::as_str).collect();
    assert_eq!((names, appended.new_databases), (declared.clone(), new.len()));
    assert_eq!(appended.tokens, file.tokens.len() + 1);
    assert_eq!(appended.is_new, file.bytes.is_none_or(<[u8]>::is_empty));
    if appended.is_new {
        let token = std::slice::from_ref(token);
        assert_eq!(*appended.text, writer::new_file(&declared, token), "a new file");
    } else {
        let mut changes = vec![behind(file, file.list, &writer::object(token))];
        changes.extend(declare(file, new));
        file.becomes(&appended.text, changes);
    }
    Some(appended.text.to_string())
}

/// The databases that a file declares, and behind them those that it does not, each once.
fn declared<'d>(file: &'d File<'_>, databases: &'d [String]) -> Vec<&'d str> {
    let mut declared: Vec<&str> = file.databases.iter().map(String::as_str).collect();
    for name in databases {
        if !declared.contains(&name.as_str()) {
            declared.push(name);
        }
    }
    declared
}

/// FILE-01: at the end of `create_databases`, which is made before `tokens` if it is absent.
fn declare(file: &File<'_>, new: &[&str]) -> Option<Change> {
    let new = (!new.is_empty()).then(|| writer::strings(new))?;
    Some(match file.create_databases {
        Some(list) => behind(file, list, &new),
        None => {
            // Between the last two quotes before its value stands the name `tokens`, however spelled.
            let (before, _) = file.text.split_at(file.place(file.list).start);
            let name = before.rsplit('"').nth(1).unwrap_or_default();
            let Range { start, end } = file.place(name);
            (start - 1..end + 1, format!("\"create_databases\":[{new}],\"{name}\""))
        }
    })
}

/// Elements behind the last one of a list, or in place of an empty one or of null.
fn behind(file: &File<'_>, list: &str, new: &str) -> Change {
    let inside = list.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    match inside.map(|inside| file.place(inside.trim_ascii_end())) {
        Some(old) if !old.is_empty() => (old.end..old.end, format!(",{new}")),
        _ => (file.place(list), format!("[{new}]")),
    }
}
