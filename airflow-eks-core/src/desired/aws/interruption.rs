//! How Karpenter hears of instances that are about to be taken away: events, and the queue that they go to.
//! See <https://karpenter.sh/docs/concepts/disruption/#interruption>.

use serde_json::{Value, json};

use super::parts::{Parts, mark};
use super::policy::document;
use crate::aws_resources::{AwsKind, EventRule, Queue};
use crate::graph::Attribute;
use crate::spec::AddonKind;

/// The queue's name within the stack.
pub(super) const QUEUE: &str = "karpenter";

/// What is heard of: the rule's name, the source of the event, and its kind.
const EVENTS: &[(&str, &str, &str)] = &[
    ("capacity-reservation", "aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
    ("health", "aws.health", "AWS Health Event"),
    ("instance-state", "aws.ec2", "EC2 Instance State-change Notification"),
    ("rebalance", "aws.ec2", "EC2 Instance Rebalance Recommendation"),
    ("spot-interruption", "aws.ec2", "EC2 Spot Instance Interruption Warning"),
];

pub(super) fn add(parts: &mut Parts<'_>) {
    if !parts.has_addon(AddonKind::Karpenter) {
        return;
    }
    let queue = Queue {
        queue_name: parts.names().interruption_queue(),
        // An interruption is two minutes away when it is told.
        message_retention_period: 300,
        sqs_managed_sse_enabled: true,
        policy: policy(parts),
    };
    parts.add(QUEUE, queue);
    for (name, source, kind) in EVENTS {
        let rule = EventRule {
            name: rule_name(parts, name),
            description: format!("{kind}, for Karpenter"),
            event_pattern: json!({ "source": [source], "detail-type": [kind] }),
            targets: [("karpenter".to_owned(), mark(AwsKind::Queue, QUEUE, Attribute::Arn))].into(),
        };
        parts.add(*name, rule);
    }
}

fn rule_name(parts: &Parts<'_>, event: &str) -> String {
    parts.names().regional(&format!("karpenter-{event}"))
}

/// Only the stack's own rules may send, and nobody without TLS.
/// See <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions>.
fn policy(parts: &Parts<'_>) -> Value {
    let names = parts.names();
    let queue = names.arn("sqs", &names.interruption_queue());
    let rules: Vec<String> = EVENTS
        .iter()
        .map(|(name, _, _)| names.arn("events", &format!("rule/{}", rule_name(parts, name))))
        .collect();
    document(vec![
        json!({
            "Sid": "Events",
            "Effect": "Allow",
            "Principal": { "Service": "events.amazonaws.com" },
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": { "ArnEquals": { "aws:SourceArn": rules } },
        }),
        json!({
            "Sid": "OnlyTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": queue,
            "Condition": { "Bool": { "aws:SecureTransport": "false" } },
        }),
    ])
}
