//! How findings are shown: one renderer a file.

mod excerpt;
pub(crate) mod human;
pub(crate) mod json;

use serde::Serialize;
use tokens::Reading;
use tokens::diagnostic::{Diagnostic, Severity};

/// How much was found.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Summary {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    #[serde(skip)]
    pub(crate) files: usize,
    #[serde(skip)]
    pub(crate) tokens: usize,
    /// Files that could not be read; they are in no other count.
    #[serde(skip)]
    pub(crate) unread: usize,
}

impl Summary {
    pub(crate) fn add(&mut self, reading: &Reading<'_>, found: &[Diagnostic]) {
        self.files += 1;
        self.tokens += reading.token_count();
        for diagnostic in found {
            match diagnostic.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => self.notes += 1,
            }
        }
    }
}
