//! For people: the failures in full, the rest as numbers.

use std::fmt::Write as _;

use super::{CaseReport, Report, Verdict, count};

/// How many cases of a kind are shown in full.
const MOST: usize = 100;

/// A report as text, with the colours left to whoever prints it.
pub(super) fn text(report: &Report) -> String {
    let mut text = String::new();
    for verdict in Verdict::ALL {
        if verdict.fails() || verdict == Verdict::Deviates {
            cases(&mut text, report, verdict);
        }
    }
    for problem in &report.problems {
        field(&mut text, "problem: ", problem);
    }
    skipped(&mut text, report);
    let who = &report.implementation;
    let name = [&who.name, &who.version].map(String::as_str).join(" ");
    let language = match who.language.as_str() {
        "" => String::new(),
        language => format!(" ({language})"),
    };
    let name = name.trim();
    let only = if report.verdict_only { "; verdicts alone were compared" } else { "" };
    line(&mut text, &format!("{name}{language} against suite {}{only}", report.suite));
    let total = report.cases.len();
    line(&mut text, &format!("{}: {}", count(total, "case"), report.summary));
    text
}

fn cases(text: &mut String, report: &Report, verdict: Verdict) {
    let of_this_kind = || report.cases.iter().filter(|case| case.verdict == verdict);
    of_this_kind().take(MOST).for_each(|found| case(text, found));
    let more = of_this_kind().count().saturating_sub(MOST);
    if more > 0 {
        line(text, &format!("… and {more} more that are `{verdict}`"));
        text.push('\n');
    }
}

fn case(text: &mut String, case: &CaseReport) {
    line(text, &format!("{}: {} [{}]", case.verdict, case.id, case.rules.join(", ")));
    field(text, "  ", &case.description);
    field(text, "  expected: ", &case.expected);
    field(text, "  actual:   ", &case.actual);
    if !case.message.is_empty() {
        field(text, "  message:  ", &case.message);
    }
    if !case.stderr.is_empty() {
        field(text, "  stderr:   ", &case.stderr);
    }
    if let Some(repeat) = &case.repeat {
        field(text, "  repeat:   ", repeat);
    }
    text.push('\n');
}

/// Why cases were skipped, with their numbers.
fn skipped(text: &mut String, report: &Report) {
    let mut reasons: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for case in report.cases.iter().filter(|case| case.verdict == Verdict::Skipped) {
        *reasons.entry(&case.message).or_default() += 1;
    }
    for (reason, count) in reasons {
        field(text, &format!("{count} skipped: "), reason);
    }
}

/// One line, whatever is in it.
fn line(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{}", tokens::visible(line));
}

/// A text under its name. What an implementation says is shown with nothing in it that a terminal would
/// obey; its further lines stand below its first one, so that none looks like the runner's own.
fn field(text: &mut String, name: &str, value: &str) {
    let indent = " ".repeat(name.chars().count());
    for (at, line) in value.split('\n').enumerate() {
        let before = if at == 0 { name } else { &indent };
        let _ = writeln!(text, "{before}{}", tokens::visible(line));
    }
}
