//! `create token`: the vendor's command for tokens files, with its flags (GEN-02, GEN-06).

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use serde::Serialize;
use tokens::diagnostic::{Diagnostic, Severity};
use tokens::store::{self, ModeChange, Options};
use tokens::{
    AdminToken, AppendError, Appended, Context, DatabaseName, Expiry, Lifetime, Permission, Secret,
    Timestamp, Token, TokenName, quote, visible,
};

use crate::output::{Failure, Status, count, print, print_json_with_secret, say};
use crate::{signals, time};

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
    #[arg(long, value_name = "DURATION", value_parser = lifetime)]
    expiry: Option<Lifetime>,
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
    /// How long to wait for other writers
    #[arg(long, value_name = "DURATION", value_parser = time::duration, default_value = "30s")]
    lock_timeout: Duration,
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

fn name(text: &str) -> Result<TokenName<'static>, String> {
    TokenName::parse(text.to_owned()).map_err(|error| error.to_string())
}

fn permission(text: &str) -> Result<Permission<'static>, String> {
    Permission::parse(text.to_owned()).map_err(|error| format!("{error}; {}", error.help()))
}

fn lifetime(text: &str) -> Result<Lifetime, String> {
    text.parse().map_err(|error: tokens::LifetimeError| error.to_string())
}

fn databases(text: &str) -> Result<Databases, String> {
    let names = text.split(',').map(|name| DatabaseName::parse(name.to_owned()));
    names.collect::<Result<_, _>>().map(Databases).map_err(|e| format!("{e}; {}", e.help()))
}

