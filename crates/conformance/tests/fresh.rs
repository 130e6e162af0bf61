//! Fresh cases and live fuzzing: the same for the same seed, right for the reference, and fatal for the wrong.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::sync::Mutex;

use assert_cmd::Command;
use conformance::compare::Strictness;
use conformance::fresh::{Chained, Challenge, Fresh, Made, Wanted};
use conformance::fuzz::{self, Divergence, Judgement, Options, Progress};
use conformance::known::Known;
use conformance::lint;
use conformance::protocol::Op;
use conformance::report::Report;
use conformance::run;
use conformance::subject::{Reference, Subject};
use conformance::vector::{Case, Version};
use conformance::wrong::{self, WrongDriver};

fn made(seed: u64, count: usize) -> Made {
    Challenge { seed, count, ops: Vec::new() }.make(&Wanted::of_the_reference())
}

fn judged(subject: Box<dyn Subject>, made: &Made, strictness: Strictness) -> Report {
    let cases: Vec<&Case> = made.cases.iter().map(|fresh| &fresh.case).collect();
    let subject = Chained::new(subject, Fresh::before(&made.cases));
    run::run(
        vec![Box::new(subject)],
        &cases,
        &run::Options {
            strictness,
            should_fails: true,
            server: Version::NEWEST,
            fail_fast: false,
            known: &Known::default(),
            on_case: &|_| {},
            repeat: &|_| String::new(),
        },
    )
}

#[test]
fn a_seed_makes_the_same_cases_and_another_others() {
    let texts = |made: Made| -> Vec<String> {
        made.cases.iter().map(|fresh| serde_json::to_string(&fresh.case).expect("a case")).collect()
    };
    let first = texts(made(7, 100));
    assert_eq!(first.len(), 100);
    assert_eq!(first, texts(made(7, 100)));
    assert_eq!(first[..50], texts(made(7, 50)), "fewer are the first ones");
    let other = texts(made(8, 100));
    assert!(other.iter().filter(|case| first.contains(case)).count() < 10);
}

#[test]
fn what_is_open_is_set_aside_and_counted() {
    let made = made(1, 1000);
    assert!(made.open.len() >= 3, "{:?}", made.open);
    let appends =
        Challenge { seed: 1, count: 20, ops: vec![Op::Append] }.make(&Wanted::of_the_reference());
    assert!(appends.cases.iter().all(|fresh| fresh.case.op == Op::Append));
    assert!(appends.cases.iter().any(|fresh| !fresh.before.is_empty()), "no append after another");
}

#[test]
fn the_reference_passes_what_it_decided_itself() {
    let report = judged(Box::new(Reference::default()), &made(3, 1000), Strictness::REFERENCE);
    assert!(report.passes(), "{:?}", report.summary);
}

/// One of each op; `self-test` has all of them, with the vectors.
const WRONG: [(&str, usize); 6] = [
    ("permission/folds-actions", 40),
    ("json/control-characters", 160),
    ("member/last-wins", 120),
    ("access/star-first", 330),
    ("append/puts-first", 330),
    ("plan/adds-new-tokens", 480),
];

fn wrong(name: &str) -> Box<dyn Subject> {
    let wrong = wrong::all().find(|wrong| wrong.name == name).expect("a wrong driver");
    Box::new(WrongDriver::new(wrong))
}

#[test]
fn wrong_drivers_do_not_pass_a_challenge() {
    let made = made(1, 2000);
    for (name, _) in WRONG {
        let report = judged(wrong(name), &made, Strictness::PLAIN);
        assert!(!report.passes(), "{name} passes");
        let right = report.cases.iter().filter(|case| !case.verdict.fails()).count();
        assert!(right > report.cases.len() / 2, "{name} is wrong nearly everywhere");
    }
}

fn found(subject: Box<dyn Subject>, count: u64) -> Vec<Divergence> {
    let (progress, found) = fuzzed(subject, count, &Known::default());
    assert_eq!(progress.known, 0);
    found
}

