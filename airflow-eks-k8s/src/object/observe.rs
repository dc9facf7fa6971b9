//! What there is of an object.

use std::collections::BTreeMap;

use airflow_eks_core::engine::{Differences, Failure, Present, Readiness};
use airflow_eks_core::graph::{KubernetesObject, ObjectId};
use airflow_eks_core::plan::objects::shown;
use kube::Client;
use serde_json::Value;

use super::live::{get, is_going, uid};
use super::marks;
use crate::cause;
use crate::error::{Error, failure};
use crate::kubernetes::Kubernetes;
use crate::readiness;

impl Kubernetes {
    /// What there is of an object; nothing where there is no cluster, or where its kind is not served yet.
    pub(crate) async fn observe_object(&self, wanted: &KubernetesObject) -> Result<Option<Present>, Failure> {
        let id = &wanted.id;
        self.shared.parent.want(id).await;
        let Some(client) = self.client().await? else { return Ok(None) };
        let found = self.shared.discovery.find(&client, id, Some(wanted.api_version())).await?;
        let Some(served) = found else { return Ok(None) };
        let Some(live) = self.live(&client, &served, id).await? else {
            self.note_absent(id);
            return Ok(None);
        };
        // What is on its way out is waited for, whatever it says.
        let differences = match is_going(&live) {
            true => Differences::default(),
            false => {
                let prepared = self.prepared(wanted).await?;
                self.differences(&client, &served, wanted, prepared, &live).await?
            }
        };
        let readiness = self.readiness(&client, id, &live).await?;
        Ok(Some(Present { differences: Some(differences), readiness, ..self.present(id, &live) }))
    }

    /// What keeps an object from being ready, as a person needs to know it: at most 25 lines, the most telling first.
    ///
    /// # Errors
    /// The object itself cannot be read.
    pub async fn explain(&self, id: &ObjectId) -> Result<Vec<String>, Failure> {
        let Some(client) = self.client().await? else { return Ok(Vec::new()) };
        let Some(served) = self.shared.discovery.find(&client, id, None).await? else {
            return Ok(Vec::new());
        };
        let Some(live) = get(&client, &served, id).await? else { return Ok(Vec::new()) };
        let lines = cause::explain(client, &live).await;
        Ok(lines.iter().map(|line| self.shared.known_secrets.hide(line)).collect())
    }

    /// Whether an object can be used, where that is not seen from the object alone.
    pub(super) async fn readiness(
        &self,
        client: &Client,
        id: &ObjectId,
        live: &Value,
    ) -> Result<Readiness, Failure> {
        let assessed = readiness::assess(client, live).await;
        let assessed = assessed.map_err(|error| failure(&id.to_string(), "assess", &Error::from(error)))?;
        Ok(self.unless_hurried(assessed, live))
    }

    /// Where nobody waits, what is being made is as good as ready; what is on its way out is not.
    fn unless_hurried(&self, readiness: Readiness, live: &Value) -> Readiness {
        match readiness {
            Readiness::InProgress(_) if !self.options.wait && !is_going(live) => Readiness::Ready,
            readiness => readiness,
        }
    }

    /// An object that is there, and is as it is to be.
    pub(super) fn present(&self, id: &ObjectId, live: &Value) -> Present {
        Present {
            physical_id: marks::physical_id(id.namespace.as_deref(), &id.name, uid(live)),
            fields: shown(live),
            tags: BTreeMap::new(),
            attributes: BTreeMap::new(),
            readiness: self.unless_hurried(readiness::of(live), live),
            ownership: marks::ownership(&self.shared.set, live),
            differences: Some(Differences::default()),
        }
    }
}
