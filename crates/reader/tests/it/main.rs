//! The language from outside: one binary for all of its tests, which links but once.
#![allow(clippy::unwrap_used)]

mod any_text;
#[path = "../../../notation/tests/it/common/mod.rs"]
mod common;
mod latex;
mod round_trip;
mod texts;
