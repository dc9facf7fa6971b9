//! An AWS resource with its identity and tags.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::AwsResource;
use crate::graph::{AwsId, Late, late};

/// Marks what is ours: nothing without it is ever changed or deleted. Its value is the name of the stack.
pub const STACK_TAG: &str = "airflow-eks/stack";
/// Tells the resources of a stack apart, such as `subnet/private-eu-central-1a`.
pub const RESOURCE_TAG: &str = "airflow-eks/resource";

/// AWS tags.
pub type Tags = BTreeMap<String, String>;

/// An AWS resource to be, with its identity and tags. Late values stand in its texts as marks until
/// [`AwsObject::resolved`].
#[derive(Debug, Clone, PartialEq)]
pub struct AwsObject {
    /// Its identity.
    pub id: AwsId,
    /// Its tags, those of the stack among them. Tags that others add are left alone.
    pub tags: Tags,
    /// Whether one that was there before, without the stack's tags, will do. It is then used, and neither changed nor
    /// deleted.
    pub shared: bool,
    /// The resource.
    pub body: AwsResource,
}

impl AwsObject {
    /// The late values that it needs.
    #[must_use]
    pub fn late_values(&self) -> BTreeSet<Late> {
        let mut found = BTreeSet::new();
        late::walk(&self.body.to_value(), &mut |text| found.extend(late::in_text(text)));
        found
    }

    /// The object with every late value that `value` knows in its place. What it does not know stays a mark: see
    /// [`is_known`].
    #[must_use]
    pub fn resolved(&self, value: &dyn Fn(&Late) -> Option<String>) -> Self {
        let text = |text: &str| late::resolve(text, &|late| value(late).unwrap_or_else(|| late.mark()));
        let fields: Value = late::replace(&self.body.to_value(), &text);
        // Texts stay texts, so that the fields are those of the same kind.
        let body = AwsResource::from_value(self.body.kind(), fields).unwrap_or_else(|| self.body.clone());
        Self { body, ..self.clone() }
    }
}

/// Whether a text is known in full: no late value is left in it.
#[must_use]
pub fn is_known(text: &str) -> bool {
    !late::holds_mark(text)
}
