//! What roles may do: one file a reader.

mod airflow;
mod cluster_autoscaler;
mod fluent_bit;
mod karpenter;
mod karpenter_instances;
mod load_balancer;
mod load_balancer_reads;
mod prometheus;
mod secrets;
mod spark;

pub(super) use airflow::{LogAccess, logs};
pub(super) use cluster_autoscaler::cluster_autoscaler;
pub(super) use fluent_bit::fluent_bit;
pub(super) use karpenter::karpenter;
pub(super) use load_balancer::load_balancer;
pub(super) use prometheus::prometheus;
pub(super) use secrets::secrets;
pub(super) use spark::{history, team};

use serde_json::{Value, json};

/// A policy of these statements.
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>.
pub(super) fn document(statements: Vec<Value>) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// A statement that allows something.
pub(super) fn allow(sid: &str, actions: &[&str], resources: &[String]) -> Value {
    let actions: Vec<String> = actions.iter().map(|action| (*action).to_owned()).collect();
    json!({
        "Sid": sid,
        "Effect": "Allow",
        "Action": one_or_many(&actions),
        "Resource": one_or_many(resources),
    })
}

/// A statement that allows something on a condition.
pub(super) fn allow_if(sid: &str, actions: &[&str], resources: &[String], condition: Value) -> Value {
    let mut statement = allow(sid, actions, resources);
    statement["Condition"] = condition;
    statement
}

/// A statement that allows actions that AWS ties to no resource.
pub(super) fn allow_anywhere(sid: &str, actions: &[&str]) -> Value {
    allow(sid, actions, &["*".to_owned()])
}

/// A single value as itself, several as a list: the form in which AWS gives policies back.
pub(super) fn one_or_many(values: &[String]) -> Value {
    match values {
        [one] => json!(one),
        many => json!(many),
    }
}
