//! What the tokens of a document are granted, one name at a time.

use super::edit::{quoted, strings, token_value};
use super::permission::parts;

/// Actions on one name.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) resource_type: String,
    pub(super) name: String,
    pub(super) actions: String,
}

impl Grant {
    pub(super) fn is_star(&self) -> bool {
        self.name == "*"
    }

    pub(super) fn is_on_the_same_as(&self, other: &Grant) -> bool {
        self.resource_type == other.resource_type && self.name == other.name
    }
}

fn of_permission(text: &str) -> Vec<Grant> {
    let Some([resource_type, names, actions]) = parts(text) else { return Vec::new() };
    let grant = |name: &str| Grant {
        resource_type: resource_type.to_owned(),
        name: name.to_owned(),
        actions: actions.to_owned(),
    };
    names.split(',').map(grant).collect()
}

/// A document that loads, with the grants of each token changed.
pub(super) fn with_grants(text: &str, change: fn(Vec<Grant>) -> Vec<Grant>) -> String {
    token_value(text, "permissions", |raw| {
        let grants = strings(raw).iter().flat_map(|text| of_permission(text)).collect();
        let texts = change(grants).into_iter().map(|grant| {
            quoted(&format!("{}:{}:{}", grant.resource_type, grant.name, grant.actions))
        });
        format!("[{}]", texts.collect::<Vec<_>>().join(", "))
    })
}
