//! Fargate profiles.
//! See <https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html>.

use super::network::Tier;
use super::parts::{Parts, mark};
use crate::aws_resources::{AwsKind, FargateProfile, FargateSelector};
use crate::graph::{Attribute, AwsId};

pub(super) fn add(parts: &mut Parts<'_>) {
    let cluster = parts.cluster();
    let mut before: Option<AwsId> = None;
    for said in &parts.spec().fargate_profiles {
        let selectors = said.selectors.iter().map(|selector| FargateSelector {
            namespace: selector.namespace.to_string(),
            labels: selector.labels.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect(),
        });
        let profile = FargateProfile {
            cluster_name: parts.names().cluster().to_owned(),
            fargate_profile_name: said.name.to_string(),
            pod_execution_role_arn: mark(AwsKind::Role, "fargate-pod-execution", Attribute::Arn),
            subnets: parts.subnet_ids(Tier::DataPlane),
            selectors: selectors.collect(),
        };
        let id = parts.add(said.name.as_str(), profile);
        parts.wait(&id, &cluster);
        for kind in [AwsKind::RouteTable, AwsKind::VpcEndpoint] {
            parts.wait_for_all(&id, kind);
        }
        // A cluster takes one change of its profiles at a time.
        if let Some(before) = &before {
            parts.wait(&id, before);
        }
        before = Some(id);
    }
}
