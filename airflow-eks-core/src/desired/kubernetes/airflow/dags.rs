//! Where the containers of a release find DAGs.
//!
//! Three ways: a clone of the repository in each pod, a shared volume, or the image. A repository together with a volume
//! is the volume filled by one pod: two writers on one volume would corrupt it.

use k8s_openapi::api::core::v1::{PersistentVolumeClaimVolumeSource, Volume, VolumeMount};

use super::super::storage::dags_claim_name;
use super::container::{self, AIRFLOW_HOME, scratch};
use super::{Component, Release, git_sync};

/// The volume that DAGs lie on.
pub(super) const VOLUME: &str = "dags";

/// The folder that Airflow reads DAGs from.
pub(super) fn folder(release: Release<'_>) -> String {
    let dags = &release.spec.dags;
    let mut folder = format!("{AIRFLOW_HOME}/dags");
    if let Some(git_sync) = &dags.git_sync {
        folder.push('/');
        folder.push_str(git_sync::LINK);
        if let Some(part) = &git_sync.sub_path {
            folder.push('/');
            folder.push_str(part.as_str());
        }
    } else if let Some(part) = dags.volume.as_ref().and_then(|volume| volume.sub_path.as_ref()) {
        folder.push('/');
        folder.push_str(part.as_str());
    }
    folder
}

/// Whether each pod keeps a clone of the repository of its own.
pub(super) fn cloned_in_each_pod(release: Release<'_>) -> bool {
    release.spec.dags.git_sync.is_some() && release.spec.dags.volume.is_none()
}

/// Where DAGs are mounted, unless they are in the image.
fn mount_point() -> String {
    format!("{AIRFLOW_HOME}/dags")
}

/// Whether a component reads DAG files. What serves the web interface has them from the database, and so has the
/// scheduler where a DAG processor parses them.
pub(super) fn read_by(release: Release<'_>, component: Component) -> bool {
    match component {
        Component::Scheduler => !release.has(Component::DagProcessor),
        Component::DagProcessor | Component::Triggerer | Component::Worker => true,
        _ => false,
    }
}

/// The mount of containers that read DAGs.
pub(super) fn mount(release: Release<'_>, component: Component) -> Option<VolumeMount> {
    let dags = &release.spec.dags;
    let somewhere = dags.git_sync.is_some() || dags.volume.is_some();
    (somewhere && read_by(release, component)).then(|| container::mount(VOLUME, &mount_point(), None))
}

/// The volumes that reading DAGs needs.
pub(super) fn volumes(release: Release<'_>, component: Component) -> Vec<Volume> {
    if !read_by(release, component) {
        return Vec::new();
    }
    match dags_claim_name(release.stack) {
        Some(claim_name) => vec![claim(&claim_name)],
        None if release.spec.dags.git_sync.is_some() => {
            let mut volumes = vec![scratch(VOLUME)];
            volumes.extend(git_sync::volumes(release));
            volumes
        }
        None => Vec::new(),
    }
}

/// The shared volume.
pub(super) fn claim(claim_name: &str) -> Volume {
    Volume {
        name: VOLUME.to_owned(),
        persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
            claim_name: claim_name.to_owned(),
            ..PersistentVolumeClaimVolumeSource::default()
        }),
        ..Volume::default()
    }
}
