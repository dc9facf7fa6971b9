//! The EFS file system.

use super::{Check, at};
use crate::spec::AddonKind;

pub(super) fn check(check: &mut Check<'_>) {
    let spec = check.spec;
    let file_system = &spec.file_system;
    check.ensure_reading(
        &[at("fileSystem").key("enabled")],
        file_system.enabled || file_system.existing.is_none(),
        &at("fileSystem").key("existing"),
        "a file system is named, but file systems are off",
        "remove `enabled: false`, or the file system",
    );
    check.ensure_reading(
        &[at("fileSystem"), at("addons").key(AddonKind::EfsCsiDriver.key())],
        !file_system.enabled || spec.addon_enabled(AddonKind::EfsCsiDriver) || check.cluster_exists(),
        &at("addons").key(AddonKind::EfsCsiDriver.key()),
        "without the EFS CSI driver nothing can mount the file system",
        "turn it on, or write `fileSystem: {enabled: false}`",
    );
}
