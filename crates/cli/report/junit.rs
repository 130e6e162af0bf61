//! Findings as JUnit XML: a suite for each file, a test case for each finding.

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};
use tokens::diagnostic::{Diagnostic, Severity};

use super::excerpt::Source;
use super::{Checked, in_words};
use crate::input::Input;
use crate::output::{Failure, print_exactly};

pub(super) struct Report {
    document: Document,
    /// Findings of this severity and above are failures; others pass and are told.
    fails: Severity,
}

impl Report {
    pub(super) fn new(fails: Severity) -> Self {
        Report { document: Document::new("influxdb3-tokens check"), fails }
    }

    fn test_case(&self, path: &str, finding: &Diagnostic, source: &Source<'_>) -> TestCase {
        let name = match &finding.place {
            Some(place) => {
                let at = source.position(place.span.start);
                format!("{} at {}:{}", finding.code, at.line, at.column)
            }
            None => finding.code.to_string(),
        };
        let words = shown(&in_words(finding));
        let mut case = if finding.severity < self.fails {
            let mut case = TestCase::new(name, TestCaseStatus::success());
            case.set_system_out(format!("{}: {words}", finding.severity));
            case
        } else {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(finding.code.name());
            status.set_message(shown(&finding.message));
            status.set_description(words);
            TestCase::new(name, status)
        };
        case.set_classname(path);
        case
    }
}

impl super::Report for Report {
    fn file(&mut self, checked: &Checked<'_>) -> Result<(), Failure> {
        let path = shown(&checked.input.display());
        let source = Source::new(checked.reading.text());
        let mut suite = TestSuite::new(path.as_str());
        suite.add_test_cases(
            checked.found.iter().map(|finding| self.test_case(&path, finding, &source)),
        );
        if checked.found.is_empty() {
            // A suite without cases looks as if nothing had been checked.
            suite.add_test_case(TestCase::new("nothing to report", TestCaseStatus::success()));
        }
        self.document.add_test_suite(suite);
        Ok(())
    }

    fn unread(&mut self, input: &Input, reason: &str) {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(shown(reason));
        let mut suite = TestSuite::new(shown(&input.display()));
        suite.add_test_case(TestCase::new("read", status));
        self.document.add_test_suite(suite);
    }

    fn finish(self: Box<Self>) -> Result<(), Failure> {
        // A mask over the whole would reach into the tags.
        let text = self.document.to_string().map_err(Failure::failed)?;
        print_exactly(&text)
    }
}

/// Text as it may be shown, and without the two characters beyond those that XML has no way to hold.
fn shown(text: &str) -> String {
    super::shown(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
