//! Faults in the tree: values, members and names that are not as they should be.

use std::ops::Range;

use tokens::Code;

use super::{Fault, Hit, Kind, word};
use crate::generate::clean::{NOW, strong_secret};
use crate::generate::document::{Expiry, TokenModel};
use crate::generate::grant::{Grant, Names};
use crate::generate::permission::PermissionFault;
use crate::generate::tree::{Json, Part, Route};
use crate::words::{
    EXPIRIES_OUT_OF_RANGE, EXPIRIES_SPELLED_WRONG, MEMBER_TYPES, NO_DATABASE_NAMES, PLACEHOLDERS,
    TYPES, UNUSABLE, WEAK, wrong_types,
};

/// How many milliseconds are soon.
pub(super) const SOON: u64 = 1_000_000;

/// Puts a fault into a clean document; none for those that are put into its text.
pub(super) fn put(fault: Fault, tree: &mut Json) -> Option<Hit> {
    let mut file = Faults { fault, tree };
    Some(match fault.kind {
        Kind::RepeatedMember => file.repeated(Vec::new(), &["tokens", "create_databases"])?,
        Kind::RepeatedTokenMember => {
            let token = file.token()?;
            file.repeated(token, &["token", "name", "permissions"])?
        }
        Kind::TopLevel => {
            *file.tree = value_of(word(&["array", "string", "number", "true", "null"], fault.word));
            hit(Code::NotAnObject, Vec::new(), Part::Value)
        }
        Kind::Element => {
            let tokens = file.list("tokens")?;
            let route = file.insert(
                tokens,
                value_of(word(&["array", "string", "number", "null"], fault.word)),
            )?;
            hit(Code::NotAnObject, route, Part::Value)
        }
        Kind::MissingTokens => {
            file.tree.remove("tokens");
            hit(Code::MissingMember, Vec::new(), Part::Opening)
        }
        Kind::MissingMember => {
            let token = file.token()?;
            let name = word(&["token", "name", "permissions"], fault.word);
            file.tree.at_mut(&token)?.remove(name);
            hit(Code::MissingMember, token, Part::Opening)
        }
        Kind::WrongType => file.wrong_type()?,
        Kind::ExpirySpelling => file.expiry(Code::WrongType, &EXPIRIES_SPELLED_WRONG)?,
        Kind::ExpiryOutOfRange => file.expiry(Code::ExpiryOutOfRange, &EXPIRIES_OUT_OF_RANGE)?,
        Kind::Permission => {
            let system = ["ping", "health"].map(str::to_owned).to_vec();
            let grant = match fault.word % 2 {
                0 => Grant::on(&["a", "b-c", "d/e"], &["write", "read"]),
                _ => Grant { names: Names::System(system), actions: vec!["read"] },
            };
            let broken =
                PermissionFault::of(fault.token, fault.at, fault.word / 2).break_text(&grant);
            let token = file.token()?;
            let route = file.member(&token, "permissions")?;
            let route = file.insert(route, Json::Text(broken.text))?;
            hit(broken.code, route, Part::Inside(broken.place))
        }
        Kind::DatabaseName => {
            file.database(Code::DatabaseName, word(&NO_DATABASE_NAMES, fault.word))?
        }
        Kind::InternalDatabase => file.database(Code::DatabaseName, "_internal")?,
        Kind::LongName => {
            file.database(Code::LongDatabaseName, &"n".repeat(65 + usize::from(fault.word)))?
        }
        Kind::DeclaredTwice => {
            let list = file.list("create_databases")?;
            let at = usize::from(fault.at) % file.tree.at(&list)?.len();
            let first = [&list[..], &[at]].concat();
            let route = file.push(list, file.tree.at(&first)?.clone())?;
            hit(Code::DuplicateDatabase, route, Part::Value).beside(first, Part::Value)
        }
        Kind::TooManyDatabases => {
            let list = file.list("create_databases")?;
            for number in 0..=100 {
                file.push(list.clone(), Json::text(format!("tenant{number}")))?;
            }
            hit(Code::TooManyDatabases, [&list[..], &[0]].concat(), Part::Value)
        }
        Kind::TokenPrefix => {
            const WORDS: [&str; 7] =
                ["", "x", "APIV3_x", "apiv3-x", " apiv3_x", "apiv3", "Bearer apiv3_x"];
            let token = file.token()?;
            let route = file.set(&token, "token", Json::text(word(&WORDS, fault.word)))?;
            hit(Code::TokenPrefix, route, Part::Value)
        }
        Kind::EmptyName => {
            let token = file.token()?;
            let route = file.set(&token, "name", Json::text(""))?;
            hit(Code::EmptyName, route, Part::Value)
        }
        Kind::SameSecret => file.twin(Code::DuplicateToken, "token")?,
        Kind::SameName => file.twin(Code::DuplicateName, "name")?,
        Kind::WrongKind => hit(Code::WrongKind, Vec::new(), Part::Opening),
        Kind::UnknownMember => {
            let object = if fault.token.is_multiple_of(2) { Vec::new() } else { file.token()? };
            const WORDS: [&str; 11] = [
                "expiry",
                "Tokens",
                "permission",
                "databases",
                "x",
                " name",
                "~",
                "a/b~c",
                "~1",
                "x\u{202e}y",
                "x\ny",
            ];
            let name = word(&WORDS, fault.word);
            let route = file.add(object, name, Json::raw("0"))?;
            hit(Code::UnknownMember, route, Part::Name)
        }
        Kind::NoTokens => {
            let route = file.list("tokens")?;
            *file.tree.at_mut(&route)? = Json::Array(Vec::new());
            hit(Code::NoTokens, route, Part::Value)
        }
        Kind::WeakToken => file.secret(Code::WeakToken, word(&WEAK, fault.word))?,
        Kind::PlaceholderToken => {
            file.secret(Code::PlaceholderToken, word(&PLACEHOLDERS, fault.word))?
        }
        Kind::UnusableToken => file.secret(Code::UnusableToken, word(&UNUSABLE, fault.word))?,
        Kind::ReservedName => {
            let token = file.new_token(TokenModel { name: "_admin".to_owned(), ..new_token() })?;
            hit(Code::ReservedName, file.member(&token, "name")?, Part::Value)
        }
        Kind::Expired => {
            let moments = [0, -1, i64::MIN, NOW, NOW - 1, 100_000_000_000];
            file.expires(Code::Expired, word(&moments, fault.word))?
        }
        Kind::ExpiresSoon => {
            let soon = i64::try_from(SOON).unwrap_or_default();
            file.expires(Code::ExpiresSoon, word(&[NOW + 1, NOW + soon], fault.word))?
        }
        Kind::Seconds => {
            let moments = [1, 99_999_999_999, NOW / 1000];
            file.expires(Code::ExpiryLooksLikeSeconds, word(&moments, fault.word))?
        }
        Kind::NoPermissions => {
            let token = file.new_token(TokenModel { permissions: Vec::new(), ..new_token() })?;
            hit(Code::NoPermissions, file.member(&token, "permissions")?, Part::Value)
        }
        _ => return file.granted(),
    })
}

