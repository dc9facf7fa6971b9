//! The AWS side, end to end: the program against the stand-in for AWS. `cargo xtask test` starts it.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod both_sides;
mod changes;
mod existing;
mod inventory;
mod leftovers;
mod lifecycle;
mod ownership;
#[path = "../support/ran.rs"]
mod ran;
mod seeds;
mod support;
mod trouble;
