//! What a server has before it starts, as this project writes it or as the vendor's tool shows it.

use std::collections::HashMap;
use std::fmt;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::{TokenHash, quote, visible};

/// What a server has before it starts. The default is a fresh server.
///
/// It can be written down, or read from what the vendor's tool shows of a running server:
///
/// ```
/// use tokens::plan::{State, StatePart, StateToken};
///
/// // `influxdb3 show databases --format json` and `influxdb3 show tokens --format json`.
/// let databases = br#"[{"iox::database": "_internal"}, {"iox::database": "sensors"}]"#;
/// let tokens = br#"[{"name": "app", "hash": "0123456789ab", "permissions": "db:*:read"}]"#;
/// let state = State::of([StatePart::from_json(databases)?, StatePart::from_json(tokens)?])?;
///
/// assert_eq!(state.databases, ["_internal", "sensors"]);
/// let app = StateToken { name: "app".into(), hash: "0123456789ab".into(), resource: true };
/// assert_eq!(state.tokens, [app]);
/// # Ok::<(), tokens::plan::StateError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct State {
    /// Its databases; `_internal` need not be named.
    #[serde(default)]
    pub databases: Vec<String>,
    /// Its tokens, admin tokens too.
    #[serde(default)]
    pub tokens: Vec<StateToken>,
}

/// A token that a server has. A server keeps no token string, so it is known by its hash.
///
/// A token of a document becomes one of a server like this:
///
/// ```
/// use tokens::Token;
/// use tokens::plan::StateToken;
///
/// fn on_a_server(token: &Token<'_>) -> StateToken {
///     let name = token.name.as_str().to_owned();
///     StateToken { name, hash: token.hash().as_str().to_owned(), resource: true }
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct StateToken {
    /// Its name.
    pub name: String,
    /// The hex digits of its SHA-512 hash, in lower case: all 128 of [`TokenHash::as_str`], or the first
    /// nine or more, as the vendor's tool shows them. With fewer, or with anything else, it is like no
    /// token's hash.
    #[serde(rename = "token_sha512")]
    pub hash: String,
    /// Whether it is a resource token; if not, it is an admin token.
    pub resource: bool,
}

/// What one text says of a server. [`State::of`] puts parts together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatePart {
    /// This project's form, which says everything.
    Whole(State),
    /// What `influxdb3 show databases --format json` prints.
    Databases(Vec<String>),
    /// What `influxdb3 show tokens --format json` prints.
    Tokens(Vec<StateToken>),
}

impl State {
    /// Reads a state from one text, of any of the forms that a [`StatePart`] has.
    ///
    /// # Errors
    ///
    /// When it is none of them, or a hash is not 9 to 128 lower-case hex digits, or it is a list of
    /// tokens, which says nothing of databases.
    ///
    /// ```
    /// use tokens::plan::State;
    ///
    /// let state = State::from_json(br#"{"databases": ["a"]}"#)?;
    /// assert_eq!(state, State::from_json(br#"[{"iox::database": "a"}]"#)?);
    /// assert!(State::from_json(br#"{"database": ["a"]}"#).is_err());
    /// # Ok::<(), tokens::plan::StateError>(())
    /// ```
    pub fn from_json(bytes: &[u8]) -> Result<Self, StateError> {
        State::of([StatePart::from_json(bytes)?])
    }

    /// All that several parts say, in their order; what is said twice is there twice, and means no more.
    ///
    /// # Errors
    ///
    /// [`StateError::Incomplete`] when there are lists of tokens alone: to take the server for one without
    /// databases would find fault with every permission.
    pub fn of(parts: impl IntoIterator<Item = StatePart>) -> Result<Self, StateError> {
        let mut state = State::default();
        let (mut lists_tokens, mut lists_databases) = (false, false);
        for part in parts {
            lists_tokens |= matches!(part, StatePart::Tokens(_));
            lists_databases |= !matches!(part, StatePart::Tokens(_));
            let State { databases, tokens } = part.into_state();
            state.databases.extend(databases);
            state.tokens.extend(tokens);
        }
        if lists_tokens && !lists_databases {
            return Err(StateError::Incomplete);
        }
        Ok(state)
    }

