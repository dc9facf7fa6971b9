//! Apache Airflow on Amazon EKS, described once: parsed, validated, and rendered as Kubernetes objects.
//!
//! Everything here is computed from plain data. There is no client, no runtime, no clock and no file system: text and
//! facts come in, objects and text go out.
//!
//! ```text
//! stack.yaml ── Document::parse ─┐
//!                                ├─► StackSpec ── Stack::validate ──► Stack ── desired ──► Graph ── render ──► text
//! builders in Rust ──────────────┘        ▲                                                  ▲
//!                                       Facts                                             Outputs
//! ```
//!
//! A whole program:
//!
#![doc = include_str!("../README.md")]

pub mod aws_resources;
pub mod custom_resources;
mod desired;
pub mod engine;
pub mod facts;
pub mod graph;
mod parse;
pub mod plan;
pub mod presets;
pub mod problem;
pub mod render;
mod schema;
pub mod spec;
mod stack;
pub mod status;
pub mod types;
mod validate;

pub use desired::{Login, WebAccess, desired, web_access};
pub use facts::Facts;
pub use graph::Graph;
/// The Kubernetes types that specs hold: tolerations, resources, volumes and the like.
pub use k8s_openapi;
pub use parse::Document;
pub use problem::{Problem, Problems};
pub use render::Outputs;
pub use schema::json_schema;
pub use stack::Stack;
