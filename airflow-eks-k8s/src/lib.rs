//! The Kubernetes side: observes, changes, waits for and removes the objects and Helm releases that
//! [`airflow_eks_core::desired`] decides on.

mod access;
mod apply_set;
mod call;
pub mod cause;
mod connection;
mod discovery;
mod error;
pub mod helm;
mod known_secrets;
mod kubernetes;
mod live;
mod object;
mod plain_text;
mod port_forward;
mod provider;
pub mod readiness;
mod refusal;
mod releases;
mod secrets;

pub use access::{Access, ClusterCredentials, Endpoint, Token};
pub use kubernetes::Kubernetes;
pub use port_forward::ForwardTarget;
pub use secrets::ClusterSecrets;
