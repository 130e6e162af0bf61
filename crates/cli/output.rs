//! Exit statuses, data to standard output, talk to standard error.

use std::fmt;
use std::io::{self, ErrorKind, Write};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use clap::error::ContextValue;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use tokens::diagnostic::{Diagnostic, Severity};
use tokens::mask::mask_prefixed;
use tokens::{is_harmful, visible};
use zeroize::Zeroizing;

/// How the program ends; of several outcomes the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// Done, at most warnings.
    Done = 0,
    /// An error was found, or the answer is no.
    No = 1,
    /// A bad flag or value.
    Usage = 2,
    /// Reading or writing failed.
    Failed = 3,
}

/// How to print data.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What the user asked for makes no sense; in words.
    Usage(String),
    /// Something could not be read or written; in words, fit to be shown.
    Failed(String),
    /// Standard output could not be written to.
    Output(io::Error),
}

impl Failure {
    pub(crate) fn failed(error: impl fmt::Display) -> Self {
        Failure::Failed(error.to_string())
    }

    /// Says why, and how the program ends.
    pub(crate) fn report(self) -> Status {
        let (message, status) = match self {
            Failure::Usage(message) => (message, Status::Usage),
            Failure::Failed(message) => (message, Status::Failed),
            Failure::Output(error) => {
                (format!("cannot write to standard output: {error}"), Status::Failed)
            }
        };
        say(Severity::Error, &message);
        status
    }
}

/// A line on standard error.
pub(crate) fn say(severity: Severity, message: &str) {
    let color = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Green,
    };
    let style = Style::new().bold().fg_color(Some(color.into()));
    talk(&format!("{style}{severity}{style:#}: {message}\n"));
}

/// A finding on standard error, in one line, about the file at a path fit to be shown.
pub(crate) fn say_finding(path: &str, finding: &Diagnostic) {
    let Diagnostic { severity, message, code, help, .. } = finding;
    let help = help.as_ref().map_or(String::new(), |help| format!("; {help}"));
    say(*severity, &format!("{path}: {message} ({code}){help}"));
}

/// Text on standard error, masked. Where standard error is gone, nobody listens.
pub(crate) fn talk(text: &str) {
    let choice = color(&io::stderr());
    let mut error = AutoStream::new(io::stderr().lock(), choice);
    let _ = error.write_all(mask_prefixed(text).as_bytes());
}

/// Text on standard output. Whatever looks like a secret is masked, wherever it came from (GEN-07).
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_exactly(&mask_prefixed(text))
}

/// Text of the program's own, with the fake tokens of its examples.
pub(crate) fn print_exactly(text: &str) -> Result<(), Failure> {
    let choice = color(&io::stdout());
    write(&mut AutoStream::new(io::stdout().lock(), choice), text.as_bytes())
}

/// A file's own bytes on standard output, whose purpose it is to show them (GEN-07).
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    write(&mut io::stdout().lock(), bytes)
}

/// One line of JSON on standard output, masked as text is: a mask ends before the string does.
pub(crate) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    write(&mut io::stdout().lock(), mask_prefixed(&json(value)?).as_bytes())
}

/// One line of JSON on standard output as it is: masked already, or made to hand out a secret.
pub(crate) fn print_json_exactly(value: &impl Serialize) -> Result<(), Failure> {
    write(&mut io::stdout().lock(), json(value)?.as_bytes())
}

/// Styles are for terminals alone, whatever the environment says, and never with NO_COLOR.
fn color(stream: &impl RawStream) -> ColorChoice {
    if stream.is_terminal() { AutoStream::choice(stream) } else { ColorChoice::Never }
}

/// A reader that went away has had enough: that is no failure, and changes no exit status.
fn write(out: &mut impl Write, data: &[u8]) -> Result<(), Failure> {
    match out.write_all(data).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::Output),
    }
}

fn json(value: &impl Serialize) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(Vec::new());
    let mut serializer = Serializer::with_formatter(&mut *text, Harmless);
    value.serialize(&mut serializer).map_err(|error| Failure::Output(error.into()))?;
    text.push(b'\n');
    let text = String::from_utf8(std::mem::take(&mut *text));
    text.map(Zeroizing::new).map_err(|error| Failure::Output(io::Error::other(error)))
}

/// JSON in which characters that a terminal would obey are written as escapes; the values are the same.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_harmful) {
            let (before, from) = rest.split_at(at);
            CompactFormatter.write_string_fragment(writer, before)?;
            let character = from.chars().next().unwrap_or_default();
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = from.strip_prefix(character).unwrap_or_default();
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

/// What clap has to say: help on standard output, a mistake on standard error.
pub(crate) fn usage(mut error: clap::Error) -> Status {
    if !error.use_stderr() {
        let help = error.render().ansi().to_string();
        return print_exactly(&help).map_or_else(Failure::report, |()| Status::Done);
    }
    // What the user typed is quoted there.
    let harmless: Vec<_> =
        error.context().filter_map(|(kind, value)| Some((kind, harmless(value)?))).collect();
    for (kind, value) in harmless {
        error.insert(kind, value);
    }
    talk(&error.render().ansi().to_string());
    Status::Usage
}

/// What stands in for a part of clap's message that could do harm.
fn harmless(value: &ContextValue) -> Option<ContextValue> {
    let does_harm = |text: &str| visible(text) != text;
    match value {
        ContextValue::String(text) => Some(ContextValue::String(visible(text).into_owned())),
        ContextValue::Strings(texts) => {
            let texts = texts.iter().map(|text| visible(text).into_owned());
            Some(ContextValue::Strings(texts.collect()))
        }
        ContextValue::StyledStr(text) if does_harm(&text.to_string()) => Some(ContextValue::None),
        ContextValue::StyledStrs(texts) if texts.iter().any(|t| does_harm(&t.to_string())) => {
            Some(ContextValue::None)
        }
        _ => None,
    }
}

/// `1 token`, `2 tokens`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
