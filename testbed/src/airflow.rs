//! Real Airflow, in a virtual environment for each supported line: the referee of rendered configuration.
//!
//! The control plane does not need it, and `cargo xtask testbed up` does not make it; `cargo xtask test`
//! does.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{Error, Progress, cache, error::file_error};

/// The Python that the requirements are resolved for.
const PYTHON: &str = "3.11";
/// How many lines of a failed installation are told.
const TOLD_LINES: usize = 20;

/// A line of Airflow releases: what is installed for it, and the variable that names another interpreter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    variable: &'static str,
    file: &'static str,
    requirements: &'static str,
}

const AIRFLOW_2: Line = Line {
    variable: "AIRFLOW_EKS_AIRFLOW_2_PYTHON",
    file: concat!(env!("CARGO_MANIFEST_DIR"), "/airflow/requirements-2.11.txt"),
    requirements: include_str!("../airflow/requirements-2.11.txt"),
};

const AIRFLOW_3: Line = Line {
    variable: "AIRFLOW_EKS_AIRFLOW_3_PYTHON",
    file: concat!(env!("CARGO_MANIFEST_DIR"), "/airflow/requirements-3.txt"),
    requirements: include_str!("../airflow/requirements-3.txt"),
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
        Ok(Self { airflow_2: AIRFLOW_2.find()?, airflow_3: AIRFLOW_3.find()? })
    }

    /// The environment variables by which another process finds them.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        [(AIRFLOW_2, &self.airflow_2), (AIRFLOW_3, &self.airflow_3)]
            .map(|(line, airflow)| (line.variable, airflow.python.display().to_string()))
            .to_vec()
    }
}

