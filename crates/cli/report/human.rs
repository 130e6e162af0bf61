//! Findings for people: the message, the line it is about, the way out.

use std::cmp::Reverse;
use std::fmt::Write;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use tokens::diagnostic::{Diagnostic, Place, Related, Severity};
use tokens::{Reading, Span};

use super::excerpt::{Excerpt, Source};
use super::{Checked, Summary};
use crate::input::Input;
use crate::output::{Failure, count, print};

/// More findings in one file are only counted.
const MOST_FINDINGS: usize = 100;

/// What was found in one file, whose path is given as it may be shown. Styled; whoever prints it strips that where it must.
pub(crate) fn report(path: &str, reading: &Reading<'_>, found: &[Diagnostic]) -> String {
    let mut text = String::new();
    if found.is_empty() {
        return text;
    }
    let source = Source::new(reading.text());
    let renderer = Renderer::styled();
    for diagnostic in chosen(found) {
        let group = group(diagnostic, path, &source);
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

/// The findings that are shown, in their order: the worst, where there are too many.
fn chosen(found: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut chosen: Vec<(usize, &Diagnostic)> = found.iter().enumerate().collect();
    chosen.sort_by_key(|(_, diagnostic)| Reverse(diagnostic.severity));
    chosen.truncate(MOST_FINDINGS);
    chosen.sort_by_key(|(index, _)| *index);
    chosen.into_iter().map(|(_, diagnostic)| diagnostic).collect()
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
        Some(place) => group = show(group, diagnostic, place, path, source),
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help.as_ref())),
        None => group,
    }
}

/// The place of a finding, and its other places: on the same line where they fit, else on their own.
fn show<'s>(
    group: Group<'s>,
    diagnostic: &'s Diagnostic,
    place: &Place,
    path: &'s str,
    source: &Source<'_>,
) -> Group<'s> {
    let line = source.position(place.span.start).line;
    let (near, far): (Vec<&Related>, Vec<&Related>) = diagnostic
        .related
        .iter()
        .partition(|related| source.position(related.place.span.start).line == line);
    let others: Vec<Span> = near.iter().map(|related| related.place.span).collect();
    let mut excerpt = source.excerpt(place.span, &others);
    let places = std::mem::take(&mut excerpt.places);
    let labels = std::iter::once(None).chain(near.iter().map(|r| Some(r.message.as_ref())));
    let annotations = places.into_iter().zip(labels).filter_map(|(place, label)| {
        let kind = if label.is_none() { AnnotationKind::Primary } else { AnnotationKind::Context };
        Some(kind.span(place?).label(label))
    });
    let mut group = add(group, path, excerpt, annotations);
    for related in far {
        let mut excerpt = source.excerpt(related.place.span, &[]);
        let places = std::mem::take(&mut excerpt.places);
        let label = related.message.as_ref();
        let annotations = places.into_iter().flatten();
        let annotations = annotations.map(|at| AnnotationKind::Context.span(at).label(label));
        group = add(group, path, excerpt, annotations);
    }
    group
}

fn add<'s>(
    group: Group<'s>,
    path: &'s str,
    excerpt: Excerpt,
    annotations: impl Iterator<Item = Annotation<'s>>,
) -> Group<'s> {
    let at = excerpt.position;
    let origin = Origin::path(path).line(at.line).char_column(at.column);
    let snippet = Snippet::source(excerpt.text).line_start(at.line);
    group.element(origin).element(snippet.annotations(annotations))
}

/// What `check` prints: findings file by file, and their count at the end.
#[derive(Default)]
pub(super) struct Report(Summary);

impl super::Report for Report {
    fn file(&mut self, checked: &Checked<'_>) -> Result<(), Failure> {
        self.0.add(checked);
        print(&report(&checked.input.display(), checked.reading, checked.found))
    }

    fn unread(&mut self, _: &Input, _: &str) {
        self.0.unread += 1;
    }

    fn finish(self: Box<Self>) -> Result<(), Failure> {
        print(&summary(&self.0))
    }
}

/// The last line: how much was looked at and found.
fn summary(summary: &Summary) -> String {
    let found = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")];
    let found = found.into_iter().filter(|(number, _)| *number > 0);
    let mut found: Vec<String> = found.map(|(number, noun)| count(number, noun)).collect();
    if summary.unread > 0 {
        found.push(format!("{} not read", count(summary.unread, "file")));
    }
    let found = if found.is_empty() { "nothing to report".to_owned() } else { found.join(", ") };
    let looked_at = format!("{}, {}", count(summary.files, "file"), count(summary.tokens, "token"));
    format!("{looked_at}: {found}\n")
}
