//! The language from outside: one binary for all of its tests, which links but once.
#![allow(clippy::unwrap_used)]

mod any_text;
mod common;
mod evaluate;
mod latex;
mod losses;
mod mutate;
mod operators;
mod round_trip;
mod texts;
mod write;
