//! Which version of an add-on, where the stack does not say.

use airflow_eks_core::aws_resources::Addon;
use aws_sdk_eks::types::{AddonInfo, AddonVersionInfo};

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;
use crate::resource::{Wanted, cluster};

/// The version that EKS takes by default with the cluster's version of Kubernetes.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonVersions.html>.
pub(super) async fn default(aws: &Aws, wanted: Wanted<'_, Addon>) -> Result<String, Error> {
    let name = wanted.body.addon_name.as_str();
    let cluster = cluster::read::describe(aws, wanted.id, &wanted.body.cluster_name).await?;
    let kubernetes = cluster.and_then(|cluster| cluster.version).ok_or_else(|| {
        let message = format!("cluster `{}` is not there", wanted.body.cluster_name);
        Error::other(wanted.id, "eks:DescribeCluster", message)
    })?;
    let operation = Operation::read("eks", "DescribeAddonVersions");
    let send = |token| {
        let describe = aws.eks.describe_addon_versions().addon_name(name);
        describe.kubernetes_version(&kubernetes).set_next_token(token).send()
    };
    let addons = aws.every_page(operation, wanted.id, send, |page| (page.addons, page.next_token)).await?;
    let version = addons.iter().find_map(|addon| default_of(addon, &kubernetes)).ok_or_else(|| {
        let message =
            format!("EKS has no add-on `{name}` for Kubernetes {kubernetes}: give a version that suits it");
        Error::other(wanted.id, "eks:DescribeAddonVersions", message)
    })?;
    Ok(version.to_owned())
}

fn default_of<'a>(addon: &'a AddonInfo, kubernetes: &str) -> Option<&'a str> {
    let suits = |version: &&AddonVersionInfo| {
        version.compatibilities().iter().any(|with| {
            with.default_version() && with.cluster_version().is_none_or(|version| version == kubernetes)
        })
    };
    addon.addon_versions().iter().find(suits)?.addon_version()
}

#[cfg(test)]
mod tests {
    use aws_sdk_eks::types::Compatibility;

    use super::*;

    #[test]
    fn the_default_is_the_one_for_the_cluster() {
        let version = |name: &str, kubernetes: &str, default: bool| {
            let with = Compatibility::builder().cluster_version(kubernetes).default_version(default);
            AddonVersionInfo::builder().addon_version(name).compatibilities(with.build()).build()
        };
        let addon = AddonInfo::builder()
            .addon_versions(version("v3", "1.35", false))
            .addon_versions(version("v2", "1.34", true))
            .addon_versions(version("v1", "1.35", true))
            .build();
        assert_eq!(default_of(&addon, "1.35"), Some("v1"));
        assert_eq!(default_of(&addon, "1.33"), None);
    }
}
