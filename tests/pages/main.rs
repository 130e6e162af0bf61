//! README.md and the guides are true: their commands are run, page by page and one after the other, and
//! what they print is compared, but for fingerprints and token strings that are new each time.
//!
//! This program is the one that is built here. Docker, kubectl, helm, the vendor's tool and sudo are not:
//! scripts in `stand-ins` take their places. They prove that what a page types is what they expect, that the
//! files which it names are there and load, and that what it takes from one command goes into the next.
//! They do not prove that the real ones do what the page says; that comes from their documentation and
//! sources, and was not tried on a cluster or a server.

#![allow(clippy::expect_used, clippy::indexing_slicing)]

mod links;
mod session;
mod yaml;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Completion, Trial};

use session::{Terminal, steps};

/// A page, and the programs that it borrows from the platform.
struct Page {
    path: &'static str,
    needs: &'static [&'static str],
}

const PAGES: [Page; 5] = [
    Page { path: "README.md", needs: &[] },
    Page { path: "crates/cli/guides/ci.md", needs: &[] },
    Page { path: "crates/cli/guides/docker-compose.md", needs: &["jq"] },
    Page { path: "crates/cli/guides/kubernetes.md", needs: &["jq", "base64"] },
    Page { path: "crates/cli/guides/rotating.md", needs: &["jq", "base64", "sha512sum"] },
];

/// Guides whose commands are tested elsewhere: by the suite's own tests, and by the catalogue of codes.
const ELSEWHERE: [&str; 2] =
    ["crates/cli/guides/adopting-the-suite.md", "crates/cli/guides/diagnostics.md"];

/// A file of the project.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(project(path)).expect(path)
}

/// All pages, wherever their commands are tested.
fn every_page() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|page| page.path).chain(ELSEWHERE)
}

/// A terminal with the program and the stand-ins.
fn terminal() -> Terminal {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_influxdb3-tokens"));
    let stand_ins = fs::read_dir(project("tests/pages/stand-ins")).expect("a directory");
    let stand_ins = stand_ins.map(|entry| entry.expect("an entry").path());
    Terminal::with(stand_ins.chain([program]))
}

impl Page {
    /// A program that it needs and that cannot be run.
    fn lacks(&self) -> Option<&'static str> {
        let find = |name: &str| Command::new("sh").args(["-c", "command -v \"$0\"", name]).output();
        let is_there = |name: &&str| find(name).is_ok_and(|output| output.status.success());
        self.needs.iter().copied().find(|name| !is_there(name))
    }

    fn is_true(&self) -> Completion {
        if let Some(name) = self.lacks() {
            return Completion::ignored_with(format!("skipped: `{name}` is not installed"));
        }
        let page = text(self.path);
        let steps = steps(&page);
        assert!(steps.len() >= 6, "{} commands only", steps.len());
        terminal().follow(&steps);
        yaml::run_jobs(&page);
        Completion::Completed
    }
}

/// A new guide does not pass before somebody runs its commands.
fn every_guide_is_tested() {
    let entries = fs::read_dir(project("crates/cli/guides")).expect("a directory");
    for entry in entries {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        let path = format!("crates/cli/guides/{name}");
        assert!(every_page().any(|page| page == path), "{path} is no page of this test");
    }
}

fn main() -> ExitCode {
    let page = |page: Page| Trial::ignorable_test(page.path, move || Ok(page.is_true()));
    let tests: [(&str, fn()); 3] = [
        ("every_guide_is_tested", every_guide_is_tested),
        ("links_lead_somewhere", links::lead_somewhere),
        ("yaml_fits_together", yaml::fits_together),
    ];
    let test = |(name, test): (&str, fn())| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    let trials = PAGES.map(page).into_iter().chain(tests.map(test));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
