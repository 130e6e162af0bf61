//! Starts of a server with a file.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::file::{File, SECRETS, TOKENS, pool};
use crate::generate::document::Document;
use crate::shrink::{Shrink, shrink_fields};
use crate::source::{list, one_in, pick};

/// What a start does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanQuestion {
    /// The file.
    pub file: File,
    /// What the server has; none for a fresh one.
    pub server: Option<Server>,
}

/// What a server has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Server {
    /// Its databases.
    pub databases: Vec<String>,
    /// Its tokens.
    pub tokens: Vec<ServerToken>,
}

/// A token of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerToken {
    /// Its name.
    pub name: String,
    /// Its string, of which the server has the hash.
    pub secret: String,
    /// Whether it is no admin token.
    pub resource: bool,
}

impl Server {
    /// A server that knows some of the file.
    fn of(u: &mut Unstructured<'_>, document: Option<&Document>, pool: &[&str]) -> Result<Self> {
        let mut databases: Vec<String> = list(u, 3, |u| Ok(pick(u, pool)?.to_owned()))?;
        let granted = document.into_iter().flat_map(|document| &document.tokens);
        for grant in granted.flat_map(|token| &token.permissions) {
            if !one_in(u, 3)? && grant.resource_type() == "db" {
                let names =
                    grant.names().into_iter().filter(|name| !matches!(*name, "*" | "_internal"));
                databases.extend(names.map(str::to_owned));
            }
        }
        let known = document.map_or(&[][..], |document| &document.tokens);
        let token = |u: &mut Unstructured<'_>| {
            let (mut name, mut secret) =
                (pick(u, &TOKENS)?.to_owned(), pick(u, &SECRETS[..12])?.to_owned());
            if let Ok(token) = u.choose(known) {
                if !one_in(u, 3)? {
                    name.clone_from(&token.name);
                }
                if !one_in(u, 3)? {
                    secret.clone_from(&token.secret);
                }
            }
            Ok(ServerToken { name, secret, resource: one_in(u, 3)? })
        };
        Ok(Server { databases, tokens: list(u, 2, token)? })
    }
}

impl<'a> Arbitrary<'a> for PlanQuestion {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let names = pool(u)?;
        let file = File::mostly_good(u, names)?;
        let document = match &file {
            File::Small(document, ..) => Some(document),
            File::Any(_) => None,
        };
        let server = if one_in(u, 8)? { None } else { Some(Server::of(u, document, names)?) };
        Ok(PlanQuestion { server, file })
    }
}

impl Shrink for ServerToken {
    fn simpler(&self) -> Vec<Self> {
        Vec::new()
    }
}

shrink_fields!(Server { databases, tokens });
shrink_fields!(PlanQuestion { server, file });
