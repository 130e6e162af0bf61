//! What is known of every mutant: `xtask/mutants/results.jsonl`, a line for each file and then one for each
//! of its mutants, so that what changes is seen line by line.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::tree;
use crate::run;

/// The sources whose mutants count.
const SOURCES: &str = "crates/tokens/src";
/// What `.cargo/mutants.toml` excludes.
const EXCLUDED: &str = "crates/tokens/src/store/";

/// What has to notice a mutant; the next one is asked about what the one before lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Suite {
    /// The reference has to pass the vectors, and nothing else is run.
    Vectors,
    /// The unit tests of the library, which are built quickest.
    Units,
    /// The other tests that are quick enough: not those of the store with processes and faults.
    Tests,
    /// The examples in the documentation.
    Examples,
}

impl Suite {
    pub(super) const ALL: [Suite; 4] =
        [Suite::Vectors, Suite::Units, Suite::Tests, Suite::Examples];
}

/// What came of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    /// Something failed.
    Caught,
    /// It did not end in time, which is noticed, too.
    Timeout,
    /// It cannot be built.
    Unviable,
    /// Nothing failed.
    Missed,
}

/// A mutant of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mutant {
    /// `LINE:COLUMN: WHAT`, as cargo-mutants names it.
    #[serde(rename = "mutant")]
    pub(super) name: String,
    /// What came of it with the vectors alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vectors: Option<Outcome>,
    /// What came of it with the unit tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    units: Option<Outcome>,
    /// What came of it with the other tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tests: Option<Outcome>,
    /// What came of it with the examples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    examples: Option<Outcome>,
    /// The rules of the vectors that failed, with spaces between; none where the process was killed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) rules: String,
}

impl Mutant {
    /// One of which nothing is known.
    pub(super) fn new(name: impl Into<String>) -> Self {
        let (vectors, units, tests, examples) = (None, None, None, None);
        Mutant { name: name.into(), vectors, units, tests, examples, rules: String::new() }
    }

    /// What came of it with a suite.
    pub(super) fn with(&self, suite: Suite) -> Option<Outcome> {
        match suite {
            Suite::Vectors => self.vectors,
            Suite::Units => self.units,
            Suite::Tests => self.tests,
            Suite::Examples => self.examples,
        }
    }

    pub(super) fn set(&mut self, suite: Suite, outcome: Outcome) {
        let known = match suite {
            Suite::Vectors => &mut self.vectors,
            Suite::Units => &mut self.units,
            Suite::Tests => &mut self.tests,
            Suite::Examples => &mut self.examples,
        };
        *known = Some(outcome);
    }

    /// Whether a suite is to be asked about it: what one kills is killed by all together.
    pub(super) fn is_for(&self, suite: Suite) -> bool {
        let mut before = Suite::ALL.into_iter().take_while(|before| *before != suite);
        before.all(|before| self.with(before) == Some(Outcome::Missed))
    }

    /// Whether nothing notices it; unknown while a suite was not asked.
    pub(super) fn survives(&self) -> Option<bool> {
        let mut asked = Suite::ALL.into_iter().rev().filter(|suite| self.is_for(*suite));
        asked.next().and_then(|last| Some(self.with(last)? == Outcome::Missed))
    }

    /// Whether no suite that was asked has noticed it.
    pub(super) fn is_unnoticed(&self) -> bool {
        Suite::ALL.into_iter().all(|suite| matches!(self.with(suite), None | Some(Outcome::Missed)))
    }

    /// The line that it changes, from 1 on.
    pub(super) fn line(&self) -> Option<usize> {
        self.name.split_once(':')?.0.parse().ok()
    }

    /// What it changes, wherever that stands.
    pub(super) fn what(&self) -> &str {
        self.name.split_once(": ").map_or(&self.name, |(_, what)| what)
    }
}

/// A source file and its mutants, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Module {
    /// Of the file without its tests.
    pub(super) sha256: String,
    pub(super) mutants: Vec<Mutant>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    File { file: String, sha256: String },
    Mutant(Mutant),
}

/// All mutants, by file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Results(BTreeMap<String, Module>);

impl Results {
    /// Those that are committed; none where there is no file.
    pub(super) fn load() -> Result<Self, String> {
        let text = fs::read_to_string(path());
        Results::parse(&text.unwrap_or_default())
            .map_err(|error| format!("xtask/mutants/results.jsonl: {error}"))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut results = Results::default();
        let mut at = None;
        for (number, line) in text.lines().enumerate() {
            let line = serde_json::from_str(line);
            match line.map_err(|error| format!("line {}: {error}", number + 1))? {
                Line::File { file, sha256 } => {
                    let module = results.0.entry(file).or_default();
                    module.sha256 = sha256;
                    at = Some(module);
                }
                Line::Mutant(mutant) => {
                    let module = at.as_mut().ok_or("a mutant stands before any file")?;
                    module.mutants.push(mutant);
                }
            }
        }
        Ok(results)
    }

