//! Test Anything Protocol, version 14.

use std::fmt::Write as _;

use super::{Report, Verdict};

/// A report as a TAP stream.
pub(super) fn text(report: &Report) -> String {
    let total = report.cases.len() + report.problems.len();
    let mut text = format!("TAP version 14\n1..{total}\n");
    for (at, case) in report.cases.iter().enumerate() {
        let ok = if case.verdict.fails() { "not ok" } else { "ok" };
        let directive = match case.verdict {
            Verdict::Skipped => format!(" # SKIP {}", one_line(&case.message)),
            Verdict::Known | Verdict::Deviates => format!(" # TODO {}", one_line(&case.message)),
            _ => String::new(),
        };
        // A TODO is what fails and is expected to.
        let ok = if directive.starts_with(" # TODO") { "not ok" } else { ok };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{ok} {} - {}{directive}", at + 1, case.id);
        if case.verdict.fails() {
            let fields = [
                ("verdict", case.verdict.as_str()),
                ("expected", &case.expected),
                ("actual", &case.actual),
            ];
            let fields = fields.into_iter().chain([("message", case.message.as_str())]);
            text.push_str("  ---\n");
            for (name, value) in fields {
                // A JSON string is a YAML string.
                let value = serde_json::to_string(value).unwrap_or_default();
                let _ = writeln!(text, "  {name}: {value}");
            }
            text.push_str("  ...\n");
        }
    }
    for (at, problem) in report.problems.iter().enumerate() {
        let _ = writeln!(text, "not ok {} - {}", report.cases.len() + at + 1, one_line(problem));
    }
    text
}

/// `#` would begin a directive, and a line end a line.
fn one_line(text: &str) -> String {
    tokens::visible(text).replace('#', "\\#")
}
