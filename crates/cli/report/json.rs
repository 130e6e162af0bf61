//! Findings for programs.

use std::borrow::Cow;

use serde::Serialize;
use tokens::diagnostic::{Diagnostic, Place};
use tokens::{Kind, Reading};

use super::excerpt::Source;
use super::{Checked, Summary};
use crate::input::Input;
use crate::output::{Failure, print_json};

/// What `check --format json` prints.
#[derive(Serialize)]
pub(crate) struct Report {
    version: u32,
    files: Vec<File>,
    summary: Summary,
}

#[derive(Serialize)]
struct File {
    path: String,
    kind: &'static str,
    loads: bool,
    tokens: usize,
    diagnostics: Vec<Finding>,
    /// Why the file could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// A diagnostic with its places as lines and columns.
#[derive(Serialize)]
pub(crate) struct Finding {
    code: &'static str,
    rule: &'static str,
    severity: &'static str,
    message: String,
    help: Option<Cow<'static, str>>,
    #[serde(flatten)]
    place: Range,
    related: Vec<Related>,
}

#[derive(Serialize)]
struct Related {
    message: Cow<'static, str>,
    #[serde(flatten)]
    place: Range,
}

#[derive(Default, Serialize)]
struct Range {
    pointer: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

impl Default for Report {
    fn default() -> Self {
        Report { version: 1, files: Vec::new(), summary: Summary::default() }
    }
}

impl super::Report for Report {
    fn file(&mut self, checked: &Checked<'_>) -> Result<(), Failure> {
        let Checked { input, reading, found } = checked;
        self.summary.add(checked);
        self.files.push(File {
            path: input.path(),
            kind: reading.kind().map_or("unknown", Kind::as_str),
            loads: reading.loads(),
            tokens: reading.token_count(),
            diagnostics: findings(reading, found),
            error: None,
        });
        Ok(())
    }

    fn unread(&mut self, input: &Input, reason: &str) {
        self.files.push(File {
            path: input.path(),
            kind: "unknown",
            loads: false,
            tokens: 0,
            diagnostics: Vec::new(),
            error: Some(reason.to_owned()),
        });
    }

    fn finish(self: Box<Self>) -> Result<(), Failure> {
        print_json(&self)
    }
}

/// Findings about a file.
pub(crate) fn findings(reading: &Reading<'_>, found: &[Diagnostic]) -> Vec<Finding> {
    let source = Source::new(reading.text());
    let finding = |diagnostic: &Diagnostic| Finding {
        code: diagnostic.code.name(),
        rule: diagnostic.rule.id(),
        severity: diagnostic.severity.as_str(),
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
        place: diagnostic.place.as_ref().map_or_else(Range::default, |p| range(&source, p)),
        related: diagnostic
            .related
            .iter()
            .map(|related| Related {
                message: related.message.clone(),
                place: range(&source, &related.place),
            })
            .collect(),
    };
    found.iter().map(finding).collect()
}

fn range(source: &Source<'_>, place: &Place) -> Range {
    let start = source.position(place.span.start);
    let end = source.position(place.span.end);
    Range {
        pointer: Some(place.pointer.clone()),
        line: Some(start.line),
        column: Some(start.column),
        end_line: Some(end.line),
        end_column: Some(end.column),
    }
}
