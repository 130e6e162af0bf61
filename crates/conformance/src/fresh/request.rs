//! Questions as requests of the protocol.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use testkit::generate::{AccessQuestion, Addition, LoadQuestion, PermissionQuestion, PlanQuestion};

use crate::families::sha512;
use crate::protocol::{
    AccessRequest, AppendRequest, Document, LoadRequest, PermissionRequest, PlanRequest, Probe,
    State, StateToken,
};

/// A request's members as JSON.
fn raw(request: &impl Serialize) -> Box<RawValue> {
    // Requests always have a JSON text.
    to_raw_value(request).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// Bytes as the protocol has them: text wherever they are one.
pub(super) fn document(bytes: Vec<u8>) -> Document<'static> {
    match String::from_utf8(bytes) {
        Ok(text) => Document::Text(text.into()),
        Err(error) => Document::Base64(BASE64_STANDARD.encode(error.as_bytes()).into()),
    }
}

pub(super) fn permission(question: &PermissionQuestion) -> Box<RawValue> {
    raw(&PermissionRequest { text: question.text().into() })
}

pub(super) fn load(question: &LoadQuestion) -> Box<RawValue> {
    raw(&LoadRequest { document: document(question.file.bytes()), now_millis: question.now })
}

pub(super) fn access(question: &AccessQuestion) -> Box<RawValue> {
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
    raw(&AccessRequest {
        document: document(question.file.bytes()),
        databases: owned(&question.databases),
        later: owned(&question.later),
        now_millis: question.now,
        probes: probes.collect(),
    })
}

/// An append to a file; none where it is left to be said.
pub(super) fn append(old: Option<Document<'_>>, addition: &Addition) -> Box<RawValue> {
    let token = RawValue::from_string(addition.token_json());
    let token = token.unwrap_or_else(|_| RawValue::NULL.to_owned());
    let databases = addition.databases.as_ref().map(raw);
    raw(&AppendRequest { document: old, token: &token, create_databases: databases.as_deref() })
}

pub(super) fn plan(question: &PlanQuestion) -> Box<RawValue> {
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
    raw(&PlanRequest { document: document(question.file.bytes()), state })
}
