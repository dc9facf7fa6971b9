//! Airflow itself.

use super::{
    Check, airflow_component, airflow_config, airflow_dags, airflow_ingress, at, no_repetition, pod,
    role_fits,
};
use crate::spec::{AirflowRelease, Executor};

pub(super) fn check(check: &mut Check<'_>) {
    let airflow = &check.spec.airflow;
    let path = at("airflow");
    names(check, airflow);
    version(check, airflow);
    check.ensure(
        airflow.executor == Executor::KubernetesExecutor,
        &path.key("executor"),
        format!("`{}` is not supported by this release", airflow.executor.as_str()),
        "write `executor: KubernetesExecutor`",
    );
    pod::environment(check, &path.key("env"), &airflow.env);
    no_repetition(check, &path.key("imagePullSecrets"), None, &airflow.image_pull_secrets);
    airflow_component::check(check);
    airflow_config::check(check);
    airflow_dags::check(check);
    airflow_ingress::check(check);
}

fn names(check: &mut Check<'_>, airflow: &AirflowRelease) {
    let path = at("airflow");
    let short = airflow.name.as_str().len() <= 30;
    check.ensure(
        short,
        &path.key("name"),
        format!("`{}` has {} characters", airflow.name, airflow.name.as_str().len()),
        "use at most 30: names of Jobs are made by adding to it",
    );
    if short {
        role_fits(check, &path.key("name"), &format!("{}-dag-processor", airflow.name));
    }
    check.ensure(
        !matches!(airflow.namespace.as_str(), "default" | "kube-system" | "kube-public" | "kube-node-lease"),
        &path.key("namespace"),
        format!("`{}` is a namespace of the cluster itself", airflow.namespace),
        "give Airflow a namespace of its own, such as `airflow`",
    );
}

fn version(check: &mut Check<'_>, airflow: &AirflowRelease) {
    let path = at("airflow");
    let version = &airflow.version;
    check.ensure_reading(
        &[path.key("version")],
        airflow.webserver.is_none() || !version.is_3(),
        &path.key("webserver"),
        format!("Airflow {version} has no web server"),
        "write `apiServer` instead, or change `version`",
    );
    check.ensure_reading(
        &[path.key("version")],
        airflow.api_server.is_none() || version.is_3(),
        &path.key("apiServer"),
        format!("Airflow {version} has no API server of its own"),
        "write `webserver` instead, or set `version` to a release of Airflow 3",
    );
    if let Some(image) = &airflow.image {
        let tag = image.tag().unwrap_or_default();
        let official = image.repository().ends_with("apache/airflow");
        check.ensure_reading(
            &[path.key("version")],
            !official
                || image.digest().is_some()
                || tag == version.as_str()
                || tag.starts_with(&format!("{version}-")),
            &path.key("image"),
            format!("the image holds Airflow {tag}, but the stack is written for {version}"),
            format!("use the tag `{version}`, or change `version`"),
        );
    }
}