    /// Whether the server creates no token of a file, since it has a resource token (BOOT-02). Admin
    /// tokens do not count.
    pub fn keeps_its_tokens(&self) -> bool {
        self.tokens.iter().any(|token| token.resource)
    }
}

impl StatePart {
    /// Reads this project's form, `{"databases": ["a"], "tokens": [{"name", "token_sha512",
    /// "resource"}]}`, where either member may be left out, or one of the vendor's two lists. Other
    /// members are ignored.
    ///
    /// # Errors
    ///
    /// When it is none of these, or a hash is not 9 to 128 lower-case hex digits.
    pub fn from_json(bytes: &[u8]) -> Result<Self, StateError> {
        let part = if bytes.trim_ascii_start().starts_with(b"[") { listed } else { whole };
        let part = part(bytes)?;
        let tokens = match &part {
            StatePart::Whole(State { tokens, .. }) | StatePart::Tokens(tokens) => tokens.as_slice(),
            StatePart::Databases(_) => &[],
        };
        match tokens.iter().find(|token| !token.has_hash()) {
            None => Ok(part),
            Some(token) => Err(StateError::Other(format!(
                "the hash of {} is not 9 to 128 lower-case hex digits",
                quote(&token.name)
            ))),
        }
    }

    fn into_state(self) -> State {
        match self {
            StatePart::Whole(state) => state,
            StatePart::Databases(databases) => State { databases, tokens: Vec::new() },
            StatePart::Tokens(tokens) => State { databases: Vec::new(), tokens },
        }
    }
}

fn whole(bytes: &[u8]) -> Result<StatePart, StateError> {
    let members: HashMap<String, IgnoredAny> = serde_json::from_slice(bytes)?;
    if !members.contains_key("databases") && !members.contains_key("tokens") {
        let message = "it has neither `databases` nor `tokens`";
        return Err(StateError::Other(message.to_owned()));
    }
    Ok(StatePart::Whole(serde_json::from_slice(bytes)?))
}

/// One of the vendor's lists.
fn listed(bytes: &[u8]) -> Result<StatePart, StateError> {
    let rows: Vec<HashMap<String, IgnoredAny>> = serde_json::from_slice(bytes)?;
    let Some(first) = rows.first() else {
        // Every server has `_internal`, and a token to be asked with.
        return Err(StateError::Other("the list is empty".to_owned()));
    };
    if first.contains_key("hash") {
        let rows: Vec<TokenRow> = serde_json::from_slice(bytes)?;
        return Ok(StatePart::Tokens(rows.into_iter().map(StateToken::from).collect()));
    }
    let rows: Vec<DatabaseRow> = serde_json::from_slice(bytes)?;
    let there = rows.into_iter().filter(|row| !row.deleted).map(|row| row.name);
    Ok(StatePart::Databases(there.collect()))
}

/// A row of `show databases`.
#[derive(Deserialize)]
struct DatabaseRow {
    #[serde(rename = "iox::database")]
    name: String,
    /// With `--show-deleted`.
    #[serde(default)]
    deleted: bool,
}

/// A row of `show tokens`, or of the table `system.tokens`.
#[derive(Deserialize)]
struct TokenRow {
    name: String,
    hash: String,
    #[serde(deserialize_with = "is_everything")]
    permissions: bool,
}

/// Whether the permissions of a row, one text or a list of them, are those of an admin token.
fn is_everything<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Texts {
        One(String),
        Many(Vec<String>),
    }
    let is_admin = |text: &String| text.starts_with("*:");
    Ok(match Texts::deserialize(deserializer)? {
        Texts::One(text) => is_admin(&text),
        Texts::Many(texts) => texts.iter().any(is_admin),
    })
}

impl From<TokenRow> for StateToken {
    fn from(row: TokenRow) -> Self {
        StateToken { name: row.name, hash: row.hash, resource: !row.permissions }
    }
}

/// How many digits of a hash tell tokens apart, at least: those of a fingerprint.
pub(super) const FINGERPRINT: usize = 9;

impl StateToken {
    fn has_hash(&self) -> bool {
        (FINGERPRINT..=128).contains(&self.hash.len())
            && self.hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }

    pub(super) fn is_known_by(&self, hash: &TokenHash) -> bool {
        self.has_hash() && hash.as_str().starts_with(&self.hash)
    }
}

