//! The grammar of permissions: parts, types and actions.

use serde_json::json;
use testkit::words::{ACTIONS, SYSTEM_NAMES, misspelt};

use super::{Family, accept, file, permission_value, reject};
use crate::protocol::Op;
use crate::vector::{Case, File, Level};

fn family(rule: &'static str) -> Family {
    Family { rule, level: Level::Must, source: "documentation", op: Op::Permission }
}

pub(super) fn families() -> Vec<File> {
    vec![
        file("perm-01-parts", "Any number of parts but three is refused", parts()),
        file("perm-02-letters", "A type is not known with another letter", types()),
        file("perm-07-subsets", "Every set of database actions, in every order of two", subsets()),
        file("perm-07-letters", "An action is not known with another letter", actions()),
        file("perm-08-actions", "`read` is the only action on the system", system()),
        file(
            "perm-06-letters",
            "A system name is not known with a letter more or less",
            system_names(),
        ),
    ]
}

/// Texts with two to eight parts, all of them good parts.
fn parts() -> Vec<Case> {
    let all = ["db", "plant7", "read", "write", "db", "plant8", "read", "write"];
    (2..=all.len())
        .filter(|count| *count != 3)
        .map(|count| {
            let text = all.iter().take(count).copied().collect::<Vec<_>>().join(":");
            let description = format!("{count} parts around {} colons", count - 1);
            let expect = reject("grammar", "permission-shape");
            family("PERM-01").case(
                &format!("parts-{count}"),
                &description,
                &json!({"text": text}),
                expect,
            )
        })
        .collect()
}

fn types() -> Vec<Case> {
    let mut cases = Vec::new();
    for (resource_type, name) in [("db", "plant7"), ("system", "ping")] {
        for (how, text) in misspelt(resource_type) {
            cases.push(family("PERM-02").case(
                &format!("{resource_type}-{how}"),
                &format!("`{text}` in place of `{resource_type}`"),
                &json!({"text": format!("{text}:{name}:read")}),
                reject("grammar", "permission-resource-type"),
            ));
        }
    }
    cases
}

fn subsets() -> Vec<Case> {
    let mut cases = Vec::new();
    for set in 1..1_u32 << ACTIONS.len() {
        let chosen: Vec<&str> = ACTIONS
            .iter()
            .enumerate()
            .filter(|(at, _)| set & (1 << at) != 0)
            .map(|(_, action)| *action)
            .collect();
        let reversed: Vec<&str> = chosen.iter().rev().copied().collect();
        let value = permission_value("db", &["plant7"], &chosen);
        let mut add = |order: &str, given: &[&str]| {
            let given = given.join(",");
            let mut case = family("PERM-07").case(
                &format!("{}-{order}", chosen.join("-")),
                &format!("The actions `{given}`"),
                &json!({"text": format!("db:plant7:{given}")}),
                accept(&value),
            );
            // Servers before 3.10 know neither of these.
            if chosen.iter().any(|action| ["describe", "delete"].contains(action)) {
                case.since = "3.10.0".parse().ok();
            }
            cases.push(case);
        };
        add("forwards", &chosen);
        if reversed != chosen {
            add("backwards", &reversed);
        }
    }
    cases
}

fn actions() -> Vec<Case> {
    let mut cases = Vec::new();
    for action in ACTIONS {
        for (how, text) in misspelt(action) {
            cases.push(family("PERM-07").case(
                &format!("{action}-{how}"),
                &format!("`{text}` in place of `{action}`"),
                &json!({"text": format!("db:plant7:{text}")}),
                reject("grammar", "permission-action"),
            ));
        }
    }
    cases
}

fn system() -> Vec<Case> {
    let mut cases = Vec::new();
    for (first, second) in SYSTEM_NAMES.iter().zip(SYSTEM_NAMES.iter().skip(1)) {
        let name = format!("{second},{first}");
        for action in ACTIONS {
            let expect = match action {
                "read" => accept(&permission_value("system", &[second, first], &["read"])),
                _ => reject("grammar", "permission-action"),
            };
            let mut case = family("PERM-08").case(
                &format!("{first}-{second}-{action}"),
                &format!("The action `{action}` on the system names `{name}`"),
                &json!({"text": format!("system:{name}:{action}")}),
                expect,
            );
            if *second == "ready" && action == "read" {
                case.since = "3.10.0".parse().ok();
            }
            cases.push(case);
        }
    }
    cases
}

fn system_names() -> Vec<Case> {
    let mut cases = Vec::new();
    for name in SYSTEM_NAMES {
        // A server folds case; and the singular is judged by hand.
        let is_here =
            |(how, text): &(String, String)| !how.starts_with("upper") && text != "metric";
        for (how, text) in misspelt(name).into_iter().filter(is_here) {
            cases.push(family("PERM-06").case(
                &format!("{name}-{how}"),
                &format!("`{text}` in place of `{name}`"),
                &json!({"text": format!("system:{text}:read")}),
                reject("grammar", "permission-system-name"),
            ));
        }
    }
    cases
}
