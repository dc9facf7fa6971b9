//! The Python environment of the stand-in for AWS: moto, boto3 and the aws CLI.

use std::path::PathBuf;

use crate::{Error, Progress, python::Environment};

/// The folder that Python runs as a program.
pub(crate) const AWS_FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/aws");

const ENVIRONMENT: Environment = Environment {
    name: "moto",
    package: "moto[server]",
    prefix: "aws",
    variable: "AIRFLOW_EKS_AWS_PYTHON",
    file: concat!(env!("CARGO_MANIFEST_DIR"), "/aws/requirements.txt"),
    requirements: include_str!("../aws/requirements.txt"),
    from_source: &[],
};

/// Installs it into the user's cache, unless it is there, and gives its interpreter.
pub(crate) fn prepare(progress: Progress<'_>) -> Result<PathBuf, Error> {
    ENVIRONMENT.install(progress)?;
    find()
}

/// The interpreter of what was installed.
pub(crate) fn find() -> Result<PathBuf, Error> {
    ENVIRONMENT.find().map_err(|_| Error::NoAwsStandIn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moto_and_all_that_it_needs_are_pinned() {
        assert!(ENVIRONMENT.version().starts_with("5."), "{:?}", ENVIRONMENT.version());
        let lines =
            ENVIRONMENT.requirements.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        assert!(lines.clone().count() > 50);
        assert!(lines.clone().all(|line| line.contains("==")));
    }
}
