//! Helm releases, through the user's own `helm`.
//!
//! What a release is like is read straight from its Secrets, without starting `helm`. Only what changes something, and what
//! asks how a changed release would be rendered, starts it. A release that a killed `helm` left half-way is mended by the next
//! run: see [`Releases::update`].

mod call;
mod charts;
mod cluster;
mod crds;
mod data;
mod drift;
mod failure;
mod fields;
mod instances;
mod kinds;
mod leftovers;
mod live_run;
mod manifest;
mod program;
mod releases;
mod rendered;
mod settle;
mod stored;
mod uninstall;
mod unready;
mod upgrade;
mod values;

pub use program::Program;
pub use releases::Releases;
