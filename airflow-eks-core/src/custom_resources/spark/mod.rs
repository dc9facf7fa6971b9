//! The Spark Operator: applications, and applications on a schedule.
//!
//! Upstream: [API reference](https://github.com/kubeflow/spark-operator/blob/master/docs/api-docs.md) of
//! `sparkoperator.k8s.io/v1beta2`. Names and defaults of Spark itself are in its
//! [documentation](https://spark.apache.org/docs/latest/running-on-kubernetes.html).

mod application;
mod options;
mod pod;
mod scheduled;

pub use application::*;
pub use options::*;
pub use pod::*;
pub use scheduled::*;
