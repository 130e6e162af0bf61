//! JUnit XML, as CI systems read it.

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::{CaseReport, Report, Verdict};

/// Reports as one document: a suite each.
pub(super) fn xml(reports: &[Report]) -> String {
    let mut document = Document::new("tokens-conformance");
    for report in reports {
        let mut suite = TestSuite::new(report.implementation.name.clone());
        suite.add_property(("suite", report.suite.as_str()));
        suite.add_test_cases(report.cases.iter().map(test_case));
        suite.add_test_cases(report.problems.iter().map(|problem| {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(problem.clone());
            TestCase::new("run", status)
        }));
        document.add_test_suite(suite);
    }
    // Characters that XML cannot hold are left out by the library.
    document.to_string().unwrap_or_default()
}

fn test_case(case: &CaseReport) -> TestCase {
    let mut status = match case.verdict {
        Verdict::Pass => TestCaseStatus::success(),
        Verdict::Skipped | Verdict::Known | Verdict::Deviates => TestCaseStatus::skipped(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        _ => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    if case.verdict != Verdict::Pass {
        status.set_message(format!("{}: {}", case.verdict, case.message));
        let lines = [("expected", &case.expected), ("actual", &case.actual)];
        let text: String = lines.map(|(name, value)| format!("{name}: {value}\n")).concat();
        status.set_description(text + case.repeat.as_deref().unwrap_or_default());
    }
    let mut found = TestCase::new(case.id.clone(), status);
    found.set_classname(case.rules.join(","));
    found
}
