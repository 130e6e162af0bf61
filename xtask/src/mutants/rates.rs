//! `xtask/mutants/rates.md`: how many mutants the vectors kill, by module and by rule, and which not.
//!
//! It is made of the results and the sources, and is the ratchet too: what it says is what the next run is
//! held to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::cited::Cited;
use super::results::{Mutant, Outcome, Results, Suite};
use super::unseen;
use crate::run;

const HEAD: &str = "\
# What the vectors notice

Made by `cargo xtask mutants`; the rate of a module may not fall. *Killed* is what the conformance vectors
alone notice, in the reference, of what they could see; the [rest](#what-no-vector-can-see) no op of the
protocol tells, and *of all* counts it, too. The tests were asked about all that the vectors leave, and the examples in the documentation
about what the tests leave; *survive* is what is left then (*–* where not all were asked yet). A mutant that
cannot be built does not count, and what changes nothing at all is listed in `.cargo/mutants.toml`.

| module | mutants | visible | killed | rate | of all | survive |
|---|---|---|---|---|---|---|
";

const RULES_HEAD: &str = "
## By rule

A mutant belongs to the rules that its function cites, or else to those that its file cites at the top.
*Of it* counts mutants anywhere that a vector of the rule kills, and *of it alone* those that no vector
without it kills.

| rule | visible | killed | rate | of it | of it alone |
|---|---|---|---|---|---|
";

/// The row of the sum.
const ALL: &str = "all";

/// How many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    visible: usize,
    killed: usize,
}

impl Count {
    fn add(&mut self, mutant: &Mutant) {
        self.visible += 1;
        self.killed += usize::from(is_killed(mutant));
    }

    fn is_less_than(self, other: Count) -> bool {
        self.killed * other.visible < other.killed * self.visible
    }

    /// Rounded down, so that only all is 100 %; nothing of nothing.
    fn percent(self) -> String {
        let tenths = (1000 * self.killed).checked_div(self.visible);
        tenths.map_or(String::new(), |tenths| format!("{}.{} %", tenths / 10, tenths % 10))
    }
}

fn is_killed(mutant: &Mutant) -> bool {
    matches!(mutant.with(Suite::Vectors), Some(Outcome::Caught | Outcome::Timeout))
}

/// What was killed could be seen, whatever else there is to say.
fn is_visible(file: &str, mutant: &Mutant) -> bool {
    is_killed(mutant) || unseen::why(module(file), &mutant.name).is_none()
}

fn is_viable(mutant: &Mutant) -> bool {
    mutant.with(Suite::Vectors) != Some(Outcome::Unviable)
}

/// The page, and what of it the next one is held to.
#[derive(Debug, Default)]
pub(super) struct Rates {
    counts: BTreeMap<String, Count>,
    /// What is left by the vectors: module, and what the mutant does.
    left: BTreeSet<(String, String)>,
    text: String,
}

impl Rates {
    /// Those of results, whose rules are cited in the sources below `top`.
    pub(super) fn of(results: &Results, top: &Path) -> Result<Self, String> {
        let mut text = HEAD.to_owned();
        text += &modules(results);
        text += &rules(results, top)?;
        text += &left(results);
        text += "\n## What no vector can see\n\n| why | which |\n|---|---|\n";
        text += &unseen::rows();
        Ok(Rates::parse(&text))
    }

    /// Those that are committed; none where there is no page.
    pub(super) fn load() -> Result<Self, String> {
        Ok(Rates::parse(&fs::read_to_string(path()).unwrap_or_default()))
    }

    fn parse(text: &str) -> Self {
        let mut rates = Rates { text: text.to_owned(), ..Rates::default() };
        let (table, rest) = text.split_once("\n## ").unwrap_or((text, ""));
        for line in table.lines() {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            if let ["", module, _, visible, killed, ..] = &cells[..]
                && let (Ok(visible), Ok(killed)) = (visible.parse(), killed.parse())
            {
                rates.counts.insert((*module).to_owned(), Count { visible, killed });
            }
        }
        let mut module = "";
        for line in rest.lines() {
            module = line.strip_prefix("### ").unwrap_or(module);
            let name = line.strip_prefix("- `").and_then(|line| line.rsplit_once('`'));
            if let Some((name, _)) = name {
                let what = Mutant::new(name).what().to_owned();
                rates.left.insert((module.to_owned(), what));
            }
        }
        rates
    }

