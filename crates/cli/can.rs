//! `can`: whether a token may do something, and which permission decides.

use std::path::PathBuf;

use clap::builder::{PossibleValue, TypedValueParser};
use tokens::access::{Access, Databases, Decision, Outcome, Reason, Request};
use tokens::permission::INTERNAL_DATABASE;
use tokens::suggest::nearest;
use tokens::{
    Action, Actions, AdminToken, DatabaseName, Document, Expiry, ResourceType, Timestamp, Token,
    quote,
};

use crate::input;
use crate::offered::Offered;
use crate::output::{Failure, Status, print};
use crate::time;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The token's name
    name: String,
    /// What it wants to do: read, write, create, delete or describe; several at once with commas
    #[arg(value_parser = known_actions(), hide_possible_values = true)]
    action: Actions,
    /// With what: db:NAME or system:NAME
    #[arg(value_parser = resource)]
    resource: Resource,
    /// The file
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    now: time::Now,
}

#[derive(Clone)]
struct Resource {
    resource_type: ResourceType,
    name: String,
}

/// A list of actions; one of them is what a shell may offer.
fn known_actions() -> impl TypedValueParser<Value = Actions> {
    Offered::new(actions, Action::ALL.map(|action| PossibleValue::new(action.as_str())))
}

fn actions(text: &str) -> Result<Actions, String> {
    let known = Action::ALL.map(Action::as_str);
    let action = |name: &str| {
        Action::from_name(name).ok_or_else(|| match nearest(name, known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the actions are {}", known.join(", ")),
        })
    };
    text.split(',').map(action).collect()
}

fn resource(text: &str) -> Result<Resource, String> {
    let shape = || "give it as db:NAME or system:NAME".to_owned();
    let (resource_type, name) = text.split_once(':').ok_or_else(shape)?;
    let resource_type = ResourceType::from_name(resource_type).ok_or_else(shape)?;
    if resource_type == ResourceType::Db && name != INTERNAL_DATABASE {
        DatabaseName::parse(name).map_err(|error| format!("{error}; ask about one database"))?;
    }
    Ok(Resource { resource_type, name: name.to_owned() })
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let input = input::file(args.file.as_ref())?;
    let stored = input.read()?;
    let reading = input::loaded(&input, &stored)?;
    let now = args.now.get();
    let (outcome, why) = match (reading.document(), reading.admin_token()) {
        (Some(document), _) => args.ask(&document, now),
        (None, Some(admin)) => args.ask_admin(&admin, now),
        (None, None) => return Err(Failure::Failed("the file holds no tokens".to_owned())),
    };
    print(&format!("{outcome} (HTTP {}): {why}\n", outcome.http_status()))?;
    Ok(if outcome == Outcome::Allow { Status::Done } else { Status::No })
}

impl Args {
    fn ask(&self, document: &Document<'_>, now: Timestamp) -> (Outcome, String) {
        let Some(token) = document.token(&self.name) else {
            let names = document.tokens().iter().map(|token| token.name.as_str());
            let hint = nearest(&self.name, names).map(|name| format!("; is it {}?", quote(name)));
            let unknown = format!("no token is named {}", quote(&self.name));
            let outcome = Decision::unknown_token().outcome;
            return (outcome, unknown + &hint.unwrap_or_default());
        };
        let all = Databases::needed_by(document);
        let without = Databases::needed_by(document).without(&self.resource.name);
        let to_be_made = self.is_to_be_made(document);
        let databases = if to_be_made { &without } else { &all };
        let request = Request {
            resource_type: self.resource.resource_type,
            name: &self.resource.name,
            actions: self.action,
        };
        let decision = Access::new(token, databases).decide(&request, now);
        let mut why = self.why(&decision.reason, token, now);
        if to_be_made {
            why.push_str("; a database that is yet to be created is covered by `*` alone");
        }
        (decision.outcome, why)
    }

    /// ACC-04: to create a database asks about one that does not exist, unless the file declares it.
    fn is_to_be_made(&self, document: &Document<'_>) -> bool {
        self.resource.resource_type == ResourceType::Db
            && self.resource.name != INTERNAL_DATABASE
            && self.action.contains(Action::Create)
            && !document.create_databases().iter().any(|db| db.as_str() == self.resource.name)
    }

    fn ask_admin(&self, admin: &AdminToken<'_>, now: Timestamp) -> (Outcome, String) {
        if admin.name.as_str() != self.name {
            let why = format!("no token is named {}", quote(&self.name));
            return (Outcome::Unauthenticated, why);
        }
        match admin.expiry() {
            expiry if expiry.is_past(now) => {
                (Outcome::Unauthenticated, format!("the token {}", time::expiry(expiry, now)))
            }
            _ => (Outcome::Allow, "an admin token may do everything".to_owned()),
        }
    }

    fn why(&self, reason: &Reason, token: &Token<'_>, now: Timestamp) -> String {
        let Resource { resource_type, name } = &self.resource;
        let resource = quote(&format!("{resource_type}:{name}"));
        match reason {
            Reason::UnknownToken => format!("no token is named {}", quote(&self.name)),
            Reason::Expired(at) => format!("the token {}", time::expiry(Expiry::At(*at), now)),
            Reason::InternalDatabase => "`_internal` is for admin tokens only".to_owned(),
            Reason::UnknownSystemName => format!("a server has no {resource}"),
            Reason::NoGrant => format!("no permission of the token is on {resource} or on `*`"),
            Reason::Decided { by, missing, shadowed } => {
                let entries = entries(token, by);
                let verb = if by.len() == 1 { "decides" } else { "decide" };
                let mut why = if missing.is_empty() {
                    format!("{entries} {verb}")
                } else {
                    format!("{entries} {verb} alone on {resource}, without `{missing}`")
                };
                if !shadowed.is_empty() {
                    let entries = self::entries(token, shadowed);
                    why.push_str(&format!("; {entries} would allow it, but is shadowed"));
                }
                why
            }
        }
    }
}

/// The permissions of these indices, quoted.
fn entries(token: &Token<'_>, indices: &[usize]) -> String {
    let permissions = indices.iter().filter_map(|index| token.permissions.get(*index));
    let quoted: Vec<String> = permissions.map(|permission| quote(permission.as_str())).collect();
    quoted.join(" and ")
}
