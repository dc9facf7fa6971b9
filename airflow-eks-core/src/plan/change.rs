//! One field that is to become another value.

use serde::Serialize;
use serde_json::Value;

/// One field that is to become another value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// Where the field is, such as `tags.team` or `publicAccessCidrs`. Lists are one field.
    pub path: String,
    /// What it is; nothing where it is not there.
    pub before: Option<Value>,
    /// What it is to become.
    pub after: After,
    /// Who gave it the value that it has, where that was neither the stack nor a default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
}

impl FieldChange {
    /// A change of a field from one value to another.
    #[must_use]
    pub fn new(path: impl Into<String>, before: Option<Value>, after: After) -> Self {
        Self { path: path.into(), before, after, changed_by: None }
    }

    /// Whether it is a tag.
    #[must_use]
    pub fn is_tag(&self) -> bool {
        self.path.strip_prefix("tags").is_some_and(|rest| rest.starts_with(['.', '[']))
    }
}

/// What a field is to become.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum After {
    /// This value.
    Known(Value),
    /// A value that AWS tells on the way.
    KnownAfterApply,
    /// Not there any more.
    Absent,
}
