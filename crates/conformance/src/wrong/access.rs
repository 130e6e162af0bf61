//! Mistakes in deciding what a token may do.

use super::Fault::Access;
use super::edit::{self, document, elements, member, token_members, token_value, unquoted};
use super::grants::{Grant, with_grants};
use super::{Answer, Ask, Request, Value, Wrong, must};
use crate::protocol::{AccessRequest, AccessValue, Probe};

/// A mistake in deciding what a token may do.
pub(super) enum Fault {
    /// The moment or the databases are changed.
    Request(fn(&mut AccessRequest<'_>)),
    /// A document that loads is changed.
    Text(fn(&str) -> String),
    /// What its tokens are granted is changed.
    Grants(fn(Vec<Grant>) -> Vec<Grant>),
    /// A decision is made from others.
    Probe(fn(&Scene<'_>, &Probe<'_>, Decide<'_>) -> &'static str),
}

/// What decides as the reference does.
pub(super) type Decide<'d> = &'d dyn Fn(&Probe<'_>) -> &'static str;

/// What a probe is made in.
pub(super) struct Scene<'s> {
    pub(super) request: &'s AccessRequest<'s>,
    secrets: Vec<String>,
}

pub(super) const ALLOW: &str = "allow";
pub(super) const DENY: &str = "deny";
const UNAUTHENTICATED: &str = "unauthenticated";

/// No database has this name, so that only a wildcard says anything of it.
pub(super) const NOWHERE: &str = "there-is-no-such-database";

impl Fault {
    pub(super) fn answer(&self, request: &AccessRequest<'_>, ask: Ask<'_>) -> Answer {
        let right = ask(&Request::Access(request.clone()));
        let (Answer::Accept(_), Some(text)) = (&right, edit::text(&request.document)) else {
            return right;
        };
        let with_text = |text: String| {
            ask(&Request::Access(AccessRequest { document: document(text), ..request.clone() }))
        };
        match self {
            Fault::Request(change) => {
                let mut request = request.clone();
                change(&mut request);
                ask(&Request::Access(request))
            }
            Fault::Text(change) => with_text(change(&text)),
            Fault::Grants(change) => with_text(with_grants(&text, *change)),
            Fault::Probe(decide) => {
                let scene = Scene { request, secrets: secrets(&text) };
                let ask_one = |probe: &Probe<'_>| decide_one(request, probe, ask);
                let decisions = request.probes.iter().map(|probe| decide(&scene, probe, &ask_one));
                let decisions = decisions.map(str::to_owned).collect();
                Answer::Accept(Value::Access(AccessValue { decisions }))
            }
        }
    }
}

fn decide_one(request: &AccessRequest<'_>, probe: &Probe<'_>, ask: Ask<'_>) -> &'static str {
    let one = AccessRequest { probes: vec![probe.clone()], ..request.clone() };
    let Answer::Accept(Value::Access(value)) = ask(&Request::Access(one)) else { return DENY };
    let all = [ALLOW, DENY, UNAUTHENTICATED];
    all.into_iter().find(|known| value.decisions == [*known]).unwrap_or(DENY)
}

fn secrets(text: &str) -> Vec<String> {
    let tokens = member(text, "tokens").and_then(|raw| elements(&raw)).unwrap_or_default();
    let secret = |token: &String| unquoted(&member(token, "token")?);
    tokens.iter().filter_map(secret).collect()
}

pub(super) fn named<'p>(probe: &Probe<'p>, name: &str) -> Probe<'p> {
    Probe { resource_name: name.to_owned().into(), ..probe.clone() }
}

fn with_token<'p>(probe: &Probe<'p>, token: &str) -> Probe<'p> {
    Probe { token: token.to_owned().into(), ..probe.clone() }
}

/// The decision, but allowed where it is denied and something else holds.
pub(super) fn or(decision: &'static str, allows: impl FnOnce() -> bool) -> &'static str {
    if decision == DENY && allows() { ALLOW } else { decision }
}

/// The decision where a token is found that the request does not quite name.
fn as_other_token(
    scene: &Scene<'_>,
    probe: &Probe<'_>,
    decide: Decide<'_>,
    same: impl Fn(&str, &str) -> bool,
) -> &'static str {
    let found = scene.secrets.iter().find(|secret| same(secret, &probe.token));
    match found {
        Some(secret) if !scene.secrets.iter().any(|secret| *secret == probe.token) => {
            decide(&with_token(probe, secret))
        }
        _ => decide(probe),
    }
}

fn add_expiry_of_zero(text: &str) -> String {
    token_members(text, |members| {
        members.retain(|(name, raw)| !(name == "expiry_millis" && raw == "null"));
        if !members.iter().any(|(name, _)| name == "expiry_millis") {
            members.push(("expiry_millis".to_owned(), "0".to_owned()));
        }
    })
}

