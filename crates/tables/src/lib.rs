//! What a study is: tables as text, cell by cell, and the verdicts that they give on claims of the registry.
//!
//! For whoever writes a study. Deliberately absent: which studies there are, and how a table looks.

pub mod draws;
mod judged;
pub mod rational;
pub mod registered;
mod study;
mod table;

pub use judged::Judged;
pub use study::Study;
pub use table::{Maker, StudyError, Table, heads};
