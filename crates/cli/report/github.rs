//! Findings as annotations of a GitHub workflow: a command on a line of its own for each.

use tokens::Position;
use tokens::diagnostic::{Diagnostic, Severity};

use super::excerpt::Source;
use super::{Checked, in_words, shown};
use crate::input::Input;
use crate::output::{Failure, print_exactly};

#[derive(Default)]
pub(super) struct Report {
    unread: String,
}

impl super::Report for Report {
    fn file(&mut self, checked: &Checked<'_>) -> Result<(), Failure> {
        let source = Source::new(checked.reading.text());
        let path = checked.input.display();
        let commands = checked.found.iter().map(|finding| annotation(&path, finding, &source));
        print_exactly(&commands.collect::<String>())
    }

    fn unread(&mut self, input: &Input, reason: &str) {
        let file = property(&input.display());
        self.unread.push_str(&format!("::error file={file}::{}\n", message(reason)));
    }

    fn finish(self: Box<Self>) -> Result<(), Failure> {
        print_exactly(&self.unread)
    }
}

fn annotation(path: &str, finding: &Diagnostic, source: &Source<'_>) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let region = finding.place.as_ref().map_or(String::new(), |place| {
        let Position { line, column } = source.position(place.span.start);
        let end = source.position(place.span.end);
        format!(",line={line},col={column},endLine={},endColumn={}", end.line, end.column)
    });
    let words = message(&in_words(finding));
    format!("::{command} file={}{region},title={}::{words}\n", property(path), finding.code)
}

/// Text as the runner reads it behind `::`. A mask over the whole line would reach beyond it.
fn message(text: &str) -> String {
    shown(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text as the runner reads it in a property, which a comma and a colon would end.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
