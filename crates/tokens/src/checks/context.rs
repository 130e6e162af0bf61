//! What the checks know beside the file: the moment, the server, the file's neighbours.

use std::collections::HashSet;
use std::time::Duration;

use super::FileMode;
use crate::plan::State;
use crate::reader::Reading;
use crate::{Kind, ServerVersion, Timestamp};

/// What is known beside the file itself. Only the moment is needed; with more, more can be said:
///
/// | given | is about | codes |
/// |---|---|---|
/// | [`now`](Self::now) | tokens that work no more | `expired` |
/// | [`expiring_within`](Self::expiring_within) | tokens that soon will not | `expires-soon` |
/// | [`state`](Self::state) | what the next start runs into | `tokens-exist`, `name-taken`, `same-name-new-secret`, `duplicate-token` |
/// | [`databases`](Self::databases) or `state` | databases that will not exist, or are too many | `missing-database` in place of `undeclared-database`, `too-many-databases`, `ineffective-grant` |
/// | [`server`](Self::server) | what an older server makes of it | `server-version` |
/// | [`mode`](Self::mode) | who else may read the file | `file-mode` |
/// | [`admin`](Self::admin) | the admin token file beside it | `name-taken`, `duplicate-token` |
///
/// ```
/// use std::time::Duration;
/// use tokens::{Context, Timestamp};
///
/// let file = br#"{"tokens": [{"token": "apiv3_Kq7vT2mXe9RbZ4cNw8LsYh3D", "name": "app",
///     "expiry_millis": 1793491200000, "permissions": ["db:*:read"]}]}"#;
/// let reading = tokens::read(file, None);
/// let found = |within| {
///     let now = Timestamp(1_793_404_800_000);
///     let context = Context { expiring_within: within, ..Context::at(now) };
///     tokens::check(&reading, &context).len()
/// };
/// assert_eq!(found(None), 0);
/// assert_eq!(found(Some(Duration::from_secs(24 * 60 * 60))), 1);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// The present moment, as [`os::now`](crate::os::now) tells it.
    pub now: Timestamp,
    /// Warn of tokens that expire within this time from now, counted in milliseconds.
    pub expiring_within: Option<Duration>,
    /// The databases and tokens that the server has before it starts. Then what
    /// [`plan`](fn@crate::plan::plan) finds is among the findings.
    pub state: Option<&'c State>,
    /// The databases that the server has, where its tokens are not known; those of `state` count too.
    pub databases: Option<&'c [String]>,
    /// The server's version; the newest, where it is not known.
    pub server: Option<ServerVersion>,
    /// Who may read the file, as [`store::Stored::mode`](crate::store::Stored::mode) has it.
    pub mode: Option<FileMode>,
    /// The admin token file that the same server is started with; a reading of another kind is passed over.
    pub admin: Option<&'c Reading<'c>>,
}

impl<'c> Context<'c> {
    /// Nothing known but the moment.
    pub fn at(now: Timestamp) -> Self {
        Context {
            now,
            expiring_within: None,
            state: None,
            databases: None,
            server: None,
            mode: None,
            admin: None,
        }
    }

    /// The server's databases, where they are known.
    pub(crate) fn server_databases(&self) -> Option<HashSet<&'c str>> {
        if self.state.is_none() && self.databases.is_none() {
            return None;
        }
        let of_state = self.state.iter().flat_map(|state| &state.databases);
        let given = self.databases.iter().copied().flatten();
        Some(of_state.chain(given).map(String::as_str).collect())
    }

    /// Whether the server creates no token of a file (BOOT-02).
    pub(crate) fn keeps_its_tokens(&self) -> bool {
        self.state.is_some_and(State::keeps_its_tokens)
    }

    /// The admin token file, where it is one.
    pub(crate) fn admin_draft(&self) -> Option<&'c crate::reader::Draft<'c>> {
        self.admin?.draft().filter(|draft| draft.kind == Kind::Admin)
    }
}
