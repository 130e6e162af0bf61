//! A table of rules, for a comment or a summary.

use std::fmt::Write as _;

use super::{Report, Verdict, html::Matrix};

/// Reports as a table, with the failures below.
pub(super) fn table(reports: &[Report]) -> String {
    let matrix = Matrix::of(reports);
    let mut text = String::from("# Conformance to InfluxDB 3 tokens files\n\n| rule |");
    for report in reports {
        // Writing to a String cannot fail.
        let _ = write!(text, " {} |", cell(&report.implementation.name));
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(reports.len()));
    text.push('\n');
    for (rule, row) in &matrix.rows {
        let cells: Vec<String> = row.iter().map(super::html::Tally::short).collect();
        let _ = writeln!(text, "| {} | {} |", cell(rule), cells.join(" | "));
    }
    for report in reports {
        let _ = writeln!(text, "\n## {}\n\n{}", cell(&report.implementation.name), report.summary);
        if report.verdict_only {
            text.push_str("\nOnly verdicts were compared.\n");
        }
        for problem in &report.problems {
            let _ = writeln!(text, "\n- problem: {}", cell(problem));
        }
        failures(&mut text, report);
    }
    text
}

fn failures(text: &mut String, report: &Report) {
    let failing =
        |case: &&super::CaseReport| case.verdict.fails() || case.verdict == Verdict::Deviates;
    let mut failures = report.cases.iter().filter(failing).peekable();
    if failures.peek().is_some() {
        text.push_str(
            "\n| case | verdict | expected | actual | message |\n|---|---|---|---|---|\n",
        );
    }
    for case in failures {
        let cells = [&case.id, &case.expected, &case.actual, &case.message].map(|text| cell(text));
        let [id, expected, actual, message] = cells;
        let _ = writeln!(text, "| {id} | {} | {expected} | {actual} | {message} |", case.verdict);
    }
}

/// Text that stays in its cell, and is no markup.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for character in tokens::visible(text).chars() {
        if matches!(
            character,
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '#' | '&' | '~'
        ) {
            cell.push('\\');
        }
        cell.push(character);
    }
    cell
}