    /// The modules whose rate is lower than before, in words, with what was not left before.
    pub(super) fn fallen(&self, before: &Rates) -> Vec<String> {
        let mut fallen = Vec::new();
        for (module, now) in &self.counts {
            let Some(old) = before.counts.get(module).filter(|old| now.is_less_than(**old)) else {
                continue;
            };
            let new = self.left.difference(&before.left);
            let new = new.filter(|(of, _)| of == module).map(|(_, what)| format!("\n  {what}"));
            let (old, now, new) = (old.percent(), now.percent(), new.collect::<String>());
            fallen.push(format!("{module}: {now} after {old}{new}"));
        }
        fallen
    }

    /// Whether the page is the committed one.
    #[cfg(test)]
    pub(super) fn are_saved(&self) -> bool {
        fs::read_to_string(path()).is_ok_and(|text| text == self.text)
    }

    pub(super) fn save(&self) -> Result<(), String> {
        fs::write(path(), &self.text)
            .map_err(|error| format!("xtask/mutants/rates.md cannot be written: {error}"))
    }

    /// For whoever runs it.
    pub(super) fn summary(&self) -> String {
        let all = self.counts.get(ALL).copied().unwrap_or_default();
        format!(
            "the vectors kill {} of {} mutants that they could see, {}",
            all.killed,
            all.visible,
            all.percent()
        )
    }
}

fn path() -> PathBuf {
    run::top().join("xtask/mutants/rates.md")
}

/// `crates/tokens/src/checks/mod.rs` is `checks/mod`.
pub(super) fn module(file: &str) -> &str {
    let name = file.rsplit_once("/src/").map_or(file, |(_, name)| name);
    name.strip_suffix(".rs").unwrap_or(name)
}

/// The rows of all and of each module.
fn modules(results: &Results) -> String {
    let mut text = String::new();
    let mut row = |name: &str, mutants: &mut dyn Iterator<Item = (&str, &Mutant)>| {
        let (mut all, mut count) = (0, Count::default());
        let mut survive = Some(0);
        for (file, mutant) in mutants.filter(|(_, mutant)| is_viable(mutant)) {
            all += 1;
            if is_visible(file, mutant) {
                count.add(mutant);
            }
            survive = survive.zip(mutant.survives()).map(|(sum, one)| sum + usize::from(one));
        }
        let survive = survive.map_or("–".to_owned(), |sum: usize| sum.to_string());
        let (Count { visible, killed }, rate) = (count, count.percent());
        let of_all = Count { visible: all, killed }.percent();
        if all > 0 {
            let cells = format!("{all} | {visible} | {killed} | {rate} | {of_all} | {survive}");
            let _ = writeln!(text, "| {name} | {cells} |");
        }
    };
    row(ALL, &mut results.all());
    for (file, of) in results.modules() {
        row(module(file), &mut of.mutants.iter().map(|mutant| (file, mutant)));
    }
    text
}

/// What a rule's mutants and vectors came to.
#[derive(Default)]
struct OfRule {
    cited: Count,
    kills: usize,
    alone: usize,
}

fn rules(results: &Results, top: &Path) -> Result<String, String> {
    let mut rules: BTreeMap<String, OfRule> = BTreeMap::new();
    let mut none = Count::default();
    for (file, of) in results.modules() {
        let source = fs::read_to_string(top.join(file));
        let source = source.map_err(|error| format!("{file} cannot be read: {error}"))?;
        let cited = Cited::of(&source);
        for mutant in of.mutants.iter().filter(|mutant| is_viable(mutant)) {
            let by = mutant.rules.split_whitespace().collect::<Vec<_>>();
            for rule in &by {
                let rule = rules.entry((*rule).to_owned()).or_default();
                rule.kills += 1;
                rule.alone += usize::from(by.len() == 1);
            }
            if !is_visible(file, mutant) {
                continue;
            }
            let citing = cited.at(mutant.line().unwrap_or_default());
            if citing.is_empty() {
                none.add(mutant);
            }
            for rule in citing {
                rules.entry(rule).or_default().cited.add(mutant);
            }
        }
    }
    let mut text = RULES_HEAD.to_owned();
    let mut row = |rule: &str, count: Count, kills: &str, alone: &str| {
        let (Count { visible, killed }, rate) = (count, count.percent());
        let _ = writeln!(text, "| {rule} | {visible} | {killed} | {rate} | {kills} | {alone} |");
    };
    for (rule, of) in &rules {
        row(rule, of.cited, &of.kills.to_string(), &of.alone.to_string());
    }
    row("none", none, "", "");
    Ok(text)
}

