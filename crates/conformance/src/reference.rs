//! The reference's answers: the protocol's requests, put to the library `tokens`.

use std::collections::{BTreeSet, HashMap};

use serde_json::value::RawValue;
use tokens::access::{Access, Databases, Reason};
use tokens::diagnostic::{Diagnostic, Severity};
use tokens::plan::{self, State, StateToken};
use tokens::{
    Action, Actions, Code, Context, Kind, Permission, Reading, ResourceType, Timestamp, Token,
};

use crate::protocol::{
    AccessRequest, AccessValue, Answer, AppendRequest, AppendValue, Document, LoadRequest,
    LoadValue, PermissionRequest, PermissionValue, PlanRequest, PlanValue, Probe, Reject, Request,
    TokenValue, Value,
};

/// The name under which the reference answers `hello`.
pub const NAME: &str = "influxdb3-tokens";
/// The server version that it follows.
pub const TARGET: &str = "3.11";
/// What it gives beyond verdicts and values.
pub const FEATURES: [&str; 2] = ["warnings", "notes"];

/// Why a request makes no sense; in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

/// Answers a request.
///
/// # Errors
///
/// When it makes no sense, though its members have the right types.
///
/// ```
/// use conformance::protocol::{Answer, Op, Request};
/// use conformance::reference::answer;
///
/// let request = Request::parse(Op::Permission, r#"{"text": "db:*,a:read"}"#)?;
/// let Ok(Answer::Reject(reject)) = answer(&request) else { unreachable!() };
/// assert_eq!(reject.code.as_deref(), Some("permission-mixed-wildcard"));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn answer(request: &Request<'_>) -> Result<Answer, Unreadable> {
    let answer = match request {
        Request::Permission(request) => permission(request),
        Request::Load(request) => load(request)?,
        Request::Access(request) => access(request)?,
        Request::Append(request) => append(request)?,
        Request::Plan(request) => plan(request)?,
    };
    Ok(answer)
}

fn permission(request: &PermissionRequest<'_>) -> Answer {
    match Permission::parse(&*request.text) {
        Ok(permission) => Answer::Accept(Value::Permission(permission_value(&permission))),
        Err(error) => reject(error.fault().code(), &format!("{error}; {}", error.help())),
    }
}

fn permission_value(permission: &Permission<'_>) -> PermissionValue {
    PermissionValue {
        resource_type: permission.resource_type().to_string(),
        resource_names: owned(permission.distinct_names()),
        actions: owned(permission.actions().iter().map(Action::as_str)),
    }
}

fn owned<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn reject(code: Code, message: &str) -> Answer {
    Answer::Reject(Reject {
        layer: Some(code.layer().to_string()),
        code: Some(code.name().to_owned()),
        message: Some(message.to_owned()),
    })
}

/// Of several errors the one that counts most.
fn refused(reading: &Reading<'_>) -> Answer {
    match reading.first_error() {
        Some(Diagnostic { code, message, .. }) => reject(*code, message),
        // Such a file has no tokens: it is of the other kind.
        None => reject(Code::WrongKind, "this is no permission tokens file"),
    }
}

fn bytes<'d>(document: &'d Document<'_>) -> Result<std::borrow::Cow<'d, [u8]>, Unreadable> {
    document.bytes().map_err(|error| Unreadable(format!("the base64 is none: {error}")))
}

fn read(bytes: &[u8]) -> Reading<'_> {
    tokens::read(bytes, Some(Kind::Permission))
}

fn load(request: &LoadRequest<'_>) -> Result<Answer, Unreadable> {
    let bytes = bytes(&request.document)?;
    let reading = read(&bytes);
    if !reading.loads() {
        return Ok(refused(&reading));
    }
    let context = Context::at(Timestamp(request.now_millis.unwrap_or(0)));
    let found = tokens::check(&reading, &context);
    let warnings = found.iter().filter(|found| found.severity < Severity::Error);
    let document = match reading.into_document() {
        Ok(document) => document,
        Err(reading) => return Ok(refused(&reading)),
    };
    Ok(Answer::Accept(Value::Load(LoadValue {
        create_databases: owned(document.distinct_databases()),
        tokens: document.tokens().iter().map(token_value).collect(),
        warnings: Some(sorted(warnings.map(|found| found.code))),
    })))
}

fn sorted(codes: impl Iterator<Item = Code>) -> Vec<String> {
    let codes: BTreeSet<&str> = codes.map(Code::name).collect();
    owned(codes)
}

fn token_value(token: &Token<'_>) -> TokenValue {
    TokenValue {
        name: token.name.as_str().to_owned(),
        token_sha512: token.hash().as_str().to_owned(),
        expiry_millis: token.expiry_millis,
        permissions: token.permissions.iter().map(permission_value).collect(),
    }
}

