//! The External Secrets Operator: Kubernetes secrets that are read from AWS.
//!
//! Upstream: [API reference](https://external-secrets.io/latest/api/spec/) of `external-secrets.io/v1`. Of
//! the many providers only AWS is here, and of its ways to authenticate only the service account, because a
//! cluster on EKS needs no long-lived keys. Generators are left out.

mod data_from;
mod external_secret;
mod store;
mod template;

pub use data_from::*;
pub use external_secret::*;
pub use store::*;
pub use template::*;
