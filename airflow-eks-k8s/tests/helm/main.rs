//! Helm releases, by a real `helm` on a real API server. `AIRFLOW_EKS_HELM` names another `helm` than the test bed's.

#![expect(clippy::unwrap_used, reason = "a test that cannot get at what it needs has to fail, loudly")]

mod chart;
mod data;
mod definitions;
mod drift;
mod failing;
mod instances;
mod interrupted;
mod life;
mod program;
mod real_charts;
mod secrets;
mod setup;
mod sources;
