//! `--allow`, `--warn` and `--deny`: what becomes of a finding. The last that names it wins.

use std::iter;

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, ArgMatches, Command};
use tokens::Code;
use tokens::diagnostic::{Diagnostic, Severity};
use tokens::suggest::nearest;

use crate::offered::{self, Offered};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Allow,
    Warn,
    Deny,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// Every warning; to be allowed, every note too.
    All,
    One(Code),
}

/// The levels in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels(Vec<(Which, Level)>);

const FLAGS: [(&str, Level, &str); 3] = [
    (
        "allow",
        Level::Allow,
        "Do not report findings of this code; `all` for every warning and note",
    ),
    ("warn", Level::Warn, "Report findings of this code as warnings"),
    ("deny", Level::Deny, "Report findings of this code as errors; `all` for every warning"),
];

impl Levels {
    /// What is left of the findings, with their new severities.
    pub(crate) fn apply(&self, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        found.retain_mut(|diagnostic| match self.level_of(diagnostic) {
            Some(Level::Allow) => false,
            Some(Level::Warn) => {
                diagnostic.severity = Severity::Warning;
                true
            }
            Some(Level::Deny) => {
                diagnostic.severity = Severity::Error;
                true
            }
            None => true,
        });
        found
    }

    fn level_of(&self, diagnostic: &Diagnostic) -> Option<Level> {
        let matches = |(which, level): &&(Which, Level)| match which {
            Which::One(code) => *code == diagnostic.code,
            Which::All => match diagnostic.severity {
                Severity::Error => false,
                Severity::Warning => true,
                // A note changes the exit status only where it is named.
                Severity::Note => *level == Level::Allow,
            },
        };
        // An error stays one, whatever is said of the warnings that share its code.
        if diagnostic.severity == Severity::Error {
            return None;
        }
        self.0.iter().rev().find(matches).map(|(_, level)| *level)
    }
}

/// An error can only be denied.
fn may_have(code: Code, level: Level) -> bool {
    code.severity() != Severity::Error || level == Level::Deny
}

fn parse(level: Level, value: &str) -> Result<Which, String> {
    if value == "all" {
        return Ok(Which::All);
    }
    let Some(code) = Code::from_name(value) else {
        let names = Code::ALL.iter().map(|code| code.name());
        let hint = nearest(value, names).map(|name| format!("; did you mean `{name}`?"));
        return Err(format!("no such code{}", hint.unwrap_or_default()));
    };
    if !may_have(code, level) {
        return Err("an error stays one: it keeps a server from starting".to_owned());
    }
    Ok(Which::One(code))
}

/// What a shell may offer: `all`, and the codes that can have this level.
fn codes(level: Level) -> impl Iterator<Item = PossibleValue> {
    let codes = Code::ALL.iter().copied().filter(move |code| may_have(*code, level));
    iter::once(PossibleValue::new("all")).chain(codes.map(offered::code))
}

impl clap::FromArgMatches for Levels {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given = Vec::new();
        for (flag, level, _) in FLAGS {
            let indices = matches.indices_of(flag).into_iter().flatten();
            let values = matches.get_many::<Which>(flag).into_iter().flatten();
            given.extend(indices.zip(values).map(|(index, which)| (index, *which, level)));
        }
        given.sort_by_key(|(index, ..)| *index);
        Ok(Levels(given.into_iter().map(|(_, which, level)| (which, level)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Levels::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Levels {
    fn augment_args(command: Command) -> Command {
        command.args(FLAGS.map(|(flag, level, help)| {
            Arg::new(flag)
                .long(flag)
                .value_name("CODE")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .value_parser(Offered::new(move |value: &str| parse(level, value), codes(level)))
                .hide_possible_values(true)
                .help(help)
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
