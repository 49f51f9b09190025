//! The notation of formulas: their trees, the one table of their symbols, and how they are written.
//!
//! ```text
//! symbol: name, shape, units, meaning          tree: statements and definitions of expressions, each with its place
//!                                              tree ──write──> Unicode, ASCII, LaTeX, MathML
//! ```
//!
//! [`symbol`] is the one table of notation: the shape, the units and the meaning of every symbol that a text may use
//! without defining it; a [`Context`] says what else a text takes for granted.
//!
//! For whoever makes, shows or changes formulas. Deliberately absent: how a text is read, which is for `reader`, and
//! what a tree means, which is for `formula`.

mod context;
pub mod greek;
pub mod indices;
mod mistake;
mod place;
pub mod prose;
mod roots;
pub mod symbol;
pub mod tree;
mod write;

pub use context::{Commuting, Context, LearningRate, Weights};
pub use mistake::Mistake;
pub use place::Place;
pub use write::Spelling;
