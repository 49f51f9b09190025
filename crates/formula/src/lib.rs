//! Formulas as values: a tree is checked for shapes and units, and evaluated over any field.
//!
//! ```text
//! notation::tree::Text ──check──> Formula ── evaluate over any Scalar, and find where rounding loses digits
//! ```
//!
//! For whoever has a formula and a setting. Deliberately absent: how a text is read (`reader`) and changed (`rivals`),
//! engines, claims and their hypotheses, files. What a formula means is decided here; whether it holds is for others
//! to find.

mod check;
mod digits;
mod error;
mod formula;
mod given;
mod loss;
mod program;

pub use check::commute;
pub use digits::{Digits, Rounding};
pub use error::EvaluationError;
pub use formula::Formula;
pub use given::{Given, Kind, Subject};
pub use loss::{Cause, Loss, Losses, Placed};
pub use program::condition::Difference;
