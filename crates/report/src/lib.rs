//! What was found, for a reader: snapshots, tables, pages, HTML and SVG.
//!
//! A [`Report`](verify::Report) and the tables of [`studies`] go in, text comes out. [`record`] compares texts with
//! those that are recorded under `snapshots/`, and [`generated`] compares files with those that a command makes.
//!
//! Deliberately absent: how a verdict is reached.

pub mod assertions;
mod checkout;
mod differing;
pub mod drawing;
#[cfg(test)]
mod example;
pub mod expected;
mod findings;
pub mod generated;
pub mod html;
mod link;
mod pages;
pub mod precision;
pub mod program;
pub mod record;
pub mod recorded;
pub mod snapshot;
pub mod table;
pub mod tables;
mod theory;
mod topics;
pub mod typeset;
pub mod wording;

pub use checkout::{check_root, root};
pub use pages::{Page, pages};
