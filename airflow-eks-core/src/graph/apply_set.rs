//! Which objects in a cluster are a stack's: the convention of ApplySets, which kubectl follows too.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::ObjectId;

/// The set of all objects of a stack in a cluster. Its parent, a ConfigMap, tells which kinds and namespaces it spans; every
/// member carries its id as a label. See
/// <https://github.com/kubernetes/enhancements/tree/master/keps/sig-cli/3659-kubectl-apply-prune>.
///
/// ```
/// use airflow_eks_core::graph::ApplySet;
///
/// let set = ApplySet::of("analytics");
/// assert_eq!(set.parent().to_string(), "ConfigMap kube-system/airflow-eks-analytics");
/// assert!(set.id().starts_with("applyset-"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplySet {
    stack: String,
    parent: ObjectId,
    id: String,
}

impl ApplySet {
    /// The label of members.
    pub const PART_OF: &str = "applyset.kubernetes.io/part-of";
    /// The label of the parent.
    pub const ID: &str = "applyset.kubernetes.io/id";
    /// The annotation of the parent that names the tool.
    pub const TOOLING: &str = "applyset.kubernetes.io/tooling";
    /// The annotation of the parent that lists kinds, each as `Kind.group`.
    pub const GROUP_KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
    /// The annotation of the parent that lists namespaces beside its own.
    pub const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";

    /// The set of a stack. The namespace of its parent is one that every cluster has and no stack deletes.
    #[must_use]
    pub fn of(stack: &str) -> Self {
        let parent = ObjectId::new("", "ConfigMap", Some("kube-system"), &format!("airflow-eks-{stack}"));
        let known_by = format!("{}.kube-system.ConfigMap.", parent.name);
        let id = format!("applyset-{}-v1", URL_SAFE_NO_PAD.encode(Sha256::digest(known_by)));
        Self { stack: stack.to_owned(), parent, id }
    }

    /// The name of the stack.
    #[must_use]
    pub fn stack(&self) -> &str {
        &self.stack
    }

    /// The ConfigMap that stands for the set.
    #[must_use]
    pub fn parent(&self) -> &ObjectId {
        &self.parent
    }

    /// The value of the members' label.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value that `kubectl apply --applyset=configmap/airflow-eks-a --namespace=kube-system` computes.
    #[test]
    fn the_id_is_the_one_that_kubectl_computes() {
        let digest = Sha256::digest("airflow-eks-a.kube-system.ConfigMap.");
        let set = ApplySet::of("a");
        assert_eq!(set.id(), format!("applyset-{}-v1", URL_SAFE_NO_PAD.encode(digest)));
        assert!(set.id().len() <= 63, "{}", set.id().len());
        assert_ne!(set.id(), ApplySet::of("b").id());
    }
}
