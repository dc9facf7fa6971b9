//! Launch templates: what the nodes of a managed group are launched from.
//! See <https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html>.

use super::parts::Parts;
use super::{security_group, tags};
use crate::aws_resources::LaunchTemplate;
use crate::graph::{Attribute, AwsId};
use crate::spec::{AmiFamily, NodeGroup};

pub(super) fn add(parts: &mut Parts<'_>, group: &NodeGroup) -> AwsId {
    let tags = tags::of_launched(parts.stack, group.name.as_str());
    let template = LaunchTemplate {
        launch_template_name: parts.names().regional(group.name.as_str()),
        // Bottlerocket keeps its system on the first disk and everything else on the second.
        device_name: match group.ami_family {
            AmiFamily::Al2023 => "/dev/xvda",
            AmiFamily::Bottlerocket => "/dev/xvdb",
        }
        .to_owned(),
        volume_size: i32::try_from(group.disk_size_gib).unwrap_or(i32::MAX),
        volume_type: "gp3".to_owned(),
        encrypted: true,
        http_tokens: "required".to_owned(),
        // Pods do not get at the node's role: they have roles of their own.
        http_put_response_hop_limit: 1,
        monitoring: true,
        // With groups of its own, a template gets none from EKS: without that of EKS, nodes and control plane would not
        // reach each other.
        security_group_ids: [
            parts.of_cluster(Attribute::SecurityGroupId),
            security_group::id(security_group::NODE),
        ]
        .into(),
        key_name: group.key_pair.as_ref().map(ToString::to_string),
        tag_specifications: ["instance", "network-interface", "volume"]
            .map(|kind| (kind.to_owned(), tags.clone()))
            .into(),
    };
    parts.add(group.name.as_str(), template)
}
