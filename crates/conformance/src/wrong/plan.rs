//! Mistakes in foreseeing the start of a server.

use super::Fault::Plan;
use super::edit::{self, member, strings};
use super::{Answer, Ask, Request, Value, Wrong, loaded, must, refuse};
use crate::protocol::{LoadValue, PlanRequest, PlanValue, State, StateToken, TokenValue};

/// A mistake in foreseeing the start of a server.
pub(super) enum Fault {
    /// What the server has is changed.
    Before(fn(&LoadValue, &mut State<'_>)),
    /// What happens is changed; or the start stops, if this is false.
    After(fn(&Start<'_>, &mut PlanValue) -> bool),
    /// A database that is missing does not stop the start.
    Rescue(fn(&Start<'_>) -> PlanValue),
}

/// A file and a server.
pub(super) struct Start<'s> {
    text: String,
    file: LoadValue,
    state: State<'s>,
}

impl Start<'_> {
    fn has(&self, database: &str) -> bool {
        self.state.databases.iter().any(|name| name == database)
    }

    fn declares(&self, database: &str) -> bool {
        self.file.create_databases.iter().any(|name| name == database)
    }

    /// The server's token of this name.
    fn token(&self, name: &str) -> Option<&StateToken<'_>> {
        self.state.tokens.iter().find(|token| token.name == name)
    }

    fn has_resource_tokens(&self) -> bool {
        self.state.tokens.iter().any(|token| token.resource)
    }

    /// The databases that tokens of the file need, and that are neither there nor made.
    fn missing(&self) -> impl Iterator<Item = &str> {
        let needed = self.file.tokens.iter().flat_map(databases);
        needed.filter(|name| !self.has(name) && !self.declares(name))
    }

    /// The tokens that are created.
    fn created<'p>(&'p self, plan: &'p PlanValue) -> impl Iterator<Item = &'p TokenValue> {
        self.file.tokens.iter().filter(|token| plan.create_tokens.contains(&token.name))
    }

    /// What happens where these tokens are created.
    fn creates(&self, creates: impl Fn(&TokenValue) -> bool) -> PlanValue {
        let databases = self.file.create_databases.iter().filter(|name| !self.has(name));
        let tokens = self.file.tokens.iter().filter(|token| creates(token));
        PlanValue {
            create_databases: databases.cloned().collect(),
            create_tokens: tokens.map(|token| token.name.clone()).collect(),
            notes: None,
        }
    }
}

impl Fault {
    pub(super) fn answer(&self, request: &PlanRequest<'_>, ask: Ask<'_>) -> Answer {
        let right = ask(&Request::Plan(request.clone()));
        let text = edit::text(&request.document);
        let file = text.as_deref().and_then(|text| loaded(text, ask));
        let (Some(text), Some(file)) = (text, file) else { return right };
        let mut state = request.state.clone().unwrap_or_default();
        match (self, right) {
            (Fault::Before(change), _) => {
                change(&file, &mut state);
                ask(&Request::Plan(PlanRequest { state: Some(state), ..request.clone() }))
            }
            (Fault::After(change), Answer::Accept(Value::Plan(mut value))) => {
                let goes_on = change(&Start { text, file, state }, &mut value);
                if goes_on { Answer::Accept(Value::Plan(value)) } else { refuse() }
            }
            (Fault::Rescue(plan), Answer::Reject(reject)) => {
                let start = Start { text, file, state };
                match start.missing().next() {
                    Some(_) => Answer::Accept(Value::Plan(plan(&start))),
                    None => Answer::Reject(reject),
                }
            }
            (_, right) => right,
        }
    }
}

/// The names that a token is granted something on.
fn granted<'t>(token: &'t TokenValue, resource_type: &str) -> impl Iterator<Item = &'t str> {
    let entries = token.permissions.iter();
    let entries = entries.filter(move |entry| entry.resource_type == resource_type);
    entries.flat_map(|entry| &entry.resource_names).map(String::as_str)
}

/// The databases that a token is granted something on, but those that need not exist.
fn databases(token: &TokenValue) -> impl Iterator<Item = &str> {
    granted(token, "db").filter(|name| !matches!(*name, "*" | "_internal"))
}

fn clashes(start: &Start<'_>, token: &TokenValue) -> bool {
    let mut tokens = start.state.tokens.iter();
    tokens.any(|other| other.token_sha512 == token.token_sha512 && other.name != token.name)
}

const fn before(
    name: &'static str,
    mistake: &'static str,
    change: fn(&LoadValue, &mut State<'_>),
) -> Wrong {
    must(name, mistake, Plan(Fault::Before(change)))
}

const fn after(
    name: &'static str,
    mistake: &'static str,
    change: fn(&Start<'_>, &mut PlanValue) -> bool,
) -> Wrong {
    must(name, mistake, Plan(Fault::After(change)))
}

const fn rescue(
    name: &'static str,
    mistake: &'static str,
    rescue: fn(&Start<'_>) -> PlanValue,
) -> Wrong {
    must(name, mistake, Plan(Fault::Rescue(rescue)))
}

pub(super) const RIGHT: &[Wrong] = &[
    before("plan/right-before", "changes nothing of what the server has", |_, _| {}),
    after("plan/right-after", "changes nothing of what happens", |_, _| true),
];

pub(super) const WRONG: &[Wrong] = &[
    after(
        "plan/adds-new-tokens",
        "creates the tokens that are new in the file, at every start",
        |start, plan| {
            let new = start.creates(|token| start.token(&token.name).is_none());
            plan.create_tokens = new.create_tokens;
            true
        },
    ),
    before(
        "plan/admin-counts",
        "counts admin tokens when it asks whether any token exists",
        |_, state| {
            state.tokens.iter_mut().for_each(|token| token.resource = true);
        },
    ),
    before(
        "plan/own-tokens-count",
        "asks only whether tokens of the file's own names exist",
        |file, state| {
            let is_own = |name: &str| file.tokens.iter().any(|token| token.name == name);
            state.tokens.retain(|token| !token.resource || is_own(&token.name));
        },
    ),
    before("plan/first-token-counts", "looks at the server's first token alone", |_, state| {
        state.tokens.truncate(1);
    }),
    after("plan/skips-expired", "does not create tokens that have expired", |start, plan| {
        let has_expired =
            |token: &TokenValue| token.expiry_millis.is_some_and(|at| at < 1_700_000_000_000);
        let expired = start.file.tokens.iter().filter(|token| has_expired(token));
        let names: Vec<&str> = expired.map(|token| token.name.as_str()).collect();
        plan.create_tokens.retain(|name| !names.contains(&name.as_str()));
        true
    }),
    after("plan/skips-powerless", "does not create tokens without permissions", |start, plan| {
        let powerless = start.file.tokens.iter().filter(|token| token.permissions.is_empty());
        let names: Vec<&str> = powerless.map(|token| token.name.as_str()).collect();
        plan.create_tokens.retain(|name| !names.contains(&name.as_str()));
        true
    }),
    after(
        "plan/admin-replaced",
        "creates a token whose name an admin token holds",
        |start, plan| {
            if !start.has_resource_tokens() {
                plan.create_tokens = start.creates(|_| true).create_tokens;
            }
            true
        },
    ),
    after(
        "plan/admin-name-stops",
        "stops where an admin token holds a name of the file",
        |start, _| {
            let held = start.file.tokens.iter().any(|token| start.token(&token.name).is_some());
            start.has_resource_tokens() || !held
        },
    ),
    after(
        "plan/admin-name-any-case",
        "compares names with those of admin tokens without regard to case",
        |start, plan| {
            let names = || start.state.tokens.iter().map(|token| token.name.to_lowercase());
            plan.create_tokens.retain(|name| !names().any(|other| other == name.to_lowercase()));
            true
        },
    ),
    after("plan/operator-name-reserved", "never creates a token named _admin", |_, plan| {
        plan.create_tokens.retain(|name| name != "_admin");
        true
    }),
    before(
        "plan/databases-unchecked",
        "does not look whether the databases of permissions exist",
        |file, state| {
            let names = file.tokens.iter().flat_map(databases);
            let names =
                names.filter(|name| !file.create_databases.iter().any(|other| other == name));
            state.databases.extend(names.map(str::to_owned));
        },
    ),
    after(
        "plan/tokens-before-databases",
        "creates tokens before databases, and so misses those of the file",
        |start, plan| start.created(plan).flat_map(databases).all(|name| start.has(name)),
    ),
    after(
        "plan/declared-demanded",
        "demands that each database of a permission is declared in the file",
        |start, plan| start.created(plan).flat_map(databases).all(|name| start.declares(name)),
    ),
    after(
        "plan/checks-all-tokens",
        "looks for the databases of tokens that it does not create",
        |start, _| {
            let mut names = start.file.tokens.iter().flat_map(databases);
            names.all(|name| start.has(name) || start.declares(name))
        },
    ),
    after(
        "plan/checks-skipped-token",
        "looks for the databases of a token that it skips",
        |start, _| {
            let mut names = start.file.tokens.iter().flat_map(databases);
            start.has_resource_tokens() || names.all(|name| start.has(name) || start.declares(name))
        },
    ),
    rescue(
        "plan/skips-token",
        "skips a token whose database does not exist, and goes on",
        |start| {
            let exist = |name: &str| start.has(name) || start.declares(name);
            start.creates(|token| databases(token).all(exist) && start.token(&token.name).is_none())
        },
    ),
    before(
        "plan/base-suffices",
        "is content with the database where a retention policy is named",
        |file, state| {
            let policies = file.tokens.iter().flat_map(databases);
            let known = policies.filter(|name| {
                let base = name.split('/').next().unwrap_or_default();
                state.databases.iter().any(|database| database == base)
            });
            let known: Vec<String> = known.map(str::to_owned).collect();
            state.databases.extend(known);
        },
    ),
    after(
        "plan/internal-demanded",
        "demands that _internal is listed among the databases",
        |start, plan| {
            let mut names = start.created(plan).flat_map(|token| granted(token, "db"));
            names.all(|name| name != "_internal" || start.has(name))
        },
    ),
    after(
        "plan/star-demanded",
        "looks for a database named `*`, as servers before 3.10 did",
        |start, plan| {
            !start.created(plan).flat_map(|token| granted(token, "db")).any(|name| name == "*")
        },
    ),
    after(
        "plan/system-demanded",
        "looks for databases named like system endpoints",
        |start, plan| {
            start
                .created(plan)
                .flat_map(|token| granted(token, "system"))
                .all(|name| start.has(name))
        },
    ),
    after("plan/creates-again", "creates databases that exist", |start, plan| {
        plan.create_databases = start.file.create_databases.clone();
        true
    }),
    after("plan/creates-twice", "creates a database twice that is listed twice", |start, plan| {
        let declared = member(&start.text, "create_databases").map(|raw| strings(&raw));
        plan.create_databases = declared.unwrap_or_default();
        plan.create_databases.retain(|name| !start.has(name));
        true
    })
    .should(),
    rescue(
        "plan/creates-granted",
        "creates databases that permissions name, and the file does not",
        |start| {
            let mut plan = start.creates(|token| start.token(&token.name).is_none());
            plan.create_databases.extend(start.missing().map(str::to_owned));
            plan
        },
    ),
    after(
        "plan/databases-any-case",
        "looks for databases without regard to case",
        |start, plan| {
            let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
            plan.create_databases
                .retain(|name| !start.state.databases.iter().any(|other| same(name, other)));
            true
        },
    ),
    after(
        "plan/policy-is-database",
        "takes db/rp for db when it asks whether a database exists",
        |start, plan| {
            let base = |name: &str| name.split('/').next().unwrap_or_default().to_owned();
            plan.create_databases.retain(|name| {
                !start.state.databases.iter().any(|other| base(name) == base(other))
            });
            true
        },
    ),
    after(
        "plan/granted-databases-only",
        "creates only the databases that a token is granted something on",
        |start, plan| {
            let granted: Vec<&str> = start.file.tokens.iter().flat_map(databases).collect();
            plan.create_databases.retain(|name| granted.contains(&name.as_str()));
            true
        },
    ),
    before(
        "plan/secret-unchecked",
        "does not look whether a secret exists under another name",
        |file, state| {
            let is_other = |name: &str| !file.tokens.iter().any(|token| token.name == name);
            for token in state.tokens.iter_mut().filter(|token| is_other(&token.name)) {
                token.token_sha512 = "0".repeat(128).into();
            }
        },
    )
    .should(),
    after(
        "plan/secret-always-stops",
        "stops for a secret of another name also where it creates no token",
        |start, _| !start.file.tokens.iter().any(|token| clashes(start, token)),
    )
    .should(),
    after(
        "plan/secret-of-same-name-stops",
        "stops for a secret that exists, even under the same name",
        |start, _| {
            let exists = |token: &TokenValue| {
                start.state.tokens.iter().any(|other| other.token_sha512 == token.token_sha512)
            };
            !start.file.tokens.iter().any(exists)
        },
    ),
    after("plan/sorted-tokens", "creates tokens in the order of their names", |_, plan| {
        plan.create_tokens.sort();
        true
    })
    .should(),
    after("plan/sorted-databases", "creates databases in the order of their names", |_, plan| {
        plan.create_databases.sort();
        true
    })
    .should(),
    after("plan/no-word-of-tokens", "does not say that tokens exist", |_, plan| {
        plan.notes.iter_mut().for_each(|notes| notes.retain(|note| note != "tokens-exist"));
        true
    }),
    after(
        "plan/new-secret-unseen",
        "does not see that a known name has another secret",
        |_, plan| {
            plan.notes
                .iter_mut()
                .for_each(|notes| notes.retain(|note| note != "same-name-new-secret"));
            true
        },
    ),
];
