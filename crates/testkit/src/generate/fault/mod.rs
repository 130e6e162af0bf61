//! One known fault in a document that has no other: the code that must be found, and where.

mod text;
mod tree;

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use arbitrary::{Arbitrary, Result, Unstructured};
use tokens::{Code, Context, Timestamp};

use super::clean::{Clean, NOW};
use super::document::spelled;
use super::spelling::Spelling;
use super::tree::{Json, Part, Route};
use crate::shrink::{Shrink, shrink_fields};
use crate::source::pick;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident)+) => {
        /// What is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[$doc])* $kind,)+
        }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)+];
        }
    };
}

kinds! {
    /// The end is missing (DOC-01).
    Cut
    /// A comma before a closing bracket (DOC-01).
    TrailingComma
    /// Something after the value (DOC-01).
    TextAfter
    /// A comment (DOC-01).
    Comment
    /// A raw control character in a string (DOC-01).
    ControlCharacter
    /// A value that is none in JSON (DOC-01).
    BareWord
    /// A half of a surrogate pair in a known string (DOC-01).
    LoneSurrogate
    /// A byte-order mark (DOC-02).
    ByteOrderMark
    /// Bytes that are no UTF-8 (DOC-01).
    InvalidUtf8
    /// A member of the top level twice (DOC-04).
    RepeatedMember
    /// A member of a token twice (DOC-04).
    RepeatedTokenMember
    /// Something else than an object at the top (DOC-06).
    TopLevel
    /// Something else than an object among the tokens (DOC-06).
    Element
    /// No `tokens` (DOC-06).
    MissingTokens
    /// A token without a required member (TOK-01, TOK-05, TOK-10).
    MissingMember
    /// A value of another type than its member has (DOC-06, DOC-08, TOK-01, TOK-05, TOK-08, TOK-10).
    WrongType
    /// An expiry that is not spelled as an integer (TOK-08).
    ExpirySpelling
    /// An expiry beyond 64 bits (TOK-08).
    ExpiryOutOfRange
    /// A faulty permission (PERM-01 to PERM-08).
    Permission
    /// A faulty name among the databases (DB-01).
    DatabaseName
    /// `_internal` among the databases (DB-04).
    InternalDatabase
    /// A token string with another prefix (TOK-01).
    TokenPrefix
    /// A token string twice (TOK-04).
    SameSecret
    /// An empty name (TOK-05).
    EmptyName
    /// A name twice (TOK-06).
    SameName
    /// A database that is nowhere, where the server's are known (DB-05).
    MissingDatabase
    /// The file is of the other kind (ADM-03).
    WrongKind
    /// A member that servers ignore (DOC-05).
    UnknownMember
    /// No token (DOC-07).
    NoTokens
    /// A token without permissions (TOK-10).
    NoPermissions
    /// A token string that can be guessed (TOK-02).
    WeakToken
    /// A token string that is a placeholder (TOK-02).
    PlaceholderToken
    /// A token string that no header can carry (TOK-03).
    UnusableToken
    /// The operator's name (TOK-07).
    ReservedName
    /// An expiry that has passed (TOK-09).
    Expired
    /// An expiry that comes soon (TOK-09).
    ExpiresSoon
    /// An expiry in seconds (TOK-09).
    Seconds
    /// An action twice in one list (PERM-09).
    RepeatedAction
    /// A name twice in one list (PERM-09).
    RepeatedName
    /// A grant twice in one token (PERM-09).
    RepeatedGrant
    /// A grant on a name that takes away what `*` gives (ACC-03).
    Shadowed
    /// `create` alone on a name (ACC-04).
    CreateAlone
    /// A grant on `_internal` (DB-04).
    Internal
    /// A database that is not declared (DB-05).
    Undeclared
    /// A database declared twice (DB-03).
    DeclaredTwice
    /// A name that is longer than documented (DB-02).
    LongName
    /// More databases than the default limit (DB-06).
    TooManyDatabases
}

/// A fault; its numbers choose among places and words, modulo how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: Kind,
    /// In which of the tokens, where it is in one.
    pub token: u8,
    /// Where in a list or text.
    pub at: u8,
    /// Which of the words that are wrong there.
    pub word: u8,
}

