//! `convert`: a tokens file in the form in which something else takes it.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::ValueEnum;
use serde::Serialize;
use tokens::diagnostic::Severity;
use tokens::store::Stored;
use tokens::{Action, Document, Kind, Permission, Timestamp, Token, quote};

use crate::input::{self, Input};
use crate::output::{Failure, Status, print_bytes, print_json_exactly, say};
use crate::time;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Into what
    #[arg(long, value_enum)]
    to: Form,
    /// The file; of a Secret also an admin token file
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The admin token file of the same server, for the same Secret
    #[arg(long, value_name = "FILE")]
    admin_token_file: Option<PathBuf>,
    /// The name of the Secret
    #[arg(long, default_value = "influxdb3-tokens", value_parser = subdomain)]
    name: String,
    /// The namespace of the Secret
    #[arg(long, value_parser = label)]
    namespace: Option<String>,
    #[command(flatten)]
    now: time::Now,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Form {
    /// The manifest of a Kubernetes Secret, with the whole file and its token strings in it
    K8sSecret,
    /// For each token the body of a `POST /api/v3/enterprise/configure/token`, a line each; the server makes
    /// new token strings
    HttpRequest,
}

/// A name that Kubernetes takes for a namespace (RFC 1123).
fn label(text: &str) -> Result<String, String> {
    let is_inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let at_ends = !text.starts_with('-') && !text.ends_with('-');
    if (1..=63).contains(&text.len()) && text.bytes().all(is_inside) && at_ends {
        return Ok(text.to_owned());
    }
    Err("Kubernetes takes 1 to 63 lower-case letters, digits and `-`, which is not at an end"
        .into())
}

/// A name that it takes for a Secret: several of these with dots between.
fn subdomain(text: &str) -> Result<String, String> {
    if text.len() <= 253 && text.split('.').all(|part| label(part).is_ok()) {
        return Ok(text.to_owned());
    }
    Err("Kubernetes takes up to 253 lower-case letters, digits, `-` and `.`, of which none but letters \
         and digits are at an end or beside a `.`"
        .into())
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let input = input::file(args.file.as_ref())?;
    let admin = args.admin_token_file.as_deref().map(Input::new);
    input::refuse_second_stdin(admin.iter().chain([&input]))?;
    match args.to {
        Form::K8sSecret => args.secret(&input, admin.as_ref()),
        Form::HttpRequest if admin.is_some() => Err(Failure::Usage(
            "`--admin-token-file` goes with `--to k8s-secret` only: this request makes no admin token"
                .to_owned(),
        )),
        Form::HttpRequest => requests(&input, args.now.get()),
    }
}

impl Args {
    fn secret(&self, input: &Input, admin: Option<&Input>) -> Result<Status, Failure> {
        let mut data = vec![read(input, None)?];
        if let Some(admin) = admin {
            data.push(read(admin, Some(Kind::Admin))?);
        }
        if let [(key, _), (other, _)] = data.as_slice()
            && key == other
        {
            return Err(Failure::Failed("both files are admin token files".to_owned()));
        }
        let namespace = self.namespace.as_ref();
        let namespace =
            namespace.map_or(String::new(), |name| format!("  namespace: \"{name}\"\n"));
        // In quotes, since to YAML some names are numbers or the like.
        let mut manifest = format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: \"{}\"\n{namespace}type: Opaque\ndata:\n",
            self.name
        );
        for (key, stored) in &data {
            // Base64 keeps every byte, whatever YAML would make of it.
            manifest.push_str(&format!("  {key}: {}\n", STANDARD.encode(&*stored.bytes)));
        }
        print_bytes(manifest.as_bytes())?;
        Ok(Status::Done)
    }
}

/// The key under which the vendor's chart looks for a file of its kind, and the file, which has to load.
fn read(input: &Input, expected: Option<Kind>) -> Result<(&'static str, Stored), Failure> {
    let stored = input.read()?;
    let kind = input::loaded_as(input, &stored, expected)?.kind();
    let key = match kind {
        Some(Kind::Admin) => "admin-token.json",
        _ => "permission-tokens.json",
    };
    Ok((key, stored))
}

/// The body of a request that makes a token.
#[derive(Serialize)]
struct Request<'t> {
    token_name: &'t str,
    permissions: Vec<Entry<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry_secs: Option<u64>,
}

#[derive(Serialize)]
struct Entry<'t> {
    resource_type: &'static str,
    resource_names: Vec<&'t str>,
    actions: Vec<&'static str>,
}

fn requests(input: &Input, now: Timestamp) -> Result<Status, Failure> {
    let stored = input.read()?;
    let reading = input::loaded_as(input, &stored, Some(Kind::Permission))?;
    let document = reading.document();
    let mut status = Status::Done;
    for token in document.iter().flat_map(Document::tokens) {
        if !has_a_second(token, now) {
            let (name, expiry) = (quote(token.name.as_str()), time::expiry(token.expiry(), now));
            say(Severity::Error, &format!("{}: {name} {expiry}: it is left out", input.display()));
            status = Status::No;
        } else {
            // It holds no token string, and a name that is masked would be another name.
            print_json_exactly(&request(token, now))?;
        }
    }
    Ok(status)
}

/// Whether the token works for a second at least: a server takes no less (GEN-03).
fn has_a_second(token: &Token<'_>, now: Timestamp) -> bool {
    match token.expiry() {
        tokens::Expiry::At(moment) => moment > now && moment.distance(now).as_secs() > 0,
        tokens::Expiry::Never => true,
    }
}

fn request<'t>(token: &'t Token<'_>, now: Timestamp) -> Request<'t> {
    let entry = |permission: &'t Permission<'_>| Entry {
        resource_type: permission.resource_type().as_str(),
        resource_names: permission.distinct_names(),
        actions: permission.actions().iter().map(Action::as_str).collect(),
    };
    Request {
        token_name: token.name.as_str(),
        permissions: token.permissions.iter().map(entry).collect(),
        expiry_secs: match token.expiry() {
            tokens::Expiry::At(moment) => Some(moment.distance(now).as_secs()),
            tokens::Expiry::Never => None,
        },
    }
}
