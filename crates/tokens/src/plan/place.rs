//! Where in a file the things stand that a start runs into.

use super::{Finding, Subject};
use crate::Reading;
use crate::diagnostic::{Diagnostic, Place};
use crate::reader::Draft;

impl Finding {
    /// The finding as a diagnostic about the file that was planned with.
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
