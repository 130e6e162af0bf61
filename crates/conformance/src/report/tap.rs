//! Test Anything Protocol, version 14.

use std::fmt::Write as _;

use super::{CaseReport, Report, Verdict, visible_lines};

/// A report as a TAP stream.
pub(super) fn text(report: &Report) -> String {
    let total = report.cases.len() + report.problems.len();
    let mut text = format!("TAP version 14\n1..{total}\n");
    if report.verdict_only {
        text.push_str("# Only verdicts were compared.\n");
    }
    for (at, found) in report.cases.iter().enumerate() {
        case(&mut text, at + 1, found);
    }
    for (at, problem) in report.problems.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "not ok {} - {}", report.cases.len() + at + 1, one_line(problem));
    }
    text
}

fn case(text: &mut String, number: usize, case: &CaseReport) {
    let message = one_line(&case.message);
    // A TODO is what fails and is expected to.
    let (ok, directive) = match case.verdict {
        Verdict::Pass => ("ok", String::new()),
        Verdict::Skipped => ("ok", format!(" # SKIP {message}")),
        Verdict::Known | Verdict::Deviates => ("not ok", format!(" # TODO {message}")),
        _ => ("not ok", String::new()),
    };
    let _ = writeln!(text, "{ok} {number} - {}{directive}", one_line(&case.id));
    if case.verdict.fails() {
        diagnostics(text, case);
    }
}

/// A block of YAML.
fn diagnostics(text: &mut String, case: &CaseReport) {
    let fields = [
        ("verdict", case.verdict.as_str()),
        ("expected", &case.expected),
        ("actual", &case.actual),
        ("message", &case.message),
        ("stderr", &case.stderr),
        ("repeat", case.repeat.as_deref().unwrap_or_default()),
    ];
    text.push_str("  ---\n");
    for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
        // A JSON string is a YAML string, but for characters that only JSON has as they are.
        let value = serde_json::to_string(&visible_lines(value)).unwrap_or_default();
        let _ = writeln!(text, "  {name}: {value}");
    }
    text.push_str("  ...\n");
}

/// `#` would begin a directive, a backslash an escape, and a line end a line.
fn one_line(text: &str) -> String {
    tokens::visible(text).replace('\\', "\\\\").replace('#', "\\#")
}
