//! What came of a run, in six formats.
//!
//! ```
//! use conformance::report::{CaseReport, Format, Report, Summary, render};
//! use conformance::subject::Implementation;
//!
//! let cases: Vec<CaseReport> = serde_json::from_str(
//!     r#"[{"id": "tok-01/no-prefix", "rules": ["TOK-01"], "verdict": "fail",
//!         "expected": "reject", "actual": "accept", "message": "it was taken"}]"#,
//! )?;
//! let report = Report {
//!     version: 1,
//!     suite: conformance::SUITE.to_owned(),
//!     implementation: Implementation { name: "mine".to_owned(), ..Implementation::default() },
//!     verdict_only: false,
//!     summary: Summary::of(&cases),
//!     problems: Vec::new(),
//!     cases,
//! };
//! assert!(!report.passes());
//! assert!(render(&[report], Format::Tap).contains("not ok 1 - tok-01/no-prefix"));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod html;
mod human;
mod junit;
mod markdown;
mod tap;

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::subject::Implementation;

/// What came of a run. The JSON format is this, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The version of this form, 1.
    pub version: u64,
    /// The version of the suite.
    pub suite: String,
    /// Who was tested.
    pub implementation: Implementation,
    /// Whether only verdicts were compared.
    #[serde(default)]
    pub verdict_only: bool,
    /// How many cases have which verdict.
    pub summary: Summary,
    /// What fails the run beside cases: entries of the known failures that are true no more.
    #[serde(default)]
    pub problems: Vec<String>,
    /// The cases, in the order of the suite.
    pub cases: Vec<CaseReport>,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseReport {
    /// Its id.
    pub id: String,
    /// The rules that decide it.
    pub rules: Vec<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// What was expected, in short.
    pub expected: String,
    /// What came, in short.
    pub actual: String,
    /// What differs, in words; empty where nothing does.
    pub message: String,
    /// What is special about the case.
    #[serde(default)]
    pub description: String,
    /// What was said on standard error meanwhile, of what is no pass.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stderr: String,
    /// A command that repeats it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<String>,
}

/// A verdict on a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As expected.
    Pass,
    /// Not as expected.
    Fail,
    /// The implementation ended.
    Crash,
    /// It gave no answer in time.
    Hang,
    /// It gave one that is none.
    ProtocolError,
    /// It was not asked, or does not take such cases.
    Skipped,
    /// It fails, and is known to.
    Known,
    /// Not as this project chose.
    Deviates,
    /// It could not be asked any more.
    NotRun,
}

impl Verdict {
    /// All of them, in the order of reports.
    pub const ALL: [Verdict; 9] = [
        Verdict::Pass,
        Verdict::Fail,
        Verdict::Crash,
        Verdict::Hang,
        Verdict::ProtocolError,
        Verdict::Skipped,
        Verdict::Known,
        Verdict::Deviates,
        Verdict::NotRun,
    ];

    /// The name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Crash => "crash",
            Verdict::Hang => "hang",
            Verdict::ProtocolError => "protocol-error",
            Verdict::Skipped => "skipped",
            Verdict::Known => "known",
            Verdict::Deviates => "deviates",
            Verdict::NotRun => "not-run",
        }
    }

    /// Whether a case with it does not do as expected; none where it was not judged.
    pub fn differs(self) -> Option<bool> {
        match self {
            Verdict::Skipped | Verdict::NotRun => None,
            verdict => Some(verdict.fails() || verdict == Verdict::Deviates),
        }
    }

    /// Whether the run fails with it.
    pub fn fails(self) -> bool {
        use Verdict::{Crash, Fail, Hang, NotRun, ProtocolError};
        matches!(self, Fail | Crash | Hang | ProtocolError | NotRun)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How many cases have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// As expected.
    pub pass: usize,
    /// Not as expected.
    pub fail: usize,
    /// The implementation ended.
    pub crash: usize,
    /// No answer in time.
    pub hang: usize,
    /// An answer that is none.
    pub protocol_error: usize,
    /// Not asked.
    pub skipped: usize,
    /// Known to fail.
    pub known: usize,
    /// Not as this project chose.
    pub deviates: usize,
    /// Could not be asked any more.
    pub not_run: usize,
}

impl Summary {
    /// Counts cases.
    pub fn of(cases: &[CaseReport]) -> Self {
        let mut summary = Summary::default();
        for case in cases {
            *summary.count_mut(case.verdict) += 1;
        }
        summary
    }

    fn count_mut(&mut self, verdict: Verdict) -> &mut usize {
        match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Fail => &mut self.fail,
            Verdict::Crash => &mut self.crash,
            Verdict::Hang => &mut self.hang,
            Verdict::ProtocolError => &mut self.protocol_error,
            Verdict::Skipped => &mut self.skipped,
            Verdict::Known => &mut self.known,
            Verdict::Deviates => &mut self.deviates,
            Verdict::NotRun => &mut self.not_run,
        }
    }

    /// How many have this verdict.
    pub fn count(mut self, verdict: Verdict) -> usize {
        *self.count_mut(verdict)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = Verdict::ALL.iter().map(|verdict| (self.count(*verdict), verdict));
        let counts: Vec<String> = counts
            .filter(|(count, verdict)| *count > 0 || **verdict == Verdict::Pass)
            .map(|(count, verdict)| format!("{count} {verdict}"))
            .collect();
        f.write_str(&counts.join(", "))
    }
}

impl Report {
    /// Whether every case was skipped: then nothing was tested.
    pub fn is_empty(&self) -> bool {
        self.summary.skipped == self.cases.len()
    }

    /// Whether all cases pass or are known, and nothing else is wrong.
    pub fn passes(&self) -> bool {
        let fails = Verdict::ALL.iter().filter(|verdict| verdict.fails());
        let failures: usize = fails.map(|verdict| self.summary.count(*verdict)).sum();
        failures == 0 && self.problems.is_empty()
    }
}

/// How to show a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    Human,
    /// For programs; several of these make one page.
    Json,
    /// For CI systems.
    Junit,
    /// Test Anything Protocol, version 14.
    Tap,
    /// For a comment or a summary.
    Markdown,
    /// One page, self-contained.
    Html,
}

/// Shows reports in a format. Those that hold one run show each of several, one after the other.
pub fn render(reports: &[Report], format: Format) -> String {
    match format {
        Format::Html => html::page(reports),
        Format::Markdown => markdown::table(reports),
        Format::Json => reports.iter().map(json).collect(),
        Format::Human => reports.iter().map(human::text).collect(),
        Format::Junit => junit::xml(reports),
        Format::Tap => reports.iter().map(tap::text).collect(),
    }
}

/// A number of things.
///
/// ```
/// use conformance::report::count;
/// assert_eq!([count(1, "case"), count(2, "case")], ["1 case", "2 cases"]);
/// ```
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Text of any origin, with nothing in it but line ends that is not seen.
fn visible_lines(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(tokens::visible).collect();
    lines.join("\n")
}

fn json(report: &Report) -> String {
    // A report always has a JSON text.
    let mut text = serde_json::to_string(report).unwrap_or_default();
    text.push('\n');
    text
}
