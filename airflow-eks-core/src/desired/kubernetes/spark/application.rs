//! A Spark application. Selectors and tolerations come from the pool itself, so that they cannot disagree with it.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{PodSecurityContext, SeccompProfile, SecurityContext, Toleration};

use super::super::metadata::namespaced;
use crate::custom_resources::spark::{
    DeployMode, DriverSpec, ExecutorSpec, PythonVersion, RestartPolicy, RestartPolicyType,
    SparkApplication as Resource, SparkApplicationSpec, SparkApplicationType, SparkPodSpec,
};
use crate::graph::KubernetesObject;
use crate::spec::{
    CapacityType, KarpenterNodePool, SparkApplication, SparkLanguage, SparkRestart, SparkRestartPolicy,
    TaintEffect,
};
use crate::stack::Stack;

pub(super) fn object(stack: &Stack, application: &SparkApplication) -> KubernetesObject {
    let metadata = namespaced(stack, application.team.as_str(), application.name.as_str(), "spark");
    let (driver, executor) = (driver(stack, application), executor(stack, application));
    KubernetesObject::of(&Resource::new(
        metadata,
        SparkApplicationSpec {
            r#type: language(application.language),
            spark_version: application.spark_version.to_string(),
            mode: Some(DeployMode::Cluster),
            image: Some(application.image.to_string()),
            image_pull_policy: Some("IfNotPresent".to_owned()),
            main_application_file: application.main_application_file.clone(),
            main_class: application.main_class.clone(),
            arguments: application.arguments.clone(),
            spark_conf: application.spark_conf.clone(),
            hadoop_conf: application.hadoop_conf.clone(),
            volumes: application.volumes.clone(),
            python_version: (application.language == SparkLanguage::Python).then_some(PythonVersion::Three),
            restart_policy: Some(restart(&application.restart)),
            time_to_live_seconds: application.time_to_live_seconds.map(i64::from),
            driver,
            executor,
            ..SparkApplicationSpec::default()
        },
    ))
}

fn driver(stack: &Stack, application: &SparkApplication) -> DriverSpec {
    let said = &application.driver;
    DriverSpec {
        pod: SparkPodSpec {
            cores: i32::try_from(said.cores).ok(),
            core_limit: said.core_limit.as_ref().map(ToString::to_string),
            memory: Some(said.memory.to_string()),
            env: said.env.clone(),
            volume_mounts: said.volume_mounts.clone(),
            labels: said.labels.clone(),
            ..placed(stack, application, said.on)
        },
        ..DriverSpec::default()
    }
}

fn executor(stack: &Stack, application: &SparkApplication) -> ExecutorSpec {
    let said = &application.executor;
    ExecutorSpec {
        pod: SparkPodSpec {
            cores: i32::try_from(said.cores).ok(),
            core_limit: said.core_limit.as_ref().map(ToString::to_string),
            memory: Some(said.memory.to_string()),
            env: said.env.clone(),
            volume_mounts: said.volume_mounts.clone(),
            labels: said.labels.clone(),
            ..placed(stack, application, said.on)
        },
        instances: i32::try_from(said.instances).ok(),
        ..ExecutorSpec::default()
    }
}

/// Where a pod runs, as whom, and what it may do.
fn placed(stack: &Stack, application: &SparkApplication, on: CapacityType) -> SparkPodSpec {
    let spec = stack.spec();
    let team = spec.spark.teams.iter().find(|team| team.name == application.team);
    let pool_name = application.pool.as_ref().or_else(|| team.and_then(|team| team.node_pool.as_ref()));
    let pool = pool_name.and_then(|name| spec.karpenter_node_pools.iter().find(|pool| pool.name == *name));
    SparkPodSpec {
        service_account: team.map(|team| team.service_account().to_owned()),
        node_selector: pool.map(|pool| selector(pool, on)).unwrap_or_default(),
        tolerations: pool.map(tolerations).unwrap_or_default(),
        pod_security_context: Some(PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(SPARK_USER),
            fs_group: Some(SPARK_USER),
            seccomp_profile: Some(SeccompProfile {
                type_: "RuntimeDefault".to_owned(),
                ..SeccompProfile::default()
            }),
            ..PodSecurityContext::default()
        }),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            ..SecurityContext::default()
        }),
        ..SparkPodSpec::default()
    }
}

/// The user of Spark's own images.
/// See <https://github.com/apache/spark-docker/blob/master/Dockerfile.template>.
const SPARK_USER: i64 = 185;

/// Labels that the pool's nodes carry, and only they.
fn selector(pool: &KarpenterNodePool, on: CapacityType) -> BTreeMap<String, String> {
    let mut selector: BTreeMap<String, String> =
        pool.settings().labels.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    selector.insert("karpenter.sh/nodepool".to_owned(), pool.name.to_string());
    selector.insert("karpenter.sh/capacity-type".to_owned(), on.karpenter_label().to_owned());
    selector
}

/// One toleration for each taint that would keep pods away.
fn tolerations(pool: &KarpenterNodePool) -> Vec<Toleration> {
    let keeps_away = |effect: &TaintEffect| *effect != TaintEffect::PreferNoSchedule;
    let taints = pool.settings().taints.into_iter().filter(|taint| keeps_away(&taint.effect));
    taints
        .map(|taint| Toleration {
            key: Some(taint.key.to_string()),
            operator: Some(if taint.value.is_some() { "Equal" } else { "Exists" }.to_owned()),
            value: taint.value.map(|value| value.to_string()),
            effect: Some(taint.effect.as_str().to_owned()),
            ..Toleration::default()
        })
        .collect()
}

fn language(language: SparkLanguage) -> SparkApplicationType {
    match language {
        SparkLanguage::Python => SparkApplicationType::Python,
        SparkLanguage::Scala => SparkApplicationType::Scala,
        SparkLanguage::Java => SparkApplicationType::Java,
        SparkLanguage::R => SparkApplicationType::R,
    }
}

fn restart(restart: &SparkRestart) -> RestartPolicy {
    match restart.policy {
        SparkRestartPolicy::Never => {
            RestartPolicy { r#type: Some(RestartPolicyType::Never), ..RestartPolicy::default() }
        }
        SparkRestartPolicy::Always => {
            RestartPolicy { r#type: Some(RestartPolicyType::Always), ..RestartPolicy::default() }
        }
        SparkRestartPolicy::OnFailure => RestartPolicy {
            r#type: Some(RestartPolicyType::OnFailure),
            on_failure_retries: i32::try_from(restart.retries).ok(),
            on_failure_retry_interval: Some(i64::from(restart.interval_seconds)),
            on_submission_failure_retries: i32::try_from(restart.submission_retries).ok(),
            on_submission_failure_retry_interval: Some(i64::from(restart.submission_interval_seconds)),
        },
    }
}
