//! Permission texts: of the grammar, around it, and with slips.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::file::pool;
use super::slip::Slip;
use crate::generate::grant::Grant;
use crate::generate::permission::PermissionCase;
use crate::shrink::shrink_fields;
use crate::source::{list, one_in};

/// A permission text.
#[derive(Clone, PartialEq, Eq)]
pub struct PermissionQuestion {
    /// What it would be.
    pub case: PermissionCase,
    /// What happened to it on the way.
    pub slips: Vec<Slip>,
}

impl PermissionQuestion {
    /// The text.
    pub fn text(&self) -> String {
        self.slips.iter().fold(self.case.text(), |text, slip| slip.apply(&text))
    }

    /// A good permission of the type that the slip is about, and that.
    pub(super) fn in_turn(self, turn: usize) -> Self {
        let slip = Slip::in_turn(turn);
        let grant = self.case.grant().clone();
        let grant = match slip.resource_type() {
            Some(wanted) if grant.resource_type() != wanted => Grant::of_type(wanted),
            _ => grant,
        };
        PermissionQuestion { case: PermissionCase::Valid(grant), slips: vec![slip] }
    }
}

impl<'a> Arbitrary<'a> for PermissionQuestion {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let case = if one_in(u, 2)? {
            let names = pool(u)?;
            PermissionCase::Valid(Grant::from_pool(u, names)?)
        } else {
            PermissionCase::arbitrary(u)?
        };
        let slips = match u.int_in_range(0..=3)? {
            0 => Vec::new(),
            1 => list(u, 2, Slip::arbitrary)?,
            _ => vec![Slip::arbitrary(u)?],
        };
        Ok(PermissionQuestion { case, slips })
    }
}

impl fmt::Debug for PermissionQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text())
    }
}

shrink_fields!(PermissionQuestion { slips, case });
