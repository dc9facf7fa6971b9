//! What the External Secrets Operator may read: the stack's own secrets.

use serde_json::Value;

use super::{allow, document};

/// See <https://external-secrets.io/latest/provider/aws-secrets-manager/>.
pub(in super::super) fn secrets(arns: &[String]) -> Value {
    let actions = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];
    document(vec![allow("Read", &actions, arns)])
}
