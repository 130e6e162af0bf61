//! What a machine can hold against the vectors: that each rule has the cases that decide it, that codes and
//! layers exist, that nothing is there twice, and that the reference agrees.
//!
//! ```
//! use conformance::{lint, suite};
//!
//! assert!(lint::rules().contains("PERM-03"));
//! let files = suite::load()?;
//! let mut unheard = files[0].cases[0].clone();
//! unheard.rule = vec!["PERM-99".to_owned()];
//! assert!(!lint::candidate(&unheard).is_empty());
//! # Ok::<(), suite::SuiteError>(())
//! ```

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use tokens::Code;
use tokens::diagnostic::Severity;

use crate::compare::{Match, Strictness, compare};
use crate::protocol::{LONGEST_LINE, Op, Request};
use crate::reference;
use crate::suite;
use crate::vector::{Case, EMBEDDED, Expect, File, Level};
use testkit::json;

/// A fault of the vectors: where it is, and what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The id of a case, or the name of a file, or a rule.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// The rules whose cases decide nothing but values and warnings: they refuse nothing.
const NEVER_REJECT: [&str; 28] = [
    "ACC-01", "BOOT-01", "FILE-02", "DOC-03", "DOC-05", "DOC-07", "TOK-02", "TOK-03", "TOK-07",
    "TOK-09", "PERM-09", "PERM-11", "DB-02", "DB-03", "DB-05", "DB-06", "ACC-02", "ACC-03",
    "ACC-04", "ACC-05", "ACC-06", "ACC-07", "ACC-08", "ACC-09", "ACC-10", "FILE-01", "BOOT-03",
    "BOOT-05",
];

/// The rules that only tell which code it is, or how far a fault reaches: they take nothing.
const NEVER_ACCEPT: [&str; 2] = ["PERM-10", "TOK-11"];

/// The kinds of rules that vectors decide.
const DECIDED: [&str; 7] = ["DOC-", "TOK-", "PERM-", "DB-", "ACC-", "FILE-0", "BOOT-"];
/// Rules of those kinds that no op can show.
const NOT_SHOWN: [&str; 8] =
    ["FILE-04", "FILE-05", "FILE-06", "FILE-07", "FILE-08", "FILE-09", "BOOT-00", "BOOT-06"];

/// The ids of all rules, from the headings of `SPEC.md`.
pub fn rules() -> BTreeSet<&'static str> {
    let spec = include_str!("../SPEC.md");
    let headings = spec.lines().filter_map(|line| line.strip_prefix("### "));
    let first_words = headings.filter_map(|heading| heading.split_whitespace().next());
    first_words.filter(|word| is_rule(word)).collect()
}

