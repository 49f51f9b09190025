//! A study: tables that belong together, and the claims that they judge.
//!
//! Deliberately absent: hypotheses, rivals and engines, which belong to a closed form ([`claims::Claim`]).

use claims::StudyClaim;

use crate::table::Maker;

/// A study, named as on the command line.
#[derive(Debug)]
pub struct Study {
    /// The first part of the names of its snapshots and of its claims.
    pub name: &'static str,
    /// What it is about, for a reader.
    pub subject: &'static str,
    /// Its tables.
    pub tables: &'static [Maker],
}

impl Study {
    /// The claims that its tables judge.
    pub fn claims(&self) -> impl Iterator<Item = &'static StudyClaim> {
        registry::studied().iter().copied().filter(|claim| claim.study() == self.name)
    }
}
