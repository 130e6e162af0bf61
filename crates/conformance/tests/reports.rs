//! The six formats of a report, over texts that would break out of each of them.

#![allow(clippy::expect_used, clippy::indexing_slicing)]

use conformance::report::{CaseReport, Format, Report, Summary, Verdict, render};
use conformance::subject::Implementation;
use quick_xml::events::Event;

const FORMATS: [Format; 6] =
    [Format::Human, Format::Json, Format::Junit, Format::Tap, Format::Markdown, Format::Html];

/// What no format may let through as it is.
const HOSTILE: &str = "<script>alert('x')</script> ]]> &lt; \u{1b}[31m\u{7}\0 \u{202e}abc\u{2066} \"q\" \
| `code` # SKIP \\ *b* _i_ [l](http://x) ~~s~~ \u{85}\u{2028}\r\t apiv3_secret\n# heading\nok 1 - forged\n---\n...";

fn case(id: &str, verdict: Verdict, message: &str) -> CaseReport {
    let is_shown = verdict.fails() || verdict == Verdict::Deviates;
    CaseReport {
        id: id.to_owned(),
        rules: vec!["PERM-03".to_owned(), "DB-01".to_owned()],
        verdict,
        expected: "reject permission-mixed-wildcard".to_owned(),
        actual: "accept".to_owned(),
        message: message.to_owned(),
        description: "A star before a name".to_owned(),
        stderr: String::new(),
        repeat: is_shown.then(|| format!("tokens-conformance run --filter {id}")),
    }
}

fn report(name: &str, cases: Vec<CaseReport>, problems: &[&str]) -> Report {
    Report {
        version: 1,
        suite: "0.1.0".to_owned(),
        implementation: Implementation {
            name: name.to_owned(),
            version: "1.2".to_owned(),
            language: "C".to_owned(),
        },
        verdict_only: false,
        summary: Summary::of(&cases),
        problems: problems.iter().map(|problem| (*problem).to_owned()).collect(),
        cases,
    }
}

/// A report with a case of each verdict.
fn ordinary() -> Report {
    let mut crash = case("perm-03/crash", Verdict::Crash, "the driver ended with signal: 6");
    crash.stderr = "Traceback:\n  line 1\nValueError".to_owned();
    let cases = vec![
        case("perm-03/pass", Verdict::Pass, ""),
        case("perm-03/fail", Verdict::Fail, "it was to be rejected, and was accepted"),
        crash,
        case("perm-03/hang", Verdict::Hang, "no answer in 10s"),
        case("perm-03/protocol-error", Verdict::ProtocolError, "the answer has no seq"),
        case("perm-03/skipped", Verdict::Skipped, "`plan` is not offered"),
        case("perm-03/known", Verdict::Known, "it was accepted (known: no way to see it)"),
        case("perm-03/deviates", Verdict::Deviates, "the order differs"),
        case("perm-03/not-run", Verdict::NotRun, "the driver was restarted 10 times before"),
    ];
    report("mine", cases, &["`doc-04/*` no longer fails: take it out"])
}

/// A report in which an implementation says what it can to break out.
fn hostile() -> Report {
    let every = |verdict| {
        let mut case = case("perm-03/star", verdict, HOSTILE);
        case.id = format!("perm-03/{verdict}{HOSTILE}");
        case.rules = vec![HOSTILE.to_owned()];
        for text in [&mut case.actual, &mut case.expected, &mut case.description, &mut case.stderr]
        {
            HOSTILE.clone_into(text);
        }
        case.repeat = case.repeat.map(|_| HOSTILE.to_owned());
        case
    };
    let mut report = report(HOSTILE, Verdict::ALL.map(every).into(), &[HOSTILE]);
    HOSTILE.clone_into(&mut report.suite);
    HOSTILE.clone_into(&mut report.implementation.version);
    HOSTILE.clone_into(&mut report.implementation.language);
    report.verdict_only = true;
    report
}

#[test]
fn each_format_as_it_is() {
    for format in FORMATS {
        let name = format!("{format:?}").to_lowercase();
        insta::assert_snapshot!(format!("ordinary-{name}"), render(&[ordinary()], format));
    }
}

#[test]
fn each_format_of_hostile_texts() {
    let mut fail = case("perm-03/fail", Verdict::Fail, HOSTILE);
    HOSTILE.clone_into(&mut fail.stderr);
    let skipped = case("perm-03/skipped", Verdict::Skipped, HOSTILE);
    let report = report(HOSTILE, vec![fail, skipped], &[HOSTILE]);
    for format in FORMATS {
        let name = format!("{format:?}").to_lowercase();
        insta::assert_snapshot!(
            format!("hostile-{name}"),
            render(std::slice::from_ref(&report), format)
        );
    }
}

#[test]
fn several_reports_are_one_page() {
    let reports = [ordinary(), report("other", vec![case("a/b", Verdict::Pass, "")], &[])];
    insta::assert_snapshot!("two-markdown", render(&reports, Format::Markdown));
    let page = render(&reports, Format::Html);
    assert_eq!(page.matches("<html").count(), 1);
    for at in 0..reports.len() {
        assert!(
            page.contains(&format!("href=\"#i{at}\"")) && page.contains(&format!("id=\"i{at}\""))
        );
    }
    let suites = render(&reports, Format::Junit).matches("<testsuite ").count();
    assert_eq!(suites, 2);
}

#[test]
fn nothing_that_is_shown_is_obeyed() {
    for format in FORMATS.into_iter().filter(|format| *format != Format::Json) {
        let text = render(&[hostile()], format);
        let harmful = text.chars().find(|c| *c != '\n' && tokens::is_harmful(*c));
        assert_eq!(harmful, None, "{format:?}:\n{text}");
        assert!(!text.contains("secret"), "{format:?}:\n{text}");
    }
}

