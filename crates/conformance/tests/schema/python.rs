//! Python's `jsonschema`, asked about all documents at once.

use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use libtest_mimic::Failed;

use crate::{Question, Verdict};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schema/validate.py");
const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../cli/schema/permission.schema.json");

/// What there is no Python without; none where all of it is installed.
pub(crate) fn lacks() -> Option<&'static str> {
    let runs = |code| {
        let run = Command::new("python3").args(["-c", code]).output();
        run.is_ok_and(|run| run.status.success())
    };
    match () {
        () if !runs("") => Some("`python3`"),
        () if !runs("from jsonschema import Draft202012Validator") => {
            Some("Python's module `jsonschema`")
        }
        () => None,
    }
}

/// What it says.
pub(crate) fn verdicts(questions: &[Question]) -> Result<Vec<Verdict>, Failed> {
    let mut child = Command::new("python3")
        .args(["-B", SCRIPT, SCHEMA])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let lines = questions.iter().map(|question| BASE64_STANDARD.encode(&question.document) + "\n");
    // It reads everything before it says anything, so nobody waits for anybody.
    let written =
        child.stdin.take().map(|mut input| input.write_all(lines.collect::<String>().as_bytes()));
    let output = child.wait_with_output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{SCRIPT} fails: {said}").into());
    }
    written.transpose()?;
    let said = String::from_utf8(output.stdout)?;
    let verdicts: Option<Vec<Verdict>> = said.lines().map(verdict).collect();
    let verdicts = verdicts.filter(|verdicts| verdicts.len() == questions.len());
    verdicts.ok_or_else(|| format!("{SCRIPT} does not say a word for each document").into())
}

fn verdict(word: &str) -> Option<Verdict> {
    match word {
        "valid" => Some(Verdict::Valid),
        "invalid" => Some(Verdict::Invalid),
        "unread" => Some(Verdict::Unread),
        _ => None,
    }
}
