//! A fresh account, and the program run in it.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use airflow_eks_testbed::AwsStandIn;
use serde_json::Value;
use tempfile::TempDir;

use crate::ran::Ran;

/// An account of its own, and an empty folder.
pub(crate) struct Place {
    pub(crate) aws: AwsStandIn,
    pub(crate) account: String,
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let aws = AwsStandIn::connect().unwrap();
        Self { aws, account: AwsStandIn::new_account(), folder: TempDir::new().unwrap() }
    }

    /// Writes the stack that the program finds in its folder.
    pub(crate) fn stack(&self, text: &str) {
        std::fs::write(self.path().join("stack.yaml"), text).unwrap();
    }

    /// Begins with a preset.
    pub(crate) fn preset(&self, name: &str) {
        self.run(&["init", "--preset", name]).ok();
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_airflow-eks"));
        command.args(arguments).current_dir(self.path()).env("HOME", self.path());
        for variable in ["AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "KUBECONFIG", "AWS_SESSION_TOKEN"]
        {
            command.env_remove(variable);
        }
        command.envs(self.aws.environment(&self.account));
        command
    }

    /// Runs a command for the AWS side, and gives its JSON document.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(&[arguments, &["--only", "aws", "--output", "json"]].concat());
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    }

    pub(crate) fn apply(&self) -> Ran {
        self.run(&["apply", "--only", "aws", "--yes"])
    }

    pub(crate) fn destroy(&self) -> Ran {
        self.run(&["destroy", "--only", "aws", "--yes", "--delete-data"])
    }

    /// The changes that `plan` says, as `resource: action path path …`, without what stays as it is.
    pub(crate) fn planned(&self, arguments: &[&str]) -> Vec<String> {
        let plan = self.json(&[&["plan"], arguments].concat());
        let steps = plan["steps"].as_array().unwrap();
        let changed = steps.iter().filter(|step| step["action"] != "nothing");
        changed
            .map(|step| {
                let mut line =
                    format!("{}: {}", step["resource"].as_str().unwrap(), step["action"].as_str().unwrap());
                for change in step["changes"].as_array().unwrap() {
                    write!(line, " {}", change["path"].as_str().unwrap()).unwrap();
                }
                line
            })
            .collect()
    }

    /// The operations that changed something since the last clearing.
    pub(crate) fn mutations(&self) -> Vec<String> {
        let requests = self.aws.requests(&self.account).unwrap();
        let mutating = requests.into_iter().filter(|request| request.mutating);
        mutating.map(|request| format!("{}:{}", request.service, request.operation)).collect()
    }

    /// The aws command line, in this account; what it answers.
    pub(crate) fn aws_cli(&self, arguments: &[&str]) -> Value {
        let output: Ran = self.aws.aws_cli(&self.account).args(arguments).output().unwrap().into();
        let text = output.ok().stdout.clone();
        if text.trim().is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }
}
