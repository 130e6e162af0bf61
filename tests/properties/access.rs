//! The decision agrees with a slow, obvious model, written from ACC-01 to ACC-08.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use tokens::access::{Access, Databases, Outcome, Request};
use tokens::{Action, Permission, ResourceType, Secret, Timestamp, Token, TokenName};

#[derive(Clone, Debug)]
struct World {
    permissions: Vec<String>,
    at_creation: Vec<&'static str>,
    later: Vec<&'static str>,
    expiry: Option<i64>,
    now: i64,
}

const NAMES: [&str; 5] = ["a", "b", "a/rp", "c", "_internal"];

fn permission() -> impl Strategy<Value = String> {
    let actions = || subsequence(Action::ALL.map(Action::as_str).to_vec(), 1..=5);
    let db = prop_oneof![
        subsequence(NAMES.to_vec(), 1..=3).prop_map(|names| names.join(",")),
        Just("*".to_owned()),
    ];
    let system = prop_oneof![
        subsequence(vec!["health", "metrics", "ping", "ready"], 1..=2)
            .prop_map(|names| names.join(",")),
        Just("*".to_owned()),
    ];
    prop_oneof![
        3 => (db, actions()).prop_map(|(names, actions)| format!("db:{names}:{}", actions.join(","))),
        1 => system.prop_map(|names| format!("system:{names}:read")),
    ]
}

fn world() -> impl Strategy<Value = World> {
    let some = || subsequence(NAMES.to_vec(), 0..=4);
    (vec(permission(), 0..4), some(), some(), proptest::option::of(-2..3_i64), -2..3_i64).prop_map(
        |(permissions, at_creation, later, expiry, now)| World {
            permissions,
            at_creation,
            later,
            expiry,
            now,
        },
    )
}

/// What the rules say, one after the other.
fn model(world: &World, kind: &str, name: &str, needed: &[&str]) -> Outcome {
    // ACC-01
    if world.expiry.is_some_and(|expiry| expiry <= world.now) {
        return Outcome::Unauthenticated;
    }
    // ACC-06
    if kind == "db" && name == "_internal" {
        return Outcome::Deny;
    }
    // ACC-07
    if kind == "system" && !["health", "metrics", "ping", "ready"].contains(&name) {
        return Outcome::Deny;
    }
    // ACC-02: the actions of all entries on one name, or none if there is no entry.
    let granted = |wanted: &str| -> Option<BTreeSet<&str>> {
        let mut union = None;
        for permission in &world.permissions {
            let parts: Vec<&str> = permission.split(':').collect();
            if parts[0] == kind && parts[1].split(',').any(|name| name == wanted) {
                union.get_or_insert_with(BTreeSet::new).extend(parts[2].split(','));
            }
        }
        union
    };
    // ACC-04, ACC-05: a name is bound to a database that was there at creation and is no newer one.
    let bound =
        kind == "system" || (world.at_creation.contains(&name) && !world.later.contains(&name));
    // ACC-03: exact first, then `*`; the first found decides alone.
    let found = if bound { granted(name).or_else(|| granted("*")) } else { granted("*") };
    // ACC-08, ACC-10
    match found {
        Some(actions) if needed.iter().all(|action| actions.contains(action)) => Outcome::Allow,
        _ => Outcome::Deny,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn decisions_agree_with_the_model(
        world in world(),
        resource in select(vec![
            ("db", "a"), ("db", "b"), ("db", "a/rp"), ("db", "c"), ("db", "_internal"), ("db", "other"),
            ("system", "health"), ("system", "ping"), ("system", "a"),
        ]),
        needed in subsequence(Action::ALL.map(Action::as_str).to_vec(), 1..=2),
    ) {
        let token = Token {
            secret: Secret::parse("apiv3_x").expect("prefixed"),
            name: TokenName::parse("n").expect("not empty"),
            expiry_millis: world.expiry,
            permissions: world.permissions.iter().map(|p| Permission::parse(p.as_str()).expect("valid")).collect(),
        };
        let databases = Databases::new(world.at_creation.iter().copied(), world.later.iter().copied());
        let (kind, name) = resource;
        let request = Request {
            resource_type: ResourceType::from_name(kind).expect("a type"),
            name,
            actions: needed.iter().filter_map(|name| Action::from_name(name)).collect(),
        };
        let decision = Access::new(&token, &databases).decide(&request, Timestamp(world.now));
        prop_assert_eq!(decision.outcome, model(&world, kind, name, &needed));
    }
}