fn drop_expiries(text: &str, odd: impl Fn(i64) -> bool) -> String {
    token_value(text, "expiry_millis", |raw| match raw.parse::<i64>() {
        Ok(expiry) if odd(expiry) => "null".to_owned(),
        _ => raw.to_owned(),
    })
}

pub(super) const fn request(
    name: &'static str,
    mistake: &'static str,
    change: fn(&mut AccessRequest<'_>),
) -> Wrong {
    must(name, mistake, Access(Fault::Request(change)))
}

pub(super) const fn text(
    name: &'static str,
    mistake: &'static str,
    change: fn(&str) -> String,
) -> Wrong {
    must(name, mistake, Access(Fault::Text(change)))
}

pub(super) const fn grants(
    name: &'static str,
    mistake: &'static str,
    change: fn(Vec<Grant>) -> Vec<Grant>,
) -> Wrong {
    must(name, mistake, Access(Fault::Grants(change)))
}

pub(super) const fn probe(
    name: &'static str,
    mistake: &'static str,
    decide: fn(&Scene<'_>, &Probe<'_>, Decide<'_>) -> &'static str,
) -> Wrong {
    must(name, mistake, Access(Fault::Probe(decide)))
}

pub(super) const RIGHT: &[Wrong] = &[
    grants("access/right-grants", "changes nothing of what is granted", |grants| grants),
    probe("access/right-probe", "decides each probe alone", |_, probe, decide| decide(probe)),
];

pub(super) const WRONG: &[Wrong] = &[
    request(
        "access/until-and-with",
        "takes a token in its last millisecond, `>=` for `>`",
        |request| {
            request.now_millis -= 1;
        },
    ),
    request("access/seconds", "compares the expiry with seconds", |request| {
        request.now_millis /= 1000;
    }),
    request("access/no-expiry-check", "does not look at the expiry", |request| {
        request.now_millis = i64::MIN;
    }),
    text(
        "access/none-is-expired",
        "takes a token without an expiry for expired",
        add_expiry_of_zero,
    ),
    text("access/zero-is-never", "asks `if expiry`, which lets 0 never expire", |text| {
        drop_expiries(text, |expiry| expiry == 0)
    }),
    text("access/negative-is-never", "lets negative expiries never expire", |text| {
        drop_expiries(text, |expiry| expiry < 0)
    }),
    probe(
        "access/expired-is-denied",
        "answers 403 to an expired token, where 401 is right",
        |scene, probe, decide| {
            let is_known = scene.secrets.iter().any(|secret| *secret == probe.token);
            if is_known && decide(probe) == UNAUTHENTICATED { DENY } else { decide(probe) }
        },
    ),
    probe(
        "access/unknown-is-denied",
        "answers 403 to an unknown token, where 401 is right",
        |scene, probe, decide| {
            let is_known = scene.secrets.iter().any(|secret| *secret == probe.token);
            if is_known { decide(probe) } else { DENY }
        },
    ),
    probe(
        "access/denied-is-unauthenticated",
        "has one answer for all that is not allowed: 401",
        |_, probe, decide| {
            if decide(probe) == ALLOW { ALLOW } else { UNAUTHENTICATED }
        },
    ),
    probe(
        "access/token-any-case",
        "compares tokens without regard to case",
        |scene, probe, decide| {
            as_other_token(scene, probe, decide, |secret, given| secret.eq_ignore_ascii_case(given))
        },
    ),
    probe("access/token-trimmed", "trims the token of a request", |scene, probe, decide| {
        as_other_token(scene, probe, decide, |secret, given| secret == given.trim())
    }),
    probe(
        "access/token-beginning",
        "compares as many characters as the request's token has",
        |scene, probe, decide| {
            as_other_token(scene, probe, decide, |secret, given| secret.starts_with(given))
        },
    ),
    probe(
        "access/token-longer",
        "compares as many characters as the file's token has",
        |scene, probe, decide| {
            as_other_token(scene, probe, decide, |secret, given| given.starts_with(secret))
        },
    ),
    probe(
        "access/token-without-prefix",
        "compares what follows the prefix",
        |scene, probe, decide| {
            as_other_token(scene, probe, decide, |secret, given| {
                secret.strip_prefix("apiv3_") == Some(given)
            })
        },
    ),
    probe(
        "access/any-token",
        "looks through the permissions of all tokens",
        |scene, probe, decide| {
            let allows = |secret: &String| decide(&with_token(probe, secret)) == ALLOW;
            or(decide(probe), || scene.secrets.iter().any(allows))
        },
    ),
];
