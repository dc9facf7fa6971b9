//! Every name that is derived from the stack's own, each in one method.

use crate::aws_resources::AwsKind;
use crate::graph::{Attribute, AwsId, GeneratedSecret, Late, Output};
use crate::spec::{AddonKind, SparkTeam, StackSpec};
use crate::stack::Stack;

/// The most characters of an IAM role's name.
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
pub(crate) const LONGEST_ROLE: usize = 64;

/// An IAM role of a stack. Names are unique in an account, so the Region is part of them.
pub(crate) fn role(spec: &StackSpec, purpose: &str) -> String {
    format!("{}-{}-{purpose}", spec.name, spec.region)
}

/// Who an add-on is to AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AddonAccount {
    /// What its IAM role is for: the end of the role's name.
    pub(crate) role: &'static str,
    /// The namespace that it runs in.
    pub(crate) namespace: &'static str,
    /// Its service accounts that reach AWS.
    pub(crate) service_accounts: &'static [&'static str],
}

/// Who an add-on is to AWS; nothing where it does not reach AWS.
pub(crate) fn addon_account(kind: AddonKind) -> Option<AddonAccount> {
    let account =
        |role, namespace, service_accounts| Some(AddonAccount { role, namespace, service_accounts });
    match kind {
        AddonKind::VpcCni => account("vpc-cni", "kube-system", &["aws-node"]),
        AddonKind::EbsCsiDriver => account("ebs-csi-driver", "kube-system", &["ebs-csi-controller-sa"]),
        AddonKind::EfsCsiDriver => {
            account("efs-csi-driver", "kube-system", &["efs-csi-controller-sa", "efs-csi-node-sa"])
        }
        AddonKind::Karpenter => account("karpenter", "karpenter", &["karpenter"]),
        AddonKind::ClusterAutoscaler => {
            account("cluster-autoscaler", "kube-system", &["cluster-autoscaler-sa"])
        }
        AddonKind::AwsLoadBalancerController => {
            account("load-balancer", "kube-system", &["aws-load-balancer-controller-sa"])
        }
        AddonKind::AmazonManagedPrometheus => {
            account("amp-ingest", "kube-prometheus-stack", &["amp-iamproxy-ingest-service-account"])
        }
        AddonKind::CloudwatchMetrics => {
            account("cloudwatch-metrics", "amazon-cloudwatch", &["aws-cloudwatch-metrics"])
        }
        AddonKind::AwsForFluentBit => account("fluent-bit", "aws-for-fluentbit", &["aws-for-fluent-bit-sa"]),
        AddonKind::SparkHistoryServer => {
            account("spark-history", "spark-history-server", &["spark-history-server-sa"])
        }
        // It reads with a service account of the stack's own, except with Pod Identity.
        AddonKind::ExternalSecrets => account(SECRETS_ROLE, "external-secrets", &["external-secrets"]),
        _ => None,
    }
}

/// What the role that reads Airflow's secrets is for.
const SECRETS_ROLE: &str = "airflow-secrets";

/// The most characters of a Helm release's name.
/// See <https://helm.sh/docs/chart_template_guide/getting_started/>.
pub(crate) const LONGEST_RELEASE: usize = 53;

/// The release of a team's Spark History Server.
pub(crate) fn history_release(team: &SparkTeam) -> String {
    format!("spark-history-{}", team.name)
}

/// What roles besides those of add-ons, of Airflow's components and of Spark teams are for.
pub(crate) const SERVICE_ROLES: &[&str] =
    &["cluster", "node", "karpenter-node", "fargate-pod-execution", "rds-monitoring"];

/// Whether a role of the stack's own would have that name.
pub(crate) fn role_is_taken(purpose: &str) -> bool {
    let of_addon = |kind: &AddonKind| addon_account(*kind).is_some_and(|account| account.role == purpose);
    SERVICE_ROLES.contains(&purpose) || AddonKind::ALL.iter().any(of_addon)
}

/// The names of one stack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'a>(&'a Stack);

impl<'a> Names<'a> {
    pub(crate) fn of(stack: &'a Stack) -> Self {
        Self(stack)
    }

