//! Reading and checking files (DOC, TOK, PERM, DB).

use tokens::diagnostic::{Diagnostic, Layer};
use tokens::plan::{State, plan};
use tokens::{Code, Context, Document, Kind, Reading, Timestamp, Token};

use super::{fault, format, leak, model, paths, places, writer};
use crate::generate::{self, DocumentCase, NOW, TokenModel};

/// Any bytes end in the verdict of the model, and say what they say to it; and what is found is sound.
pub fn bytes(bytes: &[u8]) {
    read(bytes, &Context::at(Timestamp(NOW)));
}

/// The same, and what is read and found.
fn read<'b>(bytes: &'b [u8], context: &Context<'_>) -> (Reading<'b>, Vec<Diagnostic>) {
    let reading = tokens::read(bytes, Some(Kind::Permission));
    as_the_model(bytes, &reading);
    let found = tokens::check(&reading, context);
    places::are_sound(&reading, &found);
    let outermost = reading.first_error().map(|error| error.code.layer());
    let layers = reading.errors().iter().map(|error| error.code.layer());
    assert_eq!(outermost, layers.min(), "the first error is not of the outermost layer");
    (reading, found)
}

/// serde's derive for JSON, types and values, the model for the rest.
fn as_the_model(bytes: &[u8], reading: &Reading<'_>) {
    let outer = |layer| matches!(layer, Layer::Json | Layer::Schema);
    let refused = reading.errors().iter().find(|error| outer(error.code.layer()));
    let Some(file) = model::file(bytes) else {
        // An admin token file has all that it needs, and is no permission tokens file (ADM-03).
        assert!(refused.is_some() || is_wrong_kind(reading), "takes what serde_json does not");
        return;
    };
    assert!(refused.is_none(), "refuses what serde_json takes: {refused:?}");
    assert_eq!(reading.loads(), file.loads(), "the rules say otherwise: {:?}", reading.errors());
    let document = reading.document();
    assert_eq!(document.is_some(), file.loads(), "what loads is a document");
    if let Some(document) = document {
        says_the_same(&document, &file);
    }
}

/// In words without values, since those are full of secrets (GEN-07).
fn says_the_same(document: &Document<'_>, file: &model::File) {
    let declared = file.create_databases.iter().flatten();
    assert!(databases(document).into_iter().eq(declared), "other databases than serde_json");
    assert!(document.tokens().len() == file.tokens.len(), "another count than serde_json");
    for (at, (token, same)) in document.tokens().iter().zip(&file.tokens).enumerate() {
        assert!(token.secret.expose() == same.token, "another string of token {at}");
        assert!(token.name.as_str() == same.name, "another name of token {at}");
        assert!(token.expiry_millis == same.expiry_millis, "another expiry of token {at}");
        assert!(permissions(token) == same.permissions, "other permissions of token {at}");
    }
}

fn is_wrong_kind(reading: &Reading<'_>) -> bool {
    reading.first_error().is_some_and(|error| error.code == Code::WrongKind)
}

/// A valid document means what its parts say, and a fault is found where it was put; all is found however
/// strings are taken, and what loads is written and read again as it was.
pub fn structured(case: &DocumentCase) {
    let text = case.text();
    let context = Context::at(Timestamp(NOW));
    let (reading, found) = read(&text, &context);
    paths::agree(&reading, &found, &context);
    if let Some(document) = reading.document() {
        writer::round_trip(&document);
        format::says_the_same(&text, &document);
        // Nothing is known of the server, and still every plan ends.
        let _ = plan(&document, &State::default());
    }
    match case {
        DocumentCase::Valid(document, _) => means(&text, document),
        DocumentCase::Faulty(faulty) => fault::is_found(faulty),
        DocumentCase::Leaky(leak) => leak::nothing_is_shown(leak),
        DocumentCase::Wild(..) => {}
    }
}

fn means(text: &[u8], model: &generate::Document) {
    let reading = tokens::read(text, None);
    let document = reading.document().unwrap_or_else(|| panic!("{:?}", reading.errors()));
    assert_eq!(reading.token_count(), model.tokens.len());
    assert_eq!(databases(&document), model.databases.names());
    assert_eq!(document.tokens().len(), model.tokens.len());
    for (token, model) in document.tokens().iter().zip(&model.tokens) {
        is_token(token, model);
    }
}

fn databases<'d>(document: &'d Document<'_>) -> Vec<&'d str> {
    document.create_databases().iter().map(|name| name.as_str()).collect()
}

fn is_token(token: &Token<'_>, model: &TokenModel) {
    assert!(token.secret.expose() == model.secret, "the token string of {model:?}");
    assert_eq!(token.name.as_str(), model.name);
    assert_eq!(token.expiry_millis, model.expiry.millis());
    let expected: Vec<String> = model.permissions.iter().map(generate::Grant::text).collect();
    assert_eq!(permissions(token), expected);
}

fn permissions<'t>(token: &'t Token<'_>) -> Vec<&'t str> {
    token.permissions.iter().map(|permission| permission.as_str()).collect()
}
