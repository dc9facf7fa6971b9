//! Collects the AWS resources of a stack, and what waits for what.

use crate::aws_resources::{AwsKind, AwsObject, AwsResource, Tags};
use crate::desired::Names;
use crate::graph::{Attribute, AwsId, Body, Late, ResourceId};
use crate::spec::{AddonDelivery, AddonKind, StackSpec};
use crate::stack::Stack;

use super::tags;

/// The AWS resources of a stack, and what waits for what where no field shows it.
pub(super) struct Parts<'a> {
    pub(super) stack: &'a Stack,
    objects: Vec<AwsObject>,
    after: Vec<(ResourceId, ResourceId)>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(stack: &'a Stack) -> Self {
        Self { stack, objects: Vec::new(), after: Vec::new() }
    }

    pub(super) fn spec(&self) -> &'a StackSpec {
        self.stack.spec()
    }

    pub(super) fn names(&self) -> Names<'a> {
        Names::of(self.stack)
    }

    /// Adds a resource.
    pub(super) fn add(&mut self, name: impl Into<String>, body: impl Into<AwsResource>) -> AwsId {
        self.add_tagged(name, body, Tags::new())
    }

    /// Adds a resource with tags besides those of the stack.
    pub(super) fn add_tagged(
        &mut self,
        name: impl Into<String>,
        body: impl Into<AwsResource>,
        more: Tags,
    ) -> AwsId {
        let body = body.into();
        let id = AwsId::new(body.kind(), name);
        let mut tags = tags::of(self.stack, &id);
        tags.extend(more);
        self.objects.push(AwsObject { id: id.clone(), tags, shared: false, body });
        id
    }

    /// Adds a resource that may have been there before.
    pub(super) fn add_shared(&mut self, name: &str, body: impl Into<AwsResource>) -> AwsId {
        let id = self.add(name, body);
        if let Some(object) = self.objects.last_mut() {
            object.shared = true;
            // What belongs to the whole account, or to somebody else, never carries the marks of a stack.
            if matches!(id.kind, AwsKind::ExistingCluster | AwsKind::ServiceLinkedRole) {
                object.tags.clear();
            }
        }
        id
    }

    /// Lets `later` wait for `earlier`, if there is one.
    pub(super) fn wait(&mut self, later: &AwsId, earlier: &AwsId) {
        self.after.push((later.clone().into(), earlier.clone().into()));
    }

    /// Lets `later` wait for each resource of a kind that has been added.
    pub(super) fn wait_for_all(&mut self, later: &AwsId, kind: AwsKind) {
        let earlier: Vec<AwsId> = self.ids(kind).cloned().collect();
        earlier.iter().for_each(|earlier| self.wait(later, earlier));
    }

    /// Adds a wait of a Kubernetes object.
    pub(super) fn kubernetes_waits(&mut self, later: ResourceId, earlier: &AwsId) {
        self.after.push((later, earlier.clone().into()));
    }

    /// What has been added of a kind.
    pub(super) fn ids(&self, kind: AwsKind) -> impl Iterator<Item = &AwsId> {
        self.objects.iter().map(|object| &object.id).filter(move |id| id.kind == kind)
    }

    pub(super) fn into_graph(self) -> (Vec<Body>, Vec<(ResourceId, ResourceId)>) {
        (self.objects.into_iter().map(Body::from).collect(), self.after)
    }

    /// The cluster: the stack's own, or the one that was there before.
    pub(super) fn cluster(&self) -> AwsId {
        let existing = self.spec().cluster.existing.is_some();
        AwsId::new(if existing { AwsKind::ExistingCluster } else { AwsKind::Cluster }, "cluster")
    }

    /// The mark of what the cluster tells.
    pub(super) fn of_cluster(&self, attribute: Attribute) -> String {
        Late::Attribute(self.cluster(), attribute).mark()
    }

    /// Whether the stack brings an add-on. Of those that EKS installs, an existing cluster gets only what the stack names.
    pub(super) fn has_addon(&self, kind: AddonKind) -> bool {
        let spec = self.spec();
        if spec.cluster.existing.is_some() && kind.delivery() == AddonDelivery::EksAddon {
            spec.addons.get(kind).enabled == Some(true)
        } else {
            spec.addon_enabled(kind)
        }
    }

    /// Whether Karpenter launches nodes, be it the stack's or that of an existing cluster.
    pub(super) fn has_karpenter_nodes(&self) -> bool {
        self.has_addon(AddonKind::Karpenter) || !self.spec().karpenter_node_pools.is_empty()
    }

    /// Whether the stack has nodes of its own, other than Fargate's.
    pub(super) fn has_nodes(&self) -> bool {
        !self.spec().node_groups.is_empty() || self.has_karpenter_nodes()
    }
}

/// The mark of what an AWS resource tells.
pub(super) fn mark(kind: AwsKind, name: impl Into<String>, attribute: Attribute) -> String {
    Late::Attribute(AwsId::new(kind, name), attribute).mark()
}
