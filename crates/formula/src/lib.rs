//! Formulas as values: one text, read in any of three spellings, checked, written, evaluated over any field, changed.
//!
//! ```text
//! text ──read──> Text ──check──> Formula ──┬── evaluate over any Scalar, and find where rounding loses digits
//!   Unicode, ASCII, LaTeX                  ├── write: Unicode, ASCII, LaTeX, MathML
//!                                          └── mutate
//! ```
//!
//! [`symbol`] is the one table of notation: the shape, the units and the meaning of every symbol that a text may use
//! without defining it.
//!
//! Deliberately absent: engines, claims and their hypotheses, files. What a formula means is decided here; whether it
//! holds is for others to find.

mod check;
mod context;
mod digits;
mod error;
mod formula;
mod greek;
mod indices;
mod loss;
mod mistake;
mod mutate;
mod place;
mod program;
pub mod prose;
mod read;
pub mod symbol;
pub mod tree;
mod write;

pub use context::{Commuting, Context, Given, Kind, LearningRate, Subject, Weights};
pub use digits::{Digits, Rounding};
pub use error::EvaluationError;
pub use formula::Formula;
pub use loss::{Cause, Loss, Losses, Placed};
pub use mistake::Mistake;
pub use mutate::{LARGEST_TEXT, Mutant, Operator, missing, mutants, repairs, with_inverses};
pub use place::Place;
pub use program::condition::Difference;
pub use read::{Notation, NotationError};
pub use write::Spelling;
