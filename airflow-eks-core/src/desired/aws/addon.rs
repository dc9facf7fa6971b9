//! EKS add-ons.
//! See <https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html>.

use serde_json::{Map, Value, json};

use super::parts::{Parts, mark};
use crate::aws_resources::{Addon, AwsKind};
use crate::desired::merge::merge;
use crate::desired::names::addon_account;
use crate::graph::{Attribute, AwsId};
use crate::spec::{AddonKind, PodIdentity};

/// The add-on that gives pods their roles.
pub(super) const POD_IDENTITY_AGENT: &str = "eks-pod-identity-agent";
/// Add-ons that nodes wait for; all others wait for nodes.
const BEFORE_NODES: &[&str] = &["vpc-cni", "kube-proxy", POD_IDENTITY_AGENT];

/// What EKS calls an add-on, where EKS installs it.
fn eks_name(kind: AddonKind) -> Option<&'static str> {
    match kind {
        AddonKind::VpcCni => Some("vpc-cni"),
        AddonKind::Coredns => Some("coredns"),
        AddonKind::KubeProxy => Some("kube-proxy"),
        AddonKind::PodIdentityAgent => Some(POD_IDENTITY_AGENT),
        AddonKind::EbsCsiDriver => Some("aws-ebs-csi-driver"),
        AddonKind::EfsCsiDriver => Some("aws-efs-csi-driver"),
        AddonKind::MetricsServer => Some("metrics-server"),
        _ => None,
    }
}

pub(super) fn add(parts: &mut Parts<'_>) {
    let cluster = parts.cluster();
    let kinds: Vec<&AddonKind> = AddonKind::ALL.iter().filter(|kind| parts.has_addon(**kind)).collect();
    for kind in kinds {
        let Some(name) = eks_name(*kind) else { continue };
        let said = parts.spec().addons.get(*kind);
        let by_annotation = parts.spec().identities.provider == PodIdentity::Irsa;
        let account = addon_account(*kind).filter(|_| by_annotation);
        let addon = Addon {
            cluster_name: parts.names().cluster().to_owned(),
            addon_name: name.to_owned(),
            addon_version: said.version.as_ref().map(ToString::to_string),
            service_account_role_arn: account
                .map(|account| mark(AwsKind::Role, account.role, Attribute::Arn)),
            configuration_values: configuration(parts, *kind),
        };
        let id = parts.add(name, addon);
        parts.wait(&id, &cluster);
        associations(parts, &id, *kind);
        if !BEFORE_NODES.contains(&name) {
            let groups = parts.spec().node_groups.iter();
            let groups = groups.map(|group| AwsId::new(AwsKind::NodeGroup, group.name.as_str()));
            let profiles = parts.spec().fargate_profiles.iter();
            let profiles = profiles.map(|profile| AwsId::new(AwsKind::FargateProfile, profile.name.as_str()));
            groups.chain(profiles).for_each(|nodes| parts.wait(&id, &nodes));
        }
    }
}

/// With Pod Identity, pods find their role only if the association is there before them.
fn associations(parts: &mut Parts<'_>, id: &AwsId, kind: AddonKind) {
    let Some(account) = addon_account(kind) else { return };
    for name in account.service_accounts {
        let name = format!("{}/{name}", account.namespace);
        parts.wait(id, &AwsId::new(AwsKind::PodIdentityAssociation, name));
    }
}

/// What the stack sets, with the user's values over it.
fn configuration(parts: &Parts<'_>, kind: AddonKind) -> Option<Value> {
    let fargate_only = parts.spec().node_groups.is_empty()
        && !parts.spec().fargate_profiles.is_empty()
        && parts.spec().cluster.existing.is_none();
    let own = match kind {
        AddonKind::Coredns if fargate_only => json!({ "computeType": "Fargate" }),
        _ => json!({}),
    };
    let mut values: Map<String, Value> = own.as_object().cloned().unwrap_or_default();
    for (key, value) in &parts.spec().addons.get(kind).values {
        merge(values.entry(key.clone()).or_insert(Value::Null), value);
    }
    (!values.is_empty()).then_some(Value::Object(values))
}
