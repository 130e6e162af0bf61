//! The library beside the least that could do the same.

use std::hint::black_box;
use std::rc::Rc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use regex::Regex;
use testkit::generate::{NOW, Shape};
use tokens::access::{Access, Databases, Request};
use tokens::os::NewSecrets;
use tokens::{Action, Context, Permission, ResourceType, Timestamp, Token, TokenName};

use super::files::{MANY, Plain, clean};
use super::pair::{Pair, Side, timed};

pub(crate) const PAIRS: &[Pair] = &[
    Pair {
        name: "check of 100,000 tokens / serde_json into `Value`",
        bound: 1.2,
        aim: 0.7,
        rounds: 11,
        sides: check,
    },
    Pair {
        name: "load of 100,000 tokens / serde_json into plain structs",
        bound: 1.0,
        aim: 0.7,
        rounds: 11,
        sides: load,
    },
    Pair {
        name: "generating 100,000 tokens / 100,000 times 64 random bytes in base64",
        bound: 1.3,
        aim: 1.1,
        rounds: 11,
        sides: generate,
    },
    Pair {
        name: "permission parsed / `Regex::captures` of the same grammar",
        bound: 1.0,
        aim: 0.3,
        rounds: 21,
        sides: permission,
    },
    Pair {
        name: "decision on a token with 1,000 grants / with 10",
        bound: 2.0,
        aim: 1.2,
        rounds: 21,
        sides: decision,
    },
];

/// All that there is to say about a file; how much that is.
pub(crate) fn checked(file: &str) -> usize {
    let reading = tokens::read(file.as_bytes(), None);
    tokens::check(&reading, &Context::at(Timestamp(NOW))).len()
}

fn check() -> [Side; 2] {
    let file: Rc<str> = clean(MANY).into();
    assert_eq!(checked(&file), 0);
    let same = Rc::clone(&file);
    [
        timed(move || checked(&file)),
        timed(move || serde_json::from_slice::<serde_json::Value>(same.as_bytes()).expect("JSON")),
    ]
}

fn load() -> [Side; 2] {
    let file: Rc<str> = clean(MANY).into();
    let same = Rc::clone(&file);
    [
        timed(move || {
            let reading = tokens::read(file.as_bytes(), None);
            black_box(reading.into_document().expect("it loads")).tokens().len()
        }),
        timed(move || serde_json::from_slice::<Plain>(same.as_bytes()).expect("JSON")),
    ]
}

fn generate() -> [Side; 2] {
    let permission = Permission::parse("db:a,b:read,write").expect("valid");
    [
        timed(move || {
            let mut secrets = NewSecrets::default();
            let token = |number| Token {
                secret: secrets.next().expect("randomness"),
                name: TokenName::parse(format!("app-{number}")).expect("not empty"),
                expiry_millis: None,
                permissions: vec![permission.clone()],
            };
            (0..MANY).map(token).collect::<Vec<_>>()
        }),
        timed(|| {
            let text = |_| {
                let mut entropy = [0; 64];
                getrandom::fill(&mut entropy).expect("randomness");
                BASE64_URL_SAFE_NO_PAD.encode(entropy)
            };
            (0..MANY).map(text).collect::<Vec<_>>()
        }),
    ]
}

const PERMISSIONS: [&str; 4] = [
    "db:*:read,write",
    "db:sensors:read",
    "db:db1,db2,team/a-b:create,delete",
    "system:ping,health:read",
];

fn permission() -> [Side; 2] {
    let pattern = r"^(?:(db):(\*|(?:_internal|[A-Za-z0-9][A-Za-z0-9_/-]*)(?:,(?:_internal|[A-Za-z0-9][A-Za-z0-9_/-]*))*):((?:create|describe|read|write|delete)(?:,(?:create|describe|read|write|delete))*)|(system):(\*|(?:health|metrics|ping|ready)(?:,(?:health|metrics|ping|ready))*):(read(?:,read)*))$";
    let regex = Regex::new(pattern).expect("a pattern");
    let each = |mut parse: Box<dyn FnMut(&'static str) -> bool>| {
        timed(move || {
            for text in PERMISSIONS.into_iter().cycle().take(20_000) {
                assert!(parse(black_box(text)));
            }
        })
    };
    [
        each(Box::new(|text| Permission::parse(text).is_ok())),
        each(Box::new(move |text| regex.captures(text).is_some())),
    ]
}

fn decision() -> [Side; 2] {
    [1_000, 10].map(|grants| {
        let file = Shape::Permissions.document(grants).leak();
        let reading = Box::leak(Box::new(tokens::read(file.as_bytes(), None)));
        let document = Box::leak(Box::new(reading.document().expect("it loads")));
        let databases = Box::leak(Box::new(Databases::needed_by(document)));
        let access = Access::new(document.tokens().first().expect("a token"), databases);
        let names: Vec<String> = (0..10).map(|n| format!("a{}", n * grants / 10)).collect();
        timed(move || {
            for name in names.iter().cycle().take(20_000) {
                let (resource_type, actions) = (ResourceType::Db, Action::Read.into());
                let request = Request { resource_type, name: black_box(name), actions };
                black_box(access.decide(&request, Timestamp(NOW)));
            }
        })
    })
}
