//! `cargo xtask makespan`: how long `apply` takes, against the critical path that `graph` reports.

use std::{
    process::{Command, ExitCode, Output},
    time::Instant,
};

use airflow_eks_testbed::AwsStandIn;
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::say;

/// What the stand-in calls the kinds that take their time.
const SLOW: &[(&str, &str)] = &[
    ("Vpc", "ec2:vpc"),
    ("NatGateway", "ec2:natgateway"),
    ("VpcEndpoint", "ec2:vpcendpoint"),
    ("Cluster", "eks:cluster"),
    ("NodeGroup", "eks:nodegroup"),
    ("FargateProfile", "eks:fargateprofile"),
    ("Addon", "eks:addon"),
    ("DbInstance", "rds:instance"),
    ("FileSystem", "efs:filesystem"),
    ("MountTarget", "efs:mounttarget"),
    ("PrometheusWorkspace", "amp:workspace"),
];

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How much of AWS's usual time the stand-in takes; below 0.05 the stand-in's own answers weigh more than its delays.
    #[arg(long, default_value_t = 0.05)]
    scale: f64,
    /// The preset to apply.
    #[arg(long, default_value = "self-managed-airflow")]
    preset: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    say("building the program");
    let built = Command::new("cargo").args(["build", "--quiet", "-p", "airflow-eks-cli"]).status()?;
    if !built.success() {
        bail!("the program does not build");
    }
    let folder = tempfile::tempdir()?;
    let aws = AwsStandIn::start(&say)?;
    let account = AwsStandIn::new_account();
    let program = std::env::current_dir()?.join(target_folder()).join("debug").join("airflow-eks");
    let airflow_eks = |options: &[&str]| -> Result<Output> {
        let mut command = Command::new(&program);
        command.args(options).current_dir(&folder).envs(aws.environment(&account));
        let output = command.output().context("cannot start the program")?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(output)
    };
    airflow_eks(&["init", "--preset", &arguments.preset])?;
    let graph = airflow_eks(&["graph", "--only", "aws", "--output", "json"])?;
    let graph: Value = serde_json::from_slice(&graph.stdout)?;
    let expected = graph["criticalPath"]["seconds"].as_f64().context("the graph has no critical path")?;
    let settings =
        json!({ "delays": delays(&graph), "scale": arguments.scale, "throttle": { "enabled": true } });
    aws.settings(&account, &settings)?;
    say("applying");
    let began = Instant::now();
    airflow_eks(&["apply", "--only", "aws", "--yes"])?;
    let took = began.elapsed().as_secs_f64();
    let ratio = took / (expected * arguments.scale);
    println!(
        "{took:.1} s: {ratio:.2} times the critical path of {expected:.0} s at a scale of {}",
        arguments.scale
    );
    println!("{} requests were refused for their number", aws.throttled(&account)?);
    Ok(ExitCode::SUCCESS)
}

fn target_folder() -> String {
    std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned())
}

/// The delays that the graph reckons with.
fn delays(graph: &Value) -> Map<String, Value> {
    let resources = graph["resources"].as_array().into_iter().flatten();
    let seconds = |resource: &Value| {
        Some(json!(resource["finishSeconds"].as_f64()? - resource["startSeconds"].as_f64()?))
    };
    resources
        .filter_map(|resource| {
            let (_, delay) = SLOW.iter().find(|(kind, _)| resource["kind"] == *kind)?;
            Some(((*delay).to_owned(), seconds(resource)?))
        })
        .collect()
}