    /// Puts the file there whole, so that a run may be killed at any time.
    pub(super) fn save(&self) -> Result<(), String> {
        let new = path().with_extension("new");
        fs::write(&new, self.text()?)
            .and_then(|()| fs::rename(&new, path()))
            .map_err(|error| format!("xtask/mutants/results.jsonl cannot be written: {error}"))
    }

    fn text(&self) -> Result<String, String> {
        let mut text = String::new();
        let mut push = |line: &Line| -> Result<(), String> {
            text += &serde_json::to_string(line).map_err(|error| error.to_string())?;
            text.push('\n');
            Ok(())
        };
        for (file, module) in &self.0 {
            push(&Line::File { file: file.clone(), sha256: module.sha256.clone() })?;
            for mutant in &module.mutants {
                push(&Line::Mutant(mutant.clone()))?;
            }
        }
        Ok(text)
    }

    /// Files of which nothing is known but the hash.
    pub(super) fn of(sources: BTreeMap<String, String>) -> Self {
        let module = |(file, sha256)| (file, Module { sha256, mutants: Vec::new() });
        Results(sources.into_iter().map(module).collect())
    }

    /// Adds a mutant of which nothing is known.
    pub(super) fn add(&mut self, file: &str, name: &str) -> Result<(), String> {
        let module = self.0.get_mut(file);
        let module = module.ok_or_else(|| format!("{file} is no source whose mutants count"))?;
        module.mutants.push(Mutant::new(name));
        Ok(())
    }

    /// These mutants, with what is known of them from before, where the file is as it was.
    pub(super) fn with_what_is_known(mut self, mut before: Results) -> Self {
        for (file, module) in &mut self.0 {
            for mutant in &mut module.mutants {
                if let Some(known) = before.find(file, &module.sha256, &mutant.name) {
                    *mutant = known.clone();
                }
            }
        }
        self
    }

    /// A mutant of a file with this hash.
    pub(super) fn find(&mut self, file: &str, hash: &str, name: &str) -> Option<&mut Mutant> {
        let module = self.0.get_mut(file).filter(|module| module.sha256 == hash)?;
        module.mutants.iter_mut().find(|mutant| mutant.name == name)
    }

    /// The files, in the order of their names.
    pub(super) fn modules(&self) -> impl Iterator<Item = (&str, &Module)> {
        self.0.iter().map(|(file, module)| (file.as_str(), module))
    }

    /// All mutants with their files.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Mutant)> {
        self.modules().flat_map(|(file, of)| of.mutants.iter().map(move |mutant| (file, mutant)))
    }

    /// The files of a workspace that are not those of the results.
    #[cfg(test)]
    pub(super) fn stale(&self, top: &Path) -> Result<Vec<String>, String> {
        let sources = sources(top)?;
        let is_known = |(file, hash): &(&String, &String)| {
            self.0.get(*file).is_some_and(|module| module.sha256 == **hash)
        };
        let new = sources.iter().filter(|source| !is_known(source)).map(|(file, _)| file);
        let gone = self.0.keys().filter(|file| !sources.contains_key(*file));
        Ok(new.chain(gone).cloned().collect())
    }
}

fn path() -> PathBuf {
    run::top().join("xtask/mutants/results.jsonl")
}

