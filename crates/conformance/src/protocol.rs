//! The driver protocol, version 1: one JSON object a line each way. `PROTOCOL.md` is its description.
//!
//! Requests borrow from the line they came on. What has to be kept to the digit (a token object to be
//! appended, a value to be compared) stays raw JSON text.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

/// The only version there is.
pub const VERSION: u64 = 1;

/// The longest line, in bytes with its end, either way.
pub const LONGEST_LINE: usize = 16 << 20;

/// What a driver can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// Parse one permission.
    Permission,
    /// Load a document.
    Load,
    /// Decide what tokens may do.
    Access,
    /// Append a token.
    Append,
    /// Foresee the start of a server.
    Plan,
}

impl Op {
    /// All of them.
    pub const ALL: [Op; 5] = [Op::Permission, Op::Load, Op::Access, Op::Append, Op::Plan];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Op::Permission => "permission",
            Op::Load => "load",
            Op::Access => "access",
            Op::Append => "append",
            Op::Plan => "plan",
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The bytes of a tokens file: `{"text": …}`, or `{"base64": …}` for bytes that no JSON string holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Document<'a> {
    /// UTF-8 text.
    Text(Cow<'a, str>),
    /// Any bytes, in the standard alphabet, padded.
    Base64(Cow<'a, str>),
}

impl Document<'_> {
    /// The file's bytes.
    ///
    /// # Errors
    ///
    /// When the base64 is none.
    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, base64::DecodeError> {
        match self {
            Document::Text(text) => Ok(Cow::Borrowed(text.as_bytes())),
            Document::Base64(text) => BASE64_STANDARD.decode(text.as_bytes()).map(Cow::Owned),
        }
    }
}

/// The first request, and the last.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hello {
    /// The version that the runner speaks.
    pub protocol: u64,
}

/// `permission`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PermissionRequest<'a> {
    /// The permission's text.
    #[serde(borrow)]
    pub text: Cow<'a, str>,
}

/// `load`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoadRequest<'a> {
    /// The file.
    pub document: Document<'a>,
    /// The moment for warnings about expiry, in milliseconds since 1970; 0 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now_millis: Option<i64>,
}

/// `access`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccessRequest<'a> {
    /// The file.
    pub document: Document<'a>,
    /// The databases that exist when the tokens are created.
    pub databases: Vec<String>,
    /// Those that are made afterwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<String>,
    /// The moment of the requests, in milliseconds since 1970.
    pub now_millis: i64,
    /// The requests.
    #[serde(borrow)]
    pub probes: Vec<Probe<'a>>,
}

/// A request to a server, made with a token string.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Probe<'a> {
    /// The token string, which may be no token's.
    #[serde(borrow)]
    pub token: Cow<'a, str>,
    /// `db` or `system`.
    #[serde(borrow)]
    pub resource_type: Cow<'a, str>,
    /// The name of the database or endpoint.
    #[serde(borrow)]
    pub resource_name: Cow<'a, str>,
    /// The action, where there is one.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub action: Option<Cow<'a, str>>,
    /// The actions, where there are several.
    #[serde(default, borrow, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Cow<'a, str>>,
}

/// `append`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AppendRequest<'a> {
    /// The old file; null for none.
    pub document: Option<Document<'a>>,
    /// The token, an object as in a file.
    #[serde(borrow)]
    pub token: &'a RawValue,
    /// Databases to declare.
    #[serde(default, skip_serializing_if = "Option::is_none", borrow)]
    pub create_databases: Option<&'a RawValue>,
}

/// `plan`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlanRequest<'a> {
    /// The file.
    pub document: Document<'a>,
    /// What the server has; a fresh one if left out.
    #[serde(default, skip_serializing_if = "Option::is_none", borrow)]
    pub state: Option<State<'a>>,
}

/// What a server has before it starts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State<'a> {
    /// Its databases.
    #[serde(default)]
    pub databases: Vec<String>,
    /// Its tokens.
    #[serde(default, borrow)]
    pub tokens: Vec<StateToken<'a>>,
}

/// A token that a server has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StateToken<'a> {
    /// Its name.
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    /// Its hash, 128 hex digits.
    #[serde(borrow)]
    pub token_sha512: Cow<'a, str>,
    /// Whether it is no admin token.
    pub resource: bool,
}

