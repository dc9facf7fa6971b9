//! The Kubernetes side: will observe and change the objects that [`airflow_eks_core::desired`] decides on.
//!
//! Nothing is here yet. Until it is, `airflow-eks render` writes the objects, and `kubectl apply --server-side` applies
//! them.
