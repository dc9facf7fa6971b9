//! The Kubernetes side, end to end: the program against a real API server. `cargo xtask test` starts it.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod default_stack;
mod drift;
mod inventory;
mod killed;
mod kubectl;
mod neighbours;
mod pruning;
#[path = "../support/ran.rs"]
mod ran;
mod stacks;
mod status;
mod support;
mod trouble;
mod ui;