/// A request about tokens files, read.
#[derive(Clone, Debug)]
pub enum Request<'a> {
    /// `permission`.
    Permission(PermissionRequest<'a>),
    /// `load`.
    Load(LoadRequest<'a>),
    /// `access`.
    Access(AccessRequest<'a>),
    /// `append`.
    Append(AppendRequest<'a>),
    /// `plan`.
    Plan(PlanRequest<'a>),
}

impl<'a> Request<'a> {
    /// Reads the members of a request of this kind, and ignores others.
    ///
    /// # Errors
    ///
    /// When a member is missing or of another type.
    ///
    /// ```
    /// use conformance::protocol::{Op, Request};
    /// assert!(Request::parse(Op::Permission, r#"{"text": "db:a:read"}"#).is_ok());
    /// assert!(Request::parse(Op::Load, r#"{"text": "db:a:read"}"#).is_err());
    /// ```
    pub fn parse(op: Op, json: &'a str) -> serde_json::Result<Self> {
        Ok(match op {
            Op::Permission => Request::Permission(serde_json::from_str(json)?),
            Op::Load => Request::Load(serde_json::from_str(json)?),
            Op::Access => Request::Access(serde_json::from_str(json)?),
            Op::Append => Request::Append(serde_json::from_str(json)?),
            Op::Plan => Request::Plan(serde_json::from_str(json)?),
        })
    }
}

impl Request<'_> {
    /// What it asks for.
    pub fn op(&self) -> Op {
        match self {
            Request::Permission(_) => Op::Permission,
            Request::Load(_) => Op::Load,
            Request::Access(_) => Op::Access,
            Request::Append(_) => Op::Append,
            Request::Plan(_) => Op::Plan,
        }
    }

    /// The file that it is about, if there is one.
    pub fn document(&self) -> Option<&Document<'_>> {
        match self {
            Request::Permission(_) => None,
            Request::Load(request) => Some(&request.document),
            Request::Access(request) => Some(&request.document),
            Request::Append(request) => request.document.as_ref(),
            Request::Plan(request) => Some(&request.document),
        }
    }

    /// Its members as JSON, without `seq` and `op`.
    pub fn to_json(&self) -> Box<RawValue> {
        let json = match self {
            Request::Permission(request) => to_raw_value(request),
            Request::Load(request) => to_raw_value(request),
            Request::Access(request) => to_raw_value(request),
            Request::Append(request) => to_raw_value(request),
            Request::Plan(request) => to_raw_value(request),
        };
        // Requests always have a JSON text.
        json.unwrap_or_else(|_| RawValue::NULL.to_owned())
    }
}

/// What answers a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was taken; what came of it.
    Accept(Value),
    /// It was refused.
    Reject(Reject),
    /// The implementation knows that it cannot take it, and says why.
    Unsupported(String),
}

/// Why something was refused; an implementation may leave all of it out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reject {
    /// `json`, `schema`, `grammar` or `semantic`.
    pub layer: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// In words.
    pub message: Option<String>,
}

/// The value of an accepted request, by its op.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// `permission`.
    Permission(PermissionValue),
    /// `load`.
    Load(LoadValue),
    /// `access`.
    Access(AccessValue),
    /// `append`.
    Append(AppendValue),
    /// `plan`.
    Plan(PlanValue),
}

impl Value {
    /// Reads the value of an op, and ignores members that it does not have.
    ///
    /// # Errors
    ///
    /// When a member is missing or of another type.
    pub fn parse(op: Op, json: &str) -> serde_json::Result<Self> {
        Ok(match op {
            Op::Permission => Value::Permission(serde_json::from_str(json)?),
            Op::Load => Value::Load(serde_json::from_str(json)?),
            Op::Access => Value::Access(serde_json::from_str(json)?),
            Op::Append => Value::Append(serde_json::from_str(json)?),
            Op::Plan => Value::Plan(serde_json::from_str(json)?),
        })
    }
}

/// A line of a driver, with all members that it may have.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AnswerLine<'a> {
    /// The number of the request.
    pub seq: Option<u64>,
    /// `accept`, `reject` or `unsupported`.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Cow<'a, str>>,
    /// With `accept`.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub value: Option<Cow<'a, RawValue>>,
    /// With `reject`.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub layer: Option<Cow<'a, str>>,
    /// With `reject`.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub code: Option<Cow<'a, str>>,
    /// With `reject` and `unsupported`.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub message: Option<Cow<'a, str>>,
    /// Why the driver cannot read the request.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub error: Option<Cow<'a, str>>,
}

/// A permission, canonical.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionValue {
    /// `db` or `system`.
    pub resource_type: String,
    /// The names, in the given order, each once.
    pub resource_names: Vec<String>,
    /// The actions, in canonical order, each once.
    pub actions: Vec<String>,
}

/// What a document says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadValue {
    /// The databases, in the given order, each once.
    pub create_databases: Vec<String>,
    /// The tokens, in file order.
    pub tokens: Vec<TokenValue>,
    /// The codes of warnings, distinct and sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Vec<String>>,
}

/// A token of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenValue {
    /// Its name.
    pub name: String,
    /// The SHA-512 of its string.
    pub token_sha512: String,
    /// When it expires.
    pub expiry_millis: Option<i64>,
    /// Its permissions, in file order.
    pub permissions: Vec<PermissionValue>,
}

/// Decisions, one a probe: `allow`, `deny` or `unauthenticated`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessValue {
    /// In the order of the probes.
    pub decisions: Vec<String>,
}

/// A file with a token more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppendValue {
    /// The whole file.
    pub document: Document<'static>,
}

/// What a start does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanValue {
    /// The databases that are made, in file order.
    pub create_databases: Vec<String>,
    /// The names of the tokens that are made, in file order.
    pub create_tokens: Vec<String>,
    /// The codes of notes, distinct and sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Vec<String>>,
}
