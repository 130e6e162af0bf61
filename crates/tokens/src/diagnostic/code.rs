//! All codes in one table, each with the layer, the severity, the rules and the explanation.

use std::fmt;

use super::rules::*;
use super::{Layer, Severity};

macro_rules! codes {
    ($($variant:ident $name:literal $layer:ident $severity:ident [$($rule:ident)+] $summary:literal;)*) => {
        /// The kind of a finding. Names are stable; each has an explanation. The order is that of
        /// [`ALL`](Self::ALL).
        ///
        /// ```
        /// use tokens::diagnostic::Code;
        /// let code = Code::from_name("undeclared-database").unwrap();
        /// assert_eq!(code.rules()[0].id(), "DB-05");
        /// assert!(code.explanation().contains("create_databases"));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`: ", $summary, ".")] $variant,)*
        }

        impl Code {
            /// Every code: errors first, by layer, then warnings, then notes.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The stable name, in lower case with hyphens: `undeclared-database`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// The layer it belongs to.
            pub fn layer(self) -> Layer {
                match self { $(Code::$variant => Layer::$layer,)* }
            }

            /// Its usual severity. Of a finding [`Diagnostic::severity`](super::Diagnostic) counts.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// The rules that it can rest on; the first is the chief one.
            pub fn rules(self) -> &'static [Rule] {
                match self { $(Code::$variant => &[$($rule,)+],)* }
            }

            /// What it means, in a few words, with no full stop.
            pub fn summary(self) -> &'static str {
                match self { $(Code::$variant => $summary,)* }
            }

            /// What it means, why it matters, an example and the way out, as Markdown in lines of up to
            /// 100 characters.
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("explain/", $name, ".md")),)* }
            }
        }
    };
}

codes! {
    JsonSyntax "json-syntax" Json Error [DOC_01] "the file is not JSON";
    JsonEncoding "json-encoding" Json Error [DOC_01 DOC_02] "the file is not UTF-8, or begins with a byte-order mark";
    DuplicateMember "duplicate-member" Schema Error [DOC_04] "a member is given twice in one object";
    NotAnObject "not-an-object" Schema Error [DOC_06 ADM_01] "something else stands where an object must";
    MissingMember "missing-member" Schema Error [DOC_06 TOK_01 TOK_06 TOK_10 ADM_02] "a required member is absent";
    WrongType "wrong-type" Schema Error [DOC_06 DOC_08 TOK_01 TOK_06 TOK_08 TOK_10 ADM_02] "a member has a value of the wrong type";
    ExpiryOutOfRange "expiry-out-of-range" Schema Error [TOK_08 ADM_02] "an expiry does not fit in 64 bits";
    PermissionShape "permission-shape" Grammar Error [PERM_01] "a permission does not have three parts";
    PermissionResourceType "permission-resource-type" Grammar Error [PERM_02] "a permission begins with an unknown resource type";
    PermissionAdminOnly "permission-admin-only" Grammar Error [PERM_02] "a permission on everything is for admin tokens only";
    PermissionEmptyElement "permission-empty-element" Grammar Error [PERM_04] "a permission has an empty name or action";
    PermissionMixedWildcard "permission-mixed-wildcard" Grammar Error [PERM_03] "a permission mixes `*` with other names";
    PermissionSystemName "permission-system-name" Grammar Error [PERM_06] "a permission names an unknown part of the system";
    PermissionAction "permission-action" Grammar Error [PERM_07 PERM_08] "a permission grants an unknown action";
    DatabaseName "database-name" Grammar Error [DB_01 PERM_05 DB_04] "a database name is invalid";
    TokenPrefix "token-prefix" Semantic Error [TOK_01] "a token string does not begin with `apiv3_`";
    DuplicateToken "duplicate-token" Semantic Error [TOK_04 BOOT_04] "two tokens have the same string";
    EmptyName "empty-name" Semantic Error [TOK_05] "a token's name is empty";
    DuplicateName "duplicate-name" Semantic Error [TOK_06] "two tokens have the same name";
    MissingDatabase "missing-database" Semantic Error [DB_05 BOOT_04] "a permission names a database that will not exist";
    WrongKind "wrong-kind" Semantic Error [ADM_03] "the file is of the other kind";
    FileExists "file-exists" Semantic Error [GEN_06] "an admin token file is never overwritten";
    UnknownMember "unknown-member" Semantic Warning [DOC_05] "servers ignore a member they do not know";
    NoTokens "no-tokens" Semantic Warning [DOC_07] "the file holds no token";
    NoPermissions "no-permissions" Semantic Warning [TOK_10] "a token may do nothing";
    WeakToken "weak-token" Semantic Warning [TOK_02] "a token string can be guessed";
    PlaceholderToken "placeholder-token" Semantic Warning [TOK_02] "a token string is a placeholder";
    UnusableToken "unusable-token" Semantic Warning [TOK_03] "no request can carry a token string";
    ReservedName "reserved-name" Semantic Warning [TOK_07] "a token has the operator's name";
    Expired "expired" Semantic Warning [TOK_09] "a token has expired";
    ExpiresSoon "expires-soon" Semantic Warning [TOK_09] "a token expires soon";
    ExpiryLooksLikeSeconds "expiry-looks-like-seconds" Semantic Warning [TOK_09] "an expiry seems to be in seconds";
    DuplicateGrant "duplicate-grant" Semantic Warning [PERM_09] "a token is granted the same thing twice";
    ShadowedGrant "shadowed-grant" Semantic Warning [ACC_03] "a grant on a name takes away what `*` gives";
    IneffectiveGrant "ineffective-grant" Semantic Warning [ACC_04 DB_04] "a grant has no effect";
    UndeclaredDatabase "undeclared-database" Semantic Warning [DB_05] "a permission names a database that the file does not declare";
    DuplicateDatabase "duplicate-database" Semantic Warning [DB_03] "a database is declared twice";
    LongDatabaseName "long-database-name" Semantic Warning [DB_02] "a database name is longer than documented";
    OpenOperatorSlot "open-operator-slot" Semantic Warning [GEN_06] "anyone may still make the operator token";
    ServerVersion "server-version" Semantic Warning [VER_01 VER_02 VER_03 VER_04 VER_05] "a server of this version does not take the file as it is meant";
    SameNameNewSecret "same-name-new-secret" Semantic Warning [BOOT_03] "a server knows the name with another token string";
    FileMode "file-mode" Semantic Warning [FILE_08] "others may read the file";
    NameTaken "name-taken" Semantic Warning [ADM_03 BOOT_03] "an admin token has the name";
    TooManyDatabases "too-many-databases" Semantic Note [DB_06] "more databases than the default limit";
    TokensExist "tokens-exist" Semantic Note [BOOT_02] "the server has tokens and will create none";
}

impl Code {
    /// The code of this name, compared byte for byte.
    pub fn from_name(name: &str) -> Option<Self> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_and_found_again() {
        let names: HashSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.name()), Some(*code));
        }
    }

    #[test]
    fn every_explanation_says_what_why_and_how_out() {
        for code in Code::ALL {
            let text = code.explanation();
            assert!(text.len() > 200, "{code} is hardly explained");
            assert!(text.contains("\nThe way out: "), "{code} shows no way out");
            assert!(text.lines().all(|line| line.chars().count() <= 100), "{code} has long lines");
        }
    }
}