/// `PERM-03`: capitals, a hyphen, two digits.
fn is_rule(word: &str) -> bool {
    word.split_once('-').is_some_and(|(kind, number)| {
        kind.bytes().all(|byte| byte.is_ascii_uppercase())
            && number.len() == 2
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// What is wrong with a case that is yet to be put among the vectors.
pub fn candidate(case: &Case) -> Vec<String> {
    let mut faults = of_case(case, &rules(), &retired());
    let files = suite::load().unwrap_or_default();
    for other in files.iter().flat_map(|file| &file.cases) {
        if other.id == case.id {
            faults.push(format!("the id `{}` is taken", case.id));
        }
        if asks(other) == asks(case) {
            faults.push(format!("it asks what `{}` asks", other.id));
        }
    }
    faults
}

/// What a case asks, to be compared. The same may be judged anew for another server version.
fn asks(case: &Case) -> (Op, String, String) {
    let versions = format!("{:?}{:?}", case.since, case.until);
    (case.op, json::canonical(case.request.get()), versions)
}

/// All faults of the embedded vectors.
pub fn lint() -> Vec<Fault> {
    let mut faults = Vec::new();
    let files = match suite::load() {
        Ok(files) => files,
        Err(error) => return vec![fault("vectors", error)],
    };
    for ((name, text), file) in suite::texts().zip(&files) {
        faults.extend(of_file(&name, text, file).into_iter().map(|what| fault(&name, what)));
    }
    let rules = rules();
    let retired = retired();
    for case in files.iter().flat_map(|file| &file.cases) {
        faults
            .extend(of_case(case, &rules, &retired).into_iter().map(|what| fault(&case.id, what)));
    }
    faults.extend(twins(&files));
    faults.extend(coverage(&files, &rules));
    faults.sort();
    faults
}

fn fault(place: &str, what: impl ToString) -> Fault {
    Fault { place: place.to_owned(), what: what.to_string() }
}

/// Ids that were given up, and must not come back.
fn retired() -> HashSet<String> {
    #[derive(serde::Deserialize)]
    struct Retired {
        retired: Vec<String>,
    }
    let text = EMBEDDED.get_file("_retired.json").and_then(|file| file.contents_utf8());
    let list = text.and_then(|text| serde_json::from_str::<Retired>(text).ok());
    list.map(|list| list.retired).unwrap_or_default().into_iter().collect()
}

fn of_file(name: &str, text: &str, file: &File) -> Vec<String> {
    let mut faults = Vec::new();
    let mut hold = |holds: bool, what: String| {
        if !holds {
            faults.push(what);
        }
    };
    hold(name == format!("{}.json", file.family), "it is not named after its family".to_owned());
    hold(file.version == 1, "its version is not 1".to_owned());
    hold(!file.title.is_empty() && !file.title.ends_with('.'), "its title is no title".to_owned());
    let count = file.cases.len();
    hold(file.count == count, format!("it declares {} cases, and has {count}", file.count));
    hold(json::pretty(text) == text, "it is not laid out as `vectors generate` does".to_owned());
    let prefix = format!("{}/", file.family);
    for case in file.cases.iter().filter(|case| !case.id.starts_with(&prefix)) {
        hold(false, format!("`{}` does not begin with the family", case.id));
    }
    faults
}

fn of_case(case: &Case, rules: &BTreeSet<&str>, retired: &HashSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut hold = |holds: bool, what: &str| {
        if !holds {
            faults.push(what.to_owned());
        }
    };
    let words = case.id.split('/').collect::<Vec<_>>();
    let is_word = |word: &&str| {
        !word.is_empty()
            && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    hold(words.len() == 2 && words.iter().all(is_word), "the id is not family/words-with-hyphens");
    hold(!retired.contains(&case.id), "the id was retired");
    hold(!case.rule.is_empty(), "it names no rule");
    hold(case.rule.iter().all(|rule| rules.contains(rule.as_str())), "it names no rule of SPEC.md");
    let sentence = |text: &str| !text.trim().is_empty() && !text.ends_with('.');
    hold(sentence(&case.description), "the description is empty, or ends with a full stop");
    hold(sentence(&case.source), "the source is empty, or ends with a full stop");
    hold(
        case.since.zip(case.until).is_none_or(|(since, until)| since <= until),
        "no version is between `since` and `until`",
    );
    // With room for what stands before the members of a request.
    hold(case.request.get().len() + 64 <= LONGEST_LINE, "the request is longer than a line may be");
    codes(&case.expect, &mut |problem| faults.push(problem));
    if let Err(error) = case.request() {
        faults.push(format!("the request is none of `{}`: {error}", case.op));
    }
    let server = reference::TARGET.parse().unwrap_or(crate::vector::Version::NEWEST);
    if case.applies_to(server) {
        faults.extend(disagreement(case));
        faults.extend(several_faults(case));
    }
    faults
}

/// Codes and layers exist, and belong to each other.
fn codes(expect: &Expect, fault: &mut impl FnMut(String)) {
    match expect {
        Expect::Accept(accept) => {
            for code in accept.must_warn.iter().chain(&accept.must_not_warn) {
                match Code::from_name(code).map(Code::severity) {
                    None => fault(format!("there is no code `{code}`")),
                    Some(Severity::Error) => fault(format!("`{code}` is no warning")),
                    Some(_) => {}
                }
            }
        }
        Expect::Reject(refusal) => match Code::from_name(&refusal.code) {
            None => fault(format!("there is no code `{}`", refusal.code)),
            Some(code) if code.layer().as_str() != refusal.layer => {
                fault(format!("`{code}` is of the layer {}", code.layer()));
            }
            Some(_) => {}
        },
        Expect::Either { reason, reference } => {
            if reason.is_empty() {
                fault("`either` has no reason".to_owned());
            }
            codes(reference, fault);
        }
    }
}

/// Where the reference does something else.
fn disagreement(case: &Case) -> Option<String> {
    let request = case.request().ok()?;
    match reference::answer(&request) {
        Err(error) => Some(format!("the reference cannot read the request: {}", error.0)),
        Ok(answer) => match compare(case, &answer, Strictness::REFERENCE) {
            Match::Same => None,
            Match::Different(words, _) => Some(format!("the reference disagrees: {words}")),
            Match::Unsupported(words) => Some(format!("the reference does not take it: {words}")),
        },
    }
}

/// A rejected document has one fault, so that it is known which one was found. Which of several comes
/// first is this project's choice.
fn several_faults(case: &Case) -> Option<String> {
    let Request::Load(request) = case.request().ok()? else { return None };
    let bytes = request.document.bytes().ok()?;
    let reading = tokens::read(&bytes, Some(tokens::Kind::Permission));
    let several = matches!(case.expect, Expect::Reject(_))
        && reading.errors().len() > 1
        && case.level == Level::Must;
    several.then(|| {
        let codes: Vec<&str> = reading.errors().iter().map(|error| error.code.name()).collect();
        format!("it has several faults: {}", codes.join(", "))
    })
}

/// Ids and requests that are there twice.
fn twins(files: &[File]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut ids: HashSet<&str> = HashSet::new();
    let mut requests: BTreeMap<(Op, String, String), &str> = BTreeMap::new();
    for case in files.iter().flat_map(|file| &file.cases) {
        if !ids.insert(&case.id) {
            faults.push(fault(&case.id, "the id is there twice"));
        }
        if let Some(twin) = requests.insert(asks(case), &case.id) {
            faults.push(fault(&case.id, format!("it asks what `{twin}` asks")));
        }
    }
    faults
}

/// Each rule has the cases that decide it, and each warning one that gives it and one that does not.
fn coverage(files: &[File], rules: &BTreeSet<&'static str>) -> Vec<Fault> {
    let cases: Vec<&Case> = files.iter().flat_map(|file| &file.cases).collect();
    let mut faults = Vec::new();
    let decided = rules.iter().filter(|rule| {
        DECIDED.iter().any(|kind| rule.starts_with(kind)) && !NOT_SHOWN.contains(rule)
    });
    for rule in decided {
        let of_rule = || cases.iter().filter(|case| case.rule.iter().any(|named| named == rule));
        let decides = |accepts: bool| {
            of_rule()
                .any(|case| matches!(case.expect.of_the_reference(), Expect::Accept(_)) == accepts)
        };
        if !decides(true) && !NEVER_ACCEPT.contains(rule) {
            faults.push(fault(rule, "no case of it is accepted"));
        }
        if !decides(false) && !NEVER_REJECT.contains(rule) {
            faults.push(fault(rule, "no case of it is rejected"));
        }
    }
    let accepts = || {
        cases.iter().filter_map(|case| match case.expect.of_the_reference() {
            Expect::Accept(accept) => Some(accept),
            _ => None,
        })
    };
    // What no op can demand: the mode of a file, and what depends on flags.
    let never_given =
        [Code::FileMode, Code::ExpiresSoon, Code::OpenOperatorSlot, Code::ServerVersion];
    for code in Code::ALL.iter().filter(|code| code.severity() < Severity::Error) {
        let name = code.name();
        let given = accepts().any(|accept| accept.must_warn.iter().any(|code| code == name));
        let not = accepts().any(|accept| accept.must_not_warn.iter().any(|code| code == name));
        if !((given || never_given.contains(code)) && not) {
            faults.push(fault(name, "no case demands it, or none forbids it"));
        }
    }
    faults
}

/// The table rule → cases, as it is committed.
pub fn table(files: &[File]) -> String {
    let mut table = String::from(
        "# Rules and the cases that decide them\n\nMade by `cargo xtask conformance`.\n\n\
         | rule | accept | reject | either | cases |\n|---|---|---|---|---|\n",
    );
    for rule in rules() {
        let cases = files.iter().flat_map(|file| &file.cases);
        let cases: Vec<&Case> =
            cases.filter(|case| case.rule.iter().any(|named| named == rule)).collect();
        let count =
            |wanted: fn(&Expect) -> bool| cases.iter().filter(|case| wanted(&case.expect)).count();
        let accept = count(|expect| matches!(expect, Expect::Accept(_)));
        let reject = count(|expect| matches!(expect, Expect::Reject(_)));
        let either = count(|expect| matches!(expect, Expect::Either { .. }));
        let mut families: BTreeMap<&str, usize> = BTreeMap::new();
        for case in &cases {
            *families.entry(case.id.split('/').next().unwrap_or_default()).or_default() += 1;
        }
        let families: Vec<String> = families
            .iter()
            .map(|(family, count)| format!("[{family}](vectors/{family}.json) {count}"))
            .collect();
        let anchor = rule.to_ascii_lowercase();
        table.push_str(&format!(
            "| [{rule}](SPEC.md#{anchor}) | {accept} | {reject} | {either} | {} |\n",
            families.join(", ")
        ));
    }
    table
}
