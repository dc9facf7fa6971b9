//! Where DAGs come from.

use super::{Check, at, pod};
use crate::spec::{AddonKind, GitSync};

pub(super) fn check(check: &mut Check<'_>) {
    let spec = check.spec;
    let dags = &spec.airflow.dags;
    let path = at("airflow").key("dags");
    if let Some(git_sync) = &dags.git_sync {
        self::git_sync(check, git_sync);
    }
    let Some(volume) = &dags.volume else { return };
    check.ensure_reading(
        &[path.key("gitSync")],
        volume.sub_path.is_none() || dags.git_sync.is_none(),
        &path.key("volume").key("subPath"),
        "the folder of the DAGs is decided by the repository that fills the volume",
        "remove it here; write `gitSync.subPath`",
    );
    check.ensure(
        volume.size.milli() > 0,
        &path.key("volume").key("size"),
        "a volume needs a size",
        "write for example 10Gi",
    );
    check.ensure_reading(
        &[at("fileSystem"), at("addons").key(AddonKind::EfsCsiDriver.key())],
        volume.existing_claim.is_some()
            || (spec.file_system.enabled && spec.addon_enabled(AddonKind::EfsCsiDriver)),
        &path.key("volume"),
        "there is no file system for the volume",
        "turn on `fileSystem` and `addons.efsCsiDriver`, or name a claim with `existingClaim`",
    );
}

fn git_sync(check: &mut Check<'_>, git_sync: &GitSync) {
    let path = at("airflow").key("dags").key("gitSync");
    if git_sync.repository.is_ssh() {
        check.ensure_reading(
            &[path.key("repository")],
            git_sync.ssh_key_secret.is_some(),
            &path.key("sshKeySecret"),
            "a repository over SSH needs a key",
            "name a secret with the key `gitSshKey`; a key itself never belongs in this file",
        );
        check.ensure_reading(&[path.key("repository")], 
            git_sync.known_hosts.as_ref().is_some_and(|hosts| !hosts.trim().is_empty()),
            &path.key("knownHosts"),
            "the host of the repository could be anyone",
            "add its host keys, as `ssh-keyscan` prints them, after comparing them with those that it publishes",
        );
        check.ensure_reading(
            &[path.key("repository")],
            git_sync.credentials_secret.is_none(),
            &path.key("credentialsSecret"),
            "user name and password are for HTTPS, but the repository is reached over SSH",
            "remove it, or write an https address",
        );
    } else {
        for (key, given) in [
            ("sshKeySecret", git_sync.ssh_key_secret.is_some()),
            ("knownHosts", git_sync.known_hosts.is_some()),
        ] {
            check.ensure_reading(
                &[path.key("repository")],
                !given,
                &path.key(key),
                format!("`{key}` is for SSH, but the repository is reached over HTTPS"),
                "remove it, or write an ssh address",
            );
        }
    }
    if let Some(hosts) = &git_sync.known_hosts {
        check.ensure(
            !hosts.contains("PRIVATE KEY"),
            &path.key("knownHosts"),
            "a private key stands in the file",
            "remove it and replace the key, which has to count as known to others; name a secret in `sshKeySecret`",
        );
    }
    check.ensure(
        git_sync.period.seconds() >= 5,
        &path.key("period"),
        format!("{} is shorter than git hosts put up with", git_sync.period),
        "write at least 5s",
    );
    check.ensure(
        git_sync.max_failures >= -1,
        &path.key("maxFailures"),
        format!("{} is not a number of failures", git_sync.max_failures),
        "write a number from 0, or -1 to go on for ever",
    );
    check.ensure(
        git_sync.sync_timeout.seconds() >= 10,
        &path.key("syncTimeout"),
        format!("{} is too short for a clone", git_sync.sync_timeout),
        "write at least 10s, and more for a large repository",
    );
    pod::settings(check, &path.key("pods"), &git_sync.pods);
}
