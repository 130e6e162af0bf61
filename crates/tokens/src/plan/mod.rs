//! What the start of a server would do with a file (BOOT-01 to BOOT-05).
//!
//! Two things surprise people. A server makes the tokens of a file once: as soon as it has a resource
//! token, the file creates none, whatever is appended to it. And a permission on a database that is neither
//! there nor declared stops the start. Both can be seen before:
//!
//! ```
//! use tokens::plan::{State, plan};
//!
//! let file = br#"{"create_databases": ["a"], "tokens": [
//!     {"token": "apiv3_x", "name": "app", "permissions": ["db:a,b:read"]}]}"#;
//! let reading = tokens::read(file, None);
//! let document = reading.document().expect("it loads");
//!
//! // A fresh server: there will be no `b`, so it stops, and makes nothing.
//! let first = plan(&document, &State::default());
//! let stop = first.stop().expect("it stops");
//! assert_eq!(stop.code.name(), "missing-database");
//! assert!(first.create_databases.is_empty() && first.create_tokens.is_empty());
//!
//! // With `b`, it makes `a` and the token.
//! let state = State::from_json(br#"{"databases": ["b"]}"#)?;
//! let second = plan(&document, &state);
//! assert_eq!(second.create_databases[0].as_str(), "a");
//! assert_eq!(second.create_tokens, [0]);
//! assert!(second.stop().is_none() && second.findings.is_empty());
//!
//! // With a resource token, whichever, it makes no token.
//! let state = br#"{"databases": ["a", "b"], "tokens": [
//!     {"name": "old", "token_sha512": "0123456789ab", "resource": true}]}"#;
//! let third = plan(&document, &State::from_json(state)?);
//! assert!(third.create_tokens.is_empty() && third.stop().is_none());
//! assert_eq!(third.findings[0].code.name(), "tokens-exist");
//! # Ok::<(), tokens::plan::StateError>(())
//! ```
//!
//! [`check`](fn@crate::check) says the same findings among all others, where
//! [`Context::state`](crate::Context::state) is given.

mod place;
mod state;

use std::collections::{HashMap, HashSet};

pub use state::{State, StateError, StatePart, StateToken};

use state::FINGERPRINT;

use crate::diagnostic::{Code, Rule, Severity, rules};
use crate::permission::INTERNAL_DATABASE;
use crate::{DatabaseName, Document, ResourceType, Span, Token, quote};

/// What a start would do. Made by [`plan`](fn@plan).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The databases that are made, in file order, each once; none if the start stops.
    pub create_databases: Vec<DatabaseName<'static>>,
    /// Indices in [`Document::tokens`] of the tokens that are made, from 0, in file order; none if the
    /// start stops.
    pub create_tokens: Vec<usize>,
    /// What else there is to say: first what is about the file as a whole, then token by token.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// The first finding that stops the start, if one does; then nothing is made (BOOT-04). Each finding
    /// whose code is an error would stop it; warnings and notes do not.
    pub fn stop(&self) -> Option<&Finding> {
        self.findings.iter().find(|found| found.code.severity() == Severity::Error)
    }
}

/// Something that a start runs into.
///
/// It knows what it is about, but not where that stands: a file that was planned with has long been read.
/// [`diagnostic`](Self::diagnostic) finds the place.
///
/// ```
/// use tokens::LineIndex;
/// use tokens::plan::{State, plan};
///
/// let file = br#"{"tokens": [{"token": "apiv3_x", "name": "app", "permissions": ["db:a:read"]}]}"#;
/// let reading = tokens::read(file, None);
/// let document = reading.document().expect("it loads");
/// let plan = plan(&document, &State::default());
/// let found = plan.findings[0].diagnostic(&reading);
/// let place = found.place.expect("a place");
/// assert_eq!(place.pointer, "/tokens/0/permissions/0");
/// assert_eq!(LineIndex::new(reading.text()).position(place.span.start).column, 69);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of finding it is. Its severity is the code's own.
    pub code: Code,
    /// The rule that it rests on.
    pub rule: Rule,
    /// What is wrong, in words, with no full stop. No secret and no control character is in it.
    pub message: String,
    /// The way out, in words, with no full stop.
    pub help: &'static str,
    /// What of the file it is about.
    pub subject: Subject,
}

