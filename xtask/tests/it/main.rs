//! The binary from the outside: one test binary, as each takes a while to link. `quick`, which mutation tests ask for
//! by name, is another.

mod decided;
mod design;
mod judge;
mod orders;
mod rarely_false;
mod sample;
mod seldom_drawn;
mod shuffled_epochs;
mod slips;
mod solve;
mod views;
mod words;
