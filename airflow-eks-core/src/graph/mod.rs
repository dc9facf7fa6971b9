//! Everything that a stack is made of, and what each part waits for.

mod id;
mod late;
mod object;
mod order;
mod references;

use std::collections::{BTreeMap, BTreeSet};

pub use id::{ObjectId, ResourceId};
pub(crate) use late::holds_mark;
pub use late::{GeneratedSecret, Late, Output};
pub use object::KubernetesObject;

/// One part of a stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The object to be.
    pub object: KubernetesObject,
    /// What has to be there before it.
    pub depends_on: BTreeSet<ResourceId>,
}

/// Everything that a stack is made of. The order of its resources is the order of applying; deleting goes backwards.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    resources: BTreeMap<ResourceId, Resource>,
    order: Vec<ResourceId>,
}

impl Graph {
    /// Ties objects together: what an object mentions by name, and the namespace it lies in, come before it.
    ///
    /// `after` adds the waits that no field shows, such as that of a scheduler for the migrated database.
    pub(crate) fn of(objects: Vec<KubernetesObject>, after: &[(ResourceId, ResourceId)]) -> Self {
        let ids: BTreeSet<ResourceId> =
            objects.iter().map(|object| ResourceId::Kubernetes(object.id.clone())).collect();
        let mut resources: BTreeMap<ResourceId, Resource> = objects
            .into_iter()
            .map(|object| {
                let id = ResourceId::Kubernetes(object.id.clone());
                let mut depends_on = references::of(&object);
                depends_on.retain(|other| ids.contains(other) && *other != id);
                (id, Resource { object, depends_on })
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

    /// The resources in the order of applying.
    pub fn iter(&self) -> impl Iterator<Item = &Resource> {
        self.order.iter().filter_map(|id| self.resources.get(id))
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
        self.iter().flat_map(|resource| resource.object.late_values()).collect()
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
                    assert!(seen.contains(needed), "{}: {} before {needed}", preset.name, resource.object.id);
                }
                seen.insert(resource.object.resource_id());
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