fn fuzzed(subject: Box<dyn Subject>, count: u64, known: &Known) -> (Progress, Vec<Divergence>) {
    let found = Mutex::new(Vec::new());
    let progress = fuzz::run(
        vec![subject],
        &Options {
            time: None,
            count: Some(count),
            seed: 1,
            judgement: Judgement {
                strictness: Strictness::PLAIN,
                should_fails: true,
                wanted: Wanted::of_the_reference(),
            },
            most: 1,
            known,
            on_found: &|divergence| found.lock().expect("one thread").push(divergence.clone()),
            on_progress: &|_| {},
        },
    );
    assert!(progress.asked > 0 && progress.asked <= count, "{progress:?}");
    (progress, found.into_inner().expect("one thread"))
}

#[test]
fn no_more_is_asked_than_was_allowed() {
    for count in 1..30 {
        let subjects = (0..4).map(|_| -> Box<dyn Subject> { Box::new(Reference::default()) });
        let progress = fuzz::run(
            subjects.collect(),
            &Options {
                time: None,
                count: Some(count),
                seed: count,
                judgement: Judgement {
                    strictness: Strictness::PLAIN,
                    should_fails: true,
                    wanted: Wanted::of_the_reference(),
                },
                most: 1,
                known: &Known::default(),
                on_found: &|_| {},
                on_progress: &|_| {},
            },
        );
        assert_eq!(progress.asked, count);
    }
}

