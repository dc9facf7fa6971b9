//! The AWS side of airflow-eks: makes, reads, changes and deletes what `airflow-eks-core` decides.
//!
//! There is no state file. What exists is asked of AWS: every resource is known by a name or a tag that is fixed before it
//! is made, so that a run that was killed at any point is finished by running it again.
//!
#![doc = include_str!("../README.md")]

mod call;
mod clients;
mod cluster_access;
mod eks;
mod error;
mod facts;
mod identity;
mod limits;
mod made;
mod pages;
mod policy;
mod preflight;
mod protected;
mod provider;
mod resource;
mod security_groups;
mod sweep;
mod tags;
mod token;
mod wait;

pub use clients::{Aws, Connection};
pub use cluster_access::ClusterAccess;
pub use identity::Caller;
pub use preflight::Finding;
pub use sweep::{Leftover, LeftoverKind};
pub use token::Token;