pub(crate) fn run(args: Args) -> Result<Status, Failure> {
    let path = args.offline_file()?.to_owned();
    let now = args.now.get();
    let expiry_millis = match args.expiry {
        None => None,
        Some(lifetime) => Some(lifetime.expiry_from(now).map_err(usage)?.0),
    };
    args.say_ignored();
    let secret = tokens::os::new_secret().map_err(|error| {
        Failure::Failed(format!("the operating system gives no randomness: {error}"))
    })?;
    if args.admin {
        create_admin(&args, &path, secret, expiry_millis, now)
    } else {
        create_resource(args, &path, secret, expiry_millis, now)
    }
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
        if path.as_os_str() == "-" {
            return Err(usage("tokens are written to a file only, not to standard output"));
        }
        if !self.admin && self.name.is_none() {
            return Err(usage("give the token a name with `--name NAME`"));
        }
        if !self.admin && self.permission.is_empty() {
            return Err(usage("say what the token may do, as `--permission db:sensors:read`"));
        }
        Ok(path)
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

    /// Runs a write with the lock's time-out, a word about waiting, and signals caught.
    fn write<T>(&self, path: &Path, write: impl FnOnce(&Options<'_>) -> T) -> T {
        let interrupted = signals::interrupted();
        let shown = visible(&path.to_string_lossy()).into_owned();
        write(&Options {
            lock_timeout: self.lock_timeout,
            on_wait: &|| say(Severity::Note, &format!("{shown}: waiting for another writer")),
            interrupted: &interrupted,
        })
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
    let text = tokens::render_admin(&token);
    args.write(path, |options| store::create(path, options, &text)).map_err(|error| {
        let exists = matches!(error.cause(), store::Cause::Exists);
        let code = if exists { format!(" ({})", tokens::Code::FileExists) } else { String::new() };
        Failure::Failed(format!("{error}{code}"))
    })?;
    let created = Created {
        name: token.name.as_str(),
        secret: &token.secret,
        expiry_millis,
        permissions: vec![EVERYTHING],
        path,
    };
    created.print(args.format, "created admin token", "in", now)?;
    for finding in tokens::check(&tokens::read(text.as_bytes(), None), &Context::at(now)) {
        say_finding(&finding);
    }
    Ok(Status::Done)
}

fn create_resource(
    args: Args,
    path: &Path,
    secret: Secret<'static>,
    expiry_millis: Option<i64>,
    now: Timestamp,
) -> Result<Status, Failure> {
    let databases: Vec<_> = args.create_databases.iter().flat_map(|d| d.0.clone()).collect();
    let name = args.name.clone().ok_or_else(|| usage("give the token a name"))?;
    let token = Token { secret, name, expiry_millis, permissions: args.permission.clone() };
    let mut result = None;
    let change = args
        .write(path, |options| {
            store::update(path, options, |old| {
                let appended = tokens::append(old, &token, &databases)?;
                let Appended { text, databases, new_databases, tokens } = appended;
                result = Some((databases, new_databases, tokens));
                Ok::<_, AppendError>(text)
            })
        })
        .map_err(|error| failed(path, error))?;
    let (declared, new_databases, tokens) = result.unwrap_or_default();
    let created = Created {
        name: token.name.as_str(),
        secret: &token.secret,
        expiry_millis,
        permissions: token.permissions.iter().map(Permission::as_str).collect(),
        path,
    };
    let (verb, preposition) =
        if change == ModeChange::New { ("created token", "in") } else { ("appended token", "to") };
    created.print(args.format, verb, preposition, now)?;
    let new = declared.len() - new_databases;
    if args.format == Format::Text {
        let names: Vec<_> = declared.iter().skip(new).map(DatabaseName::as_str).collect();
        if !names.is_empty() {
            print(&format!("  a first start creates {}\n", names.join(", ")))?;
        }
        if tokens > 1 {
            print(&format!("  the file now holds {}\n", count(tokens, "token")))?;
        }
    }
    say_findings(&token, &declared, new, now);
    say_mode_change(change);
    if tokens > 1 {
        // BOOT-02
        say(
            Severity::Note,
            "a server that has resource tokens already creates none of this file; make the token \
             there with `influxdb3 create token`",
        );
    }
    Ok(Status::Done)
}

fn failed(path: &Path, error: store::UpdateError<AppendError>) -> Failure {
    match error {
        store::UpdateError::Store(error) => Failure::failed(error),
        store::UpdateError::Edit(error) => {
            let shown = visible(&path.to_string_lossy()).into_owned();
            let unread = matches!(error, AppendError::DoesNotLoad(_));
            let help = if unread { format!("; see `check {shown}`") } else { String::new() };
            Failure::Failed(format!("{shown}: {error}; nothing was written{help}"))
        }
    }
}

/// GEN-05: what the checks say of the new token and the new databases is said at once.
fn say_findings(token: &Token<'_>, declared: &[DatabaseName<'_>], new: usize, now: Timestamp) {
    let text = tokens::render(declared, std::slice::from_ref(token));
    for finding in tokens::check(&tokens::read(text.as_bytes(), None), &Context::at(now)) {
        let pointer = finding.place.as_ref().map_or("", |place| place.pointer.as_str());
        let old = match pointer.strip_prefix("/create_databases") {
            None => false,
            Some("") => new == declared.len(),
            Some(index) => index.trim_start_matches('/').parse().is_ok_and(|at: usize| at < new),
        };
        if !old {
            say_finding(&finding);
        }
    }
}

fn say_finding(finding: &Diagnostic) {
    let help = finding.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
    say(finding.severity, &format!("{} ({}){help}", finding.message, finding.code));
}

/// FILE-04.
fn say_mode_change(change: ModeChange) {
    match change {
        ModeChange::New | ModeChange::Kept => {}
        ModeChange::KeptForGroup(bits) => {
            say(
                Severity::Note,
                &format!("the file keeps its mode {bits:04o}: its group may read it"),
            );
        }
        ModeChange::Narrowed(bits) => {
            let message = format!("the file had mode {bits:04o} and has 0600 now");
            say(Severity::Warning, &message);
        }
    }
}

/// What a server shows as the permission of an admin token.
pub(crate) const EVERYTHING: &str = "*:*:*";

/// A token that was made, as it is reported.
struct Created<'c> {
    name: &'c str,
    secret: &'c Secret<'c>,
    expiry_millis: Option<i64>,
    permissions: Vec<&'c str>,
    path: &'c Path,
}

/// What `--format json` prints. The one place where a secret goes to standard output (GEN-07).
#[derive(Serialize)]
struct Json<'c> {
    name: &'c str,
    token: &'c str,
    hash: &'c str,
    expiry_millis: Option<i64>,
    permissions: &'c [&'c str],
    output_file: &'c str,
}

impl Created<'_> {
    fn print(
        &self,
        format: Format,
        verb: &str,
        preposition: &str,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let path = self.path.to_string_lossy();
        let hash = self.secret.hash();
        if format == Format::Json {
            return print_json_with_secret(&Json {
                name: self.name,
                token: self.secret.expose(),
                hash: hash.as_str(),
                expiry_millis: self.expiry_millis,
                permissions: &self.permissions,
                output_file: &path,
            });
        }
        let mut text = format!(
            "{verb} {} (fingerprint {}) {preposition} {}\n",
            quote(self.name),
            hash.fingerprint(),
            visible(&path)
        );
        for permission in &self.permissions {
            text.push_str(&format!("  {permission}\n"));
        }
        let expiry = time::expiry(Expiry::from_millis(self.expiry_millis), now);
        text.push_str(&format!("  {expiry}\n"));
        print(&text)
    }
}
