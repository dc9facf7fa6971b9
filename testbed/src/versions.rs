//! The pinned versions of the programs, read from `kubernetes/go.mod` and `nodes/go.mod` so that they are written down
//! once.

use crate::cache;

const GO_MOD: &str = include_str!("../kubernetes/go.mod");
/// The module of what stands in for nodes and drivers.
const NODES_GO_MOD: &str = include_str!("../nodes/go.mod");
const VOLUME_PROVISIONER: &str = include_str!("../nodes/volume-provisioner/main.go");

/// The module of Kubernetes itself.
pub(crate) const KUBERNETES: &str = "k8s.io/kubernetes";
/// The module of the etcd server.
pub(crate) const ETCD: &str = "go.etcd.io/etcd/server/v3";
/// The module of KWOK, which plays kubelet.
pub(crate) const KWOK: &str = "sigs.k8s.io/kwok";

/// The version, such as `v1.35.8`, at which `go.mod` requires a module; empty if it does not.
pub(crate) fn required(module: &str) -> &'static str {
    required_in(GO_MOD, module)
}

/// The version at which `nodes/go.mod` requires a module; empty if it does not.
pub(crate) fn required_by_nodes(module: &str) -> &'static str {
    required_in(NODES_GO_MOD, module)
}

fn required_in<'a>(go_mod: &'a str, module: &str) -> &'a str {
    go_mod
        .lines()
        .filter_map(|line| {
            let line = line.trim();
            line.strip_prefix("require ").unwrap_or(line).split_once(' ')
        })
        .find(|(name, version)| *name == module && version.starts_with('v'))
        .map_or("", |(_, version)| version.split(' ').next().unwrap_or(version))
}

/// The name of the cache folder: programs of other versions, or of another machine type, never mix.
pub(crate) fn cache_key() -> String {
    format!(
        "kubernetes-{}-etcd-{}-{}-{}",
        required(KUBERNETES),
        required(ETCD),
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

/// The name of the cache folder of KWOK and the volume provisioner: other requirements or sources never mix.
pub(crate) fn nodes_cache_key() -> String {
    format!(
        "nodes-kwok-{}-{:016x}-{}-{}",
        required_by_nodes(KWOK),
        cache::fnv1a(&[NODES_GO_MOD, VOLUME_PROVISIONER].concat()),
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

/// Major and minor number of a version such as `v1.35.8`.
pub(crate) fn major_minor(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim_start_matches('v').split('.');
    let major = numbers.next()?.parse().ok()?;
    // Some distributions report a minor such as `35+`.
    let minor = numbers.next()?.trim_end_matches('+').parse().ok()?;
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_mod_pins_a_recent_kubernetes_and_an_etcd() {
        assert!(major_minor(required(KUBERNETES)).unwrap() >= (1, 34), "{}", required(KUBERNETES));
        assert!(major_minor(required(ETCD)).unwrap() >= (3, 6), "{}", required(ETCD));
    }

    #[test]
    fn the_nodes_go_mod_pins_kwok() {
        assert!(major_minor(required_by_nodes(KWOK)).unwrap() >= (0, 8), "{}", required_by_nodes(KWOK));
        assert!(nodes_cache_key().contains(required_by_nodes(KWOK)));
    }

    #[test]
    fn every_staging_module_is_replaced_by_the_same_release() {
        let (_, minor_and_patch) = required(KUBERNETES).split_once('.').unwrap();
        let replaced: Vec<_> = GO_MOD.lines().filter_map(|line| line.trim().split_once(" => ")).collect();
        assert!(replaced.len() >= 29, "{replaced:?}");
        for (module, by) in replaced {
            assert_eq!(by, format!("{module} v0.{minor_and_patch}"));
        }
    }

    #[test]
    fn a_version_is_read_in_both_spellings_of_require_and_without_its_comment() {
        let go_mod = "require a.io/x v1.2.3\nrequire (\n\ta.io/y v0.1.0 // indirect\n)\nreplace a.io/z => a.io/z v9.9.9\n";
        assert_eq!(required_in(go_mod, "a.io/x"), "v1.2.3");
        assert_eq!(required_in(go_mod, "a.io/y"), "v0.1.0");
        assert_eq!(required_in(go_mod, "a.io/z"), "");
    }

    #[test]
    fn the_cache_key_names_versions_and_machine() {
        assert!(cache_key().contains(required(KUBERNETES)));
        assert!(cache_key().ends_with(std::env::consts::ARCH));
    }
}
