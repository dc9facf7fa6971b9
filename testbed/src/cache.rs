//! What is made once for a machine: where it is kept, and how two who would make it wait for each other.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

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

/// A fingerprint that stays the same from one toolchain to the next: 64-bit FNV-1a.
pub(crate) fn fnv1a(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Lets a file be run as a program.
pub(crate) fn make_executable(file: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).map_err(file_error("make executable", file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_that_of_the_published_test_vectors() {
        assert_eq!(fnv1a(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a("foobar"), 0x8594_4171_f739_67e8);
    }
}
