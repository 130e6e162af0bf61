//! What can be said about a file: codes, rules, severities, places.
//!
//! A [`Diagnostic`] is data, and nothing here prints: how a finding looks is for programs to choose. Its
//! [`Code`] is what programs hold on to, since its name never changes; message and help are for people, and
//! may be put better some day.
//!
//! ```
//! use tokens::diagnostic::{Diagnostic, Severity};
//! use tokens::{Context, LineIndex, Timestamp};
//!
//! /// One line for a finding, as compilers write it, and one for each place that belongs to it.
//! fn lines(path: &str, text: &str, found: &Diagnostic) -> Vec<String> {
//!     let index = LineIndex::new(text);
//!     let at = |offset| {
//!         let position = index.position(offset);
//!         format!("{path}:{}:{}", position.line, position.column)
//!     };
//!     let place = found.place.as_ref().map_or(path.to_owned(), |place| at(place.span.start));
//!     let mut lines = vec![format!("{place}: {}: {}", found.severity, found.message)];
//!     for related in &found.related {
//!         lines.push(format!("{}: note: {}", at(related.place.span.start), related.message));
//!     }
//!     lines
//! }
//!
//! let file = br#"{"tokens": [{"token": "apiv3_Kq7vT2mXe9RbZ4cNw8LsYh3D", "name": "app",
//!   "permissions": ["db:*:read,write", "db:a:read"]}]}"#;
//! let reading = tokens::read(file, None);
//! let found = tokens::check(&reading, &Context::at(Timestamp(0)));
//! assert_eq!(
//!     lines("tokens.json", reading.text(), &found[0]),
//!     [
//!         "tokens.json:2:42: warning: the grant on `a` decides alone there, so `write` of the grant on \
//!          `*` is lost",
//!         "tokens.json:2:23: note: this grant on `*` is not looked at there",
//!     ]
//! );
//! assert!(found.iter().all(|found| found.severity < Severity::Error));
//! ```

mod code;
pub mod rules;

use std::borrow::Cow;
use std::fmt;

pub use code::Code;
pub use rules::Rule;

use crate::Span;

/// How bad a finding is. The order is from harmless to fatal, so that the greatest of several counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// The file loads, but hardly does what its author wants.
    Warning,
    /// The file does not load, or a start with it stops.
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
///
/// Of several errors the one of the outermost layer counts most, see
/// [`Reading::first_error`](crate::Reading::first_error).
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
    /// JSON Pointer (RFC 6901) to the value or, for a member that is wrong as such, to the member:
    /// `/tokens/0/permissions/1`. It is for programs; a name in it may be any text.
    pub pointer: String,
    /// The smallest offending text, in bytes of [`Reading::text`](crate::Reading::text), without its quotes.
    /// It may be a secret, so show it only through [`mask`](crate::mask).
    pub span: Span,
}

/// The other half of a finding: the first of two duplicates, the grant that shadows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// What stands there, in words, with no full stop.
    pub message: Cow<'static, str>,
    /// Where it is.
    pub place: Place,
}

/// One finding about a file. [`check`](fn@crate::check) gives all of them,
/// [`Reading::errors`](crate::Reading::errors) those that keep the file from loading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding it is.
    pub code: Code,
    /// The rule that it rests on: one of [`Code::rules`].
    pub rule: Rule,
    /// Usually the code's own; some findings are less where they are nobody's fault.
    pub severity: Severity,
    /// What is wrong, in words, with no full stop. No secret and no control character is in it.
    pub message: String,
    /// The way out, in words, with no full stop.
    pub help: Option<Cow<'static, str>>,
    /// Where; none for what is about the file as a whole. [`LineIndex`](crate::LineIndex) makes a line and a
    /// column of its span.
    pub place: Option<Place>,
    /// The other places that belong to it; most often none.
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
