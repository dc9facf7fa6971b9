//! A real Kubernetes control plane and a stand-in for AWS on this machine, for the tests of this workspace.
//!
//! etcd, kube-apiserver, kube-controller-manager and kube-scheduler run as ordinary processes on free loopback
//! ports, without root, and carry the custom resource definitions of every project whose resources are rendered
//! here. They are the referee that matters for manifests: schemas, strict field validation, CEL rules, admission,
//! RBAC and the built-in controllers.
//!
//! Its nodes are made up, and nothing runs on them: KWOK says of pods what a kubelet would, and of load balancers,
//! node pools, external secrets and Spark applications what their controllers would. So everything can be waited for,
//! and `nodes/stages` tells by which image or annotation a test makes something fail. Claims get volumes from the
//! library that real provisioners are made of.
//!
//! `cargo xtask testbed up` starts it, and a test finds it:
//!
//! ```no_run
//! use airflow_eks_testbed::{TestBed, unique_namespace};
//!
//! let test_bed = TestBed::connect()?;
//! let namespace = unique_namespace("render");
//! test_bed.kubectl().create_namespace(&namespace)?;
//! # Ok::<(), airflow_eks_testbed::Error>(())
//! ```
//!
//! Beside it runs a stand-in for AWS, [`AwsStandIn`]: moto with an extension, on which a whole deployment can be
//! made and taken away again. Every account on it is a world of its own.
//!
//! Linux only: processes are told apart through `/proc`.

mod airflow;
mod assets;
mod aws;
mod aws_environment;
mod aws_http;
mod aws_server;
mod cache;
mod charts;
mod connect;
mod containers;
mod crds;
mod credentials;
mod error;
mod fresh;
mod go;
mod helm;
mod kubectl;
mod lifecycle;
mod namespace;
mod nodes;
mod ports;
mod process;
mod python;
mod registry;
mod release;
mod run_directory;
mod server;
mod state;
mod status;
mod tools;
mod versions;

pub use airflow::{AirflowEnvironment, AirflowEnvironments};
pub use assets::Assets;
pub use aws::{AwsRequest, AwsStandIn};
pub use charts::{CHART_SOURCES, Chart, ChartSource};
pub use connect::TestBed;
pub use crds::{CRD_SOURCES, CrdSource};
pub use error::Error;
pub use fresh::{FreshOptions, FreshTestBed};
pub use helm::Helm;
pub use kubectl::Kubectl;
pub use lifecycle::{Started, down, up};
pub use namespace::unique_namespace;
pub use registry::OciRegistry;
pub use run_directory::RunDirectory;
pub use server::Server;
pub use state::{ServerRecord, State};
pub use status::{CrdGroup, Health, ServerStatus, Status, status};

/// Where a long operation tells what it is doing, one line at a time.
pub type Progress<'a> = &'a dyn Fn(&str);
