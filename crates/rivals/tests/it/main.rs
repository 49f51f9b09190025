//! Changed texts from outside.
#![allow(clippy::unwrap_used)]

#[path = "../../../notation/tests/it/common/mod.rs"]
mod common;
mod mutate;
mod operators;
mod round_trip;
