//! What the checks know beside the file: the moment, the server, the file's neighbours.

use std::collections::HashSet;
use std::time::Duration;

use super::FileMode;
use crate::plan::State;
use crate::reader::Reading;
use crate::{Kind, ServerVersion, Timestamp};

/// What is known beside the file itself. Only the moment is needed.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// The present moment.
    pub now: Timestamp,
    /// Warn of tokens that expire within this time.
    pub expiring_within: Option<Duration>,
    /// The databases and tokens that the server has before it starts.
    pub state: Option<&'c State>,
    /// The databases that the server has; those of `state` are known too.
    pub databases: Option<&'c [String]>,
    /// The server's version; the newest, where it is not known.
    pub server: Option<ServerVersion>,
    /// Who may read the file.
    pub mode: Option<FileMode>,
    /// The admin token file that the same server is started with.
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
