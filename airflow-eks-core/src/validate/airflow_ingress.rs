//! How the web interface is reached from outside the cluster.

use super::pod::word;
use super::{Check, at, no_repetition};
use crate::spec::IngressScheme;
use crate::types::LabelKey;

/// Annotations that the stack writes itself: another value would go round its rules.
const DECIDED_ELSEWHERE: &[&str] = &[
    "certificate-arn",
    "group.name",
    "healthcheck-path",
    "inbound-cidrs",
    "listen-ports",
    "scheme",
    "ssl-redirect",
    "tags",
    "target-type",
];

pub(super) fn check(check: &mut Check<'_>) {
    let ingress = &check.spec.airflow.ingress;
    let path = at("airflow").key("ingress");
    if ingress.scheme == IngressScheme::InternetFacing {
        check.ensure_reading(
            &[path.key("scheme")],
            ingress.certificate_arn.is_some(),
            &path.key("certificateArn"),
            "passwords would cross the internet unencrypted",
            "name a certificate in ACM, or write `scheme: internal`",
        );
        check.ensure_reading(
            &[path.key("scheme")],
            !ingress.inbound_cidrs.is_empty(),
            &path.key("inboundCidrs"),
            "an internet-facing load balancer is open to everyone unless it is told otherwise",
            "list the address blocks that may reach it; 0.0.0.0/0 says that everyone may",
        );
    }
    no_repetition(check, &path.key("inboundCidrs"), None, &ingress.inbound_cidrs);
    if let Some(certificate) = &ingress.certificate_arn {
        check.ensure(
            certificate.service() == "acm",
            &path.key("certificateArn"),
            format!("`{certificate}` is not a certificate of ACM"),
            "name a certificate, such as arn:aws:acm:REGION:ACCOUNT:certificate/ID",
        );
        check.ensure_reading(
            &[at("region")],
            certificate.service() != "acm" || certificate.region() == check.spec.region.as_str(),
            &path.key("certificateArn"),
            format!(
                "the certificate lies in `{}`, the load balancer in `{}`",
                certificate.region(),
                check.spec.region
            ),
            "request a certificate in the stack's own Region",
        );
    }
    for key in ingress.annotations.keys() {
        let own =
            key.strip_prefix("alb.ingress.kubernetes.io/").filter(|name| DECIDED_ELSEWHERE.contains(name));
        check.ensure(
            own.is_none(),
            &path.key("annotations").key(key),
            format!("`{key}` is decided by the settings of the ingress"),
            "remove it, and use `scheme`, `certificateArn`, `inboundCidrs` or `group` instead",
        );
        word::<LabelKey>(check, &path.key("annotations").key(key), key, "the key of an annotation");
    }
}