/// What a finding is about. Indices are those of the document, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The file as a whole.
    File,
    /// The name of the token with this index.
    Name(usize),
    /// The string of the token with this index.
    Secret(usize),
    /// The name of a database in a permission.
    Grant {
        /// Index of the token in [`Document::tokens`].
        token: usize,
        /// Index of the permission in [`Token::permissions`].
        permission: usize,
        /// Where the name is, in bytes of the permission's text.
        name: Span,
    },
}

/// What a server in this state does when it is started with this document: the newest server, 3.11.1 or
/// later. Expired tokens are made like others, so no moment is asked for.
///
/// ```
/// use tokens::plan::{State, plan};
///
/// let file = br#"{"create_databases": ["a"], "tokens": [
///     {"token": "apiv3_x", "name": "n", "permissions": ["db:a,b:read"]}]}"#;
/// let reading = tokens::read(file, None);
/// let document = reading.document().unwrap();
/// let stopped = plan(&document, &State::default());
/// assert!(stopped.stop().is_some(), "b is neither there nor made");
/// let state = State { databases: vec!["b".to_owned()], tokens: vec![] };
/// assert_eq!(plan(&document, &state).create_tokens, [0]);
/// ```
pub fn plan(document: &Document<'_>, state: &State) -> Plan {
    let mut plan = Plan { create_databases: new_databases(document, state), ..Plan::default() };
    if state.keeps_its_tokens() {
        keep_tokens(document, state, &mut plan);
    } else {
        create_tokens(document, state, &mut plan);
    }
    if plan.stop().is_some() {
        plan.create_databases.clear();
        plan.create_tokens.clear();
    }
    plan
}

