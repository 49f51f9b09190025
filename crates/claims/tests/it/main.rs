//! The registry, claim files and drawn settings, from outside.
#![allow(clippy::unwrap_used)]

#[path = "../../../../tests/choices.rs"]
mod choices;
mod draw;
mod file;
mod latex;
mod papers;
mod provenance;
