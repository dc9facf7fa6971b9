//! What EKS says of a cluster, in our shape.

use std::collections::{BTreeMap, BTreeSet};

use airflow_eks_core::aws_resources::Cluster;
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::Attribute;
use aws_sdk_eks::types::{self as sdk, ClusterStatus};

use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::health;
use crate::error::{Error, found};

/// From anywhere: what EKS answers where nothing was said, and where it does not matter.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigRequest.html>.
const ANYWHERE: [&str; 2] = ["0.0.0.0/0", "::/0"];

/// A cluster by its name.
pub(in crate::resource) async fn describe(
    aws: &Aws,
    resource: impl ToString + Send,
    name: &str,
) -> Result<Option<sdk::Cluster>, Error> {
    let answer = aws
        .call(Operation::read("eks", "DescribeCluster"), resource, || {
            aws.eks.describe_cluster().name(name).send()
        })
        .await;
    Ok(found(answer)?.and_then(|answer| answer.cluster))
}

/// The fields of a cluster.
pub(super) fn body(cluster: &sdk::Cluster, wanted: &Cluster) -> Cluster {
    let network = cluster.resources_vpc_config();
    let access = cluster.access_config();
    let set = |values: Option<&[String]>| values.into_iter().flatten().cloned().collect::<BTreeSet<_>>();
    let cidrs = set(network.map(sdk::VpcConfigResponse::public_access_cidrs));
    Cluster {
        name: text(cluster.name()),
        version: text(cluster.version()),
        role_arn: text(cluster.role_arn()),
        subnet_ids: set(network.map(sdk::VpcConfigResponse::subnet_ids)),
        security_group_ids: set(network.map(sdk::VpcConfigResponse::security_group_ids)),
        endpoint_public_access: network.is_some_and(sdk::VpcConfigResponse::endpoint_public_access),
        endpoint_private_access: network.is_some_and(sdk::VpcConfigResponse::endpoint_private_access),
        public_access_cidrs: public_access_cidrs(cidrs, wanted),
        logging: logging(cluster),
        encryption_key_arn: cluster
            .encryption_config()
            .iter()
            .find_map(|config| Some(config.provider()?.key_arn()?.to_owned())),
        authentication_mode: access
            .and_then(sdk::AccessConfigResponse::authentication_mode)
            .map(|mode| mode.as_str().to_owned())
            .unwrap_or_default(),
        bootstrap_cluster_creator_admin_permissions: access
            .and_then(sdk::AccessConfigResponse::bootstrap_cluster_creator_admin_permissions)
            .unwrap_or_default(),
        support_type: cluster
            .upgrade_policy()
            .and_then(sdk::UpgradePolicyResponse::support_type)
            .map(|kind| kind.as_str().to_owned())
            .unwrap_or_default(),
    }
}

fn public_access_cidrs(cidrs: BTreeSet<String>, wanted: &Cluster) -> BTreeSet<String> {
    let anywhere = cidrs.iter().all(|cidr| ANYWHERE.contains(&cidr.as_str()));
    let as_wanted = !wanted.endpoint_public_access || wanted.public_access_cidrs.is_empty() && anywhere;
    if as_wanted { wanted.public_access_cidrs.clone() } else { cidrs }
}

fn logging(cluster: &sdk::Cluster) -> BTreeSet<String> {
    let setups = cluster.logging().map(sdk::Logging::cluster_logging).unwrap_or_default();
    let kept = setups.iter().filter(|setup| setup.enabled().unwrap_or_default());
    kept.flat_map(sdk::LogSetup::types).map(|kind| kind.as_str().to_owned()).collect()
}

