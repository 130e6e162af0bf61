//! Where in a file the things stand that a start runs into.

use super::{Finding, Subject};
use crate::Reading;
use crate::diagnostic::{Diagnostic, Place};
use crate::reader::Draft;

impl Finding {
    /// The finding as a diagnostic about the file that was planned with: with the place in it, and the
    /// code's severity. `reading` has to be the one that the document came from; of another the places
    /// mean nothing.
    pub fn diagnostic(&self, reading: &Reading<'_>) -> Diagnostic {
        self.in_draft(reading.draft())
    }

    pub(crate) fn in_draft(&self, draft: Option<&Draft<'_>>) -> Diagnostic {
        let diagnostic = Diagnostic::new(self.code, self.rule, self.message.as_str());
        let diagnostic = diagnostic.help(self.help);
        match draft.and_then(|draft| place(draft, &self.subject)) {
            Some(place) => diagnostic.at(place),
            None => diagnostic,
        }
    }
}

fn place(draft: &Draft<'_>, subject: &Subject) -> Option<Place> {
    match subject {
        Subject::File => None,
        Subject::Name(index) => Some(draft.name_place(*index, draft.token(*index)?.name.as_ref()?)),
        Subject::Secret(index) => {
            Some(draft.secret_place(*index, draft.token(*index)?.token.as_ref()?))
        }
        Subject::Grant { token, permission, name } => {
            let entry = draft.token(*token)?.permission(*permission)?;
            Some(draft.permission_span(*token, entry, *name))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::{State, plan};

    #[test]
    fn a_database_that_is_nowhere_is_shown_where_it_is_named() {
        let file = r#"{"tokens": [{"token": "apiv3_x", "name": "n", "permissions": ["db:a:read", "db:b:read"]}]}"#;
        let reading = crate::read(file.as_bytes(), None);
        let state = State { databases: vec!["a".to_owned()], tokens: Vec::new() };
        let plan = plan(&reading.document().expect("loads"), &state);
        let found = plan.stop().expect("b is missing").diagnostic(&reading);
        let place = found.place.expect("a place");
        assert_eq!(
            (place.pointer.as_str(), place.span.slice(file)),
            ("/tokens/0/permissions/1", "b")
        );
    }
}
