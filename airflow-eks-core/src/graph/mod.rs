//! Everything that a stack is made of, and what each part waits for.

mod apply_set;
mod helm_release;
mod id;
pub(crate) mod late;
mod object;
mod order;
mod references;

use std::collections::{BTreeMap, BTreeSet};

pub use apply_set::ApplySet;
pub use helm_release::{Chart, ChartSource, HelmRelease, ReleaseId};
pub use id::{AwsId, ObjectId, ResourceId};
pub(crate) use late::holds_mark;
pub use late::{Attribute, GeneratedSecret, Late, Output};
pub use object::KubernetesObject;
use serde_json::Value;

use crate::aws_resources::AwsObject;
use crate::render::Outputs;

/// One part of a stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// What it is to be.
    pub body: Body,
    /// What has to be there before it.
    pub depends_on: BTreeSet<ResourceId>,
}

/// What a part of a stack is to be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[expect(
    clippy::large_enum_variant,
    reason = "there are some hundred of them, and they are passed by reference"
)]
pub enum Body {
    /// An AWS resource.
    Aws(AwsObject),
    /// A Kubernetes object.
    Kubernetes(KubernetesObject),
    /// A Helm release.
    Helm(HelmRelease),
}

impl Body {
    /// Its identity.
    #[must_use]
    pub fn id(&self) -> ResourceId {
        match self {
            Self::Aws(object) => ResourceId::Aws(object.id.clone()),
            Self::Kubernetes(object) => object.resource_id(),
            Self::Helm(release) => ResourceId::Helm(release.id.clone()),
        }
    }

    /// The late values that it needs.
    #[must_use]
    pub fn late_values(&self) -> BTreeSet<Late> {
        match self {
            Self::Aws(object) => object.late_values(),
            Self::Kubernetes(object) => object.late_values(),
            Self::Helm(release) => release.late_values(),
        }
    }

    /// The same with every late value in its place that `value` knows. What it does not know stays a mark.
    #[must_use]
    pub fn resolved(&self, value: &dyn Fn(&Late) -> Option<String>) -> Self {
        match self {
            Self::Aws(object) => Self::Aws(object.resolved(value)),
            Self::Kubernetes(object) => Self::Kubernetes(object.resolved_where_known(value)),
            Self::Helm(release) => Self::Helm(release.resolved_where_known(value)),
        }
    }

    /// Its fields, with a mark for each late value.
    pub(crate) fn fields(&self) -> Value {
        match self {
            Self::Aws(object) => object.body.to_value(),
            Self::Kubernetes(object) => object.marked().clone(),
            Self::Helm(release) => release.fields(),
        }
    }
}

impl From<AwsObject> for Body {
    fn from(object: AwsObject) -> Self {
        Self::Aws(object)
    }
}

impl From<KubernetesObject> for Body {
    fn from(object: KubernetesObject) -> Self {
        Self::Kubernetes(object)
    }
}

impl From<HelmRelease> for Body {
    fn from(release: HelmRelease) -> Self {
        Self::Helm(release)
    }
}

/// Everything that a stack is made of. The order of its resources is the order of applying; deleting goes backwards.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    resources: BTreeMap<ResourceId, Resource>,
    order: Vec<ResourceId>,
}

impl Graph {
    /// Ties the parts together: what one mentions by name, the namespace it lies in, and what tells it a late value come
    /// before it.
    ///
    /// `after` adds the waits that no field shows, such as that of a scheduler for the migrated database.
    pub(crate) fn of(bodies: Vec<Body>, after: &[(ResourceId, ResourceId)]) -> Self {
        let ids: BTreeSet<ResourceId> = bodies.iter().map(Body::id).collect();
        let mut resources: BTreeMap<ResourceId, Resource> = bodies
            .into_iter()
            .map(|body| {
                let id = body.id();
                let mut depends_on = references::of(&body);
                depends_on.retain(|other| ids.contains(other) && *other != id);
                (id, Resource { body, depends_on })
            })
            .collect();
        for (later, earlier) in after {
            if let Some(resource) = resources.get_mut(later)
                && ids.contains(earlier)
            {
                resource.depends_on.insert(earlier.clone());
            }
        }
        let order = order::of(&resources);
        Self { resources, order }
    }

