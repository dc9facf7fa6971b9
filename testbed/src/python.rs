//! Virtual environments of Python, each made once for a machine from pinned requirements.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{Error, Progress, cache, error::file_error};

/// The Python that all requirements are resolved for.
const PYTHON: &str = "3.11";
/// How many lines of a failed installation are told.
const TOLD_LINES: usize = 20;

/// What is installed together, and the variable that names an interpreter that has it already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Environment {
    /// The name of its main package, as people write it.
    pub(crate) name: &'static str,
    /// The requirement whose version is that of the whole.
    pub(crate) package: &'static str,
    /// How its folder in the cache begins.
    pub(crate) prefix: &'static str,
    pub(crate) variable: &'static str,
    pub(crate) file: &'static str,
    pub(crate) requirements: &'static str,
    /// Requirements that exist only as source; they have to be pure Python.
    pub(crate) from_source: &'static [&'static str],
}

impl Environment {
    pub(crate) fn version(self) -> &'static str {
        self.requirements
            .lines()
            .find_map(|line| line.strip_prefix(self.package)?.strip_prefix("=="))
            .unwrap_or_default()
    }

    /// Name and version.
    fn what(self) -> String {
        format!("{} {}", self.name, self.version())
    }

    /// The folder in the cache: other requirements, or another Python, never mix.
    pub(crate) fn folder(self) -> PathBuf {
        let (version, content) = (self.version(), cache::fnv1a(self.requirements));
        cache::root().join(format!("{}-{version}-{content:016x}-python-{PYTHON}", self.prefix))
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

    /// The interpreter that has it; else the one that was looked for in vain.
    pub(crate) fn find(self) -> Result<PathBuf, PathBuf> {
        let (python, usable) = match self.named_by_variable() {
            Some(python) => (python.clone(), python.is_file()),
            None => (python_in(&self.folder()), self.is_complete()),
        };
        if usable { Ok(python) } else { Err(python) }
    }

    /// Makes it, unless it is there.
    pub(crate) fn install(self, progress: Progress<'_>) -> Result<(), Error> {
        if self.named_by_variable().is_some() || self.is_complete() {
            return Ok(());
        }
        let (folder, what) = (self.folder(), self.what());
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
        let python = interpreter(&self.what())?;
        run(Command::new(python).args(["-m", "venv"]).arg(folder), "make an environment")?;
        let mut install = Command::new(python_in(folder));
        install.args(["-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]);
        self.install_requirements(&mut install)
    }

    fn install_requirements(self, install: &mut Command) -> Result<(), Error> {
        // Nothing is compiled.
        install.args(["--only-binary", ":all:"]);
        for package in self.from_source {
            install.args(["--no-binary", package]);
        }
        run(install.args(["-r", self.file]), &format!("install {}", self.what()))
    }
}

fn python_in(folder: &Path) -> PathBuf {
    folder.join("bin").join("python")
}

fn starts(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// The interpreter of the right version, which is needed for something.
fn interpreter(what: &str) -> Result<&'static str, Error> {
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
    Err(Error::NoPython { wanted: PYTHON, found, what: what.to_owned() })
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

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Environment = Environment {
        name: "Flask",
        package: "flask[async]",
        prefix: "flask",
        variable: "AIRFLOW_EKS_NO_SUCH_VARIABLE",
        file: "requirements.txt",
        requirements: "click==8\nflask[async]==9.9.9\n",
        from_source: &[],
    };

    #[test]
    fn other_requirements_get_another_folder() {
        let other = Environment { requirements: "click==9\nflask[async]==9.9.9\n", ..ONE };
        assert_ne!(ONE.folder(), other.folder());
        assert!(ONE.folder().to_string_lossy().contains("flask-9.9.9-"), "{}", ONE.folder().display());
    }

    #[test]
    fn what_was_never_made_is_not_found() {
        assert_eq!(ONE.find(), Err(python_in(&ONE.folder())));
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
