//! Appends one after the other, each on the file that the implementation itself made.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::value::{RawValue, to_raw_value};

use super::key;
use crate::compare::{Match, Strictness, compare};
use crate::protocol::{Answer, AppendRequest, Document, Value};
use crate::subject::{Introduction, Reply, Subject};
use crate::vector::Case;

/// What has to be asked before a case, by its id.
pub type Before = Arc<HashMap<String, Vec<Box<RawValue>>>>;

/// A subject that is asked for what comes before a case, too.
pub struct Chained {
    subject: Box<dyn Subject>,
    before: Before,
    asked: Option<Case>,
}

impl Chained {
    /// The subject, asked for all that is before.
    pub fn new(subject: Box<dyn Subject>, before: Before) -> Self {
        Chained { subject, before, asked: None }
    }
}

/// The same append to another file; the same where it cannot be read.
fn on(file: &Document<'static>, request: &RawValue) -> Box<RawValue> {
    let on_file = || {
        let mut parsed: AppendRequest<'_> = serde_json::from_str(request.get()).ok()?;
        parsed.document = Some(file.clone());
        to_raw_value(&parsed).ok()
    };
    on_file().unwrap_or_else(|| request.to_owned())
}

fn document(request: &RawValue) -> Option<Document<'static>> {
    let parsed: AppendRequest<'_> = serde_json::from_str(request.get()).ok()?;
    Some(match parsed.document? {
        Document::Text(text) => Document::Text(text.into_owned().into()),
        Document::Base64(text) => Document::Base64(text.into_owned().into()),
    })
}

/// Asks for appends one after the other, and then for the case. What was asked last, as a case, and the
/// reply to it: the first that is not as it has to be, or the last of all.
pub fn ask(subject: &mut dyn Subject, before: &[Box<RawValue>], case: &Case) -> (Case, Reply) {
    let mut file = before.first().and_then(|first| document(first));
    for request in before {
        let asked = file.as_ref().map_or_else(|| request.clone(), |file| on(file, request));
        let step = key::step(case, &asked);
        let reply = subject.ask(&step);
        let Reply::Answer(answer) = &reply else { return (step, reply) };
        if compare(&step, answer, Strictness::PLAIN) != Match::Same {
            return (step, reply);
        }
        if let Answer::Accept(Value::Append(value)) = answer {
            file = Some(value.document.clone());
        }
    }
    let last = file.map_or_else(|| case.clone(), |file| key::step(case, &on(&file, &case.request)));
    let reply = subject.ask(&last);
    (last, reply)
}

impl Subject for Chained {
    fn introduction(&self) -> &Introduction {
        self.subject.introduction()
    }

    fn ask(&mut self, case: &Case) -> Reply {
        self.asked = None;
        let Some(before) = self.before.get(&case.id) else { return self.subject.ask(case) };
        let (asked, reply) = ask(self.subject.as_mut(), before, case);
        self.asked = Some(asked);
        reply
    }

    fn asked(&self) -> Option<&Case> {
        self.asked.as_ref()
    }

    fn stderr(&mut self) -> String {
        self.subject.stderr()
    }

    fn exhausted(&self) -> Option<String> {
        self.subject.exhausted()
    }

    fn finish(&mut self) -> Option<String> {
        self.subject.finish()
    }
}