fn hit(code: Code, route: Route, part: Part) -> Hit {
    Hit { code, route, part, other: None }
}

/// A value of a JSON type.
fn value_of(json_type: &str) -> Json {
    let value =
        TYPES.iter().find(|(name, _)| *name == json_type).map_or("null", |(_, value)| *value);
    match serde_json::from_str(value) {
        Ok(text) => Json::Text(text),
        Err(_) => Json::raw(value),
    }
}

/// A token that nothing is to be said about, beside those that are there.
fn new_token() -> TokenModel {
    TokenModel {
        secret: strong_secret(99),
        name: "a name that no other has".to_owned(),
        expiry: Expiry::Absent,
        permissions: vec![Grant::on(&["*"], &["read"])],
        unknown: Vec::new(),
        order: Vec::new(),
    }
}

/// Which of some permissions, and which bytes of it.
type Bytes = (usize, Range<usize>);

struct Faults<'t> {
    fault: Fault,
    tree: &'t mut Json,
}

impl Faults<'_> {
    fn list(&self, name: &str) -> Option<Route> {
        self.member(&[], name)
    }

    fn member(&self, object: &[usize], name: &str) -> Option<Route> {
        let at = self.tree.at(object)?.member(name)?;
        Some([object, &[at]].concat())
    }

    /// The token that the fault names.
    fn token(&self) -> Option<Route> {
        let tokens = self.list("tokens")?;
        let count = self.tree.at(&tokens)?.len();
        Some([tokens, vec![usize::from(self.fault.token) % count]].concat())
    }

    /// Puts a value into an array, where the fault says.
    fn insert(&mut self, array: Route, value: Json) -> Option<Route> {
        let Json::Array(elements) = self.tree.at_mut(&array)? else { return None };
        let at = usize::from(self.fault.at) % (elements.len() + 1);
        elements.insert(at, value);
        Some([array, vec![at]].concat())
    }

    fn push(&mut self, array: Route, value: Json) -> Option<Route> {
        let Json::Array(elements) = self.tree.at_mut(&array)? else { return None };
        elements.push(value);
        let at = elements.len() - 1;
        Some([array, vec![at]].concat())
    }

    /// A member at the end of an object.
    fn add(&mut self, object: Route, name: &str, value: Json) -> Option<Route> {
        let Json::Object(members) = self.tree.at_mut(&object)? else { return None };
        members.push((name.to_owned(), value));
        let at = members.len() - 1;
        Some([object, vec![at]].concat())
    }

    /// A member's value in place of the old one, or a new member.
    fn set(&mut self, object: &[usize], name: &str, value: Json) -> Option<Route> {
        let Some(route) = self.member(object, name) else {
            return self.add(object.to_vec(), name, value);
        };
        *self.tree.at_mut(&route)? = value;
        Some(route)
    }

    fn new_token(&mut self, token: TokenModel) -> Option<Route> {
        let tokens = self.list("tokens")?;
        self.push(tokens, token.json())
    }

    fn repeated(&mut self, object: Route, names: &[&str]) -> Option<Hit> {
        let name = word(names, self.fault.word);
        let first = self.member(&object, name)?;
        let value = self.tree.at(&first)?.clone();
        let again = hit(Code::DuplicateMember, self.add(object, name, value)?, Part::Name);
        Some(again.beside(first, Part::Name))
    }

    fn wrong_type(&mut self) -> Option<Hit> {
        let (member, _) = word(&MEMBER_TYPES, self.fault.at);
        let wrong: Vec<(&str, &str)> = wrong_types(member).collect();
        let value = value_of(word(&wrong, self.fault.word).0);
        let token = self.token()?;
        let route = match member {
            "create_databases" | "tokens" => self.set(&[], member, value)?,
            "database" => {
                let list = self.list("create_databases")?;
                self.insert(list, value)?
            }
            "permission" => {
                let list = self.member(&token, "permissions")?;
                self.insert(list, value)?
            }
            _ => self.set(&token, member, value)?,
        };
        Some(hit(Code::WrongType, route, Part::Value))
    }

    fn expiry(&mut self, code: Code, spellings: &[(&str, &str)]) -> Option<Hit> {
        let token = self.token()?;
        let (_, spelling) = word(spellings, self.fault.word);
        Some(hit(code, self.set(&token, "expiry_millis", Json::raw(spelling))?, Part::Value))
    }

    fn database(&mut self, code: Code, name: &str) -> Option<Hit> {
        let list = self.list("create_databases")?;
        Some(hit(code, self.insert(list, Json::text(name))?, Part::Value))
    }

    /// A new token that has one thing in common with an old one.
    fn twin(&mut self, code: Code, member: &str) -> Option<Hit> {
        let old = self.member(&self.token()?, member)?;
        let common = self.tree.at(&old)?.clone();
        let new = self.new_token(new_token())?;
        Some(hit(code, self.set(&new, member, common)?, Part::Value).beside(old, Part::Value))
    }

    fn secret(&mut self, code: Code, part: &str) -> Option<Hit> {
        let token =
            self.new_token(TokenModel { secret: format!("apiv3_{part}"), ..new_token() })?;
        Some(hit(code, self.member(&token, "token")?, Part::Value))
    }

    fn expires(&mut self, code: Code, millis: i64) -> Option<Hit> {
        let token = self.new_token(TokenModel { expiry: Expiry::At(millis), ..new_token() })?;
        Some(hit(code, self.member(&token, "expiry_millis")?, Part::Value))
    }

    /// Faults of what a token is granted: the permissions, in which of them which bytes are wrong, and
    /// where the other half is.
    fn granted(&mut self) -> Option<Hit> {
        let list = self.list("create_databases")?;
        let Json::Text(declared) = self.tree.at(&[&list[..], &[0]].concat())?.clone() else {
            return None;
        };
        let name = declared.as_str();
        let on = |names: &[&str], actions: &[&'static str]| Grant::on(names, actions);
        let inside = |index, before: &str, text: &str| -> Bytes {
            (index, before.len()..before.len() + text.len())
        };
        let action = word(&["read", "write", "describe", "delete"], self.fault.word);
        let (code, permissions, wrong, other) = match self.fault.kind {
            Kind::RepeatedAction => {
                let wrong = inside(0, &format!("db:*:{action},"), action);
                (Code::DuplicateGrant, vec![on(&["*"], &[action, action])], wrong, None)
            }
            Kind::RepeatedName => {
                let wrong = inside(0, &format!("db:{name},"), name);
                let other = Some(inside(0, "db:", name));
                (Code::DuplicateGrant, vec![on(&[name, name], &[action])], wrong, other)
            }
            Kind::RepeatedGrant => {
                let grants = vec![on(&[name], &[action]), on(&[name], &["create", action])];
                let other = Some(inside(0, "db:", name));
                (Code::DuplicateGrant, grants, inside(1, "db:", name), other)
            }
            Kind::Shadowed => {
                let [all, one] =
                    [on(&["*"], &[action, "create"]), on(&[name], &["read", "create"])];
                let lost = if action == "read" { on(&["*"], &["read", "write"]) } else { all };
                let at = usize::from(self.fault.at % 2);
                let grants = if at == 0 { vec![one, lost] } else { vec![lost, one] };
                let other = Some(inside(1 - at, "db:", "*"));
                (Code::ShadowedGrant, grants, inside(at, "db:", name), other)
            }
            Kind::CreateAlone => {
                let wrong = inside(0, &format!("db:{name}:"), "create");
                (Code::IneffectiveGrant, vec![on(&[name], &["create"])], wrong, None)
            }
            Kind::Internal => {
                let wrong = inside(0, "db:", "_internal");
                (Code::IneffectiveGrant, vec![on(&["_internal"], &[action])], wrong, None)
            }
            Kind::Undeclared | Kind::MissingDatabase => {
                let code = match self.fault.kind {
                    Kind::Undeclared => Code::UndeclaredDatabase,
                    _ => Code::MissingDatabase,
                };
                (code, vec![on(&["elsewhere"], &[action])], inside(0, "db:", "elsewhere"), None)
            }
            _ => return None,
        };
        self.in_new_token(code, permissions, wrong, other)
    }

    /// A new token with these permissions, before which harmless ones may stand.
    fn in_new_token(
        &mut self,
        code: Code,
        mut permissions: Vec<Grant>,
        wrong: Bytes,
        other: Option<Bytes>,
    ) -> Option<Hit> {
        let before = usize::from(self.fault.at / 2 % 3);
        let harmless = ["ping", "ready"].map(|name| Grant {
            names: Names::System(vec![name.to_owned()]),
            actions: vec!["read"],
        });
        permissions.splice(0..0, harmless.into_iter().take(before));
        let token = self.new_token(TokenModel { permissions, ..new_token() })?;
        let list = self.member(&token, "permissions")?;
        let place = |(index, bytes)| ([&list[..], &[before + index]].concat(), Part::Inside(bytes));
        let (route, part) = place(wrong);
        Some(Hit { other: other.map(place), ..hit(code, route, part) })
    }
}
