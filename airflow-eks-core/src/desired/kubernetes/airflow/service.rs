//! Services: stable names for pods.

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::workload::{metadata, selector};
use super::{Component, Release};
use crate::graph::KubernetesObject;

/// The Service of a component.
pub(super) fn service(
    release: Release<'_>,
    component: Component,
    ports: Vec<ServicePort>,
    headless: bool,
) -> KubernetesObject {
    KubernetesObject::of(&Service {
        metadata: metadata(release, component, &release.name(component)),
        spec: Some(ServiceSpec {
            type_: Some("ClusterIP".to_owned()),
            cluster_ip: headless.then(|| "None".to_owned()),
            selector: Some(selector(release, component)),
            ports: Some(ports),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    })
}

/// A port of a Service, and of the containers behind it.
pub(super) fn port(name: &str, number: i32, protocol: &str) -> ServicePort {
    ServicePort {
        name: Some(name.to_owned()),
        port: number,
        target_port: Some(IntOrString::Int(number)),
        protocol: Some(protocol.to_owned()),
        ..ServicePort::default()
    }
}
