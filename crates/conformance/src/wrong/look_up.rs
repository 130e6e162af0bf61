//! Mistakes in looking up what a token is granted.

use super::Wrong;
use super::access::{ALLOW, DENY, Decide, NOWHERE, Scene, grants, named, or, probe, request, text};
use super::edit::{self, document, elements, member, token_value, with_elements};
use super::grants::Grant;
use super::permission::parts;
use crate::protocol::{AccessRequest, Probe};
use testkit::words::SYSTEM_NAMES;

fn acting<'p>(probe: &Probe<'p>, action: &str) -> Probe<'p> {
    let action = Some(action.to_owned().into());
    Probe { action, actions: Vec::new(), ..probe.clone() }
}

fn actions(probe: &Probe<'_>) -> Vec<String> {
    probe.action.iter().chain(&probe.actions).map(ToString::to_string).collect()
}

/// The decision, but denied where it is allowed and something else does not hold.
fn and(decision: &'static str, allows: impl FnOnce() -> bool) -> &'static str {
    if decision == ALLOW && !allows() { DENY } else { decision }
}

/// The decision where one action is taken to imply another.
fn implies(probe: &Probe<'_>, decide: Decide<'_>, one: &str, other: &str) -> &'static str {
    let each = |action: &String| {
        let allows = |action: &str| decide(&acting(probe, action)) == ALLOW;
        allows(action) || (action == other && allows(one))
    };
    or(decide(probe), || actions(probe).iter().all(each))
}

/// The decision where another name is looked up too.
fn or_named(probe: &Probe<'_>, decide: Decide<'_>, name: Option<&str>) -> &'static str {
    let is_db = probe.resource_type == "db";
    let allows = |name: &str| is_db && decide(&named(probe, name)) == ALLOW;
    or(decide(probe), || name.is_some_and(allows))
}

fn exists(scene: &Scene<'_>, name: &str) -> bool {
    let databases = scene.request.databases.iter().chain(&scene.request.later);
    name == "_internal" || databases.into_iter().any(|database| database == name)
}

/// Keeps one grant for each name.
fn once(grants: Vec<Grant>) -> Vec<Grant> {
    let mut kept: Vec<Grant> = Vec::new();
    for grant in grants {
        if !kept.iter().any(|other| other.is_on_the_same_as(&grant)) {
            kept.push(grant);
        }
    }
    kept
}

fn last_for_each_name(mut grants: Vec<Grant>) -> Vec<Grant> {
    grants.reverse();
    once(grants)
}

fn star_beats_names(grants: Vec<Grant>) -> Vec<Grant> {
    let stars: Vec<Grant> = grants.iter().filter(|grant| grant.is_star()).cloned().collect();
    let beaten = |grant: &Grant| stars.iter().any(|star| star.resource_type == grant.resource_type);
    grants.into_iter().filter(|grant| grant.is_star() || !beaten(grant)).collect()
}

/// What stands behind a wildcard of its type is never reached.
fn in_order_of_text(grants: Vec<Grant>) -> Vec<Grant> {
    let mut kept: Vec<Grant> = Vec::new();
    for grant in grants {
        let is_reached = |other: &Grant| {
            !other.is_star() || grant.is_star() || other.resource_type != grant.resource_type
        };
        if kept.iter().all(is_reached) {
            kept.push(grant);
        }
    }
    kept
}

fn folded(request: &mut AccessRequest<'_>) {
    let Some(text) = edit::text(&request.document) else { return };
    request.document = document(edit::each_permission(&text, str::to_lowercase));
    for name in request.databases.iter_mut().chain(&mut request.later) {
        *name = name.to_lowercase();
    }
    for probe in &mut request.probes {
        probe.resource_name = probe.resource_name.to_lowercase().into();
    }
}

