//! Findings as SARIF 2.1.0: one run, with every code as a rule.

use std::cmp::Reverse;
use std::fmt::Write;

use serde_sarif::sarif::{
    ArtifactContent, ArtifactLocation, Invocation, Location, LogicalLocation, Message,
    MultiformatMessageString, Notification, PhysicalLocation, Region, ReportingConfiguration,
    ReportingDescriptor, Result as Finding, ResultLevel, Run, Sarif, Tool, ToolComponent,
};
use tokens::diagnostic::{Code, Diagnostic, Place, Severity};
use tokens::mask::mask_prefixed;

use super::excerpt::Source;
use super::{Checked, in_words, shown};
use crate::input::Input;
use crate::output::{Failure, print_json_exactly};

/// Where its publisher keeps the schema of SARIF.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// GitHub's code scanning refuses a run with more results.
const MOST_RESULTS: usize = 25_000;

#[derive(Default)]
pub(super) struct Report {
    results: Vec<(Severity, Finding)>,
    unread: Vec<Notification>,
}

impl super::Report for Report {
    fn file(&mut self, checked: &Checked<'_>) -> Result<(), Failure> {
        let source = Source::new(checked.reading.text());
        let artifact = artifact(checked.input);
        let of = |finding: &Diagnostic| (finding.severity, result(finding, &artifact, &source));
        self.results.extend(checked.found.iter().map(of));
        Ok(())
    }

    fn unread(&mut self, input: &Input, reason: &str) {
        let place = PhysicalLocation::builder().artifact_location(artifact(input)).build();
        let notification = Notification::builder()
            .level("error")
            .message(message(reason))
            .locations(vec![Location::builder().physical_location(place).build()]);
        self.unread.push(notification.build());
    }

    fn finish(mut self: Box<Self>) -> Result<(), Failure> {
        let left_out = self.leave_out();
        let driver = ToolComponent::builder()
            .name(env!("CARGO_PKG_NAME"))
            .semantic_version(env!("CARGO_PKG_VERSION"))
            .rules(Code::ALL.iter().map(|code| rule(*code)).collect::<Vec<_>>());
        let invocation = Invocation::builder()
            .execution_successful(self.unread.is_empty())
            .tool_execution_notifications(
                self.unread.into_iter().chain(left_out).collect::<Vec<_>>(),
            );
        let run = Run::builder()
            .tool(Tool::builder().driver(driver.build()).build())
            .column_kind("unicodeCodePoints")
            .invocations(vec![invocation.build()])
            .results(self.results.into_iter().map(|(_, result)| result).collect::<Vec<_>>());
        let runs = vec![run.build()];
        // A mask over the whole would reach into the examples of the rules.
        print_json_exactly(&Sarif::builder().schema(SCHEMA).version("2.1.0").runs(runs).build())
    }
}

impl Report {
    /// Keeps no more results than can be uploaded, the gravest of them; says how many there are more.
    fn leave_out(&mut self) -> Option<Notification> {
        let more = self.results.len().checked_sub(MOST_RESULTS).filter(|more| *more > 0)?;
        self.results.sort_by_key(|(severity, _)| Reverse(*severity));
        self.results.truncate(MOST_RESULTS);
        let words = format!(
            "{more} more findings are left out, since code scanning takes {MOST_RESULTS}: \
             `--format json` has all of them"
        );
        Some(Notification::builder().level("warning").message(message(&words)).build())
    }
}

/// A code with what `explain` says of it.
fn rule(code: Code) -> ReportingDescriptor {
    // SARIF has the same names.
    let level = code.severity().as_str();
    let text = |text: &str| MultiformatMessageString::builder().text(text).build();
    let explanation = code.explanation();
    let help = MultiformatMessageString::builder().text(explanation).markdown(explanation).build();
    ReportingDescriptor::builder()
        .id(code.name())
        .short_description(text(code.summary()))
        .full_description(text(code.summary()))
        .help(help)
        .default_configuration(ReportingConfiguration::builder().level(level).build())
        .build()
}

fn result(finding: &Diagnostic, artifact: &ArtifactLocation, source: &Source<'_>) -> Finding {
    let level = match finding.severity {
        Severity::Error => ResultLevel::Error,
        Severity::Warning => ResultLevel::Warning,
        Severity::Note => ResultLevel::Note,
    };
    let place = finding.place.as_ref();
    let related = finding.related.iter().enumerate().map(|(index, related)| {
        let mut location = location(Some(&related.place), artifact, source);
        location.id = i64::try_from(index).ok();
        location.message = Some(message(&related.message));
        location
    });
    Finding::builder()
        .rule_id(finding.code.name())
        .rule_index(rule_index(finding.code))
        .level(level)
        .message(message(&in_words(finding)))
        .locations(vec![location(place, artifact, source)])
        .related_locations(related.collect::<Vec<_>>())
        .build()
}

/// The place of a code's rule among the rules.
fn rule_index(code: Code) -> i64 {
    let index = Code::ALL.iter().position(|other| *other == code);
    index.and_then(|index| i64::try_from(index).ok()).unwrap_or(-1)
}

fn message(text: &str) -> Message {
    Message::builder().text(shown(text)).build()
}

fn location(place: Option<&Place>, artifact: &ArtifactLocation, source: &Source<'_>) -> Location {
    let physical = PhysicalLocation::builder().artifact_location(artifact.clone());
    let Some(place) = place else {
        // About the file as a whole; but code scanning shows nothing without a line.
        let region = Region::builder().start_line(1).build();
        return Location::builder().physical_location(physical.region(region).build()).build();
    };
    let start = source.position(place.span.start);
    let end = source.position(place.span.end);
    let snippet = source.excerpt(place.span, &[]).first_place().to_owned();
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let region = Region::builder()
        .start_line(number(start.line))
        .start_column(number(start.column))
        .end_line(number(end.line))
        .end_column(number(end.column))
        .snippet(ArtifactContent::builder().text(snippet).build());
    let pointer = LogicalLocation::builder().fully_qualified_name(shown(&place.pointer));
    Location::builder()
        .physical_location(physical.region(region.build()).build())
        .logical_locations(vec![pointer.build()])
        .build()
}

fn artifact(input: &Input) -> ArtifactLocation {
    ArtifactLocation::builder().uri(uri(&mask_prefixed(&input.path()))).build()
}

/// A path as a URI reference: relative as it was given, or of the scheme `file`.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uri_references() {
        for (path, expected) in [
            ("a/tokens.json", "a/tokens.json"),
            ("/run/secrets/a b", "file:///run/secrets/a%20b"),
            ("a:b%20#?é.json", "a%3Ab%2520%23%3F%C3%A9.json"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
