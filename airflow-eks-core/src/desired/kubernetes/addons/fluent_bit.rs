//! AWS for Fluent Bit: the logs of all containers go to the stack's log group, which decides how long they are kept.
//! See <https://github.com/aws/aws-for-fluent-bit>.

use k8s_openapi::api::core::v1::Toleration;
use serde::Serialize;

use super::super::namespace::privileged_namespace;
use super::values::{ServiceAccount, tolerate_all};
use super::{AddonRelease, Addons, chart};
use crate::aws_resources::AwsKind;
use crate::desired::Names;
use crate::graph::AwsId;
use crate::spec::AddonKind;
use crate::stack::Stack;

const NAMESPACE: &str = "aws-for-fluentbit";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Values {
    service_account: ServiceAccount,
    cloud_watch_logs: CloudWatchLogs,
    priority_class_name: &'static str,
    tolerations: Vec<Toleration>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CloudWatchLogs {
    enabled: bool,
    region: String,
    log_group_name: String,
    /// The stack makes the group, and its role may make none.
    auto_create_group: bool,
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let kind = AddonKind::AwsForFluentBit;
    let values = Values {
        service_account: ServiceAccount::with_role(stack, kind),
        cloud_watch_logs: CloudWatchLogs {
            enabled: true,
            region: stack.spec().region.to_string(),
            log_group_name: Names::of(stack).container_logs(),
            auto_create_group: false,
        },
        priority_class_name: "system-node-critical",
        tolerations: tolerate_all(),
    };
    let release =
        AddonRelease::new(stack, kind, chart::FLUENT_BIT, (NAMESPACE, "aws-for-fluent-bit"), &values)
            .after(AwsId::new(AwsKind::LogGroup, "containers"));
    addons.objects.push(privileged_namespace(stack, NAMESPACE, "fluent-bit"));
    addons.releases.push(release);
}
