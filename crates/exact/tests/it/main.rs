//! The exact engine from outside: one binary for all of its tests, which links but once.

mod central;
mod epochs;
mod literal;
mod proof;
mod tail;
