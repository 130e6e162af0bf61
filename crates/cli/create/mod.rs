//! `create token`: the vendor's command for tokens files, with its flags (GEN-02, GEN-06).

pub(crate) mod bulk;
mod import;
mod report;
mod rows;

use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use tokens::diagnostic::Severity;
use tokens::{
    AdminToken, DatabaseName, EditError, Lifetime, Permission, Secret, Timestamp, Token, TokenName,
};

use zeroize::Zeroizing;

use crate::output::{Failure, Status, say};
use crate::time;
use crate::write::{self, Write, say_findings, say_servers_keep, told};
use import::Import;
use report::Created;
pub(crate) use report::EVERYTHING;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Generate an admin token into a file of its own, which must not exist yet
    #[arg(long, conflicts_with_all = ["permission", "create_databases"])]
    admin: bool,
    /// The token's name, unique in the file; an admin token is `_admin` unless named
    #[arg(long, value_parser = name)]
    name: Option<TokenName<'static>>,
    /// What the token may do, as db:NAME,NAME:read,write; may be repeated
    #[arg(long, alias = "permissions", value_name = "PERMISSION", value_parser = permission)]
    permission: Vec<Permission<'static>>,
    /// How long the token works, as 30d, 1h 30m or 1y; for ever if left out
    #[arg(long, value_name = "DURATION", value_parser = time::lifetime)]
    expiry: Option<Lifetime>,
    /// What the token is for, in words, which servers ignore
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    #[command(flatten)]
    import: Import,
    /// Write to a file instead of asking a server; required
    #[arg(long)]
    offline: bool,
    /// Databases that the server creates before its tokens, separated by commas
    #[arg(long, value_name = "NAME,…", value_parser = databases)]
    create_databases: Vec<Databases>,
    /// The tokens file: made if it is absent, else appended to
    #[arg(long, value_name = "FILE")]
    output_file: Option<PathBuf>,
    /// What to print: words without the token string, or JSON with it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    write: Write,
    #[command(flatten)]
    now: time::Now,
    #[command(flatten)]
    ignored: Ignored,
}

/// Flags of the vendor's tool that make sense with a server only.
#[derive(clap::Args)]
struct Ignored {
    #[arg(long, hide = true)]
    regenerate: bool,
    #[arg(long, short = 'H', hide = true)]
    host: Option<String>,
    #[arg(long, hide = true)]
    token: Option<String>,
    #[arg(long, hide = true)]
    tls_ca: Option<PathBuf>,
    #[arg(long, hide = true)]
    tls_no_verify: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// One value of `--create-databases`.
#[derive(Clone)]
struct Databases(Vec<DatabaseName<'static>>);

pub(crate) fn name(text: &str) -> Result<TokenName<'static>, String> {
    TokenName::parse(text.to_owned()).map_err(|error| error.to_string())
}

fn permission(text: &str) -> Result<Permission<'static>, String> {
    Permission::parse(text.to_owned()).map_err(|error| format!("{error}; {}", error.help()))
}

fn databases(text: &str) -> Result<Databases, String> {
    let names = text.split(',').map(|name| DatabaseName::parse(name.to_owned()));
    names.collect::<Result<_, _>>().map(Databases).map_err(|e| format!("{e}; {}", e.help()))
}

pub(crate) fn run(args: Args) -> Result<Status, Failure> {
    let path = args.offline_file()?.to_owned();
    let now = args.now.get();
    let expiry_millis = time::expiry_millis(args.expiry, now)?;
    args.say_ignored();
    let secret = match args.import.secret()? {
        Some(secret) => secret,
        None => new_secret()?,
    };
    if args.admin {
        create_admin(&args, &path, secret, expiry_millis, now)
    } else {
        create_resource(args, &path, secret, expiry_millis, now)
    }
}

/// A token string from the operating system's randomness (GEN-01).
pub(crate) fn new_secret() -> Result<Secret<'static>, Failure> {
    tokens::os::new_secret().map_err(|error| no_randomness(&error))
}