/// A clean document with one fault put into it.
#[derive(Clone, PartialEq, Eq)]
pub struct Faulty {
    /// What the document would be.
    pub clean: Clean,
    /// How it is spelled.
    pub spelling: Spelling,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is known beside the file, which some faults need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surroundings {
    /// Nothing.
    Unknown,
    /// The server has no database.
    NoDatabases,
    /// An admin token file is asked for.
    AdminWanted,
    /// So many milliseconds are soon.
    Soon(u64),
}

/// A faulty file, and what must be found in it.
#[derive(Clone, PartialEq, Eq)]
pub struct BrokenFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// The code.
    pub code: Code,
    /// The place: a JSON Pointer and the offending bytes; none where the file has no text.
    pub place: Option<(String, Range<usize>)>,
    /// The place that belongs to it, where the other half of the fault is.
    pub related: Option<(String, Range<usize>)>,
    /// What else has to be known.
    pub surroundings: Surroundings,
}

impl BrokenFile {
    /// As which of the two files it has to be read.
    pub fn kind(&self) -> tokens::Kind {
        match self.surroundings {
            Surroundings::AdminWanted => tokens::Kind::Admin,
            _ => tokens::Kind::Permission,
        }
    }

    /// With what it has to be checked.
    pub fn context(&self) -> Context<'static> {
        let context = Context::at(Timestamp(NOW));
        match self.surroundings {
            Surroundings::NoDatabases => Context { databases: Some(&[]), ..context },
            Surroundings::Soon(millis) => {
                Context { expiring_within: Some(Duration::from_millis(millis)), ..context }
            }
            Surroundings::Unknown | Surroundings::AdminWanted => context,
        }
    }
}

/// Where in a tree a fault was put, and its code.
struct Hit {
    code: Code,
    route: Route,
    part: Part,
    /// Where its other half is: the first of two, the grant that shadows.
    other: Option<(Route, Part)>,
}

impl Hit {
    fn beside(self, route: Route, part: Part) -> Self {
        Hit { other: Some((route, part)), ..self }
    }
}

impl Faulty {
    /// The file with its fault.
    pub fn broken(&self) -> BrokenFile {
        let mut tree = self.clean.0.json();
        match tree::put(self.fault, &mut tree) {
            Some(hit) => self.in_tree(&tree, hit),
            None => text::put(self.fault, &self.spelling.print(&tree), &tree),
        }
    }

    fn in_tree(&self, tree: &Json, hit: Hit) -> BrokenFile {
        let printed = self.spelling.print(tree);
        let place = |route: &Route, part: &Part| {
            let span = printed.place(route, part, tree);
            (tree.pointer(route), span.unwrap_or_else(|| panic!("{:?} is nowhere", self.fault)))
        };
        let (mut pointer, span) = place(&hit.route, &hit.part);
        if self.fault.kind == Kind::TooManyDatabases {
            // It is about the list as a whole, and shown where that begins.
            pointer = tree.pointer(&hit.route[..1]);
        }
        let related = hit.other.map(|(route, part)| place(&route, &part));
        let surroundings = match self.fault.kind {
            Kind::MissingDatabase => Surroundings::NoDatabases,
            Kind::WrongKind => Surroundings::AdminWanted,
            Kind::ExpiresSoon => Surroundings::Soon(tree::SOON),
            _ => Surroundings::Unknown,
        };
        BrokenFile {
            code: hit.code,
            place: Some((pointer, span)),
            related,
            bytes: printed.text.into_bytes(),
            surroundings,
        }
    }
}

/// The word that a number chooses.
fn word<T: Copy>(words: &[T], number: u8) -> T {
    words[usize::from(number) % words.len()]
}

impl fmt::Debug for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\" ({:?})", self.broken().bytes.escape_ascii(), self.fault)
    }
}

impl<'a> Arbitrary<'a> for Fault {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let kind = pick(u, Kind::ALL)?;
        Ok(Fault { kind, token: u8::arbitrary(u)?, at: u8::arbitrary(u)?, word: u8::arbitrary(u)? })
    }
}

impl<'a> Arbitrary<'a> for Faulty {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let fault = Fault::arbitrary(u)?;
        let Clean(document) = Clean::arbitrary(u)?;
        let (document, spelling) = spelled(u, document)?;
        Ok(Faulty { clean: Clean(document), spelling, fault })
    }
}

/// The kind stays: another fault is another finding.
impl Shrink for Kind {
    fn simpler(&self) -> Vec<Self> {
        Vec::new()
    }
}

shrink_fields!(Fault { kind, token, at, word });
shrink_fields!(Faulty { clean, spelling, fault });
