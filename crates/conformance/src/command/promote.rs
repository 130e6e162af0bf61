//! `promote`: from what was found to a vector.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::fresh::{Wanted, of_request};
use conformance::lint;
use conformance::vector::{Case, Expect};

use super::output::{print, say};
use super::{Failure, Status};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// What `fuzz --out` kept
    file: PathBuf,
    /// The id of the vector: a family and a name, as perm-07/two-joined
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// A rule that decides it, in place of those that were guessed; may be repeated
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,
    /// What is special about it
    #[arg(long, value_name = "WORDS", default_value = "")]
    description: String,
    /// Where the expectation comes from
    #[arg(long, value_name = "WORDS", default_value = "")]
    source: String,
}

pub(super) fn run(args: &Args) -> Result<Status, Failure> {
    let found = read(&args.file)?;
    let case = Case {
        id: args.id.clone().unwrap_or_else(|| format!("{}/", family(&found))),
        rule: if args.rule.is_empty() { found.rule.clone() } else { args.rule.clone() },
        level: found.level,
        description: args.description.clone(),
        source: args.source.clone(),
        since: None,
        ..now(&found)?
    };
    let json = serde_json::to_string(&case).map_err(Failure::usage)?;
    print(&testkit::json::pretty(&json))?;
    let faults = lint::candidate(&case);
    if !faults.is_empty() {
        say("before it can stand among the cases of its family:");
        faults.iter().for_each(|fault| say(&format!("  {fault}")));
    }
    Ok(Status::Passed)
}

/// The case as the reference has it today: it may have been mended since.
fn now(found: &Case) -> Result<Case, Failure> {
    let feature = found.feature_of_codes();
    let mut now =
        of_request(found.op, found.request.get(), &Wanted::of_the_reference(), feature.is_some())
            .map_err(Failure::usage)?;
    if let (Expect::Accept(found), Expect::Accept(now)) = (&found.expect, &mut now.expect) {
        let codes: Vec<&String> = found.must_warn.iter().chain(&found.must_not_warn).collect();
        now.must_warn.retain(|code| codes.contains(&code));
        now.must_not_warn.retain(|code| codes.contains(&code));
    }
    now.features = feature.map(str::to_owned).into_iter().collect();
    Ok(now)
}

fn read(path: &Path) -> Result<Case, Failure> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("{shown}: cannot read the file: {error}")))?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::usage(format!("{shown}: this is nothing that `fuzz --out` kept: {error}"))
    })
}

/// The family of the first rule.
fn family(case: &Case) -> String {
    let rule = case.rule.first().map(|rule| rule.to_ascii_lowercase());
    let is_reject = matches!(case.expect, Expect::Reject(_));
    rule.unwrap_or_else(|| if is_reject { "reject" } else { "accept" }.to_owned())
}
