//! Questions as requests of the protocol.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::value::{RawValue, to_raw_value};
use testkit::generate::{AccessQuestion, Addition, LoadQuestion, PlanQuestion, Question};

use crate::families::sha512;
use crate::protocol::{
    AccessRequest, AppendRequest, Document, LoadRequest, PermissionRequest, PlanRequest, Probe,
    Request, State, StateToken,
};

/// Bytes as the protocol has them: text wherever they are one.
pub(crate) fn document(bytes: Vec<u8>) -> Document<'static> {
    match String::from_utf8(bytes) {
        Ok(text) => Document::Text(text.into()),
        Err(error) => Document::Base64(BASE64_STANDARD.encode(error.as_bytes()).into()),
    }
}

/// Does something with the request that a question is; of appends with the last, as if it were the only one.
pub(crate) fn with<T>(question: &Question, act: impl FnOnce(&Request<'_>) -> T) -> Option<T> {
    Some(match question {
        Question::Permission(question) => {
            act(&Request::Permission(PermissionRequest { text: question.text().into() }))
        }
        Question::Load(LoadQuestion { file, now }) => {
            let document = document(file.bytes());
            act(&Request::Load(LoadRequest { document, now_millis: *now }))
        }
        Question::Access(question) => act(&Request::Access(access(question))),
        Question::Append(question) => {
            let addition = Appended::of(question.additions.last()?)?;
            act(&Request::Append(addition.to(question.old.bytes().map(document))))
        }
        Question::Plan(question) => act(&Request::Plan(plan(question))),
    })
}

fn access(question: &AccessQuestion) -> AccessRequest<'_> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let probes = question.asked.iter().map(|asked| {
        let several = asked.actions.len() > 1;
        let mut actions: Vec<Cow<'_, str>> = asked.actions.iter().map(|a| (*a).into()).collect();
        Probe {
            token: asked.token.as_str().into(),
            resource_type: asked.resource_type.into(),
            resource_name: asked.name.into(),
            action: if several { None } else { actions.pop() },
            actions,
        }
    });
    AccessRequest {
        document: document(question.file.bytes()),
        databases: owned(&question.databases),
        later: owned(&question.later),
        now_millis: question.now,
        probes: probes.collect(),
    }
}

/// What is appended, as JSON.
pub(crate) struct Appended {
    token: Box<RawValue>,
    databases: Option<Box<RawValue>>,
}

impl Appended {
    pub(crate) fn of(addition: &Addition) -> Option<Self> {
        let token = RawValue::from_string(addition.token_json()).ok()?;
        let databases = addition.databases.as_ref().map(to_raw_value).transpose().ok()?;
        Some(Appended { token, databases })
    }

    /// The append to a file; none where it is left to be said.
    pub(crate) fn to<'d>(&'d self, old: Option<Document<'d>>) -> AppendRequest<'d> {
        AppendRequest {
            document: old,
            token: &self.token,
            create_databases: self.databases.as_deref(),
        }
    }
}

fn plan(question: &PlanQuestion) -> PlanRequest<'_> {
    let state = question.server.as_ref().map(|server| State {
        databases: server.databases.clone(),
        tokens: server
            .tokens
            .iter()
            .map(|token| StateToken {
                name: token.name.as_str().into(),
                token_sha512: sha512(&token.secret).into(),
                resource: token.resource,
            })
            .collect(),
    });
    PlanRequest { document: document(question.file.bytes()), state }
}
