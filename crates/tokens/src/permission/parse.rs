//! From text to what a permission grants, or its first fault and where it is.

use super::{Action, Actions, Fault, INTERNAL_DATABASE, ResourceType, SYSTEM_NAMES};
use crate::Span;
use crate::database::DatabaseName;

type Faulty = (Fault, Span);

/// Of several faults the first in the order shape, type, names, actions is reported.
pub(super) fn parse(text: &str) -> Result<(ResourceType, Actions), Faulty> {
    let [resource_type, names, actions] = shape(text)?;
    let resource_type = self::resource_type(text, resource_type)?;
    self::names(text, resource_type, names)?;
    let actions = self::actions(text, resource_type, actions)?;
    Ok((resource_type, actions))
}

/// PERM-01: exactly three parts.
fn shape(text: &str) -> Result<[&str; 3], Faulty> {
    let mut parts = split(text, b':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(first), Some(second), Some(third), None) => Ok([first, second, third]),
        _ => Err((Fault::Shape, Span::new(0, text.len()))),
    }
}

/// `str::split` at an ASCII character; its own search takes a quarter of the time of a permission.
fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.bytes().position(|byte| byte == separator) else { return rest.take() };
        rest = text.get(at + 1..);
        text.get(..at)
    })
}

/// PERM-02.
fn resource_type(text: &str, name: &str) -> Result<ResourceType, Faulty> {
    ResourceType::from_name(name).ok_or_else(|| {
        let fault = if name == "*" { Fault::AdminOnly } else { Fault::ResourceType };
        (fault, Span::of(text, name))
    })
}

/// PERM-03 to PERM-06, element by element from the left.
fn names(text: &str, resource_type: ResourceType, list: &str) -> Result<(), Faulty> {
    if list == "*" {
        return Ok(());
    }
    for name in split(list, b',') {
        let fault = match name {
            "" => Some(Fault::EmptyName),
            "*" => Some(Fault::MixedWildcard),
            _ => name_fault(resource_type, name),
        };
        if let Some(fault) = fault {
            return Err((fault, Span::of(text, name)));
        }
    }
    Ok(())
}

fn name_fault(resource_type: ResourceType, name: &str) -> Option<Fault> {
    match resource_type {
        // DB-04: a permission may name `_internal`, which DB-01 excludes.
        ResourceType::Db if name == INTERNAL_DATABASE => None,
        ResourceType::Db => DatabaseName::parse(name).err().map(Fault::DatabaseName),
        ResourceType::System => (!SYSTEM_NAMES.contains(&name)).then_some(Fault::SystemName),
    }
}

/// PERM-04, PERM-07, PERM-08.
fn actions(text: &str, resource_type: ResourceType, list: &str) -> Result<Actions, Faulty> {
    let mut actions = Actions::default();
    for name in split(list, b',') {
        let allowed = Action::allowed_for(resource_type);
        match Action::from_name(name).filter(|action| allowed.contains(action)) {
            Some(action) => actions |= action.into(),
            None if name.is_empty() => return Err((Fault::EmptyAction, Span::of(text, name))),
            None => return Err((Fault::Action(resource_type), Span::of(text, name))),
        }
    }
    Ok(actions)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fault's name and the text it is about.
    fn fault(text: &str) -> (String, &str) {
        let (fault, span) = parse(text).expect_err(text);
        (fault.code().name().to_owned(), span.slice(text))
    }

    #[test]
    fn every_fault_is_found_where_it_is() {
        for (text, code, offending) in [
            ("", "permission-shape", ""),
            ("db", "permission-shape", "db"),
            ("db:a", "permission-shape", "db:a"),
            ("db:a:read:x", "permission-shape", "db:a:read:x"),
            ("::", "permission-resource-type", ""),
            ("*:*:*", "permission-admin-only", "*"),
            ("token:a:read", "permission-resource-type", "token"),
            ("DB:a:read", "permission-resource-type", "DB"),
            (" db:a:read", "permission-resource-type", " db"),
            ("db::read", "permission-empty-element", ""),
            ("db:a,,b:read", "permission-empty-element", ""),
            ("db:a,:read", "permission-empty-element", ""),
            ("db:*,a:read", "permission-mixed-wildcard", "*"),
            ("db:a,*:read", "permission-mixed-wildcard", "*"),
            ("db:*,*:read", "permission-mixed-wildcard", "*"),
            ("db:a b:read", "database-name", "a b"),
            ("db:db*:read", "database-name", "db*"),
            ("db:__internal:read", "database-name", "__internal"),
            ("system:Health:read", "permission-system-name", "Health"),
            ("system:_internal:read", "permission-system-name", "_internal"),
            ("db:a:", "permission-empty-element", ""),
            ("db:a:read,", "permission-empty-element", ""),
            ("db:a:*", "permission-action", "*"),
            ("db:a:read, write", "permission-action", " write"),
            ("db:a:READ", "permission-action", "READ"),
            ("system:ping:write", "permission-action", "write"),
        ] {
            assert_eq!(fault(text), (code.to_owned(), offending), "{text}");
        }
    }

    #[test]
    fn the_first_fault_in_the_order_of_the_parts_is_reported() {
        for (text, code) in [
            ("x:!:y:z", "permission-shape"),
            ("x:!:y", "permission-resource-type"),
            ("db:a!,,*:y", "database-name"),
            ("db:,a!,*:y", "permission-empty-element"),
            ("db:*,a!,:y", "permission-mixed-wildcard"),
            ("db:a:y,", "permission-action"),
            ("db:a:,y", "permission-empty-element"),
        ] {
            assert_eq!(fault(text).0, code, "{text}");
        }
    }
}