/// What the vectors do not kill, and whether the tests do.
fn left(results: &Results) -> String {
    let mut text = String::from("\n## Left by the vectors\n");
    for (file, of) in results.modules() {
        let mut left = of.mutants.iter().filter(|mutant| is_viable(mutant) && !is_killed(mutant));
        let mut left = left.by_ref().peekable();
        if left.peek().is_some() {
            let _ = writeln!(text, "\n### {}\n", module(file));
        }
        for mutant in left {
            let seen = match unseen::why(module(file), &mutant.name) {
                Some(_) => " (not visible)",
                None => "",
            };
            let then = match mutant.survives() {
                Some(true) => ": **survives**",
                Some(false) => ": the tests kill it",
                None => "",
            };
            let _ = writeln!(text, "- `{}`{seen}{then}", mutant.name);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(outcomes: &[(&str, Outcome, Option<Outcome>, &str)]) -> Results {
        let file = "crates/tokens/src/name.rs";
        let mut results = Results::of([(file.to_owned(), String::new())].into());
        for (name, vectors, tests, rules) in outcomes {
            results.add(file, name).expect("a file");
            let mutant = results.find(file, "", name).expect("it");
            mutant.set(Suite::Vectors, *vectors);
            for suite in [Suite::Units, Suite::Tests, Suite::Examples] {
                tests.inspect(|outcome| mutant.set(suite, *outcome));
            }
            mutant.rules = (*rules).to_owned();
        }
        results
    }

    use Outcome::{Caught, Missed, Timeout, Unviable};

    #[test]
    fn a_page_is_read_as_it_is_written() {
        let results = results(&[
            ("1:1: delete !", Caught, None, "TOK-06"),
            ("2:1: a `b` c", Missed, Some(Missed), ""),
            ("2:2: d", Missed, Some(Caught), ""),
            ("3:1: e", Timeout, None, "TOK-06 TOK-07"),
            ("4:1: f", Unviable, None, ""),
            ("5:1: replace <impl fmt::Debug for X>::fmt", Caught, None, ""),
            ("6:1: replace X::help", Missed, Some(Caught), ""),
        ]);
        let rates = Rates::of(&results, &run::top()).expect("a page");
        let count = Count { visible: 5, killed: 3 };
        assert_eq!(rates.counts, BTreeMap::from([("all".into(), count), ("name".into(), count)]));
        let left =
            ["a `b` c", "d", "replace X::help"].map(|what| ("name".to_owned(), what.to_owned()));
        assert_eq!(rates.left, BTreeSet::from(left));
        for line in [
            "| name | 6 | 5 | 3 | 60.0 % | 50.0 % | 1 |",
            "### name",
            "- `2:1: a `b` c`: **survives**",
            "- `2:2: d`: the tests kill it",
            "- `6:1: replace X::help` (not visible): the tests kill it",
        ] {
            assert!(rates.text.lines().any(|found| found == line), "{line}\n{}", rates.text);
        }
        let row = |rule: &str| {
            let mut rows = rates.text.lines();
            rows.find(|line| line.starts_with(&format!("| {rule} |"))).map(str::to_owned)
        };
        assert!(row("TOK-06").is_some_and(|row| row.ends_with("| 2 | 1 |")));
        assert!(row("TOK-07").is_some_and(|row| row.ends_with("| 1 | 0 |")));
        assert!(rates.summary().contains("3 of 5 mutants that they could see, 60.0 %"));
    }

    #[test]
    fn a_rate_that_falls_is_told_with_what_is_new() {
        let of = |outcomes: &[_]| Rates::of(&results(outcomes), &run::top()).expect("a page");
        let before = of(&[("1:1: a", Caught, None, ""), ("2:1: b", Missed, None, "")]);
        let moved = of(&[("5:1: a", Caught, None, ""), ("9:1: b", Missed, None, "")]);
        assert_eq!(moved.fallen(&before), Vec::<String>::new());
        let less = of(&[("5:1: c", Missed, None, ""), ("9:1: b", Missed, None, "")]);
        let words = "name: 0.0 % after 50.0 %\n  c";
        assert_eq!(less.fallen(&before).last().map(String::as_str), Some(words));
        assert_eq!(before.fallen(&less), Vec::<String>::new());
        assert_eq!(less.fallen(&Rates::default()), Vec::<String>::new());
    }

    #[test]
    fn only_all_is_a_hundred_percent() {
        let percent = |killed, visible| Count { visible, killed }.percent();
        assert_eq!(percent(9999, 10000), "99.9 %");
        assert_eq!(percent(10, 10), "100.0 %");
        assert_eq!(percent(0, 3), "0.0 %");
        assert_eq!(percent(0, 0), "");
    }
}