#[test]
fn what_is_known_is_counted_and_hides_nothing_else() {
    let known = |id: &str| {
        let json = format!(r#"{{"known":[{{"id":"{id}","reason":"JSON.parse keeps the last"}}]}}"#);
        Known::parse(json.as_bytes()).expect("known failures")
    };
    // What comes with it is known, too: a member that is dropped may have any fault.
    let (progress, found) = fuzzed(wrong("member/last-wins"), 5000, &known("doc-04/*"));
    assert!(progress.known > 0 && found.is_empty(), "{progress:?}: {found:?}");
    // A permission has no file, and so no fault of one.
    let (_, found) = fuzzed(wrong("permission/trims-text"), 2000, &known("doc-01/*"));
    assert_eq!(found.len(), 1);
    // A warning is known by its own rule, and only once nothing else is wrong.
    let late = || wrong("warning/expired-late");
    let (progress, found) = fuzzed(late(), 2000, &known("tok-09/load"));
    assert!(progress.known > 0 && found.is_empty(), "{progress:?}: {found:?}");
    let (_, found) = fuzzed(wrong("expiry/null-refused"), 2000, &known("tok-09/load"));
    assert_eq!(found.len(), 1);
}

#[test]
fn fuzzing_finds_a_mistake_and_makes_it_as_small_as_a_person_would() {
    for (name, longest) in WRONG {
        let found = found(wrong(name), 20_000);
        let [divergence] = &found[..] else { panic!("{name} is not found: {found:?}") };
        let request = divergence.case.request.get();
        assert!(request.len() <= longest, "{name}: {} bytes: {request}", request.len());
        assert_eq!(
            divergence.op().as_str(),
            name.split('/').next().map_or("", |op| match op {
                "json" | "member" => "load",
                op => op,
            })
        );
    }
}

#[test]
fn fuzzing_the_reference_finds_nothing() {
    assert!(found(Box::new(Reference::default()), 3000).is_empty());
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("tokens-conformance").expect("the program");
    command.args(args);
    command
}

fn shown(command: &mut Command, status: i32) -> String {
    let output = command.assert().code(status).get_output().clone();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// An id that there is.
fn suite_id() -> String {
    let files = conformance::suite::load().expect("vectors");
    files[0].cases[0].id.clone()
}

#[test]
fn the_commands_work_together() {
    let place = tempfile::tempdir().expect("a place");
    let driver =
        format!("'{}' driver", assert_cmd::cargo::cargo_bin("tokens-conformance").display());
    let report =
        shown(&mut command(&["challenge", "--impl", &driver, "--count", "60", "--seed", "5"]), 0);
    assert!(report.contains("60 cases: 60 pass"), "{report}");

    let both = ["challenge", "--impl", &driver, "--impl", &driver, "--count", "9"];
    let output = command(&both).assert().code(0).get_output().clone();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("influxdb3-tokens and influxdb3-tokens differ in 0 cases"), "{said}");
    let both = ["fuzz", "--impl", &driver, "--impl", &driver, "--count", "30", "--time", "20s"];
    shown(&mut command(&both), 0);

    let ops =
        shown(&mut command(&["challenge", "--count", "5", "--op", "plan", "--format", "json"]), 0);
    let ops: serde_json::Value = serde_json::from_str(&ops).expect("JSON");
    let ids: Vec<&str> = ops["cases"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|case| case["id"].as_str())
        .collect();
    assert!(ids.len() == 5 && ids.iter().all(|id| id.starts_with("plan/1-")), "{ids:?}");
    let only =
        shown(&mut command(&["challenge", "--count", "5", "--op", "plan", "--only", ids[3]]), 0);
    assert!(only.contains("1 case: 1 pass"), "{only}");

    // A driver that takes everything, and says so in one line of shell.
    let script = place.path().join("yes.sh");
    let yes = r#"while read -r line; do
seq=${line#*:}; seq=${seq%%,*}
case $line in
*hello*) echo "{\"seq\":$seq,\"protocol\":1,\"implementation\":{\"name\":\"yes\"},\"ops\":[\"permission\"]}" ;;
*bye*) exit 0 ;;
*) echo "{\"seq\":$seq,\"outcome\":\"reject\"}" ;;
esac; done"#;
    std::fs::write(&script, yes).expect("written");
    let no = format!("sh {}", script.display());
    let out = place.path().join("found");
    let out = out.to_str().expect("a path");
    let args = ["fuzz", "--impl", &no, "--count", "400", "--most", "1", "--out", out];
    let told = shown(&mut command(&args), 1);
    let request = told.lines().find(|line| line.trim_start().starts_with("request")).expect(&told);
    assert!(request.len() < 50, "{request}");

    let both = [
        "fuzz", "--impl", &no, "--impl", &driver, "--count", "400", "--time", "20s", "--most", "1",
    ];
    let told = shown(&mut command(&both), 1);
    assert!(told.contains("influxdb3-tokens agrees with the reference"), "{told}");

    let known = place.path().join("known.json");
    let known_as = |ids: &str| format!(r#"{{"known":[{{"id":"{ids}","reason":"it is `no`"}}]}}"#);
    let known_path = known.to_str().expect("a path");
    let args = ["fuzz", "--impl", &no, "--count", "400", "--known", known_path];
    std::fs::write(&known, known_as("perm-{01,11}/permission")).expect("written");
    let output = command(&args).assert().code(0).get_output().clone();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(" 0 divergences (") && !said.contains(", 0 known)"), "{said}");
    std::fs::write(&known, known_as("perm-02/permission")).expect("written");
    let output = command(&args).assert().code(1).get_output().clone();
    let [told, said] = [output.stdout, output.stderr].map(String::from_utf8);
    assert!(told.expect("text").contains("known as   perm-01/permission"));
    let unmet = "nothing was met that is known as `perm-02/permission`";
    assert!(said.expect("text").contains(unmet));
    std::fs::write(&known, known_as("perm-01/colons")).expect("written");
    let output = command(&args).assert().code(2).get_output().clone();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("`perm-01/colons`") && said.contains("`doc-04/load`"), "{said}");
    // Flags that would do nothing are refused.
    shown(&mut command(&["fuzz", "--format", "json", "--count", "1"]), 2);

    std::fs::write(&script, yes.replace("reject", "unsupported")).expect("written");
    shown(&mut command(&["fuzz", "--impl", &no, "--count", "50"]), 3);
    let both = ["fuzz", "--impl", &no, "--impl", &driver, "--count", "50", "--time", "20s"];
    let output = command(&both).assert().code(3).get_output().clone();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("influxdb3-tokens, seed 1: 50 questions"), "the other is asked: {said}");
    std::fs::write(&script, yes).expect("written");

    let ask =
        shown(&mut command(&["ask", "--impl", &no, "permission", r#"{"text":"db:a:read"}"#]), 1);
    assert!(ask.contains("verdict    it was to be accepted, and was rejected (must)"), "{ask}");
    shown(&mut command(&["ask", "--impl", &no, "permission", r#"{"text":"db:a"}"#]), 0);
    shown(&mut command(&["ask", "load", "{}"]), 2);

    let kept = format!("{out}/permission-001.json");
    let vector = shown(
        &mut command(&[
            "promote",
            &kept,
            "--id",
            "perm-01/found",
            "--description",
            "x",
            "--source",
            "y",
        ]),
        0,
    );
    let case: Case = serde_json::from_str(&vector).expect("a case");
    assert_eq!((case.id.as_str(), case.since), ("perm-01/found", None));
    assert_eq!(testkit::json::pretty(&vector), vector, "it is laid out as vectors are");
    assert_eq!(lint::candidate(&case), Vec::<String>::new(), "the lint takes it");
    let output = command(&["promote", &kept]).assert().code(0).get_output().clone();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("before it can stand among the cases") && said.lines().count() > 2,
        "{said}"
    );
    let taken = suite_id();
    let output = command(&["promote", &kept, "--id", &taken]).assert().code(0).get_output().clone();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(&format!("the id `{taken}` is taken")), "{said}");
    shown(&mut command(&["promote", &script.to_string_lossy()]), 2);
}

/// Each crash takes a restart, those that make it small too; and what one run found no other replaces.
#[test]
fn a_crash_is_made_small_and_told_with_what_the_driver_said() {
    let place = tempfile::tempdir().expect("a place");
    let script = place.path().join("crashing.sh");
    let crashing = r#"read -r line
seq=${line#*:}; seq=${seq%%,*}
echo "{\"seq\":$seq,\"protocol\":1,\"implementation\":{\"name\":\"x\"},\"ops\":[\"permission\"]}"
read -r line; case $line in *bye*) exit 0 ;; esac
echo "the stack\nends here" >&2; exit 7"#;
    std::fs::write(&script, crashing).expect("written");
    let driver = format!("sh {}", script.display());
    let out = place.path().join("found");
    let out = out.to_str().expect("a path");
    let args = ["fuzz", "--impl", &driver, "--count", "9", "--most", "1", "--out", out];
    for _ in 0..2 {
        let run = command(&args).assert().code(1).get_output().clone();
        let told = String::from_utf8_lossy(&run.stdout);
        assert!(told.contains("stderr     the stack") && told.contains("ends here"), "{told}");
        assert!(told.contains(r#"request    {"text":"db:a:a"}"#), "{told}");
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(said.contains("it ended with 1 divergence; for more give --most"), "{said}");
    }
    let files = std::fs::read_dir(out).expect("kept").count();
    assert_eq!(files, 2);
}

/// Of two mistakes in one op the one that is known hides the other no more than in sight.
#[test]
fn a_known_mistake_hides_no_other() {
    for (name, id) in
        [("access/until-and-with", "acc-03/access"), ("access/star-first", "tok-09/access")]
    {
        let known =
            Known::parse(format!(r#"{{"known":[{{"id":"{id}","reason":"another"}}]}}"#).as_bytes());
        let (progress, found) = fuzzed(wrong(name), 5000, &known.expect("known failures"));
        assert_eq!((progress.known, found.len()), (0, 1), "{name} and {id}");
    }
}

/// What a driver says of itself and of its answers is shown on one line, with nothing that a terminal obeys.
#[test]
fn a_hostile_driver_does_not_write_on_the_terminal() {
    let place = tempfile::tempdir().expect("a place");
    let script = place.path().join("hostile.sh");
    let hostile = r#"while read -r line; do
seq=${line#*:}; seq=${seq%%,*}
case $line in
*hello*) printf '%s\n' '{"seq":'"$seq"',"protocol":1,"implementation":{"name":"e\u001b[31mvil\nfake"},"ops":["permission"]}' ;;
*bye*) exit 0 ;;
*) printf '%s\n' '{"seq":'"$seq"',"outcome":"reject","message":"\u001b[2Jx\nfake"}' ;;
esac; done"#;
    std::fs::write(&script, hostile).expect("written");
    let driver = format!("sh {}", script.display());
    let asked = r#"{"text":"db:a:read"}"#;
    for args in [
        vec!["ask", "--impl", &driver, "permission", asked],
        vec!["fuzz", "--impl", &driver, "--impl", &driver, "--count", "200", "--most", "1"],
        vec!["challenge", "--impl", &driver, "--impl", &driver, "--count", "40"],
    ] {
        let output = command(&args).assert().code(1).get_output().clone();
        let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(told.contains("[2Jx"), "{told}");
        assert!(!told.contains('\u{1b}'), "{told:?}");
        assert!(told.lines().all(|line| !line.starts_with("fake")), "{told}");
    }
}