/// BOOT-01.
fn new_databases(document: &Document<'_>, state: &State) -> Vec<DatabaseName<'static>> {
    let mut seen: HashSet<&str> = state.databases.iter().map(String::as_str).collect();
    let new = document.create_databases().iter().filter(|name| seen.insert(name.as_str()));
    new.cloned().map(DatabaseName::into_owned).collect()
}

/// BOOT-02: a server that has resource tokens makes none.
fn keep_tokens(document: &Document<'_>, state: &State, plan: &mut Plan) {
    let known: HashMap<&str, &StateToken> =
        state.tokens.iter().map(|t| (t.name.as_str(), t)).collect();
    plan.findings.push(Finding {
        code: Code::TokensExist,
        rule: rules::BOOT_02,
        message: format!(
            "the server has resource tokens, so it creates none of this file{}",
            and_will_lack(document, &known)
        ),
        help: "make, rotate and revoke tokens there with `influxdb3 create token` and `influxdb3 \
               delete token`",
        subject: Subject::File,
    });
    for (index, token) in document.tokens().iter().enumerate() {
        let Some(present) = known.get(token.name.as_str()) else { continue };
        if !present.resource {
            plan.findings.push(name_taken(index, token));
        } else if !present.is_known_by(&token.hash()) {
            let name = quote(token.name.as_str());
            plan.findings.push(Finding {
                code: Code::SameNameNewSecret,
                rule: rules::BOOT_03,
                message: format!("the server knows {name} with another token string"),
                help: "the string in this file will not work there: delete the token and create it \
                       anew with the vendor's tool",
                subject: Subject::Name(index),
            });
        }
    }
}

/// So many tokens are named.
const MOST_NAMED: usize = 3;

/// What the message goes on with, where a server does not know all of the file's tokens.
fn and_will_lack(document: &Document<'_>, known: &HashMap<&str, &StateToken>) -> String {
    let names = document.tokens().iter().map(|token| token.name.as_str());
    let lacking: Vec<&str> = names.filter(|name| !known.contains_key(name)).collect();
    let (named, more) = lacking.split_at(lacking.len().min(MOST_NAMED));
    if named.is_empty() {
        return String::new();
    }
    let named: Vec<String> = named.iter().map(|name| quote(name)).collect();
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    format!(", and will lack {}{more}", named.join(", "))
}

/// BOOT-03, BOOT-04.
fn create_tokens(document: &Document<'_>, state: &State, plan: &mut Plan) {
    let declared = document.create_databases().iter().map(|name| name.as_str());
    let present = state.databases.iter().map(String::as_str);
    let databases: HashSet<&str> = declared.chain(present).chain([INTERNAL_DATABASE]).collect();
    let names: HashSet<&str> = state.tokens.iter().map(|token| token.name.as_str()).collect();
    let secrets = by_fingerprint(state);
    for (index, token) in document.tokens().iter().enumerate() {
        if names.contains(token.name.as_str()) {
            plan.findings.push(name_taken(index, token));
            continue;
        }
        plan.create_tokens.push(index);
        plan.findings.extend(secret_taken(index, token, &secrets));
        plan.findings.extend(missing_databases(index, token, &databases));
    }
}

fn name_taken(index: usize, token: &Token<'_>) -> Finding {
    let name = quote(token.name.as_str());
    Finding {
        code: Code::NameTaken,
        rule: rules::BOOT_03,
        message: format!("an admin token of the server has the name {name}"),
        help: "a server skips the token: give it another name",
        subject: Subject::Name(index),
    }
}

/// The tokens of a server by the digits that every form of a hash has.
fn by_fingerprint(state: &State) -> HashMap<&str, Vec<&StateToken>> {
    let mut tokens: HashMap<&str, Vec<&StateToken>> = HashMap::new();
    for token in &state.tokens {
        tokens.entry(token.hash.get(..FINGERPRINT).unwrap_or_default()).or_default().push(token);
    }
    tokens
}

fn secret_taken(
    index: usize,
    token: &Token<'_>,
    secrets: &HashMap<&str, Vec<&StateToken>>,
) -> Option<Finding> {
    if secrets.is_empty() {
        return None;
    }
    let hash = token.hash();
    let candidates = secrets.get(hash.fingerprint())?;
    let holder = candidates.iter().find(|present| present.is_known_by(&hash))?;
    let (name, holder) = (quote(token.name.as_str()), quote(&holder.name));
    Some(Finding {
        code: Code::DuplicateToken,
        rule: rules::BOOT_04,
        message: format!("the server has the string of {name} already, as the token {holder}"),
        help: "make a new string with `create token`",
        subject: Subject::Secret(index),
    })
}

fn missing_databases<'p>(
    token: usize,
    of: &'p Token<'_>,
    databases: &HashSet<&'p str>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (permission, grant) in of.permissions.iter().enumerate() {
        if grant.resource_type() != ResourceType::Db || grant.is_wildcard() {
            continue;
        }
        for name in grant.distinct_names() {
            if !databases.contains(name) {
                let name_span = Span::of(grant.as_str(), name);
                let subject = Subject::Grant { token, permission, name: name_span };
                findings.push(Finding {
                    code: Code::MissingDatabase,
                    rule: rules::BOOT_04,
                    message: format!(
                        "{} is neither on the server nor in `create_databases`",
                        quote(name)
                    ),
                    help: "add it to `create_databases`, or create it before the start",
                    subject,
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"create_databases": ["a", "b", "a"], "tokens": [
        {"token": "apiv3_one", "name": "one", "permissions": ["db:a,c:read", "system:*:read"]},
        {"token": "apiv3_two", "name": "two", "expiry_millis": 1, "permissions": ["db:*:read"]}]}"#;

    fn state(databases: &[&str], tokens: &[(&str, &str, bool)]) -> State {
        State {
            databases: databases.iter().map(|name| (*name).to_owned()).collect(),
            tokens: tokens
                .iter()
                .map(|(name, secret, resource)| StateToken {
                    name: (*name).to_owned(),
                    hash: crate::Secret::parse(*secret)
                        .expect("prefixed")
                        .hash()
                        .as_str()
                        .to_owned(),
                    resource: *resource,
                })
                .collect(),
        }
    }

    fn planned(state: &State) -> (Vec<String>, Vec<usize>, Vec<&'static str>) {
        let reading = crate::read(FILE.as_bytes(), None);
        let plan = plan(&reading.document().expect("loads"), state);
        let codes = plan.findings.iter().map(|finding| finding.code.name()).collect();
        let databases = plan.create_databases.iter().map(|name| name.as_str().to_owned());
        (databases.collect(), plan.create_tokens, codes)
    }

    /// BOOT-02: who relies on such a token is locked out.
    #[test]
    fn tokens_that_a_server_will_lack_are_named() {
        let said = |names: &[&str], on_server: &[&str]| {
            let tokens = names.iter().map(|name| {
                format!(r#"{{"token": "apiv3_{name}", "name": "{name}", "permissions": []}}"#)
            });
            let file = format!(r#"{{"tokens": [{}]}}"#, tokens.collect::<Vec<_>>().join(","));
            let reading = crate::read(file.as_bytes(), None);
            let present: Vec<(&str, String, bool)> =
                on_server.iter().map(|name| (*name, format!("apiv3_{name}"), true)).collect();
            let present: Vec<(&str, &str, bool)> =
                present.iter().map(|(name, secret, is)| (*name, secret.as_str(), *is)).collect();
            let plan = plan(&reading.document().expect("loads"), &state(&[], &present));
            plan.findings[0].message.clone()
        };
        let none = "the server has resource tokens, so it creates none of this file";
        assert_eq!(said(&["a", "b"], &["b", "c", "a"]), none);
        assert_eq!(said(&[], &["c"]), none);
        assert_eq!(said(&["a", "b"], &["a"]), format!("{none}, and will lack `b`"));
        let four = format!("{none}, and will lack `a`, `b`, `c` and 1 more");
        assert_eq!(said(&["a", "b", "c", "x", "d"], &["x"]), four);
    }

    #[test]
    fn a_start_makes_databases_then_tokens() {
        let made = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for (rule, state, expected) in [
            ("BOOT-01", state(&["c"], &[]), (made(&["a", "b"]), vec![0, 1], vec![])),
            ("BOOT-01", state(&["c", "a"], &[]), (made(&["b"]), vec![0, 1], vec![])),
            ("BOOT-04", state(&[], &[]), (vec![], vec![], vec!["missing-database"])),
            (
                "BOOT-02",
                state(&[], &[("x", "apiv3_x", true)]),
                (made(&["a", "b"]), vec![], vec!["tokens-exist"]),
            ),
            (
                "BOOT-02",
                state(&["c"], &[("x", "apiv3_x", false)]),
                (made(&["a", "b"]), vec![0, 1], vec![]),
            ),
            (
                "BOOT-03",
                state(&["c"], &[("one", "apiv3_x", false)]),
                (made(&["a", "b"]), vec![1], vec!["name-taken"]),
            ),
            (
                "BOOT-03",
                state(&["c"], &[("one", "apiv3_x", true), ("two", "apiv3_two", true)]),
                (made(&["a", "b"]), vec![], vec!["tokens-exist", "same-name-new-secret"]),
            ),
            (
                "BOOT-04",
                state(&["c"], &[("x", "apiv3_two", false)]),
                (vec![], vec![], vec!["duplicate-token"]),
            ),
            (
                "BOOT-05",
                state(&["a", "b", "c"], &[("one", "apiv3_one", true), ("two", "apiv3_two", true)]),
                (vec![], vec![], vec!["tokens-exist"]),
            ),
        ] {
            assert_eq!(planned(&state), expected, "{rule}");
        }
    }

    #[test]
    fn every_server_has_its_internal_database() {
        let file = FILE.replace("db:a,c:read", "db:a,_internal:read");
        let reading = crate::read(file.as_bytes(), None);
        let plan = plan(&reading.document().expect("loads"), &State::default());
        assert_eq!(plan.findings, []);
    }

    #[test]
    fn a_fingerprint_counts_as_a_hash() {
        let mut state = state(&["c"], &[("x", "apiv3_two", false)]);
        state.tokens[0].hash.truncate(9);
        assert_eq!(planned(&state).2, ["duplicate-token"]);
    }
}
