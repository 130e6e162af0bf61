//! What a question came to, and roughly what it was: by this the worth of a question is measured.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::protocol::{Answer, Document, Request};
use crate::subject::Reply;

/// A number that stands for both.
pub(super) fn came_to(request: &Request<'_>, reply: &Reply) -> u64 {
    let mut hasher = DefaultHasher::new();
    request.op().hash(&mut hasher);
    match reply {
        Reply::Answer(Answer::Accept(_)) => 0.hash(&mut hasher),
        Reply::Answer(Answer::Reject(reject)) => (1, &reject.layer, &reject.code).hash(&mut hasher),
        _ => 2.hash(&mut hasher),
    }
    shape(request).hash(&mut hasher);
    hasher.finish()
}

const SIGNS: [u8; 6] = *b":{[*/\\";

/// How long it is, how much else there is, and how many of each sign, all by their number of binary digits.
fn shape(request: &Request<'_>) -> [u32; 8] {
    let (text, rest) = match request {
        Request::Permission(request) => (&*request.text, 0),
        Request::Load(request) => (text(&request.document), 0),
        Request::Access(request) => (text(&request.document), request.probes.len()),
        Request::Append(request) => {
            (request.document.as_ref().map_or("", text), request.token.get().len())
        }
        Request::Plan(request) => {
            let state = request.state.as_ref();
            (text(&request.document), state.map_or(0, |s| s.databases.len() + s.tokens.len()))
        }
    };
    let count = |sign| text.bytes().filter(|byte| *byte == sign).count().min(12);
    let [a, b, c, d, e, f] = SIGNS.map(count);
    [a, b, c, d, e, f, text.len(), rest].map(|number| usize::BITS - number.leading_zeros())
}

fn text<'d>(document: &'d Document<'_>) -> &'d str {
    match document {
        Document::Text(text) | Document::Base64(text) => text,
    }
}
