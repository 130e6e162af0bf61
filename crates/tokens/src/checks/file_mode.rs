//! FILE-08: a file full of secrets that others may read.

use std::fmt;

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, Severity, rules};

pub(super) const CHECK: Check = Check { codes: &[Code::FileMode], run: Run::OnFile(run) };

/// Who may read a file, for [`Context::mode`]. [`store::read`](crate::store::read) finds it out.
///
/// ```
/// use tokens::FileMode;
///
/// let finding = FileMode { bits: 0o644, keeper: None }.finding().expect("others may read it");
/// assert_eq!(finding.message, "the file has mode 0644, open to everyone");
/// assert_eq!(finding.help.as_deref(), Some("run `chmod 600` on it"));
/// assert_eq!(FileMode { bits: 0o600, keeper: None }.finding(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileMode {
    /// The permission bits, for example `0o644`.
    pub bits: u32,
    /// Who sets them, if it is not the operator.
    pub keeper: Option<Keeper>,
}

/// Somebody who sets a file's mode out of the operator's hands. Shown, it is a sentence that says what to
/// do then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// git, which knows no modes but 0644 and 0755.
    Git,
    /// A container's secrets under `/run/secrets`.
    ContainerSecrets,
    /// A Kubernetes volume, known by its `..data` link.
    Kubernetes,
    /// Whoever mounted it. Nothing finds this out: it is there for users who say so.
    Mounted,
}

impl fmt::Display for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Keeper::Git => "the file is in a git work tree, which sets modes itself",
            Keeper::ContainerSecrets => "the file is a container's secret, whose mode is set there",
            Keeper::Kubernetes => "set `defaultMode` of the Kubernetes volume to keep others out",
            Keeper::Mounted => "the file is mounted, its mode is set where it comes from",
        })
    }
}

fn run(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(context.mode.and_then(FileMode::finding));
}

impl FileMode {
    /// The warning `file-mode` about this mode, or the note where there is a keeper; none if only the owner
    /// may touch the file. [`check`](fn@crate::check) says it among all others.
    pub fn finding(self) -> Option<Diagnostic> {
        if self.bits & 0o077 == 0 {
            return None;
        }
        let others = if self.bits & 0o007 == 0 { "its group" } else { "everyone" };
        let message = format!("the file has mode {:04o}, open to {others}", self.bits & 0o7777);
        let finding = Diagnostic::new(Code::FileMode, rules::FILE_08, message);
        Some(match self.keeper {
            None => finding.help("run `chmod 600` on it"),
            Some(keeper) => finding.severity(Severity::Note).help(keeper.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(bits: u32, keeper: Option<Keeper>) -> Option<(Severity, String)> {
        FileMode { bits, keeper }.finding().map(|found| (found.severity, found.message))
    }

    #[test]
    fn any_bit_for_group_or_others_is_found() {
        for (bits, others) in [(0o640, "its group"), (0o644, "everyone"), (0o601, "everyone")] {
            let message = format!("the file has mode {bits:04o}, open to {others}");
            assert_eq!(finding(bits, None), Some((Severity::Warning, message)));
        }
        let (severity, _) = finding(0o644, Some(Keeper::Kubernetes)).expect("a note");
        assert_eq!(severity, Severity::Note);
    }

    #[test]
    fn a_file_for_its_owner_alone_is_fine() {
        for bits in [0o600, 0o400, 0o700] {
            assert_eq!(finding(bits, None), None);
        }
    }
}
