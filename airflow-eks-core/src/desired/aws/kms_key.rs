//! The key that Kubernetes secrets are encrypted with.
//! See <https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html>.

use serde_json::{Value, json};

use super::parts::Parts;
use super::policy::document;
use crate::aws_resources::KmsKey;

/// The name of the key within the stack.
pub(super) const SECRETS: &str = "secrets";

pub(super) fn add(parts: &mut Parts<'_>) {
    let cluster = &parts.spec().cluster;
    if cluster.existing.is_some() || !cluster.secrets_encryption {
        return;
    }
    let key = KmsKey {
        alias_name: format!("alias/airflow-eks/{}", parts.names().stack()),
        description: format!("Kubernetes secrets of the cluster {}", parts.names().cluster()),
        enable_key_rotation: true,
        policy: policy(parts),
    };
    parts.add(SECRETS, key);
}

/// The account looks after the key, so that it stays manageable whoever made it; EKS uses it by grants. In a key's policy
/// `*` means that key.
/// See <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>.
fn policy(parts: &Parts<'_>) -> Value {
    let (names, spec) = (parts.names(), parts.spec());
    let root = format!("arn:{}:iam::{}:root", spec.region.partition(), names.account());
    let through_eks = json!({
        "kms:CallerAccount": names.account(),
        "kms:ViaService": format!("eks.{}.amazonaws.com", spec.region),
    });
    document(vec![
        json!({
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": { "AWS": root },
            "Action": "kms:*",
            "Resource": "*",
        }),
        json!({
            "Sid": "LookThroughEks",
            "Effect": "Allow",
            "Principal": { "AWS": "*" },
            "Action": "kms:DescribeKey",
            "Resource": "*",
            "Condition": { "StringEquals": through_eks },
        }),
        json!({
            "Sid": "GrantThroughEks",
            "Effect": "Allow",
            "Principal": { "AWS": "*" },
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": { "StringEquals": through_eks, "Bool": { "kms:GrantIsForAWSResource": "true" } },
        }),
    ])
}
