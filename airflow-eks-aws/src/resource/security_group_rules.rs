//! Managing: see `airflow_eks_core::aws_resources`.
