//! Decisions (ACC).

use tokens::access::{Access, Databases, Grants, Request};
use tokens::{Action, Permission, ResourceType, Secret, Timestamp, Token, TokenName};

use super::model::{self, Effective};
use crate::generate::{Probe, World};

/// Every decision and its reason are those of the model, and so is what the token may do on each name.
pub fn decisions(world: &World) {
    let token = token(world);
    let databases = Databases::new(world.at_creation.iter().copied(), world.later.iter().copied());
    let access = Access::new(&token, &databases);
    for probe in &world.probes {
        let decision = access.decide(&request(probe), Timestamp(world.now));
        let expected = model::decision(world, probe);
        assert_eq!(decision.outcome.as_str(), expected, "{probe:?} in {world:?}");
        assert_eq!(decision.reason, model::reason(world, probe), "{probe:?} in {world:?}");
        let status = match expected {
            "allow" => 200,
            "deny" => 403,
            _ => 401,
        };
        assert_eq!(decision.outcome.http_status(), status);
    }
    assert_eq!(effective(&token), model::effective(&world.permissions), "{world:?}");
}

fn token(world: &World) -> Token<'static> {
    let parse = |text: String| Permission::parse(text).unwrap_or_else(|e| panic!("{world:?}: {e}"));
    Token {
        secret: Secret::parse("apiv3_x").unwrap_or_else(|e| panic!("{e}")),
        name: TokenName::parse("n").unwrap_or_else(|e| panic!("{e}")),
        expiry_millis: world.expiry_millis,
        permissions: world.permissions.iter().map(|grant| parse(grant.text())).collect(),
    }
}

fn request(probe: &Probe) -> Request<'_> {
    let resource_type = ResourceType::from_name(probe.resource_type);
    Request {
        resource_type: resource_type.unwrap_or_else(|| panic!("{probe:?}")),
        name: probe.name,
        actions: probe.actions.iter().filter_map(|name| Action::from_name(name)).collect(),
    }
}

/// The grants of the token in the words of the model.
fn effective<'t>(token: &'t Token<'_>) -> Vec<Effective<'t>> {
    let words = |actions: tokens::Actions| actions.iter().map(Action::as_str).collect();
    let grants = Grants::of(token.permissions.iter().enumerate());
    let each = grants.iter().map(|grant| {
        let shadows = grants.shadowed_by(grant).map(|(wildcard, lost)| {
            assert!(wildcard.is_wildcard() && wildcard.resource_type == grant.resource_type);
            (wildcard.entries.clone(), words(lost))
        });
        Effective {
            resource_type: grant.resource_type.as_str(),
            name: grant.name,
            entries: grant.entries.clone(),
            actions: words(grant.actions),
            shadows,
        }
    });
    each.collect()
}
