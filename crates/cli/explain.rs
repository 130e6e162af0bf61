//! `explain`: what a code means, and the way out.

use std::fmt::Write;

use clap::builder::TypedValueParser;
use tokens::Code;
use tokens::suggest::nearest;

use crate::offered::{self, Offered};
use crate::output::{Failure, Status, print_exactly};

/// Where this project says what the rules are.
const SPECIFICATION: &str = "crates/conformance/SPEC.md";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The code; all of them are listed if it is left out
    #[arg(value_parser = codes(), hide_possible_values = true)]
    code: Option<Code>,
}

fn codes() -> impl TypedValueParser<Value = Code> {
    Offered::new(code, Code::ALL.iter().copied().map(offered::code))
}

fn code(name: &str) -> Result<Code, String> {
    Code::from_name(name).ok_or_else(|| {
        let of_rule = Code::ALL.iter().filter(|code| rests_on(**code, name));
        let of_rule: Vec<&str> = of_rule.map(|code| code.name()).collect();
        if !of_rule.is_empty() {
            return format!("that is a rule; what rests on it is {}", of_rule.join(", "));
        }
        let names = Code::ALL.iter().map(|code| code.name());
        match nearest(name, names) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`explain` alone lists all codes".to_owned(),
        }
    })
}

fn rests_on(code: Code, rule: &str) -> bool {
    code.rules().iter().any(|known| known.id().eq_ignore_ascii_case(rule))
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    print_exactly(&args.code.map_or_else(list, explain))?;
    Ok(Status::Done)
}

fn explain(code: Code) -> String {
    let rules: Vec<&str> = code.rules().iter().map(|rule| rule.id()).collect();
    let places: Vec<String> =
        rules.iter().map(|rule| format!("{SPECIFICATION}#{}", rule.to_ascii_lowercase())).collect();
    format!(
        "{}[{code}]: {}\nlayer {}, {}\n\n{}\nThe rule in full: {}\n",
        code.severity(),
        code.summary(),
        code.layer(),
        rules.join(", "),
        code.explanation(),
        places.join(", ")
    )
}

fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or(0);
    let mut text = String::new();
    for code in Code::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{:7}  {:width$}  {}",
            code.severity().as_str(),
            code.name(),
            code.summary()
        );
    }
    text
}
