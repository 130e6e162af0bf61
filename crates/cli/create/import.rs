//! A token string that is there already, for a file of its own kind.

use std::env;

use tokens::{Secret, quote};
use zeroize::Zeroizing;

use super::usage;
use crate::input::Input;
use crate::output::Failure;

/// Where the token string comes from, if it is not to be a new one. Never from an argument, which every
/// process of the machine may read.
#[derive(clap::Args)]
pub(super) struct Import {
    /// Take the token string that this environment variable holds, instead of a new one
    #[arg(long, value_name = "VARIABLE", conflicts_with = "from_stdin")]
    from_env: Option<String>,
    /// Take the token string on standard input, instead of a new one
    #[arg(long)]
    from_stdin: bool,
}

impl Import {
    /// The token string, if one is to be imported.
    pub(super) fn secret(&self) -> Result<Option<Secret<'static>>, Failure> {
        let (text, place) = if let Some(variable) = &self.from_env {
            (of_variable(variable)?, format!("the environment variable {}", quote(variable)))
        } else if self.from_stdin {
            (of_stdin()?, "standard input".to_owned())
        } else {
            return Ok(None);
        };
        let secret = Secret::parse(line(&text))
            .map_err(|error| usage(format!("{place}: {error}; {}", error.help())))?;
        Ok(Some(secret.into_owned()))
    }
}

fn of_variable(name: &str) -> Result<Zeroizing<String>, Failure> {
    let shown = quote(name);
    let value = env::var_os(name)
        .ok_or_else(|| usage(format!("the environment variable {shown} is not set")))?;
    let text = value.into_string();
    text.map(Zeroizing::new)
        .map_err(|_| usage(format!("the environment variable {shown} holds no UTF-8 text")))
}

fn of_stdin() -> Result<Zeroizing<String>, Failure> {
    let stored = Input::Stdin.read()?;
    let text = std::str::from_utf8(&stored.bytes);
    let text = text.map_err(|_| usage("standard input holds no UTF-8 text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Without the line end of `echo`, editors and mounted secrets; nothing else is trimmed (TOK-01).
fn line(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.strip_suffix('\r').unwrap_or(line)
}