/// What a cluster tells: nothing that it does not have yet.
pub(in crate::resource) fn attributes(cluster: &sdk::Cluster) -> BTreeMap<Attribute, String> {
    let network = cluster.resources_vpc_config();
    let issuer = cluster.identity().and_then(|identity| identity.oidc()?.issuer());
    let told = [
        (Attribute::Arn, cluster.arn()),
        (Attribute::Endpoint, cluster.endpoint()),
        (Attribute::CertificateAuthority, cluster.certificate_authority().and_then(sdk::Certificate::data)),
        (Attribute::OidcIssuer, issuer.map(|url| url.trim_start_matches("https://"))),
        (Attribute::SecurityGroupId, network.and_then(sdk::VpcConfigResponse::cluster_security_group_id)),
        (Attribute::VpcId, network.and_then(sdk::VpcConfigResponse::vpc_id)),
    ];
    let known = told.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned())));
    known.filter(|(_, value)| !value.is_empty()).collect()
}

/// Whether a cluster can be used.
pub(in crate::resource) fn readiness(cluster: &sdk::Cluster) -> Readiness {
    let issues = cluster.health().map(sdk::ClusterHealth::issues).unwrap_or_default();
    let status = cluster.status().map_or("unknown", ClusterStatus::as_str);
    let told = health::explained(status, issues);
    match cluster.status() {
        Some(ClusterStatus::Active) => {
            // It serves, and what is wrong is mended elsewhere, such as in its network.
            if !issues.is_empty() {
                tracing::warn!(cluster = cluster.name(), "EKS finds fault with the cluster: {told}");
            }
            Readiness::Ready
        }
        Some(ClusterStatus::Failed) => Readiness::Failed(told),
        _ => Readiness::InProgress(told),
    }
}

fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(public: bool, cidrs: &[&str]) -> Cluster {
        let network = sdk::VpcConfigResponse::builder().endpoint_public_access(public).build();
        let cluster = sdk::Cluster::builder().resources_vpc_config(network).build();
        let empty = Cluster {
            name: String::new(),
            version: String::new(),
            role_arn: String::new(),
            subnet_ids: BTreeSet::new(),
            security_group_ids: BTreeSet::new(),
            endpoint_public_access: public,
            endpoint_private_access: false,
            public_access_cidrs: cidrs.iter().map(ToString::to_string).collect(),
            logging: BTreeSet::new(),
            encryption_key_arn: None,
            authentication_mode: String::new(),
            bootstrap_cluster_creator_admin_permissions: false,
            support_type: String::new(),
        };
        assert_eq!(body(&cluster, &empty).endpoint_public_access, public);
        empty
    }

    fn read(public: bool, cidrs: &[&str], there: &[&str]) -> Vec<String> {
        let there = there.iter().map(ToString::to_string).collect();
        public_access_cidrs(there, &wanted(public, cidrs)).into_iter().collect()
    }

    #[test]
    fn anywhere_is_as_good_as_nothing_said() {
        assert!(read(true, &[], &["0.0.0.0/0"]).is_empty());
        assert_eq!(read(true, &["0.0.0.0/0"], &["0.0.0.0/0"]), ["0.0.0.0/0"]);
    }

    #[test]
    fn where_nobody_may_come_from_does_not_matter_without_public_access() {
        assert_eq!(read(false, &["10.0.0.0/8"], &["0.0.0.0/0"]), ["10.0.0.0/8"]);
    }

    #[test]
    fn another_range_is_a_difference() {
        assert_eq!(read(true, &["10.0.0.0/8"], &["0.0.0.0/0"]), ["0.0.0.0/0"]);
        assert_eq!(read(true, &[], &["10.0.0.0/8"]), ["10.0.0.0/8"]);
    }

    #[test]
    fn the_issuer_is_told_without_its_scheme_and_what_is_not_there_yet_not_at_all() {
        let oidc = sdk::Oidc::builder().issuer("https://oidc.example/id/1").build();
        let cluster = sdk::Cluster::builder()
            .identity(sdk::Identity::builder().oidc(oidc).build())
            .endpoint("")
            .build();
        assert_eq!(attributes(&cluster), [(Attribute::OidcIssuer, "oidc.example/id/1".to_owned())].into());
    }
}
