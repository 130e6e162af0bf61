//! `cargo xtask pages`: makes the guide to all diagnostics anew, from what `explain` prints.

use std::fs;

use tokens::Code;

use crate::run;

const PATH: &str = "crates/cli/guides/diagnostics.md";

const HEAD: &str = "\
<!-- Made by `cargo xtask pages`; do not edit. -->

# Diagnostics

Everything that the commands find in a file has a code. An *error* keeps a server from starting with the file, or a command
from writing one. A *warning* says that the file loads but hardly does what is meant, and fails `check --strict`. A *note* is
worth knowing, and fails nothing unless `--deny` names it. Where a finding is nobody's fault it may be less than its code says.

`influxdb3-tokens explain CODE` prints these texts at a terminal, and without a code the list.

| code | severity | layer | what is found |
|---|---|---|---|
";

pub(crate) fn run() -> Result<(), String> {
    let path = run::top().join(PATH);
    fs::write(path, page()).map_err(|error| format!("{PATH} cannot be written: {error}"))
}

fn page() -> String {
    let rows = Code::ALL.iter().copied().map(row);
    let sections = Code::ALL.iter().copied().map(section);
    [HEAD.to_owned()].into_iter().chain(rows).chain(sections).collect()
}

/// A line of the table of contents.
fn row(code: Code) -> String {
    let (severity, layer) = (code.severity(), code.layer());
    format!("| [`{code}`](#{code}) | {severity} | {layer} | {} |\n", code.summary())
}

fn section(code: Code) -> String {
    let rules: Vec<String> = code.rules().iter().map(|rule| link(rule.id())).collect();
    let (summary, severity, layer) = (code.summary(), code.severity(), code.layer());
    let about = format!("*{summary}* ({severity}, layer {layer}; {})", rules.join(", "));
    format!("\n## `{code}`\n\n{about}\n\n{}\n", code.explanation().trim_end())
}

fn link(rule: &str) -> String {
    format!("[{rule}](../../conformance/SPEC.md#{})", rule.to_lowercase())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use super::*;

    #[test]
    fn the_page_is_fresh() {
        let kept = fs::read_to_string(run::top().join(PATH)).expect(PATH);
        assert!(kept == page(), "{PATH} is stale: run `cargo xtask pages`");
    }

    /// A heading of an explanation would stand beside those of the codes.
    #[test]
    fn explanations_have_no_headings() {
        for code in Code::ALL {
            assert!(code.explanation().lines().all(|line| !line.starts_with('#')), "{code}");
        }
    }
}