/// Masked, since somebody may have put a token string in the wrong place (GEN-07).
impl fmt::Debug for StateToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StateToken { name, resource, .. } = self;
        write!(f, "StateToken({}, resource: {resource})", quote(name))
    }
}

/// Why a state cannot be read; in words, masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateError {
    /// It lists the tokens of a server, but says nothing of its databases.
    Incomplete,
    /// It has none of the forms of a state, or a hash in it is none; the reason in words.
    Other(String),
}

impl From<serde_json::Error> for StateError {
    fn from(error: serde_json::Error) -> Self {
        StateError::Other(visible(&error.to_string()).into_owned())
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StateError::Incomplete => f.write_str(
                "the state lists tokens and no databases: add what `influxdb3 show databases --format \
                 json` prints",
            ),
            StateError::Other(reason) => write!(
                f,
                "this is no server state: {reason}; give what `influxdb3 show databases --format json` \
                 or `show tokens --format json` prints, or write {{\"databases\": [\"NAME\"], \
                 \"tokens\": [{{\"name\": \"NAME\", \"token_sha512\": \"HASH\", \"resource\": true}}]}}"
            ),
        }
    }
}

impl std::error::Error for StateError {}

#[cfg(test)]
mod tests {
    use super::*;

    const DATABASES: &str = r#" [{"iox::database": "_internal"}, {"iox::database": "a"},
        {"iox::database": "b-20260101T000000", "deleted": true}]"#;
    const TOKENS: &str = r#"[
        {"token_id": 0, "name": "_admin", "hash": "0123456789ab", "expiry": null, "permissions": "*:*:*"},
        {"token_id": 1, "name": "app", "hash": "abcdef012", "permissions": "db:a:read"},
        {"token_id": 2, "name": "other", "hash": "abcdef013", "permissions": ["db:a:read"]},
        {"token_id": 3, "name": "root", "hash": "abcdef014", "permissions": ["*:*:*"]}]"#;

    fn part(json: &str) -> StatePart {
        StatePart::from_json(json.as_bytes()).expect(json)
    }

    #[test]
    fn what_the_vendors_tool_shows_is_a_state() {
        let state = State::of([part(TOKENS), part(DATABASES)]).expect("both are there");
        assert_eq!(state.databases, ["_internal", "a"]);
        let tokens: Vec<_> =
            state.tokens.iter().map(|t| (t.name.as_str(), t.hash.as_str(), t.resource)).collect();
        assert_eq!(
            tokens,
            [
                ("_admin", "0123456789ab", false),
                ("app", "abcdef012", true),
                ("other", "abcdef013", true),
                ("root", "abcdef014", false)
            ]
        );
    }

    #[test]
    fn tokens_alone_are_no_state_but_databases_are() {
        assert_eq!(State::of([part(TOKENS)]), Err(StateError::Incomplete));
        assert_eq!(State::of([part(DATABASES)]).map(|state| state.tokens.len()), Ok(0));
        let with_own = State::of([part(TOKENS), part(r#"{"databases": ["c"]}"#)]);
        assert_eq!(with_own.map(|state| (state.databases.len(), state.tokens.len())), Ok((1, 4)));
    }

    #[test]
    fn a_state_with_bad_hashes_is_refused() {
        for hash in ["", "12345678", "ABCDEF123", "xyzxyzxyz"] {
            for json in [
                format!(
                    r#"{{"tokens": [{{"name": "n", "token_sha512": "{hash}", "resource": true}}]}}"#
                ),
                format!(r#"[{{"name": "n", "hash": "{hash}", "permissions": "*:*:*"}}]"#),
            ] {
                let error = StatePart::from_json(json.as_bytes()).expect_err(hash).to_string();
                assert!(error.contains("`n` is not 9 to 128"), "{error}");
            }
        }
    }

    #[test]
    fn other_texts_are_refused_and_the_forms_are_shown() {
        for json in [
            "",
            "{",
            "[1]",
            "[]",
            "{}",
            r#"{"database": []}"#,
            r#"{"databases": "x"}"#,
            r#"[{"name": "x"}]"#,
            r#"[{"name": "x", "hash": "0123456789", "permissions": 1}]"#,
        ] {
            let error = State::from_json(json.as_bytes()).expect_err(json).to_string();
            assert!(error.contains("token_sha512") && error.contains("show databases"), "{error}");
        }
    }
}
