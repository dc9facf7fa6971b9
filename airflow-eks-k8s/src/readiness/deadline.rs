//! How long is waited where nobody says.

use std::time::Duration;

/// Minutes by kind. Pods get the time in which Karpenter brings a node and a large image comes from the registry.
const MINUTES: [(&str, u64); 15] = [
    ("APIService", 3),
    ("CustomResourceDefinition", 2),
    ("DaemonSet", 10),
    ("Deployment", 10),
    ("EC2NodeClass", 3),
    ("ExternalSecret", 3),
    ("Ingress", 5),
    ("Job", 15),
    ("Namespace", 2),
    ("NodePool", 3),
    ("PersistentVolumeClaim", 5),
    ("Pod", 10),
    ("ReplicaSet", 10),
    ("Service", 5),
    // Pods come one after another.
    ("StatefulSet", 15),
];

/// How long an object of a kind is waited for where nobody says.
#[must_use]
pub fn default_deadline(kind: &str) -> Duration {
    let minutes = MINUTES.iter().find(|(name, _)| *name == kind).map_or(5, |(_, minutes)| *minutes);
    Duration::from_secs(60 * minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_their_own_and_others_five_minutes() {
        assert_eq!(default_deadline("Job"), Duration::from_secs(900));
        assert_eq!(default_deadline("ScaledObject"), Duration::from_secs(300));
    }
}
