//! What the tests of texts share: trees written down in a few words, their invariants, and random ones.

#![allow(dead_code, missing_docs)]

pub mod build;
pub mod places;
pub mod spelled;
pub mod strategy;
pub mod well_formed;
