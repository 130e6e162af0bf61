//! Values that a shell may offer, for a parser that takes more than a list could say.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command};
use tokens::Code;

/// A parser, and the values to offer. What is parsed and what is said of mistakes is the parser's alone.
#[derive(Clone)]
pub(crate) struct Offered<P> {
    parser: P,
    values: Vec<PossibleValue>,
}

impl<P: TypedValueParser> Offered<P> {
    pub(crate) fn new(parser: P, values: impl IntoIterator<Item = PossibleValue>) -> Self {
        Offered { parser, values: values.into_iter().collect() }
    }
}

/// A code as it is offered, with what it means.
pub(crate) fn code(code: Code) -> PossibleValue {
    PossibleValue::new(code.name()).help(code.summary())
}

impl<P: TypedValueParser> TypedValueParser for Offered<P> {
    type Value = P::Value;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        self.parser.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.values.iter().cloned()))
    }
}
