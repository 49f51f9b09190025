//! The engine from outside: against values derived by hand, in pieces, and where nothing can be run.
#![allow(clippy::unwrap_used)]

mod calibration;
mod common;
mod exact_values;
mod interpolation;
mod robustness;
mod runs;
mod trust;
