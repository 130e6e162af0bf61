//! One page: rules by implementations, with the failures below. It needs no script and no network.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{CaseReport, Report, Verdict};

const STYLE: &str = include_str!("page.css");

/// How many cases of a rule an implementation passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pass: usize,
    fail: usize,
    deviates: usize,
    known: usize,
    skipped: usize,
}

impl Tally {
    fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Pass => self.pass += 1,
            Verdict::Skipped => self.skipped += 1,
            Verdict::Known => self.known += 1,
            Verdict::Deviates => self.deviates += 1,
            _ => self.fail += 1,
        }
    }

    fn asked(self) -> usize {
        self.pass + self.fail + self.deviates + self.known
    }

    /// `12/12`, or what else there is to say.
    pub(super) fn short(&self) -> String {
        match self.asked() {
            0 => "–".to_owned(),
            asked => format!("{}/{asked}", self.pass),
        }
    }

    fn class(self) -> &'static str {
        match self {
            Tally { fail: 1.., .. } => "fail",
            Tally { deviates: 1.., .. } => "deviates",
            Tally { known: 1.., .. } => "known",
            Tally { pass: 0, .. } => "skipped",
            _ => "pass",
        }
    }
}

/// A row a rule, a cell an implementation.
pub(super) struct Matrix {
    pub(super) rows: BTreeMap<String, Vec<Tally>>,
}

impl Matrix {
    pub(super) fn of(reports: &[Report]) -> Self {
        let mut rows: BTreeMap<String, Vec<Tally>> = BTreeMap::new();
        for (column, report) in reports.iter().enumerate() {
            for case in &report.cases {
                for rule in &case.rules {
                    let row = rows.entry(rule.clone());
                    let row = row.or_insert_with(|| vec![Tally::default(); reports.len()]);
                    if let Some(tally) = row.get_mut(column) {
                        tally.add(case.verdict);
                    }
                }
            }
        }
        Matrix { rows }
    }
}

/// A page about all reports.
pub(super) fn page(reports: &[Report]) -> String {
    let mut page = String::new();
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str("<title>Conformance to InfluxDB 3 tokens files</title>\n");
    // Writing to a String cannot fail.
    let _ = write!(page, "<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n");
    let suite = reports.first().map_or("", |report| report.suite.as_str());
    let _ = writeln!(
        page,
        "<h1>Conformance to InfluxDB 3 tokens files</h1>\n<p>Suite {}</p>",
        escape(suite)
    );
    summary(&mut page, reports);
    matrix(&mut page, reports);
    for (at, report) in reports.iter().enumerate() {
        failures(&mut page, at, report);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn summary(page: &mut String, reports: &[Report]) {
    page.push_str("<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">implementation</th>");
    for verdict in Verdict::ALL {
        let _ = write!(page, "<th scope=\"col\">{verdict}</th>");
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for (at, report) in reports.iter().enumerate() {
        let _ = write!(page, "<tr><th scope=\"row\"><a href=\"#i{at}\">{}</a></th>", who(report));
        for verdict in Verdict::ALL {
            let count = report.summary.count(verdict);
            let class = if count > 0 { class(verdict) } else { "none" };
            let _ = write!(page, "<td class=\"{class}\">{count}</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div>\n");
}

fn matrix(page: &mut String, reports: &[Report]) {
    page.push_str(
        "<h2>By rule</h2>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">rule</th>",
    );
    for report in reports {
        let _ = write!(page, "<th scope=\"col\">{}</th>", escape(&report.implementation.name));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for (rule, row) in Matrix::of(reports).rows {
        let _ = write!(page, "<tr><th scope=\"row\">{}</th>", escape(&rule));
        for tally in row {
            let _ = write!(page, "<td class=\"{}\">{}</td>", tally.class(), tally.short());
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div>\n");
}

fn failures(page: &mut String, at: usize, report: &Report) {
    let _ = writeln!(page, "<h2 id=\"i{at}\">{}</h2>\n<p>{}</p>", who(report), report.summary);
    if report.verdict_only {
        page.push_str("<p>Only verdicts were compared.</p>\n");
    }
    for problem in &report.problems {
        let _ = writeln!(page, "<p class=\"fail\">{}</p>", escape_lines(problem));
    }
    let shown = [Verdict::Pass, Verdict::Skipped];
    let cases = report.cases.iter().filter(|case| !shown.contains(&case.verdict));
    cases.for_each(|case| details(page, case));
}

fn details(page: &mut String, case: &CaseReport) {
    let class = class(case.verdict);
    let _ = writeln!(
        page,
        "<details><summary><span class=\"badge {class}\">{}</span> <code>{}</code> {}</summary>\n<dl>",
        case.verdict,
        escape(&case.id),
        escape(&case.description)
    );
    let rules = case.rules.join(", ");
    let rows = [
        ("rules", rules.as_str()),
        ("expected", &case.expected),
        ("actual", &case.actual),
        ("message", &case.message),
        ("stderr", &case.stderr),
        ("repeat", case.repeat.as_deref().unwrap_or_default()),
    ];
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(page, "<dt>{name}</dt><dd><code>{}</code></dd>", escape_lines(value));
    }
    page.push_str("</dl></details>\n");
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Skipped => "skipped",
        Verdict::Known => "known",
        Verdict::Deviates => "deviates",
        _ => "fail",
    }
}

fn who(report: &Report) -> String {
    let implementation = &report.implementation;
    let words = [&implementation.name, &implementation.version, &implementation.language];
    let words: Vec<String> =
        words.into_iter().filter(|word| !word.is_empty()).map(|w| escape(w)).collect();
    words.join(" · ")
}

/// The same, line by line.
fn escape_lines(text: &str) -> String {
    text.split('\n').map(escape).collect::<Vec<_>>().join("\n")
}

/// Text as text: nothing that an implementation says becomes markup.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in tokens::visible(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
