//! JUnit XML, as CI systems read it.

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use tokens::visible;

use super::{CaseReport, Report, Verdict, visible_lines};

/// Reports as one document: a suite each.
pub(super) fn xml(reports: &[Report]) -> String {
    let mut document = Document::new("tokens-conformance");
    for report in reports {
        let mut suite = TestSuite::new(visible(&report.implementation.name));
        suite.add_property(("suite", &*visible(&report.suite)));
        if report.verdict_only {
            suite.add_property(("compared", "verdicts"));
        }
        suite.add_test_cases(report.cases.iter().map(test_case));
        suite.add_test_cases(report.problems.iter().map(|problem| {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(visible(problem));
            TestCase::new("run", status)
        }));
        document.add_test_suite(suite);
    }
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
        status.set_type(case.verdict.as_str());
        status.set_message(format!("{}: {}", case.verdict, visible(&case.message)));
        status.set_description(description(case));
    }
    let mut found = TestCase::new(visible(&case.id), status);
    found.set_classname(visible(&case.rules.join(",")));
    if !case.stderr.is_empty() {
        found.set_system_err(visible_lines(&case.stderr));
    }
    found
}

fn description(case: &CaseReport) -> String {
    let repeat = case.repeat.as_deref().unwrap_or_default();
    let lines =
        [("expected", case.expected.as_str()), ("actual", &case.actual), ("repeat", repeat)];
    let lines = lines.into_iter().filter(|(_, value)| !value.is_empty());
    lines.map(|(name, value)| format!("{name}: {}\n", visible_lines(value))).collect()
}
