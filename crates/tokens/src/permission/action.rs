//! Actions and sets of them (PERM-07, PERM-08, PERM-11).

use std::fmt;
use std::ops::{BitOr, BitOrAssign, Sub};

use super::ResourceType;
use crate::spelled::spelled;

/// One thing that a token may do. The order is that of the canonical text (PERM-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// `create`: make databases.
    Create,
    /// `describe`: see that a database is there.
    Describe,
    /// `read`: query.
    Read,
    /// `write`: write points.
    Write,
    /// `delete`: drop databases and tables.
    Delete,
}

spelled!(Action {
    Create = "create",
    Describe = "describe",
    Read = "read",
    Write = "write",
    Delete = "delete",
});

impl Action {
    /// All actions, in canonical order.
    pub const ALL: [Action; 5] =
        [Action::Create, Action::Describe, Action::Read, Action::Write, Action::Delete];

    /// The actions that a permission of this type may name: all for `db` (PERM-07), `read` alone for
    /// `system` (PERM-08).
    pub fn allowed_for(resource_type: ResourceType) -> &'static [Action] {
        match resource_type {
            ResourceType::Db => &Action::ALL,
            ResourceType::System => &[Action::Read],
        }
    }

    /// As a permission spells it, in lower case.
    pub fn as_str(self) -> &'static str {
        self.spelling()
    }

    /// The action spelled so, if there is one: byte for byte, never trimmed.
    ///
    /// ```
    /// assert_eq!(tokens::Action::from_name("read"), Some(tokens::Action::Read));
    /// assert_eq!(tokens::Action::from_name("Read"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Action::spelled(name)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of actions. One [`Action`] converts, several are collected, `|` unites and `-` takes away.
///
/// It shows itself as in a permission: comma-separated, in canonical order.
///
/// ```
/// use tokens::{Action, Actions};
/// let lost = (Actions::from(Action::Write) | Action::Read.into()) - Action::Read.into();
/// assert_eq!(lost.to_string(), "write");
/// let both: Actions = [Action::Write, Action::Read].into_iter().collect();
/// assert_eq!(both.to_string(), "read,write");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Actions(u8);

impl Actions {
    /// Whether the set holds nothing.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `action` is in the set.
    pub fn contains(self, action: Action) -> bool {
        self.contains_all(action.into())
    }

    /// Whether all of `others` are in the set.
    pub fn contains_all(self, others: Actions) -> bool {
        (others - self).is_empty()
    }

    /// The actions that are in both sets.
    pub fn intersection(self, other: Actions) -> Actions {
        Actions(self.0 & other.0)
    }

    /// The actions in canonical order.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.into_iter().filter(move |action| self.contains(*action))
    }
}

impl From<Action> for Actions {
    fn from(action: Action) -> Self {
        Actions(1 << action as u8)
    }
}

impl FromIterator<Action> for Actions {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        actions.into_iter().fold(Actions::default(), |set, action| set | action.into())
    }
}

impl BitOr for Actions {
    type Output = Actions;
    fn bitor(self, other: Actions) -> Actions {
        Actions(self.0 | other.0)
    }
}

impl BitOrAssign for Actions {
    fn bitor_assign(&mut self, other: Actions) {
        *self = *self | other;
    }
}

impl Sub for Actions {
    type Output = Actions;
    fn sub(self, other: Actions) -> Actions {
        Actions(self.0 & !other.0)
    }
}

/// Comma-separated, in canonical order, as in a permission.
impl fmt::Display for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, action) in self.iter().enumerate() {
            write!(f, "{}{action}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}
