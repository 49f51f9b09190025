//! Writing from outside.
#![allow(clippy::unwrap_used)]

mod common;
mod write;
