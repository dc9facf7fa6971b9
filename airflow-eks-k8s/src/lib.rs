//! The Kubernetes side: observes, changes, waits for and removes the objects and Helm releases that
//! [`airflow_eks_core::desired`] decides on.
