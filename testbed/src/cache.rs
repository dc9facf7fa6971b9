//! What is made once for a machine: where it is kept, and how two who would make it wait for each other.

use std::{env, fs, path::PathBuf};

use crate::{Error, Progress, error::file_error};

/// The folder of this product's test bed in the user's cache.
pub(crate) fn root() -> PathBuf {
    let named = |variable| env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    named("XDG_CACHE_HOME")
        .or_else(|| named("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(env::temp_dir)
        .join("airflow-eks")
        .join("testbed")
}

/// Keeps every other maker of `what` waiting for as long as the result lives. `path` is a file for this
/// alone.
pub(crate) fn lock(path: PathBuf, what: &str, progress: Progress<'_>) -> Result<fs::File, Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(file_error("create", folder))?;
    }
    let lock = fs::File::create(&path).map_err(file_error("create", &path))?;
    if lock.try_lock().is_err() {
        progress(&format!("waiting for another process that makes {what}"));
        lock.lock().map_err(file_error("lock", path))?;
    }
    Ok(lock)
}