/// The hashes of all files of a workspace whose mutants count, by path.
pub(super) fn sources(top: &Path) -> Result<BTreeMap<String, String>, String> {
    let directory = top.join(SOURCES);
    let failed = |error| format!("{SOURCES} cannot be read: {error}");
    let mut sources = BTreeMap::new();
    let mut tests = Vec::new();
    for path in tree::walk(&directory).map_err(failed)? {
        let Some(file) = path.strip_prefix(top).ok().and_then(Path::to_str) else { continue };
        if !file.ends_with(".rs") || file.starts_with(EXCLUDED) {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(failed)?;
        tests.extend(modules_of_tests(&text).map(|name| path.with_file_name(name + ".rs")));
        sources.insert(file.to_owned(), hash(&without_tests(&text)));
    }
    sources.retain(|file, _| !tests.contains(&top.join(file)));
    Ok(sources)
}

/// `mod tests;` under `#[cfg(test)]`: nothing in such a file is mutated.
fn modules_of_tests(text: &str) -> impl Iterator<Item = String> {
    let after = text.split("#[cfg(test)]\n").skip(1).filter_map(|rest| rest.lines().next());
    let names = after.filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'));
    names.map(str::to_owned)
}

/// A file without its `mod tests { … }`, as rustfmt lays it out: new tests make no new mutants.
fn without_tests(text: &str) -> String {
    const MARK: &str = "#[cfg(test)]\n";
    let mut parts = text.split(MARK);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_attribute = |line: &&str| line.starts_with("#[");
        let attributes: usize =
            part.split_inclusive('\n').take_while(is_attribute).map(str::len).sum();
        match part.get(attributes..).and_then(|module| module.strip_prefix("mod tests {\n")) {
            Some(tests) => kept += tests.split_once("\n}\n").map_or("", |(_, after)| after),
            None => kept = kept + MARK + part,
        }
    }
    // Nor does the line that parts tests from what is before them.
    kept.truncate(kept.trim_end().len());
    kept
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A number that depends on a text alone.
pub(super) fn number(text: &str) -> u64 {
    Sha256::digest(text).iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"file":"a.rs","sha256":"00"}
{"mutant":"1:2: replace f with ()","vectors":"caught","rules":"ACC-01 ACC-02"}
{"mutant":"3:4: replace < with <=","vectors":"missed","tests":"timeout"}
{"file":"b.rs","sha256":"01"}
{"file":"c.rs","sha256":"02"}
{"mutant":"1:1: delete !"}
"#;

    fn results() -> Results {
        Results::parse(TEXT).expect("results")
    }

    #[test]
    fn results_are_read_as_they_are_written() {
        assert_eq!(results().text().expect("a text"), TEXT);
        assert_eq!(results().all().count(), 3);
        assert_eq!(results().modules().count(), 3);
        for broken in ["x", r#"{"mutant":"1:1: delete !"}"#, r#"{"file":"a.rs"}"#] {
            assert!(Results::parse(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_changed_file_is_tried_again() {
        let hashes = [("a.rs", "00"), ("c.rs", "03"), ("d.rs", "04")];
        let hashes = hashes.map(|(file, hash)| (file.to_owned(), hash.to_owned()));
        let mut listed = Results::of(hashes.into());
        listed.add("a.rs", "3:4: replace < with <=").expect("a file");
        listed.add("a.rs", "5:6: replace < with ==").expect("a file");
        listed.add("c.rs", "1:1: delete !").expect("a file");
        assert!(listed.add("b.rs", "1:1: delete !").is_err());
        let mut before = results();
        before
            .find("c.rs", "02", "1:1: delete !")
            .expect("it")
            .set(Suite::Vectors, Outcome::Caught);
        let now = listed.with_what_is_known(before).text().expect("a text");
        let expected = r#"{"file":"a.rs","sha256":"00"}
{"mutant":"3:4: replace < with <=","vectors":"missed","tests":"timeout"}
{"mutant":"5:6: replace < with =="}
{"file":"c.rs","sha256":"03"}
{"mutant":"1:1: delete !"}
{"file":"d.rs","sha256":"04"}
"#;
        assert_eq!(now, expected);
    }

    #[test]
    fn suites_are_asked_one_after_the_other() {
        let mut mutant = Mutant::new("1:1: delete !");
        for (at, suite) in Suite::ALL.into_iter().enumerate() {
            let asked = Suite::ALL.map(|suite| mutant.is_for(suite));
            assert_eq!(asked, std::array::from_fn(|other| other <= at));
            assert_eq!((mutant.survives(), mutant.is_unnoticed()), (None, true));
            mutant.set(suite, Outcome::Missed);
        }
        assert_eq!((mutant.survives(), mutant.is_unnoticed()), (Some(true), true));
        mutant.set(Suite::Tests, Outcome::Caught);
        let asked = Suite::ALL.map(|suite| mutant.is_for(suite));
        assert_eq!((asked, mutant.survives()), ([true, true, true, false], Some(false)));
        assert!(!mutant.is_unnoticed());
    }

    #[test]
    fn mutants_know_their_line_and_what_they_are() {
        let mutant = Mutant::new("28:9: replace Grant<'_>::is_wildcard -> bool with true");
        assert_eq!(mutant.line(), Some(28));
        assert_eq!(mutant.what(), "replace Grant<'_>::is_wildcard -> bool with true");
    }

    #[test]
    fn tests_do_not_count_for_the_hash() {
        let code = "fn f() {}\n";
        for attribute in ["", "#[allow(clippy::string_slice)]\n"] {
            let tests = "mod tests {\n    fn g() {\n    }\n}\n";
            let with = format!("{code}\n#[cfg(test)]\n{attribute}{tests}");
            assert_eq!(without_tests(&with), without_tests(code));
            assert_eq!(without_tests(&(with + "fn h() {}\n")), "fn f() {}\n\nfn h() {}");
        }
        let helper = "#[cfg(test)]\nfn f() {}";
        assert_eq!(without_tests(helper), helper);
        let declared = "mod a;\n#[cfg(test)]\nmod testing;\n#[cfg(test)]\nmod tests {\n}\n";
        assert_eq!(Vec::from_iter(modules_of_tests(declared)), ["testing"]);
    }

    #[test]
    fn stale_files_are_named() {
        let sources = sources(&run::top()).expect("sources");
        assert!(sources.keys().all(|file| !file.starts_with(EXCLUDED)));
        assert!(!sources.contains_key("crates/tokens/src/reader/tests.rs"));
        let mut results = Results::of(sources);
        assert_eq!(results.stale(&run::top()), Ok(Vec::new()));
        results.0.insert("gone.rs".to_owned(), Module::default());
        results.0.remove("crates/tokens/src/access.rs");
        results.0.entry("crates/tokens/src/mask.rs".to_owned()).or_default().sha256.clear();
        let stale = ["crates/tokens/src/access.rs", "crates/tokens/src/mask.rs", "gone.rs"];
        assert_eq!(results.stale(&run::top()), Ok(stale.map(str::to_owned).to_vec()));
    }
}