impl Line {
    fn version(self) -> &'static str {
        self.requirements.lines().find_map(|line| line.strip_prefix("apache-airflow==")).unwrap_or_default()
    }

    /// The folder in the cache: other requirements, or another Python, never mix.
    fn folder(self) -> PathBuf {
        let name = format!("airflow-{}-{:016x}-python-{PYTHON}", self.version(), fnv1a(self.requirements));
        cache::root().join(name)
    }

    /// What is there once the installation is complete. Programs of an environment know its path, so that it
    /// cannot be made elsewhere and moved into place.
    fn marker(self) -> PathBuf {
        self.folder().join("complete")
    }

    fn is_complete(self) -> bool {
        // The interpreter is a link to one that may have been uninstalled since.
        self.marker().is_file() && python_in(&self.folder()).is_file()
    }

    fn named_by_variable(self) -> Option<PathBuf> {
        env::var_os(self.variable).filter(|value| !value.is_empty()).map(PathBuf::from)
    }

    fn find(self) -> Result<AirflowEnvironment, Error> {
        let version = self.version();
        let (python, usable) = match self.named_by_variable() {
            Some(python) => (python.clone(), python.is_file()),
            None => (python_in(&self.folder()), self.is_complete()),
        };
        if usable {
            Ok(AirflowEnvironment { version, python })
        } else {
            Err(Error::NoAirflow { version, python })
        }
    }

    fn install(self, progress: Progress<'_>) -> Result<(), Error> {
        if self.named_by_variable().is_some() || self.is_complete() {
            return Ok(());
        }
        let (folder, what) = (self.folder(), format!("Airflow {}", self.version()));
        let _lock = cache::lock(folder.with_added_extension("lock"), &what, progress)?;
        // Looked at again: whoever held the lock may have made it.
        if self.is_complete() {
            return Ok(());
        }
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(file_error("remove", &folder))?;
        }
        progress(&format!("installing {what} for the tests, once for this machine"));
        let made = if starts("uv") { self.by_uv(&folder) } else { self.by_pip(&folder) };
        made?;
        fs::write(self.marker(), self.requirements).map_err(file_error("write", self.marker()))
    }

    fn by_uv(self, folder: &Path) -> Result<(), Error> {
        run(
            Command::new("uv").args(["venv", "--quiet", "--python", PYTHON]).arg(folder),
            "make an environment",
        )?;
        let mut install = Command::new("uv");
        install.args(["pip", "install", "--quiet", "--python"]).arg(python_in(folder));
        self.install_requirements(&mut install)
    }

    fn by_pip(self, folder: &Path) -> Result<(), Error> {
        run(Command::new(interpreter()?).args(["-m", "venv"]).arg(folder), "make an environment")?;
        let mut install = Command::new(python_in(folder));
        install.args(["-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]);
        self.install_requirements(&mut install)
    }

    fn install_requirements(self, install: &mut Command) -> Result<(), Error> {
        // Nothing is compiled. The exception is pure Python, and only Airflow 2 has it.
        install.args(["--only-binary", ":all:", "--no-binary", "python-nvd3", "-r", self.file]);
        run(install, &format!("install Airflow {}", self.version()))
    }
}

fn python_in(folder: &Path) -> PathBuf {
    folder.join("bin").join("python")
}

fn starts(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The interpreter of the right version.
fn interpreter() -> Result<&'static str, Error> {
    let mut found = String::new();
    for program in ["python3.11", "python3", "python"] {
        match Command::new(program).arg("--version").output() {
            Ok(output) if output.status.success() => {
                let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
                if version.starts_with(&format!("Python {PYTHON}.")) {
                    return Ok(program);
                }
                let _ = write!(found, "{}`{program}` is {version}", if found.is_empty() { "" } else { ", " });
            }
            _ => {}
        }
    }
    let found = if found.is_empty() { "there is no `python3`".to_owned() } else { found };
    Err(Error::NoPython { wanted: PYTHON, found })
}

/// Runs a step of the installation. Python's tools tell of failures on either stream, at length.
fn run(command: &mut Command, operation: &str) -> Result<(), Error> {
    let program = command.get_program().display().to_string();
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(Output { status, stdout, stderr }) => {
            let said = [stdout, stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
            let end = last_lines(&said, TOLD_LINES);
            let detail = if end.is_empty() { status.to_string() } else { end };
            Err(Error::Failed { program, operation: operation.to_owned(), detail })
        }
        Err(source) => Err(Error::Start { program, operation: operation.to_owned(), source }),
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// A fingerprint that stays the same from one toolchain to the next: 64-bit FNV-1a.
fn fnv1a(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
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
    fn other_requirements_get_another_folder() {
        let changed = Line { requirements: "apache-airflow==2.11.2\nflask==0\n", ..AIRFLOW_2 };
        let also = Line { requirements: "apache-airflow==2.11.2\nflask==1\n", ..AIRFLOW_2 };
        assert_ne!(changed.folder(), also.folder());
        assert!(changed.folder().to_string_lossy().contains("airflow-2.11.2-"), "{changed:?}");
    }

    #[test]
    fn the_fingerprint_is_that_of_the_published_test_vectors() {
        assert_eq!(fnv1a(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn an_environment_that_was_never_made_is_missed_with_the_command_that_makes_it() {
        let never = Line {
            variable: "AIRFLOW_EKS_NO_SUCH_VARIABLE",
            requirements: "apache-airflow==9.9.9",
            ..AIRFLOW_3
        };
        let error = never.find().unwrap_err().to_string();
        assert!(error.contains("Airflow 9.9.9") && error.contains("`cargo xtask test`"), "{error}");
    }

    #[test]
    fn a_failed_installation_tells_the_end_of_what_was_said_on_either_stream() {
        let mut fails = Command::new("sh");
        fails.args(["-c", "seq 30; echo no such version >&2; exit 1"]);
        let error = run(&mut fails, "install Airflow").unwrap_err().to_string();
        assert!(error.starts_with("`sh` failed to install Airflow: 12\n"), "{error}");
        assert!(error.ends_with("30\nno such version"), "{error}");
    }
}
