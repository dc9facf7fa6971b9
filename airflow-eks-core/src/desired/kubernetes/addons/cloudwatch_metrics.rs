//! The CloudWatch agent: Container Insights.
//! See <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContainerInsights.html>.

use k8s_openapi::api::core::v1::Toleration;
use serde::Serialize;

use super::super::namespace::privileged_namespace;
use super::values::{ServiceAccount, tolerate_all};
use super::{AddonRelease, Addons, chart};
use crate::desired::Names;
use crate::spec::AddonKind;
use crate::stack::Stack;

const NAMESPACE: &str = "amazon-cloudwatch";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Values {
    cluster_name: String,
    service_account: ServiceAccount,
    tolerations: Vec<Toleration>,
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let kind = AddonKind::CloudwatchMetrics;
    let values = Values {
        cluster_name: Names::of(stack).cluster().to_owned(),
        service_account: ServiceAccount::with_role(stack, kind),
        tolerations: tolerate_all(),
    };
    let id = (NAMESPACE, "aws-cloudwatch-metrics");
    addons.objects.push(privileged_namespace(stack, NAMESPACE, "cloudwatch-metrics"));
    addons.releases.push(AddonRelease::new(stack, kind, chart::CLOUDWATCH_METRICS, id, &values));
}
