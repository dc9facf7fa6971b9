//! What makes a resource the same one from run to run: known before it exists.

use std::fmt;

use super::ReleaseId;
use crate::aws_resources::AwsKind;

/// The identity of a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ResourceId {
    /// An AWS resource.
    Aws(AwsId),
    /// A Kubernetes object.
    Kubernetes(ObjectId),
    /// A Helm release.
    Helm(ReleaseId),
}

impl ResourceId {
    /// The word for what it is, such as `Subnet` or `Deployment`.
    #[must_use]
    pub fn kind(&self) -> String {
        match self {
            Self::Aws(id) => id.kind.to_string(),
            Self::Kubernetes(id) => id.kind.clone(),
            Self::Helm(_) => "HelmRelease".to_owned(),
        }
    }

    /// What tells it from others of its kind, the namespace included.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Aws(id) => id.name.clone(),
            Self::Kubernetes(ObjectId { namespace: Some(namespace), name, .. }) => {
                format!("{namespace}/{name}")
            }
            Self::Kubernetes(id) => id.name.clone(),
            Self::Helm(id) => format!("{}/{}", id.namespace, id.name),
        }
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aws(id) => id.fmt(f),
            Self::Kubernetes(id) => id.fmt(f),
            Self::Helm(id) => id.fmt(f),
        }
    }
}

/// The identity of an AWS resource within its stack: what AWS calls it is often known only once it is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AwsId {
    /// Its kind.
    pub kind: AwsKind,
    /// What tells it from others of its kind in the stack, such as `private-eu-central-1a`.
    pub name: String,
}

impl AwsId {
    /// The identity of an AWS resource.
    ///
    /// ```
    /// use airflow_eks_core::aws_resources::AwsKind;
    /// use airflow_eks_core::graph::AwsId;
    ///
    /// let id = AwsId::new(AwsKind::Subnet, "private-eu-central-1a");
    /// assert_eq!(id.tag(), "subnet/private-eu-central-1a");
    /// assert_eq!(AwsId::from_tag(&id.tag()), Some(id));
    /// ```
    #[must_use]
    pub fn new(kind: AwsKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }

    /// The value of the tag that tells the resources of a stack apart.
    #[must_use]
    pub fn tag(&self) -> String {
        format!("{}/{}", self.kind.word(), self.name)
    }

    /// The identity that a tag tells, if it does.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let (word, name) = tag.split_once('/')?;
        let kind = AwsKind::ALL.iter().find(|kind| kind.word() == word)?;
        Some(Self::new(*kind, name))
    }
}

impl From<AwsId> for ResourceId {
    fn from(id: AwsId) -> Self {
        Self::Aws(id)
    }
}

impl fmt::Display for AwsId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// The identity of a Kubernetes object. Its version is not part of it: an object served in two versions is one object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// The API group; empty for the core group.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// The namespace; nothing for objects of the whole cluster.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl ObjectId {
    /// The identity of an object.
    #[must_use]
    pub fn new(group: &str, kind: &str, namespace: Option<&str>, name: &str) -> Self {
        Self {
            group: group.to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.map(str::to_owned),
            name: name.to_owned(),
        }
    }
}

impl From<ReleaseId> for ResourceId {
    fn from(id: ReleaseId) -> Self {
        Self::Helm(id)
    }
}

impl From<ObjectId> for ResourceId {
    fn from(id: ObjectId) -> Self {
        Self::Kubernetes(id)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}