pub(super) const WRONG: &[Wrong] = &[
    probe(
        "access/exact-and-star-united",
        "unites what is granted on a name and on the wildcard",
        |_, probe, decide| {
            let either = |action: &String| {
                let probe = acting(probe, action);
                decide(&probe) == ALLOW || decide(&named(&probe, NOWHERE)) == ALLOW
            };
            let known = probe.resource_type == "db" && probe.resource_name != "_internal";
            or(decide(probe), || known && actions(probe).iter().all(either))
        },
    ),
    probe(
        "access/exact-then-star",
        "goes on to the wildcard where the name does not hold the actions",
        |_, probe, decide| {
            let is_internal = probe.resource_name == "_internal";
            or_named(probe, decide, (!is_internal).then_some(NOWHERE))
        },
    ),
    grants("access/star-first", "looks up the wildcard before the name", star_beats_names),
    grants(
        "access/order-of-text",
        "looks permissions up in their order, so that a wildcard hides what follows",
        in_order_of_text,
    ),
    grants(
        "access/last-entry-wins",
        "keeps entries in a map, where a later one takes the place of one on the same name",
        last_for_each_name,
    ),
    grants("access/first-entry-wins", "stops at the first entry on a name", once),
    grants("access/no-star", "looks up names alone, and knows no wildcard", |grants| {
        grants.into_iter().filter(|grant| !grant.is_star()).collect()
    }),
    grants("access/no-system-star", "knows no wildcard on system", |grants| {
        let kept = |grant: &Grant| !(grant.is_star() && grant.resource_type == "system");
        grants.into_iter().filter(kept).collect()
    }),
    text("access/first-permission", "looks at the first permission of a token", |text| {
        let first = |elements: &mut Vec<String>| elements.truncate(1);
        token_value(text, "permissions", |raw| with_elements(raw, first))
    }),
    text("access/first-name", "looks at the first name of a list", |text| {
        edit::each_permission(text, |permission| match parts(permission) {
            Some([resource_type, names, actions]) => {
                let first = names.split(',').next().unwrap_or_default();
                format!("{resource_type}:{first}:{actions}")
            }
            None => permission.to_owned(),
        })
    }),
    probe("access/any-action", "is content with one of several actions", |_, probe, decide| {
        or(decide(probe), || {
            actions(probe).iter().any(|action| decide(&acting(probe, action)) == ALLOW)
        })
    }),
    probe("access/first-action", "looks at the first of several actions", |_, probe, decide| {
        actions(probe).first().map_or(DENY, |action| decide(&acting(probe, action)))
    }),
    probe("access/write-reads", "takes write to imply read", |_, probe, decide| {
        implies(probe, decide, "write", "read")
    }),
    probe("access/write-creates", "takes write to imply create", |_, probe, decide| {
        implies(probe, decide, "write", "create")
    }),
    probe("access/write-deletes", "takes write to imply delete", |_, probe, decide| {
        implies(probe, decide, "write", "delete")
    }),
    probe("access/read-describes", "takes read to imply describe", |_, probe, decide| {
        implies(probe, decide, "read", "describe")
    }),
    probe("access/create-writes", "takes create to imply write", |_, probe, decide| {
        implies(probe, decide, "create", "write")
    }),
    probe("access/create-deletes", "takes create to imply delete", |_, probe, decide| {
        implies(probe, decide, "create", "delete")
    }),
    request(
        "access/later-attaches",
        "lets a named grant attach to a database made later",
        |request| {
            let later = std::mem::take(&mut request.later);
            request.databases.extend(later);
        },
    ),
    request(
        "access/by-text",
        "compares names when the request comes, and resolves nothing before",
        |request| {
            let names = request.probes.iter().map(|probe| probe.resource_name.to_string());
            request.databases.extend(names.filter(|name| name != "_internal"));
        },
    ),
    request(
        "access/declared-exist",
        "adds the file's own create_databases to the databases given",
        |request| {
            let text = edit::text(&request.document).unwrap_or_default();
            let declared = member(&text, "create_databases").map(|raw| edit::strings(&raw));
            request.databases.extend(declared.unwrap_or_default());
        },
    ),
    probe(
        "access/star-then-only",
        "expands the wildcard when the tokens are created",
        |scene, probe, decide| {
            let existed =
                |name: &str| scene.request.databases.iter().any(|database| database == name);
            let is_db = probe.resource_type == "db";
            and(decide(probe), || !is_db || existed(&probe.resource_name))
        },
    ),
    probe(
        "access/nowhere-denied",
        "denies what does not exist, the wildcard notwithstanding",
        |scene, probe, decide| {
            and(decide(probe), || {
                probe.resource_type != "db" || exists(scene, &probe.resource_name)
            })
        },
    ),
    probe("access/internal-by-star", "lets the wildcard cover _internal", |_, probe, decide| {
        let is_internal = probe.resource_name == "_internal";
        or_named(probe, decide, is_internal.then_some(NOWHERE))
    }),
    request(
        "access/internal-by-name",
        "lets a grant on _internal work as on any database",
        |request| {
            let text = edit::text(&request.document).unwrap_or_default();
            let other = |text: &str| text.replace("_internal", "internal-x");
            request.document = document(edit::each_permission(&text, other));
            request.databases.push("internal-x".to_owned());
            for probe in
                request.probes.iter_mut().filter(|probe| probe.resource_name == "_internal")
            {
                probe.resource_name = "internal-x".into();
            }
        },
    ),
    probe("access/any-type", "looks names up without the resource type", |_, probe, decide| {
        let others = ["db", "system"].into_iter().filter(|other| *other != probe.resource_type);
        let as_other =
            |other: &str| Probe { resource_type: other.to_owned().into(), ..probe.clone() };
        or(decide(probe), || others.map(as_other).any(|probe| decide(&probe) == ALLOW))
    }),
    probe(
        "access/any-system-name",
        "lets a grant on all of system cover names that there are not",
        |_, probe, decide| {
            let is_system = probe.resource_type == "system";
            let covers = || {
                is_system
                    && !SYSTEM_NAMES.contains(&&*probe.resource_name)
                    && SYSTEM_NAMES.iter().all(|name| decide(&named(probe, name)) == ALLOW)
            };
            or(decide(probe), covers)
        },
    ),
    probe(
        "access/database-covers-policies",
        "takes a grant on db for one on db/rp",
        |_, probe, decide| {
            or_named(
                probe,
                decide,
                probe.resource_name.split_once('/').map(|(database, _)| database),
            )
        },
    ),
    probe(
        "access/policy-covers-database",
        "takes a grant on db/rp for one on db",
        |scene, probe, decide| {
            let start = format!("{}/", probe.resource_name);
            let mut databases = scene.request.databases.iter();
            or_named(
                probe,
                decide,
                databases.find(|name| name.starts_with(&start)).map(String::as_str),
            )
        },
    ),
    probe("access/autogen", "takes db/autogen for db, as InfluxDB 1 does", |_, probe, decide| {
        or_named(probe, decide, probe.resource_name.strip_suffix("/autogen"))
    }),
    request(
        "access/database-any-case",
        "compares names of databases without regard to case",
        folded,
    ),
    probe(
        "access/database-beginning",
        "takes a name for all that begins with it, as a pattern",
        |scene, probe, decide| {
            let begins = |name: &&String| probe.resource_name.starts_with(name.as_str());
            let mut databases = scene.request.databases.iter().filter(begins);
            let allows = |name: &String| decide(&named(probe, name)) == ALLOW;
            or(decide(probe), || probe.resource_type == "db" && databases.any(allows))
        },
    ),
    text(
        "access/nothing-is-unauthenticated",
        "does not know a token that has no permissions",
        |text| {
            let has_any = |token: &String| {
                member(token, "permissions")
                    .and_then(|raw| elements(&raw))
                    .is_some_and(|all| !all.is_empty())
            };
            let keep = |tokens: &mut Vec<String>| tokens.retain(has_any);
            edit::with_value(text, "tokens", |raw| with_elements(raw, keep))
        },
    ),
];
