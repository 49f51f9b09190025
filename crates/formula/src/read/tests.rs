//! Readings, mistakes, and every text there is.

mod mistakes;
mod readings;
mod spelled;