fn no_randomness(error: &io::Error) -> Failure {
    Failure::Failed(format!("the operating system gives no randomness: {error}"))
}

fn usage(error: impl ToString) -> Failure {
    Failure::Usage(error.to_string())
}

impl Args {
    /// The file to write, where the flags make sense together.
    fn offline_file(&self) -> Result<&Path, Failure> {
        if self.ignored.regenerate {
            return Err(usage(
                "`--regenerate` needs a running server: use `influxdb3 create token --admin \
                 --regenerate`",
            ));
        }
        if !self.offline {
            return Err(usage(
                "this tool writes files: add `--offline --output-file FILE`, or use `influxdb3 \
                 create token` to make a token on a running server",
            ));
        }
        let Some(path) = &self.output_file else {
            return Err(usage("`--offline` needs `--output-file FILE`"));
        };
        write::refuse_stdout(path)?;
        if !self.admin && self.permission.is_empty() {
            return Err(usage("say what the token may do, as `--permission db:sensors:read`"));
        }
        Ok(path)
    }

    /// A file in which the token of this name has the description that was given.
    fn described(
        &self,
        text: Zeroizing<String>,
        name: &str,
    ) -> Result<Zeroizing<String>, EditError> {
        match &self.description {
            Some(description) => tokens::describe(text.as_bytes(), name, description),
            None => Ok(text),
        }
    }

    fn say_ignored(&self) {
        let ignored = &self.ignored;
        for (given, flag) in [
            (ignored.host.is_some(), "--host"),
            (ignored.token.is_some(), "--token"),
            (ignored.tls_ca.is_some(), "--tls-ca"),
            (ignored.tls_no_verify, "--tls-no-verify"),
        ] {
            if given {
                say(Severity::Note, &format!("`{flag}` is ignored: no server is asked"));
            }
        }
    }
}

fn create_admin(
    args: &Args,
    path: &Path,
    secret: Secret<'static>,
    expiry_millis: Option<i64>,
    now: Timestamp,
) -> Result<Status, Failure> {
    let name = args.name.clone().unwrap_or_else(TokenName::operator);
    let token = AdminToken { secret, name, expiry_millis };
    let text = args.described(tokens::render_admin(&token), token.name.as_str());
    let text = text.map_err(Failure::failed)?;
    args.write.create(path, &text)?;
    say_findings(path, &text, |_| true, now);
    let created = Created {
        what: "created admin token",
        name: token.name.as_str(),
        secret: &token.secret,
        expiry_millis,
        permissions: vec![EVERYTHING],
        path,
        more: Vec::new(),
    };
    told(path, created.print(args.format, now))
}

fn create_resource(
    args: Args,
    path: &Path,
    secret: Secret<'static>,
    expiry_millis: Option<i64>,
    now: Timestamp,
) -> Result<Status, Failure> {
    let databases: Vec<_> = args.create_databases.iter().flat_map(|d| d.0.clone()).collect();
    let name =
        args.name.clone().ok_or_else(|| usage("give the token a name with `--name NAME`"))?;
    let token = Token { secret, name, expiry_millis, permissions: args.permission.clone() };
    let appended = args.write.update(path, |old| {
        let mut appended = tokens::append(old, &token, &databases)?;
        let text = std::mem::take(&mut appended.text);
        Ok((args.described(text, token.name.as_str())?, appended))
    })?;
    report::say_about(path, &token, &appended, now);
    let created = Created {
        what: if appended.is_new { "created token" } else { "appended token" },
        name: token.name.as_str(),
        secret: &token.secret,
        expiry_millis,
        permissions: token.permissions.iter().map(Permission::as_str).collect(),
        path,
        more: report::about_the_file(&appended),
    };
    let printed = created.print(args.format, now);
    if !appended.is_new {
        say_servers_keep(path, "make the token there with `influxdb3 create token`");
    }
    told(path, printed)
}
