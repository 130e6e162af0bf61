//! What can be said about a file: codes, rules, severities, places.

mod code;
pub mod rules;

use std::borrow::Cow;
use std::fmt;

pub use code::Code;
pub use rules::Rule;

use crate::Span;

/// How bad a finding is. The order is from harmless to fatal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// The file loads, but hardly as meant.
    Warning,
    /// The file does not load.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The layer that a finding belongs to, outermost first: a file that is no JSON has no schema faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Encoding and JSON syntax.
    Json,
    /// Members and their types.
    Schema,
    /// Permissions and database names.
    Grammar,
    /// What the values mean together.
    Semantic,
}

impl Layer {
    /// `json`, `schema`, `grammar` or `semantic`.
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::Json => "json",
            Layer::Schema => "schema",
            Layer::Grammar => "grammar",
            Layer::Semantic => "semantic",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where in a file something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// JSON Pointer (RFC 6901) to the value or, for a member that is wrong as such, to the member.
    pub pointer: String,
    /// The smallest offending text, in bytes of the file, without its quotes.
    pub span: Span,
}

/// The other half of a finding: the first of two duplicates, the grant that shadows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// What stands there.
    pub message: Cow<'static, str>,
    /// Where it is.
    pub place: Place,
}

/// One finding about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding it is.
    pub code: Code,
    /// The rule that it rests on.
    pub rule: Rule,
    /// Usually the code's own; some findings are less where they are nobody's fault.
    pub severity: Severity,
    /// What is wrong, in words, with no full stop. No secret and no control character is in it.
    pub message: String,
    /// The way out, in words, with no full stop.
    pub help: Option<Cow<'static, str>>,
    /// Where; none for what is about the file as a whole.
    pub place: Option<Place>,
    /// The other places that belong to it.
    pub related: Vec<Related>,
}

impl Diagnostic {
    /// A finding with the code's usual severity and no place yet.
    pub fn new(code: Code, rule: Rule, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            rule,
            severity: code.severity(),
            message: message.into(),
            help: None,
            place: None,
            related: Vec::new(),
        }
    }

    /// The same finding with a way out.
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same finding at a place.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same finding with its other half.
    pub fn related(mut self, message: impl Into<Cow<'static, str>>, place: Place) -> Self {
        self.related.push(Related { message: message.into(), place });
        self
    }

    /// The same finding with another severity than the code's own.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