fn access(request: &AccessRequest<'_>) -> Result<Answer, Unreadable> {
    let bytes = bytes(&request.document)?;
    let document = match read(&bytes).into_document() {
        Ok(document) => document,
        Err(reading) => return Ok(refused(&reading)),
    };
    let databases = databases(request);
    let now = Timestamp(request.now_millis);
    // Each token's grants are put together once, and only if somebody asks with it.
    let mut known: HashMap<&str, Option<Access<'_, '_>>> = HashMap::new();
    let mut decisions = Vec::with_capacity(request.probes.len());
    for probe in &request.probes {
        let request = probe_request(probe)?;
        let access = known.entry(&probe.token).or_insert_with(|| {
            let mut tokens = document.tokens().iter();
            let token = tokens.find(|token| token.secret.expose() == probe.token)?;
            Some(Access::new(token, &databases))
        });
        let decision = match access {
            Some(access) => access.decide(&request, now),
            None => tokens::access::Decision::unknown_token(),
        };
        decisions.push(decision.outcome.as_str().to_owned());
    }
    Ok(Answer::Accept(Value::Access(AccessValue { decisions })))
}

fn databases<'r>(request: &'r AccessRequest<'_>) -> Databases<'r> {
    let [databases, later] = [&request.databases, &request.later];
    Databases::new(databases.iter().map(String::as_str), later.iter().map(String::as_str))
}

/// Why a probe is answered as it is; none where the file does not load, or the probe makes no sense.
pub(crate) fn reason(request: &AccessRequest<'_>, probe: &Probe<'_>) -> Option<Reason> {
    let bytes = request.document.bytes().ok()?;
    let document = read(&bytes).into_document().ok()?;
    let databases = databases(request);
    let asked = probe_request(probe).ok()?;
    let mut tokens = document.tokens().iter();
    Some(match tokens.find(|token| token.secret.expose() == probe.token) {
        None => Reason::UnknownToken,
        Some(token) => {
            Access::new(token, &databases).decide(&asked, Timestamp(request.now_millis)).reason
        }
    })
}

fn probe_request<'p>(probe: &'p Probe<'_>) -> Result<tokens::access::Request<'p>, Unreadable> {
    let resource_type = ResourceType::from_name(&probe.resource_type);
    let action = |name: &str| {
        Action::from_name(name).ok_or_else(|| Unreadable(format!("there is no action `{name}`")))
    };
    let actions = probe.action.iter().chain(&probe.actions).map(|name| action(name));
    let actions: Actions = actions.collect::<Result<_, _>>()?;
    if actions.is_empty() {
        return Err(Unreadable("a probe has an `action`, or `actions`".to_owned()));
    }
    let resource_type = resource_type.ok_or_else(|| {
        Unreadable(format!("there is no resource type `{}`", probe.resource_type))
    })?;
    Ok(tokens::access::Request { resource_type, name: &probe.resource_name, actions })
}

/// A file with just the token and the databases of a request, to read them by.
pub(crate) fn alone(token: &RawValue, databases: Option<&RawValue>) -> String {
    let databases = databases.map_or("null", RawValue::get);
    format!("{{\"create_databases\": {databases}, \"tokens\": [{}]}}", token.get())
}

fn append(request: &AppendRequest<'_>) -> Result<Answer, Unreadable> {
    let old = request.document.as_ref().map(bytes).transpose()?;
    // FILE-03: an empty file counts as absent.
    let old = old.as_deref().filter(|old| !old.is_empty());
    if let Some(Err(reading)) = old.map(|old| read(old).into_document()) {
        return Ok(refused(&reading));
    }
    let new = alone(request.token, request.create_databases);
    let new_document = match read(new.as_bytes()).into_document() {
        Ok(document) => document,
        Err(reading) => return Ok(refused(&reading)),
    };
    let Some(token) = new_document.tokens().first() else {
        return Err(Unreadable("there is no token to append".to_owned()));
    };
    Ok(match tokens::append(old, token, new_document.create_databases()) {
        Ok(appended) => {
            let text = appended.text.to_string().into();
            Answer::Accept(Value::Append(AppendValue { document: Document::Text(text) }))
        }
        Err(error @ tokens::EditError::SecretExists(_)) => {
            reject(Code::DuplicateToken, &error.to_string())
        }
        Err(error) => reject(Code::DuplicateName, &error.to_string()),
    })
}

fn plan(request: &PlanRequest<'_>) -> Result<Answer, Unreadable> {
    let bytes = bytes(&request.document)?;
    let document = match read(&bytes).into_document() {
        Ok(document) => document,
        Err(reading) => return Ok(refused(&reading)),
    };
    let state = request.state.clone().unwrap_or_default();
    let tokens = state.tokens.iter().map(|token| StateToken {
        name: token.name.to_string(),
        hash: token.token_sha512.to_string(),
        resource: token.resource,
    });
    let state = State { databases: state.databases.clone(), tokens: tokens.collect() };
    let plan = plan::plan(&document, &state);
    if let Some(stop) = plan.stop() {
        return Ok(reject(stop.code, &stop.message));
    }
    let names = plan.create_tokens.iter().filter_map(|index| document.tokens().get(*index));
    Ok(Answer::Accept(Value::Plan(PlanValue {
        create_databases: owned(plan.create_databases.iter().map(|name| name.as_str())),
        create_tokens: owned(names.map(|token| token.name.as_str())),
        notes: Some(sorted(plan.findings.iter().map(|finding| finding.code))),
    })))
}
