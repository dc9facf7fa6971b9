//! Real Airflow, in a virtual environment for each supported line: the referee of rendered configuration.
//!
//! The control plane does not need it, and `cargo xtask testbed up` does not make it; `cargo xtask test`
//! does.

use std::path::{Path, PathBuf};

use crate::{Error, Progress, python::Environment};

/// A line of Airflow releases.
const AIRFLOW_2: Environment = Environment {
    name: "Airflow",
    package: "apache-airflow",
    prefix: "airflow",
    variable: "AIRFLOW_EKS_AIRFLOW_2_PYTHON",
    file: concat!(env!("CARGO_MANIFEST_DIR"), "/airflow/requirements-2.11.txt"),
    requirements: include_str!("../airflow/requirements-2.11.txt"),
    from_source: &["python-nvd3"],
};

const AIRFLOW_3: Environment = Environment {
    variable: "AIRFLOW_EKS_AIRFLOW_3_PYTHON",
    file: concat!(env!("CARGO_MANIFEST_DIR"), "/airflow/requirements-3.txt"),
    requirements: include_str!("../airflow/requirements-3.txt"),
    from_source: &[],
    ..AIRFLOW_2
};

/// An installed Airflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AirflowEnvironment {
    version: &'static str,
    python: PathBuf,
}

impl AirflowEnvironment {
    /// The release, such as `3.3.2`.
    #[must_use]
    pub fn version(&self) -> &'static str {
        self.version
    }

    /// The interpreter that has it.
    #[must_use]
    pub fn python(&self) -> &Path {
        &self.python
    }

    /// The folder of the programs `airflow` and `python`.
    #[must_use]
    pub fn programs(&self) -> &Path {
        self.python.parent().unwrap_or(&self.python)
    }
}

/// Airflow 2 and Airflow 3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AirflowEnvironments {
    /// The last line of Airflow 2.
    pub airflow_2: AirflowEnvironment,
    /// The newest Airflow 3.
    pub airflow_3: AirflowEnvironment,
}

impl AirflowEnvironments {
    /// Installs both releases into the user's cache, unless they are there. That takes a minute or more, once
    /// for each change of their requirements. `AIRFLOW_EKS_AIRFLOW_2_PYTHON` and
    /// `AIRFLOW_EKS_AIRFLOW_3_PYTHON` name interpreters that have them already.
    ///
    /// # Errors
    /// There is no Python of the right version, or the installation failed.
    pub fn prepare(progress: Progress<'_>) -> Result<Self, Error> {
        AIRFLOW_2.install(progress)?;
        AIRFLOW_3.install(progress)?;
        Self::find()
    }

    /// Finds what [`AirflowEnvironments::prepare`] made.
    ///
    /// # Errors
    /// [`Error::NoAirflow`], which says how to get it.
    pub fn find() -> Result<Self, Error> {
        Ok(Self { airflow_2: installed(AIRFLOW_2)?, airflow_3: installed(AIRFLOW_3)? })
    }

    /// The environment variables by which another process finds them.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        [(AIRFLOW_2, &self.airflow_2), (AIRFLOW_3, &self.airflow_3)]
            .map(|(line, airflow)| (line.variable, airflow.python.display().to_string()))
            .to_vec()
    }
}

fn installed(line: Environment) -> Result<AirflowEnvironment, Error> {
    let version = line.version();
    match line.find() {
        Ok(python) => Ok(AirflowEnvironment { version, python }),
        Err(python) => Err(Error::NoAirflow { version, python }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lines_pin_a_release() {
        assert!(AIRFLOW_2.version().starts_with("2.11."), "{}", AIRFLOW_2.version());
        assert!(AIRFLOW_3.version().starts_with("3."), "{}", AIRFLOW_3.version());
        assert_ne!(AIRFLOW_2.folder(), AIRFLOW_3.folder());
    }

    #[test]
    fn an_environment_that_was_never_made_is_missed_with_the_command_that_makes_it() {
        let never = Environment {
            variable: "AIRFLOW_EKS_NO_SUCH_VARIABLE",
            requirements: "apache-airflow==9.9.9",
            ..AIRFLOW_3
        };
        let error = installed(never).unwrap_err().to_string();
        assert!(error.contains("Airflow 9.9.9") && error.contains("`cargo xtask test`"), "{error}");
    }
}
