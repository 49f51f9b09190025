//! Formulas from outside: one binary for all of their tests, which links but once.
#![allow(clippy::unwrap_used)]

#[path = "../../../notation/tests/it/common/mod.rs"]
mod common;
mod evaluate;
mod losses;
