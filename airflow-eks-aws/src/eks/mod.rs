//! What the kinds of resources of EKS have in common.

pub(crate) mod clusters;
pub(crate) mod health;
pub(crate) mod updates;

use crate::error::Error;

/// A token for one call and its repetitions. It is never the same twice: EKS would otherwise answer for a resource that
/// was deleted since.
pub(crate) fn request_token() -> String {
    format!("{:032x}", rand::random::<u128>())
}

/// What deleting something in a cluster needs: the cluster and its name there. Names of clusters hold no slash.
pub(crate) fn physical_id(cluster: &str, name: &str) -> String {
    format!("{cluster}/{name}")
}

/// The cluster and the name in it.
pub(crate) fn in_cluster(physical_id: &str) -> Result<(&str, &str), Error> {
    physical_id.split_once('/').ok_or_else(|| {
        Error::other(physical_id, "eks", "is not the name of a cluster and of something in it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Class, classify};

    #[test]
    fn a_name_that_is_taken_is_not_busy() {
        let class = |message| classify("eks", "ResourceInUseException", message, Some(409));
        assert_eq!(
            class("NodeGroup already exists with name core and cluster name data"),
            Class::AlreadyExists
        );
        let entry = "The specified access entry resource is already in use on this cluster.";
        assert_eq!(class(entry), Class::AlreadyExists);
        assert_eq!(class("Cluster has nodegroups attached"), Class::InUse);
    }

    #[test]
    fn a_role_that_eks_does_not_see_yet_is_waited_for() {
        let class = |message| classify("eks", "InvalidParameterException", message, Some(400));
        let fargate = "Misconfigured PodExecutionRole Trust Policy; Please add the \
                       eks-fargate-pods.amazonaws.com Service Principal";
        assert_eq!(class(fargate), Class::NotYet);
        assert_eq!(class("Subnets specified must be in at least two different AZs"), Class::Other);
    }

    #[test]
    fn the_name_in_a_cluster_may_hold_slashes() {
        let arn = "arn:aws:iam::111122223333:role/team/deployer";
        assert_eq!(in_cluster(&physical_id("data", arn)).unwrap(), ("data", arn));
        assert!(in_cluster("data").is_err());
    }

    #[test]
    fn no_token_is_used_twice() {
        assert_ne!(request_token(), request_token());
    }
}
