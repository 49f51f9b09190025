//! The exact engine from outside: one binary for all of its tests, which links but once.

mod average;
mod central;
mod epochs;
mod heavy;
mod literal;
mod proof;
mod several;
mod tail;
