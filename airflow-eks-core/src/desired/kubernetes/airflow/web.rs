//! The web interface: the web server of Airflow 2, the API server of Airflow 3.

use k8s_openapi::api::core::v1::{Container, ContainerPort};

use super::service::{port, service};
use super::workload::{AIRFLOW_USER, Pods, Replacement, deployment, disruption_budget};
use super::{Component, Release, config_map, container, environment, probes, resources, scheduler};
use crate::graph::KubernetesObject;

/// The port of container and service.
pub(super) const PORT: i32 = 8080;

/// The name of that port.
pub(super) fn port_name(release: Release<'_>) -> &'static str {
    if release.is_3() { "api-server" } else { "airflow-ui" }
}

/// The address within the cluster.
pub(super) fn internal_url(release: Release<'_>) -> String {
    format!("http://{}.{}:{PORT}", release.name(Component::Web), release.namespace())
}

/// The host name that people use, where the stack gives one.
pub(super) fn public_host(release: Release<'_>) -> Option<String> {
    let ingress = &release.spec.ingress;
    ingress.host.as_ref().filter(|_| ingress.enabled).map(ToString::to_string)
}

/// The address that people use, where the stack gives a host name.
pub(super) fn public_url(release: Release<'_>) -> Option<String> {
    let scheme = if release.spec.ingress.certificate_arn.is_some() { "https" } else { "http" };
    public_host(release).map(|host| format!("{scheme}://{host}"))
}

pub(super) fn objects(release: Release<'_>) -> Vec<KubernetesObject> {
    let component = Component::Web;
    let settings = release.spec.web();
    let name = component.name(release.is_3());
    let (liveness, readiness, startup) = probes::web(release);
    let mut env = settings.env.clone();
    if behind_proxy(release) {
        // The load balancer's addresses are not known, and only it and the cluster reach this port.
        env.insert(0, environment::literal("FORWARDED_ALLOW_IPS", "*"));
    }
    let main = Container {
        ports: Some(vec![ContainerPort {
            name: Some(port_name(release).to_owned()),
            container_port: PORT,
            ..ContainerPort::default()
        }]),
        liveness_probe: Some(liveness),
        readiness_probe: Some(readiness),
        startup_probe: Some(startup),
        resources: Some(resources::of(component, &settings.pods)),
        ..container::airflow(release, component, name, &command(release, name), &env)
    };
    let pods = Pods {
        component,
        settings: &settings.pods,
        user: AIRFLOW_USER,
        grace_seconds: 30,
        annotations: container::checksums(&[("airflow-config", config_map::object(release))]),
        init_containers: scheduler::init_containers(release, component),
        containers: vec![main],
        volumes: container::volumes(release, component),
    };
    vec![
        deployment(release, pods, settings.replicas.unwrap_or(2), Replacement::Surge),
        service(release, component, vec![port(port_name(release), PORT, "TCP")], false),
        disruption_budget(release, component),
    ]
}

/// Whether the server has to believe a load balancer which scheme people use. Airflow 2 is told in its configuration.
fn behind_proxy(release: Release<'_>) -> bool {
    release.is_3() && release.spec.ingress.enabled
}

fn command<'a>(release: Release<'_>, name: &'a str) -> Vec<&'a str> {
    let mut command = vec!["airflow", name];
    if behind_proxy(release) {
        command.push("--proxy-headers");
    }
    command
}
