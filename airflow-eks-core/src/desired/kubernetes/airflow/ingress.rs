//! An Application Load Balancer before the web interface.
//! See <https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/>.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend,
    IngressSpec, ServiceBackendPort,
};

use super::super::metadata::map;
use super::{Component, Release, probes, web, workload};
use crate::desired::Names;
use crate::graph::KubernetesObject;

pub(super) fn object(release: Release<'_>) -> Option<KubernetesObject> {
    let settings = &release.spec.ingress;
    if !settings.enabled {
        return None;
    }
    let mut metadata = workload::metadata(release, Component::Web, &release.named("ingress"));
    metadata.annotations = Some(annotations(release));
    let backend = IngressBackend {
        service: Some(IngressServiceBackend {
            name: release.name(Component::Web),
            port: Some(ServiceBackendPort {
                name: Some(web::port_name(release).to_owned()),
                ..ServiceBackendPort::default()
            }),
        }),
        ..IngressBackend::default()
    };
    let path = HTTPIngressPath { path: Some("/".to_owned()), path_type: "Prefix".to_owned(), backend };
    Some(KubernetesObject::of(&Ingress {
        metadata,
        spec: Some(IngressSpec {
            ingress_class_name: Some("alb".to_owned()),
            rules: Some(vec![IngressRule {
                host: settings.host.as_ref().map(ToString::to_string),
                http: Some(HTTPIngressRuleValue { paths: vec![path] }),
            }]),
            ..IngressSpec::default()
        }),
        ..Ingress::default()
    }))
}

fn annotations(release: Release<'_>) -> BTreeMap<String, String> {
    let settings = &release.spec.ingress;
    let stack = Names::of(release.stack).stack();
    let group = settings.group.as_ref().map_or(stack, |group| group.as_str());
    let own_tag = format!("airflow-eks/stack={stack}");
    let mut annotations = map([
        ("group.name", group),
        ("healthcheck-path", probes::web_path(release)),
        ("scheme", settings.scheme.as_str()),
        ("tags", &own_tag),
        ("target-type", "ip"),
    ]);
    let mut set = |key: &str, value: String| annotations.insert(key.to_owned(), value);
    match &settings.certificate_arn {
        Some(certificate) => {
            set("certificate-arn", certificate.to_string());
            set("listen-ports", r#"[{"HTTP":80},{"HTTPS":443}]"#.to_owned());
            set("ssl-policy", "ELBSecurityPolicy-TLS13-1-2-2021-06".to_owned());
            set("ssl-redirect", "443".to_owned());
        }
        None => {
            set("listen-ports", r#"[{"HTTP":80}]"#.to_owned());
        }
    }
    if !settings.inbound_cidrs.is_empty() {
        let blocks: Vec<&str> = settings.inbound_cidrs.iter().map(crate::types::Cidr::as_str).collect();
        set("inbound-cidrs", blocks.join(","));
    }
    let mut annotations: BTreeMap<String, String> = annotations
        .into_iter()
        .map(|(key, value)| (format!("alb.ingress.kubernetes.io/{key}"), value))
        .collect();
    annotations.extend(settings.annotations.clone());
    annotations
}
