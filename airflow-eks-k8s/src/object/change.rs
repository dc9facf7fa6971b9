//! Making and changing objects, and waiting until they can be used.

use airflow_eks_core::engine::{Failure, Ownership, Present, Readiness};
use airflow_eks_core::graph::KubernetesObject;
use airflow_eks_core::plan::objects::puts_back;
use kube::Client;
use kube::core::Status;
use serde_json::Value;

use super::apply::{Way, apply};
use super::dry_run::leave_replicas;
use super::live::{get, is_going, uid};
use super::marks;
use crate::discovery::Served;
use crate::error::{Error, failure, other};
use crate::kubernetes::Kubernetes;
use crate::readiness::Waits;

impl Kubernetes {
    /// Makes an object, and waits until it is ready. One of the stack that is there already is changed.
    pub(crate) async fn create_object(&self, wanted: &KubernetesObject) -> Result<Present, Failure> {
        let id = &wanted.id;
        let (client, served) = self.ready_to_write(wanted, "create").await?;
        if !self.is_just_absent(id)
            && let Some(live) = get(&client, &served, id).await?
        {
            if is_going(&live) {
                self.await_gone(&client, &served, id, uid(&live)).await?;
            } else if let Ownership::NotOurs(whose) = marks::ownership(&self.shared.set, &live)
                && !self.options.adopt
            {
                let hint = "`--adopt` takes it over: it is then changed and deleted with the stack";
                let message = format!("there is one already, and {whose}");
                return Err(Failure {
                    hint: Some(hint.to_owned()),
                    ..other(&id.to_string(), "create", message)
                });
            }
        }
        let body = self.complete(wanted, "create").await?;
        self.write(&client, &served, wanted, body, "create").await
    }

    /// Changes an object, and waits until it is ready.
    pub(crate) async fn update_object(&self, wanted: &KubernetesObject) -> Result<Present, Failure> {
        let id = &wanted.id;
        let (client, served) = self.ready_to_write(wanted, "patch").await?;
        let mut body = self.complete(wanted, "patch").await?;
        if body.pointer("/spec/replicas").is_some()
            && let Some(live) = get(&client, &served, id).await?
        {
            leave_replicas(&mut body, &live);
        }
        self.write(&client, &served, wanted, body, "patch").await
    }

    /// Waits until an object is ready; until it is gone and made again, where it is on its way out.
    pub(crate) async fn wait_for_object(&self, wanted: &KubernetesObject) -> Result<Present, Failure> {
        let id = &wanted.id;
        let client = self.connected(&id.to_string(), "wait for").await?;
        let served = self.shared.discovery.await_kind(&client, id, wanted.api_version()).await?;
        match get(&client, &served, id).await? {
            Some(live) if !is_going(&live) => self.until_ready(&client, &served, wanted, live).await,
            _ => self.create_object(wanted).await,
        }
    }

    /// The client and the kind of an object that is to be written; the parent then tells of it already.
    async fn ready_to_write(
        &self,
        wanted: &KubernetesObject,
        operation: &str,
    ) -> Result<(Client, Served), Failure> {
        let client = self.connected(&wanted.id.to_string(), operation).await?;
        let served = self.shared.discovery.await_kind(&client, &wanted.id, wanted.api_version()).await?;
        self.shared.parent.include(&client, &wanted.id).await?;
        Ok((client, served))
    }

    /// Applies an object: by force only where nobody would put their own value back.
    async fn write(
        &self,
        client: &Client,
        served: &Served,
        wanted: &KubernetesObject,
        body: Value,
        operation: &str,
    ) -> Result<Present, Failure> {
        let id = &wanted.id;
        let applied = match apply(client, served, id, &body, Way::Yielding).await {
            Err(Error::Refused(status)) if self.may_force(&status) => {
                apply(client, served, id, &body, Way::Forcing).await
            }
            applied => applied,
        };
        let live =
            applied.map_err(|error| without_values(failure(&id.to_string(), operation, &error), wanted))?;
        if id.kind == "CustomResourceDefinition" {
            self.shared.discovery.forget().await;
        }
        self.until_ready(client, served, wanted, live).await
    }

    fn may_force(&self, status: &Status) -> bool {
        let causes = status.details.iter().flat_map(|details| &details.causes);
        let mut conflicts = causes.filter(|cause| cause.reason == "FieldManagerConflict").peekable();
        conflicts.peek().is_some() && conflicts.all(|cause| self.options.adopt || !is_kept(&cause.message))
    }

    async fn until_ready(
        &self,
        client: &Client,
        served: &Served,
        wanted: &KubernetesObject,
        live: Value,
    ) -> Result<Present, Failure> {
        let id = &wanted.id;
        if !self.options.wait || self.readiness(client, id, &live).await? == Readiness::Ready {
            return Ok(self.present(id, &live));
        }
        let waits = self.shared.waits.get_or_init(async || Waits::new(client.clone())).await;
        let (namespace, patience) = (id.namespace.as_deref(), self.options.patience(&id.kind));
        let live = waits.wait(&served.resource, namespace, &id.name, Some(patience)).await;
        match live {
            Ok(live) => Ok(self.present(id, &live)),
            Err(why) => {
                let mut lines = vec![why.reason];
                lines.extend(why.cause);
                let message = lines.join("\n");
                Err(other(&id.to_string(), "wait until it is ready", message))
            }
        }
    }
}

/// Whether a conflict, as the server describes it, is with one who would put the value back. It says `using` of those who
/// have only updated it.
fn is_kept(conflict: &str) -> bool {
    let manager = conflict.split('"').nth(1).unwrap_or_default();
    !conflict.contains("\" using ") || puts_back(manager)
}

/// A failure without what the server repeats of a Secret.
fn without_values(failure: Failure, wanted: &KubernetesObject) -> Failure {
    let repeats = failure.code.as_deref().is_some_and(|code| matches!(code, "Invalid" | "BadRequest"));
    if wanted.id.kind == "Secret" && repeats {
        return Failure { message: "the server does not take it".to_owned(), ..failure };
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of <https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go>.
    #[test]
    fn those_who_apply_keep_what_they_wrote() {
        assert!(is_kept("conflict with \"kustomize-controller\""));
        assert!(is_kept("conflict with \"kubectl-client-side-apply\" using apps/v1 at 2026-01-01T00:00:00Z"));
        assert!(!is_kept("conflict with \"kubectl-edit\" using apps/v1"));
        assert!(!is_kept("conflict with \"kubectl\" with subresource \"scale\" using apps/v1"));
    }
}
