//! Decisions (ACC).

use tokens::access::{Access, Databases, Grants, Request};
use tokens::{Action, Permission, ResourceType, Secret, Timestamp, Token, TokenName};

use super::model;
use crate::generate::World;

/// Every decision is that of the model, gives a reason, and fits the effective grants.
pub fn decisions(world: &World) {
    let parse = |text: String| Permission::parse(text).unwrap_or_else(|e| panic!("{world:?}: {e}"));
    let token = Token {
        secret: Secret::parse("apiv3_x").unwrap_or_else(|e| panic!("{e}")),
        name: TokenName::parse("n").unwrap_or_else(|e| panic!("{e}")),
        expiry_millis: world.expiry_millis,
        permissions: world.permissions.iter().map(|grant| parse(grant.text())).collect(),
    };
    let databases = Databases::new(world.at_creation.iter().copied(), world.later.iter().copied());
    let access = Access::new(&token, &databases);
    for probe in &world.probes {
        let kind = ResourceType::from_name(probe.resource_type);
        let actions = probe.actions.iter().filter_map(|name| Action::from_name(name)).collect();
        let resource_type = kind.unwrap_or_else(|| panic!("{probe:?}"));
        let request = Request { resource_type, name: probe.name, actions };
        let decision = access.decide(&request, Timestamp(world.now));
        let expected = model::decision(world, probe);
        assert_eq!(decision.outcome.as_str(), expected, "{probe:?} in {world:?}");
        let status = match expected {
            "allow" => 200,
            "deny" => 403,
            _ => 401,
        };
        assert_eq!(decision.outcome.http_status(), status);
    }
    shadows(world, &token);
}

/// ACC-03: what a grant on a name is shadowed by is the grant on `*` with something that it lacks.
fn shadows(world: &World, token: &Token<'_>) {
    let grants = Grants::of(token.permissions.iter().enumerate());
    for grant in grants.iter() {
        let Some((wildcard, lost)) = grants.shadowed_by(grant) else { continue };
        assert!(wildcard.is_wildcard() && !grant.is_wildcard(), "{world:?}");
        assert!(!lost.is_empty(), "{world:?}");
        assert!(
            lost.iter().all(|a| wildcard.actions.contains(a) && !grant.actions.contains(a)),
            "{world:?}"
        );
    }
}
