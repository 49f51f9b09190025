//! Readings, mistakes, and every text there is.
