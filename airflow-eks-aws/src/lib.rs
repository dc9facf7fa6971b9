//! The AWS side: will observe and change the account that a stack of [`airflow_eks_core`] lives in.
//!
//! Nothing is here yet: this release renders the Kubernetes objects of a stack and makes nothing in AWS.
