//! The engine from outside: settings with answers by hand, and settings at random.
#![allow(clippy::unwrap_used)]

mod atlas;
mod by_hand;
mod routes;
mod settings;
mod singular;
