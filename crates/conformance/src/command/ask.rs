//! `ask`: one request, to an implementation and to the reference.

use conformance::compare::{Match, compare};
use conformance::fresh::{Wanted, of_request};
use conformance::protocol::{Answer, Op};
use conformance::subject::{Reference, Reply, Subject};
use conformance::vector::Case;

use super::output::print;
use super::run::end_with_the_runner;
use super::target::{Target, op};
use super::{Failure, Status};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
    /// Compare warnings, too
    #[arg(long)]
    warnings: bool,
    /// The op
    #[arg(value_parser = op)]
    op: Op,
    /// The members of the request as JSON, without `seq` and `op`
    request: String,
}

pub(super) fn run(args: &Args) -> Result<Status, Failure> {
    end_with_the_runner();
    let mut subject = args.target.one()?.subject()?;
    let wanted = Wanted { features: subject.introduction().features.clone(), codes: false };
    let case =
        of_request(args.op, &args.request, &wanted, args.warnings).map_err(Failure::usage)?;
    let reply = subject.ask(&case);
    let said = subject.stderr();
    subject.finish();
    let (status, words) = match &reply {
        Reply::Answer(answer) => match compare(&case, answer, args.target.strictness()) {
            Match::Same => (Status::Passed, "they agree".to_owned()),
            Match::Different(words, level) => {
                (Status::Failed, format!("{words} ({})", level.as_str()))
            }
            Match::Unsupported(words) => (Status::NothingSelected, format!("unsupported: {words}")),
        },
        _ => (Status::Failed, "it gave no answer".to_owned()),
    };
    let mut text = format!("reference  {}\n", reference_in_words(&case));
    text.push_str(&format!("answer     {}\n", in_words(&reply)));
    if !said.is_empty() {
        let lines: Vec<_> = said.split('\n').map(tokens::visible).collect();
        text.push_str(&format!("stderr     {}\n", lines.join("\n           ")));
    }
    text.push_str(&format!("verdict    {}\n", tokens::visible(&words)));
    print(&text)?;
    Ok(status)
}

/// What the reference answers.
pub(super) fn reference_in_words(case: &Case) -> String {
    in_words(&Reference::default().ask(case))
}

/// A reply on one line, with nothing that a terminal would obey.
pub(super) fn in_words(reply: &Reply) -> String {
    let words = match reply {
        Reply::Answer(Answer::Accept(value)) => {
            format!("accept {}", serde_json::to_string(value).unwrap_or_default())
        }
        Reply::Answer(Answer::Reject(reject)) => {
            let words = [&reject.layer, &reject.code, &reject.message];
            let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
            format!("reject {}", words.join(", "))
        }
        Reply::Answer(Answer::Unsupported(words)) => format!("unsupported: {words}"),
        Reply::Crash(words) => format!("a crash: {words}"),
        Reply::Hang(words) => format!("a hang: {words}"),
        Reply::ProtocolError(words) => format!("no answer by the protocol: {words}"),
        Reply::NotRun(words) => format!("not asked: {words}"),
    };
    tokens::visible(&words).into_owned()
}