    /// The stack's own name: the value of every label and tag that marks what is ours.
    pub(crate) fn stack(self) -> &'a str {
        self.0.spec().name.as_str()
    }

    /// The EKS cluster.
    pub(crate) fn cluster(self) -> &'a str {
        match &self.0.spec().cluster.existing {
            Some(existing) => existing.name.as_str(),
            None => self.stack(),
        }
    }

    /// The account number, or its mark.
    pub(crate) fn account(self) -> String {
        self.0.account().map_or_else(|| Late::Output(Output::AccountId).mark(), ToString::to_string)
    }

    /// An ARN in the stack's own Region and account.
    pub(crate) fn arn(self, service: &str, resource: &str) -> String {
        let region = &self.0.spec().region;
        format!("arn:{}:{service}:{region}:{}:{resource}", region.partition(), self.account())
    }

    /// An ARN without a Region and an account, such as that of an S3 bucket.
    pub(crate) fn global_arn(self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:::{resource}", self.0.spec().region.partition())
    }

    /// An IAM policy that AWS itself keeps.
    pub(crate) fn managed_policy(self, name: &str) -> String {
        format!("arn:{}:iam::aws:policy/{name}", self.0.spec().region.partition())
    }

    /// An IAM role of the stack.
    pub(crate) fn role(self, purpose: &str) -> String {
        role(self.0.spec(), purpose)
    }

    /// The ARN of an IAM role of the stack.
    pub(crate) fn role_arn(self, purpose: &str) -> String {
        let partition = self.0.spec().region.partition();
        format!("arn:{partition}:iam::{}:role/{}", self.account(), self.role(purpose))
    }

    /// The S3 bucket for task logs. Names are unique in the world, so account and Region are part of them.
    pub(crate) fn log_bucket(self) -> String {
        match &self.0.spec().log_bucket.existing {
            Some(existing) => existing.to_string(),
            None => format!("{}-airflow-logs-{}-{}", self.stack(), self.account(), self.0.spec().region),
        }
    }

    /// Where in S3 task logs go.
    pub(crate) fn log_folder(self) -> String {
        format!("s3://{}/{}", self.log_bucket(), self.0.spec().log_bucket.prefix)
    }

    /// A secret in Secrets Manager.
    pub(crate) fn secret(self, secret: GeneratedSecret) -> String {
        match (&self.0.spec().database.existing, secret) {
            (Some(existing), GeneratedSecret::DatabasePassword) => existing.password_secret_arn.to_string(),
            _ => format!("{}/{}", self.stack(), secret.name()),
        }
    }

    /// The value of the tag `karpenter.sh/discovery` on the subnets of nodes and on their security group.
    pub(crate) fn node_discovery(self) -> &'a str {
        self.cluster()
    }

    /// An AWS resource whose name need only be its own within the Region and account.
    pub(crate) fn regional(self, purpose: &str) -> String {
        format!("{}-{purpose}", self.stack())
    }

    /// The RDS instance.
    pub(crate) fn database(self) -> String {
        self.regional("database")
    }

    /// The queue that tells Karpenter which instances are about to be taken away. SQS allows 80 characters, fewer than an
    /// existing cluster's name may have.
    pub(crate) fn interruption_queue(self) -> String {
        format!("karpenter-{}", self.stack())
    }

    /// The log group of the control plane: EKS decides its name.
    pub(crate) fn control_plane_logs(self) -> String {
        format!("/aws/eks/{}/cluster", self.cluster())
    }

    /// The log group of containers.
    pub(crate) fn container_logs(self) -> String {
        format!("/{}/aws-fluentbit-logs", self.cluster())
    }

    /// The log group that RDS writes one of its logs to: RDS decides its name.
    pub(crate) fn database_logs(self, log: &str) -> String {
        format!("/aws/rds/instance/{}/{log}", self.database())
    }

    /// Where in the log bucket the event logs of a Spark team lie.
    pub(crate) fn event_logs(self, team: &SparkTeam) -> String {
        format!("{}/event-logs", self.spark_prefix(team))
    }

    /// The VPC's id, or its mark.
    pub(crate) fn vpc(self) -> String {
        let spec = self.0.spec();
        let told = |kind, name: &str, attribute| Late::Attribute(AwsId::new(kind, name), attribute).mark();
        match (&spec.network.existing, &spec.cluster.existing) {
            (Some(network), _) => network.vpc_id.to_string(),
            (None, Some(_)) => told(AwsKind::ExistingCluster, "cluster", Attribute::VpcId),
            (None, None) => told(AwsKind::Vpc, "vpc", Attribute::Id),
        }
    }

    /// Where in the log bucket a Spark team's own objects lie.
    pub(crate) fn spark_prefix(self, team: &SparkTeam) -> String {
        format!("{SPARK_PREFIX}/{}", team.name)
    }
}

/// Where in the log bucket the objects of Spark teams lie.
pub(crate) const SPARK_PREFIX: &str = "spark";
