//! Why a text is no permission, in words.

use std::fmt;

use super::{Action, ResourceType, SYSTEM_NAMES, repair};
use crate::database::DatabaseNameError;
use crate::diagnostic::{Code, Rule, rules};
use crate::quote::quote_whole;
use crate::{Span, quote, suggest};

/// What is wrong with a permission: for programs that tell faults apart. People want
/// [`PermissionError`] itself, which shows itself as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not three parts around two colons (PERM-01).
    Shape,
    /// The type is `*`, which only admin tokens have (PERM-02).
    AdminOnly,
    /// The type is neither `db` nor `system` (PERM-02).
    ResourceType,
    /// A name is empty (PERM-04).
    EmptyName,
    /// An action is empty (PERM-04).
    EmptyAction,
    /// `*` in a list with other names (PERM-03).
    MixedWildcard,
    /// Not a database name (PERM-05).
    DatabaseName(DatabaseNameError),
    /// Not a system name (PERM-06).
    SystemName,
    /// Not an action of this type (PERM-07, PERM-08).
    Action(ResourceType),
}

impl Fault {
    /// The diagnostic code of this fault, which a file with such a permission is refused with.
    pub fn code(&self) -> Code {
        match self {
            Fault::Shape => Code::PermissionShape,
            Fault::AdminOnly => Code::PermissionAdminOnly,
            Fault::ResourceType => Code::PermissionResourceType,
            Fault::EmptyName | Fault::EmptyAction => Code::PermissionEmptyElement,
            Fault::MixedWildcard => Code::PermissionMixedWildcard,
            Fault::DatabaseName(_) => Code::DatabaseName,
            Fault::SystemName => Code::PermissionSystemName,
            Fault::Action(_) => Code::PermissionAction,
        }
    }

    /// The rule that is broken.
    pub fn rule(&self) -> Rule {
        match self {
            Fault::Shape => rules::PERM_01,
            Fault::AdminOnly | Fault::ResourceType => rules::PERM_02,
            Fault::EmptyName | Fault::EmptyAction => rules::PERM_04,
            Fault::MixedWildcard => rules::PERM_03,
            Fault::DatabaseName(_) => rules::PERM_05,
            Fault::SystemName => rules::PERM_06,
            Fault::Action(ResourceType::Db) => rules::PERM_07,
            Fault::Action(ResourceType::System) => rules::PERM_08,
        }
    }
}

/// A text that is no permission: what is wrong, where, and the way out. It shows itself as a sentence, in
/// which the text is masked and cut to 80 characters.
///
/// ```
/// let error = tokens::Permission::parse("db:a:read, write").unwrap_err();
/// assert_eq!(error.span(), tokens::Span::new(10, 16));
/// assert_eq!(error.to_string(), "` write` in `db:a:read, write` is not an action of `db`");
/// assert_eq!(error.help(), "write `db:a:read,write`");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PermissionError {
    text: String,
    fault: Fault,
    span: Span,
}

impl PermissionError {
    pub(super) fn new(text: &str, fault: Fault, span: Span) -> Self {
        PermissionError { text: text.to_owned(), fault, span }
    }

    /// What is wrong.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Where it is, in bytes of the permission's text; the whole text for [`Fault::Shape`].
    pub fn span(&self) -> Span {
        self.span
    }

    /// The way out, without a full stop: the corrected text where there is one.
    pub fn help(&self) -> String {
        if let Some(corrected) = repair(&self.text) {
            return format!("write {}", quote_whole(&corrected));
        }
        let offending = self.span.slice(&self.text);
        match &self.fault {
            _ if suggest::is_shell_variable(offending) => suggest::UNEXPANDED.to_owned(),
            Fault::Shape => "a permission has three parts, as `db:db1,db2:read,write`".to_owned(),
            Fault::AdminOnly => {
                "for all databases write `db:*:read,write`; for everything make an admin token"
                    .to_owned()
            }
            Fault::ResourceType => "the type is `db` or `system`, in lower case".to_owned(),
            Fault::EmptyName => {
                "name what the permission is for; perhaps a shell variable was not set".to_owned()
            }
            Fault::EmptyAction => format!("{}, or leave the comma out", actions_help(self)),
            Fault::MixedWildcard => {
                "`*` covers every name: let it stand alone, or list the names without it".to_owned()
            }
            Fault::DatabaseName(error) => error.help(),
            Fault::SystemName => format!("the system names are {}", SYSTEM_NAMES.join(", ")),
            Fault::Action(_) => actions_help(self),
        }
    }
}

