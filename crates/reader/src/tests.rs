//! Readings, mistakes, and every text there is.

mod mistakes;
mod passages;
mod readings;
mod spelled;