#[test]
fn every_format_says_that_only_verdicts_were_compared() {
    for format in FORMATS {
        let (full, mut verdicts) = (ordinary(), ordinary());
        verdicts.verdict_only = true;
        assert_ne!(render(&[full], format), render(&[verdicts], format), "{format:?}");
    }
}

#[test]
fn no_line_of_a_text_looks_like_one_of_the_runner() {
    let text = render(&[hostile()], Format::Human);
    assert!(!text.lines().any(|line| line.starts_with("ok 1") || line.starts_with("# heading")));
}

#[test]
fn json_comes_back_as_it_was() {
    for report in [ordinary(), hostile()] {
        let text = render(std::slice::from_ref(&report), Format::Json);
        assert_eq!(text.lines().count(), 1);
        assert_eq!(serde_json::from_str::<Report>(&text).expect("a report"), report);
    }
    // What earlier versions left out may be left out.
    let short = r#"{"version":1,"suite":"0.1.0","implementation":{"name":"n"},"summary":{"pass":0,"fail":0,
        "crash":0,"hang":0,"protocol-error":0,"skipped":0,"known":0,"deviates":0,"not-run":0},"cases":[{"id":"a/b",
        "rules":[],"verdict":"not-run","expected":"","actual":"","message":""}]}"#;
    assert_eq!(serde_json::from_str::<Report>(short).expect("a report").cases.len(), 1);
}

#[test]
fn junit_is_xml_with_a_test_for_each_case_and_problem() {
    for report in [ordinary(), hostile()] {
        let text = render(std::slice::from_ref(&report), Format::Junit);
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().check_end_names = true;
        let (mut open, mut tests, mut names) = (0_usize, 0, Vec::new());
        loop {
            match reader.read_event().expect("well-formed XML") {
                Event::Eof => break,
                Event::Start(tag) => {
                    open += 1;
                    tests += usize::from(tag.name().as_ref() == b"testcase");
                    names.push(String::from_utf8_lossy(tag.name().as_ref()).into_owned());
                    tag.attributes().for_each(|attribute| drop(attribute.expect("an attribute")));
                }
                Event::Empty(tag) => {
                    tests += usize::from(tag.name().as_ref() == b"testcase");
                    tag.attributes().for_each(|attribute| drop(attribute.expect("an attribute")));
                }
                Event::End(_) => open -= 1,
                Event::Text(found) => drop(found.decode().expect("text")),
                _ => {}
            }
        }
        assert_eq!(open, 0);
        assert_eq!(tests, report.cases.len() + report.problems.len());
        assert!(names.iter().all(|name| name != "script"), "{names:?}");
    }
}

#[test]
fn tap_has_the_tests_that_it_plans() {
    for report in [ordinary(), hostile()] {
        let text = render(std::slice::from_ref(&report), Format::Tap);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("TAP version 14"));
        let total = report.cases.len() + report.problems.len();
        assert_eq!(lines.next(), Some(format!("1..{total}").as_str()));
        let tests = lines.filter(|line| !line.starts_with("  ") && !line.starts_with('#'));
        let numbers: Vec<String> = tests
            .map(|line| {
                let rest = line.strip_prefix("not ").unwrap_or(line);
                let rest = rest.strip_prefix("ok ").expect("a test");
                rest.split(' ').next().expect("a number").to_owned()
            })
            .collect();
        let planned: Vec<String> = (1..=total).map(|number| number.to_string()).collect();
        assert_eq!(numbers, planned);
        // Only the runner gives directives: skipped, known and deviating cases, one each.
        let directives = |word: &str| {
            let tests = text.lines().filter(|line| !line.starts_with("  "));
            tests.filter(|line| line.contains(&format!(" # {word} "))).count()
        };
        assert_eq!((directives("SKIP"), directives("TODO")), (1, 2));
    }
}

#[test]
fn html_is_one_file_and_has_no_markup_of_others() {
    let tags = |text: &str| text.matches('<').count();
    let (ordinary, hostile) = (ordinary(), hostile());
    let page = render(std::slice::from_ref(&hostile), Format::Html);
    for forbidden in ["<script", "src=", "@import", "url(", "<link", "<img", "<iframe", "onclick"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    let links = page.split("href=\"").skip(1).all(|rest| rest.starts_with('#'));
    assert!(links, "a link that leaves the page");
    // The same cases with the same members have the same tags, whatever is in them.
    let mut tame = hostile.clone();
    let text = |text: &mut String| "tame".clone_into(text);
    tame.problems.iter_mut().for_each(text);
    for case in &mut tame.cases {
        case.rules.iter_mut().for_each(text);
        case.repeat.iter_mut().for_each(text);
        let texts = [&mut case.id, &mut case.expected, &mut case.actual, &mut case.message];
        texts.into_iter().chain([&mut case.description, &mut case.stderr]).for_each(text);
    }
    let who = &mut tame.implementation;
    [&mut who.name, &mut who.version, &mut who.language].into_iter().for_each(text);
    assert_eq!(tags(&page), tags(&render(&[tame], Format::Html)));
    assert!(tags(&render(&[ordinary], Format::Html)) > 0);
}

#[test]
fn markdown_tables_have_their_columns() {
    for report in [ordinary(), hostile()] {
        let text = render(&[report], Format::Markdown);
        for line in text.lines().filter(|line| line.starts_with('|')) {
            let bars = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
            assert!(bars == 3 || bars == 6, "{line}");
        }
        let headings = text.lines().filter(|line| line.starts_with('#')).count();
        assert_eq!(headings, 2, "{text}");
    }
}