fn actions_help(error: &PermissionError) -> String {
    let resource_type = error.text.split(':').next().and_then(ResourceType::from_name);
    let allowed = Action::allowed_for(resource_type.unwrap_or(ResourceType::Db));
    let names: Vec<&str> = allowed.iter().map(|action| action.as_str()).collect();
    match names.as_slice() {
        [only] => format!("the only action here is `{only}`"),
        _ => format!("the actions are {}", names.join(", ")),
    }
}

impl fmt::Display for PermissionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = quote(&self.text);
        let offending = quote(self.span.slice(&self.text));
        match &self.fault {
            Fault::Shape => write!(f, "{whole} does not have exactly two colons"),
            Fault::AdminOnly => write!(f, "the type `*` in {whole} is for admin tokens only"),
            Fault::ResourceType => write!(f, "{offending} in {whole} is not a resource type"),
            Fault::EmptyName => write!(f, "{whole} has an empty name in its list of names"),
            Fault::EmptyAction => write!(f, "{whole} has an empty action in its list of actions"),
            Fault::MixedWildcard => write!(f, "{whole} mixes `*` with other names"),
            Fault::DatabaseName(error) => write!(f, "{error}"),
            Fault::SystemName => write!(f, "{offending} in {whole} is not a system name"),
            Fault::Action(resource_type) => {
                write!(f, "{offending} in {whole} is not an action of `{resource_type}`")
            }
        }
    }
}

/// The masked words, as for people (GEN-07).
impl fmt::Debug for PermissionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PermissionError({self})")
    }
}

impl std::error::Error for PermissionError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_with_its_way_out() {
        const ACTIONS: &str = "the actions are create, describe, read, write, delete";
        const NAMES: &str = "use 1 to 511 ASCII letters, digits, `_` and `-`, beginning with a letter or \
             a digit, with at most one `/` inside";
        for (text, message, help) in [
            (
                "db:a",
                "`db:a` does not have exactly two colons",
                "a permission has three parts, as `db:db1,db2:read,write`",
            ),
            (
                "*:*:*",
                "the type `*` in `*:*:*` is for admin tokens only",
                "for all databases write `db:*:read,write`; for everything make an admin token",
            ),
            (
                "table:a:read",
                "`table` in `table:a:read` is not a resource type",
                "the type is `db` or `system`, in lower case",
            ),
            ("DB:a:read", "`DB` in `DB:a:read` is not a resource type", "write `db:a:read`"),
            (
                "db::read",
                "`db::read` has an empty name in its list of names",
                "name what the permission is for; perhaps a shell variable was not set",
            ),
            (
                "db:a:",
                "`db:a:` has an empty action in its list of actions",
                "the actions are create, describe, read, write, delete, or leave the comma out",
            ),
            (
                "system:ping:",
                "`system:ping:` has an empty action in its list of actions",
                "the only action here is `read`, or leave the comma out",
            ),
            (
                "db:*,a:read",
                "`db:*,a:read` mixes `*` with other names",
                "`*` covers every name: let it stand alone, or list the names without it",
            ),
            (
                "db:a*:read",
                "`a*` is not a database name: it holds `*` at character 2",
                "there are no patterns: list the names, or grant on `*` alone",
            ),
            (
                "db:a:$ACTIONS",
                "`$ACTIONS` in `db:a:$ACTIONS` is not an action of `db`",
                suggest::UNEXPANDED,
            ),
            (
                "db:$DB:read",
                "`$DB` is not a database name: it holds `$` at character 1",
                suggest::UNEXPANDED,
            ),
            (
                "system:tables:read",
                "`tables` in `system:tables:read` is not a system name",
                "the system names are health, metrics, ping, ready",
            ),
            ("db:a:all", "`all` in `db:a:all` is not an action of `db`", ACTIONS),
            (
                "system:ping:write",
                "`write` in `system:ping:write` is not an action of `system`",
                "the only action here is `read`",
            ),
            ("db:a:raed", "`raed` in `db:a:raed` is not an action of `db`", "write `db:a:read`"),
            (
                "db:apiv3_hidden!:read",
                "`apiv3_***` is not a database name: it holds `!` at character 13",
                NAMES,
            ),
        ] {
            let error = crate::Permission::parse(text).expect_err(text);
            assert_eq!((error.to_string(), error.help()), (message.to_owned(), help.to_owned()));
            assert_eq!(format!("{error:?}"), format!("PermissionError({message})"));
        }
    }
}
