//! The EKS cluster.

use super::kms_key::SECRETS;
use super::network::Tier;
use super::parts::{Parts, mark};
use super::security_group;
use crate::aws_resources::{AwsKind, Cluster, ExistingCluster};
use crate::graph::{Attribute, AwsId};
use crate::spec::{ControlPlaneLog, SupportType};

pub(super) fn add(parts: &mut Parts<'_>) {
    let spec = &parts.spec().cluster;
    let name = parts.names().cluster().to_owned();
    if spec.existing.is_some() {
        parts.add_shared("cluster", ExistingCluster { name });
        return;
    }
    let access = &spec.endpoint_access;
    let cluster = Cluster {
        name,
        version: spec.version.to_string(),
        role_arn: mark(AwsKind::Role, "cluster", Attribute::Arn),
        subnet_ids: parts.subnet_ids(Tier::Private),
        security_group_ids: [security_group::id(security_group::CLUSTER)].into(),
        endpoint_public_access: access.public,
        endpoint_private_access: access.private,
        public_access_cidrs: access.public_cidrs.iter().map(ToString::to_string).collect(),
        logging: spec.logging.iter().map(|log| word(*log).to_owned()).collect(),
        encryption_key_arn: spec.secrets_encryption.then(|| mark(AwsKind::KmsKey, SECRETS, Attribute::Arn)),
        authentication_mode: "API".to_owned(),
        bootstrap_cluster_creator_admin_permissions: true,
        support_type: match spec.support_type {
            SupportType::Standard => "STANDARD",
            SupportType::Extended => "EXTENDED",
        }
        .to_owned(),
    };
    let id = parts.add("cluster", cluster);
    parts.wait(&id, &AwsId::new(AwsKind::LogGroup, "cluster"));
}

fn word(log: ControlPlaneLog) -> &'static str {
    match log {
        ControlPlaneLog::Api => "api",
        ControlPlaneLog::Audit => "audit",
        ControlPlaneLog::Authenticator => "authenticator",
        ControlPlaneLog::ControllerManager => "controllerManager",
        ControlPlaneLog::Scheduler => "scheduler",
    }
}
