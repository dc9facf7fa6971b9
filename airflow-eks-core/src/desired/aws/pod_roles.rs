//! Roles of pods: who they are for, and what they may do.

use std::collections::BTreeMap;

use serde_json::Value;

use super::parts::{Parts, mark};
use super::role::{self, Wanted};
use super::{policy, trust};
use crate::aws_resources::{AwsKind, PodIdentityAssociation};
use crate::desired::kubernetes::{self, Component};
use crate::desired::names::addon_account;
use crate::graph::Attribute;
use crate::spec::{AddonKind, PodIdentity, SecretDelivery, TaskLogs};

/// A role of pods.
struct PodRole {
    purpose: String,
    description: String,
    namespaces: Vec<String>,
    service_accounts: Vec<String>,
    managed: Vec<String>,
    inline: BTreeMap<String, Value>,
}

pub(super) fn add(parts: &mut Parts<'_>, secrets: &[String]) {
    let mut roles = airflow(parts);
    roles.extend(spark_teams(parts));
    roles.extend(AddonKind::ALL.iter().filter_map(|kind| addon(parts, *kind)));
    roles.extend(secrets_reader(parts, secrets));
    for wanted in roles {
        add_role(parts, wanted);
    }
}

fn add_role(parts: &mut Parts<'_>, wanted: PodRole) {
    let trust = trust::pods(parts, &wanted.namespaces, &wanted.service_accounts);
    let (purpose, managed, inline) = (wanted.purpose.as_str(), wanted.managed, wanted.inline);
    role::add(parts, Wanted { purpose, description: &wanted.description, trust, managed, inline });
    if parts.spec().identities.provider != PodIdentity::PodIdentity {
        return;
    }
    let cluster = parts.cluster();
    let accounts = &wanted.service_accounts;
    let pairs = wanted.namespaces.iter().flat_map(|namespace| accounts.iter().map(move |a| (namespace, a)));
    for (namespace, service_account) in pairs {
        let name = format!("{namespace}/{service_account}");
        let association = PodIdentityAssociation {
            cluster_name: parts.names().cluster().to_owned(),
            namespace: namespace.clone(),
            service_account: service_account.clone(),
            role_arn: mark(AwsKind::Role, &wanted.purpose, Attribute::Arn),
        };
        let id = parts.add(name, association);
        parts.wait(&id, &cluster);
    }
}

/// Managed policies that the user adds for a service account of Airflow or a Spark team.
fn of_user(parts: &Parts<'_>, name: &str) -> Vec<String> {
    let policies = &parts.spec().identities.policies;
    let mut of_account = policies.iter().filter(|(account, _)| account.as_str() == name);
    of_account.next().map(|(_, arns)| arns.iter().map(ToString::to_string).collect()).unwrap_or_default()
}

fn airflow(parts: &Parts<'_>) -> Vec<PodRole> {
    use policy::LogAccess;
    let airflow = &parts.spec().airflow;
    let role = |(component, name): (Component, String)| {
        let access = match component {
            // Tasks write their logs, and triggers those of the tasks that wait for them. The scheduler runs tasks itself
            // with the LocalExecutor, and notes in a task's log why it gave the task up.
            Component::Scheduler | Component::Triggerer | Component::Worker => Some(LogAccess::Write),
            Component::Web => Some(LogAccess::Read),
            // The others handle no task logs.
            _ => None,
        };
        let access = access.filter(|_| airflow.logs == TaskLogs::S3);
        let logs = access.map(|access| ("task-logs".to_owned(), policy::logs(parts, access)));
        PodRole {
            description: format!("Pods of Airflow with the service account {name}"),
            namespaces: vec![airflow.namespace.to_string()],
            managed: of_user(parts, &name),
            inline: logs.into_iter().collect(),
            service_accounts: vec![name.clone()],
            purpose: name,
        }
    };
    kubernetes::airflow_accounts(parts.stack).into_iter().map(role).collect()
}

fn spark_teams(parts: &Parts<'_>) -> Vec<PodRole> {
    let spark = &parts.spec().spark;
    let teams = spark.teams.iter().filter(|_| spark.enabled);
    let role = |team: &crate::spec::SparkTeam| PodRole {
        purpose: team.name.to_string(),
        description: format!("Drivers and executors of the Spark team {}", team.name),
        namespaces: vec![team.name.to_string()],
        service_accounts: vec![team.service_account().to_owned()],
        managed: of_user(parts, team.name.as_str()),
        inline: [("objects".to_owned(), policy::team(parts, team))].into(),
    };
    teams.map(role).collect()
}

fn addon(parts: &Parts<'_>, kind: AddonKind) -> Option<PodRole> {
    let account = addon_account(kind).filter(|_| parts.has_addon(kind))?;
    let one = |name: &str, policy: Value| vec![(name.to_owned(), policy)];
    let (managed, inline) = match kind {
        AddonKind::VpcCni => (Some("AmazonEKS_CNI_Policy"), Vec::new()),
        AddonKind::EbsCsiDriver => (Some("service-role/AmazonEBSCSIDriverPolicy"), Vec::new()),
        AddonKind::EfsCsiDriver => (Some("service-role/AmazonEFSCSIDriverPolicy"), Vec::new()),
        AddonKind::CloudwatchMetrics => (Some("CloudWatchAgentServerPolicy"), Vec::new()),
        AddonKind::Karpenter => (None, policy::karpenter(parts)),
        AddonKind::AwsLoadBalancerController => (None, policy::load_balancer(parts)),
        AddonKind::ClusterAutoscaler => (None, one("groups", policy::cluster_autoscaler(parts))),
        AddonKind::AwsForFluentBit => (None, one("logs", policy::fluent_bit(parts))),
        AddonKind::AmazonManagedPrometheus => {
            let workspace = mark(AwsKind::PrometheusWorkspace, "metrics", Attribute::Arn);
            (None, one("workspace", policy::prometheus(workspace)))
        }
        AddonKind::SparkHistoryServer => (None, one("event-logs", policy::history(parts))),
        // That of External Secrets depends on the secrets; others do not reach AWS.
        _ => return None,
    };
    Some(PodRole {
        purpose: account.role.to_owned(),
        description: format!("The add-on {}", kind.key()),
        namespaces: vec![account.namespace.to_owned()],
        service_accounts: account.service_accounts.iter().map(|name| (*name).to_owned()).collect(),
        managed: managed.into_iter().map(str::to_owned).collect(),
        inline: inline.into_iter().collect(),
    })
}

/// Reads the stack's secrets: a service account beside Airflow, or with Pod Identity the operator's own.
fn secrets_reader(parts: &Parts<'_>, secrets: &[String]) -> Option<PodRole> {
    let spec = parts.spec();
    let account = addon_account(AddonKind::ExternalSecrets)?;
    if spec.secrets != SecretDelivery::ExternalSecrets {
        return None;
    }
    let (namespaces, service_accounts) = match spec.identities.provider {
        PodIdentity::Irsa => (kubernetes::secret_namespaces(parts.stack), vec![account.role.to_owned()]),
        PodIdentity::PodIdentity => {
            let accounts = account.service_accounts.iter().map(|name| (*name).to_owned());
            (vec![account.namespace.to_owned()], accounts.collect())
        }
    };
    Some(PodRole {
        purpose: account.role.to_owned(),
        description: "Reads the secrets of the stack for the External Secrets Operator".to_owned(),
        namespaces,
        service_accounts,
        managed: Vec::new(),
        inline: [("secrets".to_owned(), policy::secrets(secrets))].into(),
    })
}
