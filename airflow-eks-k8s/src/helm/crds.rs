//! Definitions in a chart's `crds/`: Helm makes them once and never again, so that they fall behind the chart. They are applied
//! before the release instead, each time, and never deleted.
//!
//! A definition that is part of another release, such as one of `karpenter-crd`, is left to that one.

use std::path::Path;
use std::time::Duration;

use airflow_eks_core::engine::Failure;
use airflow_eks_core::graph::ReleaseId;
use airflow_eks_core::plan::objects::puts_back;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{DynamicObject, Patch, PatchParams};
use kube::core::response::Status;
use kube::discovery::ApiResource;
use kube::runtime::wait::{await_condition, conditions};
use kube::{Api, Client};

use super::drift::HELM;
use super::failure::{because, of_kube};
use super::manifest;

/// The name under which this program writes.
const MANAGER: &str = "airflow-eks";
const SERVED_WITHIN: Duration = Duration::from_secs(60);

/// Applies the definitions that `helm show crds` printed, and waits until they are served.
pub(super) async fn apply(
    client: &Client,
    id: &ReleaseId,
    chart: &Path,
    printed: &str,
) -> Result<(), Failure> {
    let operation = "apply the definitions of its chart";
    let unreadable = |error: String| because(id, operation, format!("{}: {error}", chart.display()));
    for document in manifest::documents(printed).map_err(unreadable)? {
        let definition: DynamicObject = match serde_json::from_value(document) {
            Ok(definition) => definition,
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let is_definition =
            definition.types.as_ref().is_some_and(|types| types.kind == "CustomResourceDefinition");
        if let (true, Some(name)) = (is_definition, definition.metadata.name.clone()) {
            one(client, id, &name, &definition).await?;
        }
    }
    Ok(())
}

async fn one(client: &Client, id: &ReleaseId, name: &str, definition: &DynamicObject) -> Result<(), Failure> {
    let api: Api<DynamicObject> =
        Api::all_with(client.clone(), &ApiResource::erase::<CustomResourceDefinition>(&()));
    let failed = |verb: &str, error: kube::Error| {
        of_kube(id, &format!("{verb} CustomResourceDefinition {name}"), error)
    };
    let live = api.get_metadata_opt(name).await.map_err(|error| failed("read", error))?;
    let annotations = live.and_then(|live| live.metadata.annotations).unwrap_or_default();
    if annotations.contains_key(manifest::RELEASE_NAME) {
        return Ok(());
    }
    let parameters = PatchParams::apply(MANAGER);
    let applied = match api.patch(name, &parameters, &Patch::Apply(definition)).await {
        Err(kube::Error::Api(status)) if status.code == 409 => {
            let keepers = keepers(&status);
            if !keepers.is_empty() {
                return Err(Failure {
                    hint: Some("have one of both keep the definition: take the chart's definitions out of the other tool".to_owned()),
                    ..because(id, &format!("apply CustomResourceDefinition {name}"), format!("it is kept by `{}`", keepers.join("`, `")))
                });
            }
            api.patch(name, &parameters.force(), &Patch::Apply(definition)).await
        }
        other => other,
    };
    applied.map_err(|error| failed("apply", error))?;
    let definitions: Api<CustomResourceDefinition> = Api::all(client.clone());
    let served = await_condition(definitions, name, conditions::is_crd_established());
    match tokio::time::timeout(SERVED_WITHIN, served).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(because(id, &format!("wait for CustomResourceDefinition {name}"), error)),
        Err(_) => {
            let message = format!("it is not served after {} s", SERVED_WITHIN.as_secs());
            Err(because(id, &format!("wait for CustomResourceDefinition {name}"), message))
        }
    }
}

/// The other tools that apply fields of a definition, at other values. Helm itself, and whoever has written by hand, are none.
fn keepers(status: &Status) -> Vec<String> {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    let mut keepers: Vec<String> = causes
        // One that has not applied but updated the field is told with the version that it used. Some put back even so.
        .filter_map(|cause| Some((cause, cause.message.split('"').nth(1)?)))
        .filter(|(cause, manager)| !cause.message.contains("\" using ") || puts_back(manager))
        .map(|(_, manager)| manager.to_owned())
        .filter(|manager| manager != HELM)
        .collect();
    keepers.sort();
    keepers.dedup();
    keepers
}
