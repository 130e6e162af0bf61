//! The second half of making a request small: by its JSON, whatever it was made of.

use serde_json::value::RawValue;
use testkit::generate::{Json, Spelling};
use testkit::json::{elements, members};
use testkit::shrink::Shrink;

use super::rename::Rename;

/// A request by its JSON: its members, and the document among them as a tree where it is one.
#[derive(Clone, Debug)]
pub(super) struct Bare {
    request: Json,
    document: Option<Document>,
}

/// A document that is text.
#[derive(Clone, Debug)]
enum Document {
    Tree(Json, Spelling),
    /// What is no JSON, or where it matters how it is spelled.
    Text(String),
}

/// The deepest value that is taken apart.
const MOST_DEPTH: usize = 40;

/// A JSON text as a tree; scalars as they are spelled.
fn tree(text: &str, depth: usize) -> Option<Json> {
    let trimmed = text.trim_matches([' ', '\t', '\r', '\n']);
    Some(match trimmed.bytes().next()? {
        _ if depth == 0 => Json::raw(trimmed),
        b'{' => {
            let members = members(trimmed).ok()?.into_iter();
            let members = members.map(|(name, value)| Some((name, tree(value, depth - 1)?)));
            Json::Object(members.collect::<Option<_>>()?)
        }
        b'[' => {
            let elements = elements(trimmed).ok()?.into_iter();
            Json::Array(elements.map(|value| tree(value, depth - 1)).collect::<Option<_>>()?)
        }
        b'"' => match serde_json::from_str(trimmed) {
            Ok(text) => Json::Text(text),
            Err(_) => Json::raw(trimmed),
        },
        _ => {
            serde_json::from_str::<&RawValue>(trimmed).ok()?;
            Json::raw(trimmed)
        }
    })
}

fn text(tree: &Json) -> String {
    Spelling::default().text(tree)
}

impl Bare {
    /// A request, taken apart: its document as a tree in one of the kinds of spelling, or as text.
    pub(super) fn all(request: &str) -> Vec<Self> {
        let Some(mut request) = tree(request, MOST_DEPTH) else { return Vec::new() };
        let Some(Json::Text(text)) = request.pointed_at("/document/text") else {
            return vec![Bare { request, document: None }];
        };
        let text = text.clone();
        let trees = tree(&text, MOST_DEPTH).into_iter().flat_map(|tree| {
            Spelling::kinds().map(|spelling| Document::Tree(tree.clone(), spelling))
        });
        let documents = trees.chain([Document::Text(text.clone())]);
        documents
            .map(|document| Bare { request: request.clone(), document: Some(document) })
            .collect()
    }

    /// The request.
    pub(super) fn request(&self) -> String {
        let mut request = self.request.clone();
        if let (Some(document), Some(place)) =
            (&self.document, request.pointed_at("/document/text"))
        {
            *place = Json::Text(match document {
                Document::Tree(tree, spelling) => spelling.text(tree),
                Document::Text(text) => text.clone(),
            });
        }
        text(&request)
    }

    fn renamed(&self, rename: &Rename) -> Self {
        let document = self.document.as_ref().map(|document| match document {
            Document::Tree(tree, spelling) => Document::Tree(rename.apply(tree), spelling.clone()),
            Document::Text(text) => Document::Text(text.clone()),
        });
        Bare { request: rename.apply(&self.request), document }
    }

    /// The same with another part, where the document's own text is not touched.
    fn simpler_requests(&self) -> Vec<Json> {
        let mut request = self.request.clone();
        if let Some(document) = request.pointed_at("/document") {
            // What stands for the document shrinks by itself.
            *document = Json::raw("0");
        }
        let mut simpler = request.simpler();
        for request in &mut simpler {
            if let (Some(place), Some(document)) = (
                request.pointed_at("/document"),
                self.request.clone().pointed_at("/document").cloned(),
            ) {
                *place = document;
            }
        }
        simpler
    }
}

impl Shrink for Bare {
    fn simpler(&self) -> Vec<Self> {
        let documents: Vec<Document> = match &self.document {
            Some(Document::Tree(tree, spelling)) => {
                let trees = tree.simpler().into_iter();
                trees.map(|tree| Document::Tree(tree, spelling.clone())).collect()
            }
            Some(Document::Text(text)) => text.simpler().into_iter().map(Document::Text).collect(),
            None => Vec::new(),
        };
        let trees = match &self.document {
            Some(Document::Tree(tree, _)) => vec![&self.request, tree],
            _ => vec![&self.request],
        };
        let renames = Rename::all(&trees).into_iter().map(|rename| self.renamed(&rename));
        let with_document = |document| Bare { document: Some(document), ..self.clone() };
        let with_request = |request| Bare { request, ..self.clone() };
        let requests = self.simpler_requests().into_iter().map(with_request);
        documents.into_iter().map(with_document).chain(renames).chain(requests).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_made_small_by_its_json() {
        let request = r#"{"document":{"text":"{ \"a\": [1, {\"tokens\": 5}], \"b\": \"xyz\" }"},"now_millis":5}"#;
        let bare = Bare::all(request).into_iter().next().expect("a request");
        let small = testkit::shrink::minimise(bare, |bare| bare.request().contains("tokens"));
        assert_eq!(small.request(), r#"{"document":{"text":"{\"a\":[{\"tokens\":0}]}"}}"#);
    }
}
