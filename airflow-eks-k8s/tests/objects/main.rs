//! Objects on a real API server: applied, compared, pruned and deleted.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod adoption;
mod cluster_secrets;
mod connections;
mod drift;
mod many;
mod namespaces;
mod pruning;
mod repeated;
mod replacing;
mod secrets;
mod stack;
