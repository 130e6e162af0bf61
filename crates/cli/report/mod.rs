//! How findings are shown: one renderer a file.

mod excerpt;
mod github;
pub(crate) mod human;
pub(crate) mod json;
mod junit;
mod sarif;

use clap::ValueEnum;
use serde::Serialize;
use tokens::diagnostic::{Diagnostic, Severity};
use tokens::mask::mask_prefixed;
use tokens::{Reading, visible};

use crate::input::Input;
use crate::output::Failure;

/// How `check` reports.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// Words and excerpts, for people
    Human,
    /// One JSON object, for programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for CI systems that show tests
    Junit,
    /// Annotations of GitHub's workflows
    Github,
}

/// A file with what was found in it.
pub(crate) struct Checked<'c> {
    pub(crate) input: &'c Input,
    pub(crate) reading: &'c Reading<'c>,
    pub(crate) found: &'c [Diagnostic],
}

/// A report that grows file by file.
pub(crate) trait Report {
    /// Adds a file.
    fn file(&mut self, checked: &Checked<'_>) -> Result<(), Failure>;

    /// Adds a file that could not be read, and why.
    fn unread(&mut self, input: &Input, reason: &str);

    /// Prints what is still to be printed.
    fn finish(self: Box<Self>) -> Result<(), Failure>;
}

impl Format {
    /// A report without files, where findings from this severity on fail the check.
    pub(crate) fn report(self, fails: Severity) -> Box<dyn Report> {
        match self {
            Format::Human => Box::new(human::Report::default()),
            Format::Json => Box::new(json::Report::default()),
            Format::Sarif => Box::new(sarif::Report::default()),
            Format::Junit => Box::new(junit::Report::new(fails)),
            Format::Github => Box::new(github::Report::default()),
        }
    }
}

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
    fn add(&mut self, checked: &Checked<'_>) {
        self.files += 1;
        self.tokens += checked.reading.token_count();
        for diagnostic in checked.found {
            match diagnostic.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => self.notes += 1,
            }
        }
    }
}

/// What is wrong and the way out, a line each.
fn in_words(finding: &Diagnostic) -> String {
    match &finding.help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.clone(),
    }
}

/// Lines with nothing in them that a terminal would obey, masked (GEN-07).
fn shown(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(visible).collect();
    mask_prefixed(&lines.join("\n")).into_owned()
}
