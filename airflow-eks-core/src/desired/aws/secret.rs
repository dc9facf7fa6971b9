//! Secrets: those that the Kubernetes side uses, and the database's.

use std::collections::BTreeSet;

use super::parts::{Parts, mark};
use crate::aws_resources::{AwsKind, Secret};
use crate::graph::late;
use crate::graph::{Attribute, AwsId, Body, GeneratedSecret, Late, ResourceId};

/// Adds them, and gives the ARN of every secret that the Kubernetes side uses.
pub(super) fn add(parts: &mut Parts<'_>, kubernetes: &[Body]) -> Vec<String> {
    let uses: Vec<(ResourceId, BTreeSet<GeneratedSecret>)> =
        kubernetes.iter().map(|body| (body.id(), used_by(parts, body))).collect();
    let existing = parts.spec().database.existing.as_ref();
    let is_made = |secret: GeneratedSecret| existing.is_none() || secret != GeneratedSecret::DatabasePassword;
    let used: BTreeSet<GeneratedSecret> = uses.iter().flat_map(|(_, secrets)| secrets.clone()).collect();
    let wanted: BTreeSet<GeneratedSecret> =
        used.iter().copied().chain([GeneratedSecret::DatabasePassword]).filter(|s| is_made(*s)).collect();
    for secret in &wanted {
        let body = Secret {
            name: parts.names().secret(*secret),
            description: description(*secret).to_owned(),
            generated: secret.name().to_owned(),
        };
        parts.add(secret.name(), body);
    }
    for (object, secrets) in uses {
        for secret in secrets {
            parts.kubernetes_waits(object.clone(), &AwsId::new(AwsKind::Secret, secret.name()));
        }
    }
    let arn = |secret: &GeneratedSecret| match existing {
        Some(existing) if !is_made(*secret) => existing.password_secret_arn.to_string(),
        _ => mark(AwsKind::Secret, secret.name(), Attribute::Arn),
    };
    used.iter().map(arn).collect()
}

/// The secrets in an object: as marks, or by name where the External Secrets Operator reads them.
fn used_by(parts: &Parts<'_>, body: &Body) -> BTreeSet<GeneratedSecret> {
    let marked = body.late_values().into_iter().filter_map(|late| match late {
        Late::Secret(secret) => Some(secret),
        _ => None,
    });
    let mut found: BTreeSet<GeneratedSecret> = marked.collect();
    if let Body::Kubernetes(object) = body {
        late::walk(object.marked(), &mut |text| {
            found.extend(GeneratedSecret::ALL.iter().filter(|secret| parts.names().secret(**secret) == text));
        });
    }
    found
}

fn description(secret: GeneratedSecret) -> &'static str {
    match secret {
        GeneratedSecret::AdminPassword => "The password of the first user of Airflow",
        GeneratedSecret::ApiSecretKey => "Signs sessions of the API server of Airflow",
        GeneratedSecret::DatabasePassword => "The password of the metadata database of Airflow",
        GeneratedSecret::FernetKey => "Encrypts connections and variables of Airflow",
        GeneratedSecret::GrafanaPassword => "The password of the administrator of Grafana",
        GeneratedSecret::JwtSecret => "Signs the tokens of tasks of Airflow",
        GeneratedSecret::WebserverSecretKey => "Signs sessions of the web server of Airflow",
    }
}