    /// Objects alone, whoever made them: each waits for what it mentions by name.
    #[must_use]
    pub fn of_objects(objects: Vec<KubernetesObject>) -> Self {
        Self::of(objects.into_iter().map(Body::from).collect(), &[])
    }

    /// Parts of any kind, whoever made them: each waits for what it mentions by name.
    #[must_use]
    pub fn of_parts(parts: Vec<Body>) -> Self {
        Self::of(parts, &[])
    }

    /// The resources in the order of applying.
    pub fn iter(&self) -> impl Iterator<Item = &Resource> {
        self.order.iter().filter_map(|id| self.resources.get(id))
    }

    /// The AWS resources in the order of applying.
    pub fn aws(&self) -> impl Iterator<Item = &AwsObject> {
        self.iter().filter_map(|resource| match &resource.body {
            Body::Aws(object) => Some(object),
            Body::Kubernetes(_) | Body::Helm(_) => None,
        })
    }

    /// The Kubernetes objects in the order of applying.
    pub fn kubernetes(&self) -> impl Iterator<Item = &KubernetesObject> {
        self.iter().filter_map(|resource| match &resource.body {
            Body::Kubernetes(object) => Some(object),
            Body::Aws(_) | Body::Helm(_) => None,
        })
    }

    /// The Helm releases in the order of applying.
    pub fn helm(&self) -> impl Iterator<Item = &HelmRelease> {
        self.iter().filter_map(|resource| match &resource.body {
            Body::Helm(release) => Some(release),
            Body::Aws(_) | Body::Kubernetes(_) => None,
        })
    }

    /// The graph of those parts alone that `keep` says yes to. A wait that goes through a part that is left out is lost with
    /// it.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&ResourceId) -> bool) -> Self {
        let order: Vec<ResourceId> = self.order.iter().filter(|id| keep(id)).cloned().collect();
        let resources = self.resources.iter().filter(|(id, _)| keep(id));
        let resources = resources
            .map(|(id, resource)| {
                let depends_on = resource.depends_on.iter().filter(|id| keep(id)).cloned().collect();
                (id.clone(), Resource { body: resource.body.clone(), depends_on })
            })
            .collect();
        Self { resources, order }
    }

    /// The same graph with every late value in its place that is known from elsewhere.
    #[must_use]
    pub fn knowing(&self, outputs: &Outputs) -> Self {
        let mut graph = self.clone();
        for resource in graph.resources.values_mut() {
            resource.body = resource.body.resolved(&|late| outputs.get(late).map(str::to_owned));
        }
        graph
    }

    /// One resource.
    #[must_use]
    pub fn get(&self, id: &ResourceId) -> Option<&Resource> {
        self.resources.get(id)
    }

    /// How many resources there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// Every value that only AWS can tell, or that is secret, in the whole graph.
    #[must_use]
    pub fn late_values(&self) -> BTreeSet<Late> {
        self.iter().flat_map(|resource| resource.body.late_values()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;
    use crate::presets;

    /// What comes before what, in every preset.
    #[test]
    fn nothing_comes_before_what_it_depends_on() {
        for preset in presets::ALL {
            let graph = crate::desired(&preset.stack(&Facts::unknown()).unwrap());
            let mut seen = BTreeSet::new();
            for resource in graph.iter() {
                for needed in &resource.depends_on {
                    assert!(seen.contains(needed), "{}: {} before {needed}", preset.name, resource.body.id());
                }
                seen.insert(resource.body.id());
            }
            assert_eq!(seen.len(), graph.len());
        }
    }

    #[test]
    fn waits_are_read_from_the_objects_themselves() {
        let graph = crate::desired(&presets::DEFAULT.stack(&Facts::unknown()).unwrap());
        let scheduler = ObjectId::new("apps", "Deployment", Some("airflow"), "airflow-scheduler").into();
        let needs: Vec<String> =
            graph.get(&scheduler).unwrap().depends_on.iter().map(ToString::to_string).collect();
        for expected in [
            "Namespace airflow",
            "ServiceAccount airflow/airflow-scheduler",
            "ConfigMap airflow/airflow-config",
            "Secret airflow/airflow-fernet-key",
        ] {
            assert!(needs.iter().any(|need| need == expected), "{expected} not in {needs:?}");
        }
        assert!(needs.iter().any(|need| need.starts_with("Job airflow/airflow-run-airflow-migrations-")));
    }
}
