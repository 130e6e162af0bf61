//! Findings for people: the message, the line it is about, the way out.

use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use tokens::Reading;
use tokens::diagnostic::{Diagnostic, Place, Severity};

use super::Summary;
use super::excerpt::Source;
use crate::input::Input;
use crate::output::count;

/// More findings in one file are only counted.
const MOST_FINDINGS: usize = 100;

/// What was found in one file. Styled; whoever prints it strips that where it must.
pub(crate) fn report(input: &Input, reading: &Reading<'_>, found: &[Diagnostic]) -> String {
    let mut text = String::new();
    if found.is_empty() {
        return text;
    }
    let path = input.display();
    let source = Source::new(reading.text());
    let renderer = Renderer::styled();
    for diagnostic in found.iter().take(MOST_FINDINGS) {
        let group = group(diagnostic, &path, &source);
        for line in renderer.render(&[group]).lines().filter(|line| !is_idle(line)) {
            text.push_str(line);
            text.push('\n');
        }
        text.push('\n');
    }
    if let Some(more) = found.len().checked_sub(MOST_FINDINGS).filter(|more| *more > 0) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{path}: {} more not shown\n", count(more, "finding"));
    }
    text
}

/// The renderer takes an excerpt whose place is given before it for one of a second, nameless file,
/// and says so in a line of its own.
fn is_idle(line: &str) -> bool {
    anstream::adapter::strip_str(line).to_string().trim() == ":::"
}

fn group<'s>(diagnostic: &'s Diagnostic, path: &'s str, source: &Source<'_>) -> Group<'s> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    match &diagnostic.place {
        None => group = group.element(Origin::path(path)),
        Some(place) => {
            let kind = AnnotationKind::Primary;
            group = show(group, place, path, source, kind, None);
        }
    }
    for related in &diagnostic.related {
        let label = Some(related.message.as_str());
        group = show(group, &related.place, path, source, AnnotationKind::Context, label);
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

fn show<'s>(
    group: Group<'s>,
    place: &Place,
    path: &'s str,
    source: &Source<'_>,
    kind: AnnotationKind,
    label: Option<&'s str>,
) -> Group<'s> {
    let excerpt = source.excerpt(place);
    let at = excerpt.position;
    let origin = Origin::path(path).line(at.line).char_column(at.column);
    let annotation = kind.span(excerpt.place).label(label);
    let snippet = Snippet::source(excerpt.text).line_start(at.line).annotation(annotation);
    group.element(origin).element(snippet)
}

/// The last line: how much was looked at and found.
pub(crate) fn summary(summary: &Summary) -> String {
    let found: Vec<String> =
        [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(number, noun))
            .collect();
    let found = if found.is_empty() { "nothing to report".to_owned() } else { found.join(", ") };
    let looked_at = format!("{}, {}", count(summary.files, "file"), count(summary.tokens, "token"));
    format!("{looked_at}: {found}\n")
}
