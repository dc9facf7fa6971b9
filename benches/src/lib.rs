//! Benchmarks of airflow-eks: see `render.rs`.
