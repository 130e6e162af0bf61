//! The ids of the rules that findings rest on, as the specification has them: families by subject,
//! numbered.
//!
//! The specification is `crates/conformance/SPEC.md` in the repository. It has more rules than these: those
//! that no finding can rest on, since nothing breaks them or no file shows it, are cited in these pages and
//! have no constant.
//!
//! ```
//! use tokens::diagnostic::rules;
//!
//! let error = tokens::Permission::parse("db:*,a:read").unwrap_err();
//! assert_eq!(error.fault().rule(), rules::PERM_03);
//! ```

use std::fmt;

/// A rule's id, for example `PERM-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule(&'static str);

impl Rule {
    /// The id, as the specification writes it.
    pub fn id(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! rules {
    ($($name:ident $id:literal $what:literal)*) => {
        $(
            #[doc = concat!($id, ": ", $what, ".")]
            pub const $name: Rule = Rule($id);
        )*
    };
}

rules! {
    DOC_01 "DOC-01" "the file is UTF-8 JSON text"
    DOC_02 "DOC-02" "no byte-order mark"
    DOC_04 "DOC-04" "known members are given once"
    DOC_05 "DOC-05" "unknown members are ignored and kept"
    DOC_06 "DOC-06" "an object with `tokens`, an array of objects"
    DOC_07 "DOC-07" "a file without tokens"
    DOC_08 "DOC-08" "`create_databases`, an optional array of strings"
    TOK_01 "TOK-01" "`token` begins with `apiv3_`"
    TOK_02 "TOK-02" "weak and placeholder secrets"
    TOK_03 "TOK-03" "secrets that no header can carry"
    TOK_04 "TOK-04" "secrets are unique"
    TOK_05 "TOK-05" "names are not empty"
    TOK_06 "TOK-06" "names are unique"
    TOK_07 "TOK-07" "`_admin` is the operator's name"
    TOK_08 "TOK-08" "`expiry_millis`, an optional 64-bit integer"
    TOK_09 "TOK-09" "when a token is expired"
    TOK_10 "TOK-10" "`permissions`, an array of strings"
    PERM_01 "PERM-01" "a permission has three parts"
    PERM_02 "PERM-02" "the resource type"
    PERM_03 "PERM-03" "`*` stands alone"
    PERM_04 "PERM-04" "no empty elements"
    PERM_05 "PERM-05" "names of databases in permissions"
    PERM_06 "PERM-06" "system names"
    PERM_07 "PERM-07" "actions on databases"
    PERM_08 "PERM-08" "actions on the system"
    PERM_09 "PERM-09" "repeated grants"
    DB_01 "DB-01" "what a database name is"
    DB_02 "DB-02" "the documented length of a name"
    DB_03 "DB-03" "databases declared twice"
    DB_04 "DB-04" "the `_internal` database"
    DB_05 "DB-05" "databases that are named but not declared"
    DB_06 "DB-06" "the limit on databases"
    ACC_03 "ACC-03" "an exact grant decides before `*`"
    ACC_04 "ACC-04" "names are resolved when tokens are created"
    GEN_06 "GEN-06" "the admin token file"
    FILE_08 "FILE-08" "who may read the file"
    BOOT_02 "BOOT-02" "tokens are created on the first start only"
    BOOT_03 "BOOT-03" "tokens are created by name"
    BOOT_04 "BOOT-04" "what stops a start"
    VER_01 "VER-01" "`db:*` in a file"
    VER_02 "VER-02" "the type `*` in a file"
    VER_03 "VER-03" "unknown system names"
    VER_04 "VER-04" "`ready`, `delete` and `describe`"
    VER_05 "VER-05" "a token string given twice"
    ADM_01 "ADM-01" "the admin token file is an object"
    ADM_02 "ADM-02" "members of the admin token file"
    ADM_03 "ADM-03" "the two files together, and telling them apart"
}
