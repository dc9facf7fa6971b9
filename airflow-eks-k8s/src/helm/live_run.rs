//! Whether the `helm` that began a revision still runs.
//!
//! Each `helm` that changes a release writes its messages into a file that it holds locked as long as it runs, whatever becomes
//! of us: it inherits the lock with its standard error. The revision that it makes carries the file's name in a label. So a
//! later run on this machine knows at once that a pending revision is nobody's any more, and never takes over from one that
//! still works. A revision of another machine, or of a person's own `helm`, tells nothing.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _};
use std::path::PathBuf;

use super::stored::Entry;

/// The label of a revision that says which run made it: its number, and the name of the file.
pub(super) const LABEL: &str = "airflow-eks/run";

/// A run of `helm` that is about to begin.
pub(super) struct LiveRun {
    file: File,
    path: PathBuf,
    label: String,
}

/// Who works on a pending revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A `helm` of this machine.
    Alive,
    /// A `helm` of this machine that has ended without saying so.
    Dead,
    /// Nobody knows.
    Unknown,
}

impl LiveRun {
    /// For the revision that comes next.
    pub(super) fn of_revision(revision: u64) -> io::Result<Self> {
        let folder = folder();
        fs::create_dir_all(&folder)?;
        let file = tempfile::Builder::new().prefix("").suffix("").rand_bytes(20).tempfile_in(&folder)?;
        let (file, path) = file.keep().map_err(|error| error.error)?;
        file.lock()?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { file, path, label: format!("{revision}.{name}") })
    }

    /// The value of the label.
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    /// For the standard error of `helm`.
    pub(super) fn inherited(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// What `helm` said, once it has ended.
    pub(super) fn ended(mut self) -> io::Result<String> {
        let mut said = Vec::new();
        self.file.rewind()?;
        self.file.read_to_end(&mut said)?;
        fs::remove_file(&self.path)?;
        Ok(String::from_utf8_lossy(&said).into_owned())
    }
}

/// Who works on a pending revision.
pub(super) fn owner(entry: &Entry) -> Owner {
    let Some(path) = path_of(entry) else { return Owner::Unknown };
    let Ok(file) = OpenOptions::new().read(true).write(true).open(path) else { return Owner::Unknown };
    match file.try_lock() {
        Ok(()) => Owner::Dead,
        Err(TryLockError::WouldBlock) => Owner::Alive,
        Err(TryLockError::Error(_)) => Owner::Unknown,
    }
}

/// Takes away what a run that was killed has left.
pub(super) fn forget(entry: &Entry) {
    if let Some(path) = path_of(entry) {
        // It is in nobody's way, and holds nothing but messages.
        let _ = fs::remove_file(path);
    }
}

/// Later revisions inherit the labels of earlier ones, so the label says which one it was made for. A rollback is the next one.
fn path_of(entry: &Entry) -> Option<PathBuf> {
    let (revision, name) = entry.labels.get(LABEL)?.split_once('.')?;
    let revision: u64 = revision.parse().ok()?;
    let is_its_own =
        revision == entry.revision || (entry.status == "pending-rollback" && revision + 1 == entry.revision);
    let is_plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
    (is_its_own && is_plain).then(|| folder().join(name))
}

fn folder() -> PathBuf {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(std::env::temp_dir)
        .join("airflow-eks")
        .join("helm")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn entry(revision: u64, status: &str, label: &str) -> Entry {
        let labels = BTreeMap::from([(LABEL.to_owned(), label.to_owned())]);
        Entry { revision, status: status.to_owned(), labels, created: None, secret: String::new() }
    }

    #[test]
    fn a_run_is_alive_as_long_as_its_file_is_held() {
        let run = LiveRun::of_revision(4).unwrap();
        let label = run.label().to_owned();
        assert_eq!(owner(&entry(4, "pending-upgrade", &label)), Owner::Alive);
        assert_eq!(owner(&entry(5, "pending-rollback", &label)), Owner::Alive);
        // Inherited by a revision of somebody else.
        assert_eq!(owner(&entry(5, "pending-upgrade", &label)), Owner::Unknown);

        let inherited = run.inherited().unwrap();
        drop(run);
        assert_eq!(owner(&entry(4, "pending-upgrade", &label)), Owner::Alive);
        drop(inherited);
        assert_eq!(owner(&entry(4, "pending-upgrade", &label)), Owner::Dead);

        forget(&entry(4, "pending-upgrade", &label));
        assert_eq!(owner(&entry(4, "pending-upgrade", &label)), Owner::Unknown);
    }

    #[test]
    fn a_label_leads_nowhere_else() {
        assert_eq!(owner(&entry(1, "pending-install", "1.../../../etc/passwd")), Owner::Unknown);
    }
}
