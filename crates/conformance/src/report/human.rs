//! For people: the failures in full, the rest as numbers.

use std::fmt::Write as _;

use super::{CaseReport, Report, Verdict};

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
        line(&mut text, &format!("problem: {problem}"));
    }
    skipped(&mut text, report);
    let who = &report.implementation;
    let name = [&who.name, &who.version].map(String::as_str).join(" ");
    let language = match who.language.as_str() {
        "" => String::new(),
        language => format!(" ({language})"),
    };
    let name = tokens::visible(name.trim_end()).into_owned() + &tokens::visible(&language);
    let only = if report.verdict_only { "; verdicts alone were compared" } else { "" };
    line(&mut text, &format!("{name} against suite {}{only}", report.suite));
    let total = report.cases.len();
    line(&mut text, &format!("{total} cases: {}", report.summary));
    text
}

fn cases(text: &mut String, report: &Report, verdict: Verdict) {
    let of_this_kind = || report.cases.iter().filter(|case| case.verdict == verdict);
    of_this_kind().take(MOST).for_each(|found| case(text, found));
    let more = of_this_kind().count().saturating_sub(MOST);
    if more > 0 {
        line(text, &format!("… and {more} more that are `{verdict}`\n"));
    }
}

fn case(text: &mut String, case: &CaseReport) {
    line(text, &format!("{}: {} [{}]", case.verdict, case.id, case.rules.join(", ")));
    line(text, &format!("  {}", case.description));
    line(text, &format!("  expected: {}", case.expected));
    line(text, &format!("  actual:   {}", case.actual));
    if !case.message.is_empty() {
        line(text, &format!("  {}", case.message));
    }
    if let Some(repeat) = &case.repeat {
        line(text, &format!("  repeat:   {repeat}"));
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
        line(text, &format!("{count} skipped: {reason}"));
    }
}

/// What an implementation says is shown with nothing in it that a terminal would obey.
fn line(text: &mut String, line: &str) {
    let shown = line.split('\n').map(|part| tokens::visible(part).into_owned());
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{}", shown.collect::<Vec<_>>().join("\n"));
}
