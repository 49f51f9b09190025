//! The walks of the precision study: a table and a figure each.

pub mod figure;
pub mod table;
