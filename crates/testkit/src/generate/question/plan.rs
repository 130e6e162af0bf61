//! Starts of a server with a file.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::file::{File, SECRETS, TOKENS, pool};
use super::near::{Near, Turn};
use super::twist::Twist;
use crate::generate::Spelling;
use crate::generate::document::{Databases, Document};
use crate::generate::grant::Grant;
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
        for name in document.map(Document::database_names).unwrap_or_default() {
            if !one_in(u, 3)? {
                databases.push(name.to_owned());
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

impl PlanQuestion {
    /// A server whose token and databases are near to those of the file, each time in another way.
    pub(super) fn in_turn(self, turn: usize) -> Self {
        let mut document = self.file.good();
        let (mut of_databases, mut of_token) = (Turn(turn), Turn(turn));
        let near = [Near::Same, Near::OtherCase, Near::Policy, Near::Far];
        let near = of_databases.of(&near).unwrap_or(Near::Same);
        let on_policy = of_databases.of(&[false, true]).unwrap_or_default();
        if let (Some(token), true) = (document.tokens.first_mut(), on_policy) {
            token.permissions.push(Grant::on(&["a/rp"], &["read"]));
        }
        if of_databases.of(&[true, false]).unwrap_or_default() {
            let names = document.database_names().into_iter().map(str::to_owned);
            document.databases = Databases::Listed(names.collect());
        }
        let name = of_token.of(&Near::ALL[..3]).unwrap_or(Near::Same);
        let secret = of_token.of(&[Near::Far, Near::Same, Near::OtherCase]).unwrap_or(Near::Far);
        let resource = of_token.of(&[false, true]).unwrap_or_default();
        let tokens = document.tokens.first().into_iter().map(|token| ServerToken {
            name: name.to(&token.name),
            secret: secret.to(&token.secret),
            resource,
        });
        let names = document.database_names().into_iter().map(|name| near.to(name));
        let server = Server { databases: names.collect(), tokens: tokens.collect() };
        let file = File::Small(document, Spelling::default(), Twist::None);
        PlanQuestion { file, server: Some(server) }
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
    /// One that is no admin token is the simpler: with it a server has all that it needs (BOOT-01).
    fn simpler(&self) -> Vec<Self> {
        if self.resource {
            Vec::new()
        } else {
            vec![ServerToken { resource: true, ..self.clone() }]
        }
    }
}

shrink_fields!(Server { databases, tokens });
shrink_fields!(PlanQuestion { server, file });
