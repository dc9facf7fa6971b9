//! What there is in a cluster.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::Place;

/// By kind, namespace and name, which object that is and when it was last written.
pub(crate) type Inventory = BTreeMap<String, String>;

/// Kinds that change by themselves all the time, and such as cannot be looked at twice.
const RESTLESS: [&str; 6] = [
    "bindings",
    "events",
    "events.events.k8s.io",
    "leases.coordination.k8s.io",
    "nodes",
    "stages.kwok.x-k8s.io",
];

/// An object as `Kind namespace/name`, the uid, and the resource version.
const LINES: &str = "--output=jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name}\
    {\"\\t\"}{.metadata.uid} {.metadata.resourceVersion}{\"\\n\"}{end}";

impl Place {
    /// Every object of the cluster.
    pub(crate) fn everything(&self) -> Inventory {
        let kinds = self.kubectl(&["api-resources", "--verbs=list,watch", "--output=name", "--no-headers"]);
        let kinds: Vec<&str> = kinds.lines().filter(|kind| !RESTLESS.contains(kind)).collect();
        self.look(&kinds.join(","), &[])
    }

    /// The objects of some kinds that a selector picks out.
    pub(crate) fn look(&self, kinds: &str, more: &[&str]) -> Inventory {
        let arguments = [&["get", kinds, "--all-namespaces", "--ignore-not-found", LINES], more].concat();
        let text = self.kubectl(&arguments);
        let pairs = text.lines().map(|line| line.split_once('\t').unwrap());
        pairs.map(|(name, version)| (name.to_owned(), version.to_owned())).collect()
    }

    /// The objects of some kinds that carry the marks of the stack.
    pub(crate) fn owned(&self, kinds: &str) -> BTreeSet<String> {
        let ours = format!("--selector=airflow-eks/stack={},applyset.kubernetes.io/part-of", self.name);
        self.look(kinds, &[&ours]).into_keys().collect()
    }

    /// The objects that the stack renders.
    pub(crate) fn rendered(&self) -> Vec<Value> {
        let ran = self.run(&["render", "--format", "json"]);
        let mut list: Value = serde_json::from_str(&ran.ok().stdout).unwrap();
        serde_json::from_value(list["items"].take()).unwrap()
    }
}

/// The kinds of some objects, as kubectl takes them.
pub(crate) fn kinds(objects: &[Value]) -> String {
    let kinds = objects.iter().map(|object| {
        let group = object["apiVersion"].as_str().unwrap().rsplit_once('/').map_or("", |(group, _)| group);
        // Without a version it would be taken for a name of another kind.
        let kind = object["kind"].as_str().unwrap();
        if group.is_empty() { kind.to_owned() } else { format!("{kind}.{group}") }
    });
    kinds.collect::<BTreeSet<String>>().into_iter().collect::<Vec<_>>().join(",")
}

/// Their names, as an [`Inventory`] has them.
pub(crate) fn names(objects: &[Value]) -> BTreeSet<String> {
    let name = |object: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let metadata = &object["metadata"];
        format!("{} {}/{}", text(&object["kind"]), text(&metadata["namespace"]), text(&metadata["name"]))
    };
    objects.iter().map(name).collect()
}
