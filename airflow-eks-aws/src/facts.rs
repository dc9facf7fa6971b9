//! What is already true of the account and the Region, gathered before a stack is checked.

use airflow_eks_core::Facts;
use airflow_eks_core::engine::Failure;
use airflow_eks_core::facts::KubernetesOffer;
use airflow_eks_core::types::AvailabilityZone;
use aws_sdk_ec2::types::AvailabilityZone as Ec2Zone;
use aws_sdk_eks::types::{ClusterVersionInformation, VersionStatus};

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::Error;
use crate::tags::ec2::filter;

/// Zones, by id, that EKS cannot place a control plane in. Names of zones differ from account to account, ids do not.
/// See <https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html#network-requirements-subnets>.
const UNUSABLE_ZONES: &[&str] = &["use1-az3", "usw1-az2", "cac1-az3"];

impl Aws {
    /// Asks AWS for what rules need to know: account, usable zones, versions of Kubernetes.
    ///
    /// # Errors
    /// Credentials that AWS does not know, a Region that it does not have, calls that the caller may not make.
    pub async fn facts(&self) -> Result<Facts, Failure> {
        let caller = self.caller().await?;
        let gathered = async { futures::try_join!(self.zones(), self.kubernetes_versions()) };
        let (zones, versions) = gathered.await.map_err(|error: Error| error.failure)?;
        let account = caller.account.parse().ok();
        Ok(Facts { account, usable_zones: Some(zones), kubernetes_versions: Some(versions) })
    }

    /// The zones of the Region that a stack can use, by name. Also one that is impaired just now: a stack does not move
    /// for that.
    async fn zones(&self) -> Result<Vec<AvailabilityZone>, Error> {
        let answer = self
            .call(
                Operation::read("ec2", "DescribeAvailabilityZones"),
                format!("Region {}", self.region),
                || {
                    self.ec2
                        .describe_availability_zones()
                        .filters(filter("zone-type", "availability-zone"))
                        .send()
                },
            )
            .await?;
        let usable = |zone: &&Ec2Zone| zone.zone_id().is_none_or(|id| !UNUSABLE_ZONES.contains(&id));
        let names = answer.availability_zones().iter().filter(usable).filter_map(|zone| zone.zone_name());
        let mut zones: Vec<AvailabilityZone> = names.filter_map(|name| name.parse().ok()).collect();
        zones.sort();
        Ok(zones)
    }

    /// The versions of Kubernetes that EKS offers now.
    async fn kubernetes_versions(&self) -> Result<Vec<KubernetesOffer>, Error> {
        let operation = Operation::read("eks", "DescribeClusterVersions");
        let send = |token| self.eks.describe_cluster_versions().set_next_token(token).send();
        let versions = self
            .every_page(operation, "Kubernetes versions", send, |page| {
                (page.cluster_versions, page.next_token)
            })
            .await?;
        let offer = |version: &ClusterVersionInformation| {
            let standard = version.version_status() == Some(&VersionStatus::StandardSupport);
            let offered = version.version_status() != Some(&VersionStatus::Unsupported);
            let version = version.cluster_version()?.parse().ok()?;
            offered.then_some(KubernetesOffer { version, standard_support: standard })
        };
        Ok(versions.iter().filter_map(offer).collect())
    }
}
