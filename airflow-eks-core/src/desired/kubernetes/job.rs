//! Jobs.

use k8s_openapi::api::batch::v1::{Job, JobSpec};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::graph::KubernetesObject;

/// Every attempt is a pod of its own, which stays with its log: of containers that are started again, the pod goes when the Job
/// has failed, and with it why.
/// See <https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy>.
pub(crate) fn a_pod_an_attempt(mut template: PodTemplateSpec) -> PodTemplateSpec {
    if let Some(spec) = &mut template.spec {
        spec.restart_policy = Some("Never".to_owned());
    }
    template
}

/// A Job that gives up after seven attempts, or half an hour.
pub(crate) fn job(metadata: ObjectMeta, template: PodTemplateSpec) -> KubernetesObject {
    KubernetesObject::of(&Job {
        metadata,
        spec: Some(JobSpec {
            backoff_limit: Some(6),
            active_deadline_seconds: Some(1800),
            template,
            ..JobSpec::default()
        }),
        ..Job::default()
    })
}
