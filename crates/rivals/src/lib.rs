//! Rivals: what other formula would have been told from a claim, and which one holds in its place.
//!
//! ```text
//! text ──crate::mutants──> texts ──┐
//!                                    ├── Trial: points at which the exact engine was asked once ──> Mutants
//! text ──crate::repairs──> texts ──┘                                                         └──> Repairs
//! ```
//!
//! Beside a claim stand its neighbours: the texts that are a small change away. [`Mutants`] says how many of them are
//! told from a claim that holds, and why the others hold, too. [`Repairs`] finds those that hold where a claim does
//! not, and [`strengthenings`] those that hold under fewer hypotheses.
//!
//! Deliberately absent: what a claim's own forms say, which is for `evidence`.

mod mutants;
mod mutate;
mod repair;
mod trial;

pub use mutants::{Because, Equal, Mutants};
pub use mutate::{LARGEST_TEXT, Mutant, Operator, missing, mutants, repairs};
pub use repair::{Budget, Repair, Repairs, strengthenings};
