//! Decisions: every pair of actions on the exact name and on `*`, and every pair of actions.

use serde_json::{Value, json};
use testkit::generate::{Databases, Document, Expiry, Grant, TokenModel};
use testkit::words::ACTIONS;

use super::{Family, accept, file};
use crate::protocol::Op;
use crate::vector::{Case, File, Level};

const TOKEN: &str = super::load::TOKEN;
const NOW: i64 = 1_700_000_000_000;

fn family(rule: &'static str) -> Family {
    Family { rule, level: Level::Must, source: "observed: server 3.10", op: Op::Access }
}

pub(super) fn families() -> Vec<File> {
    vec![
        file("acc-03-pairs", "Actions on the exact name and on `*`, in both orders", pairs()),
        file("acc-10-actions", "No action implies another", actions()),
        file("tok-09-moments", "A token at moments around its expiry", moments()),
    ]
}

fn document(permissions: Vec<Grant>, expiry: Expiry) -> Value {
    let document = Document {
        databases: Databases::Absent,
        tokens: vec![TokenModel { expiry, ..super::load::token(permissions) }],
        unknown: Vec::new(),
        order: Vec::new(),
    };
    json!({"text": super::load::text(&document.json())})
}

fn probe(name: &str, actions: &[&str]) -> Value {
    let base = json!({"token": TOKEN, "resource_type": "db", "resource_name": name});
    let mut probe = base;
    if let Some(object) = probe.as_object_mut() {
        match actions {
            [action] => object.insert("action".to_owned(), json!(action)),
            several => object.insert("actions".to_owned(), json!(several)),
        };
    }
    probe
}

fn decision(allowed: bool) -> &'static str {
    if allowed { "allow" } else { "deny" }
}

/// The sets of `read` and `write`, with how they are written.
const SETS: [(&str, &[&str]); 4] =
    [("none", &[]), ("read", &["read"]), ("write", &["write"]), ("both", &["read", "write"])];

fn pairs() -> Vec<Case> {
    let mut cases = Vec::new();
    for (exact_name, exact) in SETS {
        for (star_name, star) in SETS {
            for star_first in [false, true] {
                let entry = |name, actions: &[&'static str]| {
                    (!actions.is_empty()).then(|| Grant::on(&[name], actions))
                };
                let mut permissions: Vec<Grant> =
                    [entry("plant7", exact), entry("*", star)].into_iter().flatten().collect();
                if star_first {
                    // In another order it is the same case, unless there are two.
                    if permissions.len() < 2 {
                        continue;
                    }
                    permissions.reverse();
                }
                cases.push(pair(exact_name, exact, star_name, star, star_first, permissions));
            }
        }
    }
    cases
}

fn pair(
    exact_name: &str,
    exact: &[&str],
    star_name: &str,
    star: &[&str],
    star_first: bool,
    permissions: Vec<Grant>,
) -> Case {
    let wanted: [&[&str]; 3] = [&["read"], &["write"], &["read", "write"]];
    let mut probes = Vec::new();
    let mut decisions = Vec::new();
    for (name, deciding) in [
        // ACC-03: the exact entry decides alone where there is one.
        ("plant7", if exact.is_empty() { star } else { exact }),
        ("plant8", star),
        // ACC-05: made later.
        ("plant9", star),
    ] {
        for actions in wanted {
            probes.push(probe(name, actions));
            decisions.push(decision(actions.iter().all(|action| deciding.contains(action))));
        }
    }
    let order = if star_first { "-star-first" } else { "" };
    let request = json!({
        "document": document(permissions, Expiry::Absent),
        "databases": ["plant7", "plant8"],
        "later": ["plant9"],
        "now_millis": NOW,
        "probes": probes,
    });
    family("ACC-03").case(
        &format!("exact-{exact_name}-star-{star_name}{order}"),
        &format!(
            "{exact_name} on the exact name and {star_name} on the wildcard{}",
            if star_first { ", which comes first" } else { "" }
        ),
        &request,
        accept(&json!({"decisions": decisions})),
    )
}

fn actions() -> Vec<Case> {
    let mut cases = Vec::new();
    for granted in ACTIONS {
        for name in ["plant7", "*"] {
            let probes: Vec<Value> =
                ACTIONS.iter().map(|action| probe("plant7", &[action])).collect();
            let decisions: Vec<&str> =
                ACTIONS.iter().map(|action| decision(*action == granted)).collect();
            let request = json!({
                "document": document(vec![Grant::on(&[name], &[granted])], Expiry::Absent),
                "databases": ["plant7"],
                "now_millis": NOW,
                "probes": probes,
            });
            let on = if name == "*" { "all" } else { "one" };
            cases.push(family("ACC-10").case(
                &format!("{granted}-on-{on}"),
                &format!("`{granted}` on `{name}` gives nothing else"),
                &request,
                accept(&json!({"decisions": decisions})),
            ));
        }
    }
    cases
}

fn moments() -> Vec<Case> {
    let mut cases = Vec::new();
    let expiries = [0, 1, 1_700_000_000_000, 9_007_199_254_740_993, i64::MAX - 1];
    for (number, expiry) in expiries.into_iter().enumerate() {
        for (what, now) in [("before", expiry - 1), ("at", expiry), ("after", expiry + 1)] {
            if now < 0 {
                continue;
            }
            let active = expiry > now;
            let request = json!({
                "document": document(vec![Grant::on(&["plant7"], &["read"])], Expiry::At(expiry)),
                "databases": ["plant7"],
                "now_millis": now,
                "probes": [probe("plant7", &["read"]), probe("plant7", &["write"])],
            });
            let decisions = if active { ["allow", "deny"] } else { ["unauthenticated"; 2] };
            cases.push(family("TOK-09").case(
                &format!("expiry-{}-{what}", number + 1),
                &format!("The moment {now} with the expiry {expiry}"),
                &request,
                accept(&json!({"decisions": decisions})),
            ));
        }
    }
    cases
}
