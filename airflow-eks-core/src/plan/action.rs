//! What is to be done about one resource.

use std::collections::BTreeSet;
use std::fmt;

use crate::engine::Owned;
use crate::graph::ResourceId;

use super::FieldChange;

/// What is to be done about one resource, and what has to be done before.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The resource.
    pub id: ResourceId,
    /// What is to be done.
    pub action: Action,
    /// The steps that come before.
    pub depends_on: BTreeSet<ResourceId>,
}

/// What is to be done about one resource.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// It is as it is to be.
    Nothing,
    /// AWS is busy with it: it is waited for, and then changed where it differs.
    Wait {
        /// AWS's word for how it is busy.
        reason: String,
        /// Where it differs.
        changes: Vec<FieldChange>,
    },
    /// It is made.
    Create {
        /// Every field, none of which is there before.
        fields: Vec<FieldChange>,
    },
    /// It is changed, and stays the same one.
    Update {
        /// Where it differs.
        changes: Vec<FieldChange>,
    },
    /// It is deleted and made again.
    Replace {
        /// Where it differs.
        changes: Vec<FieldChange>,
        /// The fields that AWS cannot change; `status` where it has failed.
        forced_by: Vec<String>,
        /// Why it has failed, where it has.
        reason: Option<String>,
    },
    /// It is deleted: the stack no longer wants it.
    Delete(Owned),
    /// It is left as it is, and what depends on it too.
    Blocked {
        /// Why.
        reason: String,
        /// What to do about it.
        hint: Option<String>,
        /// Where it differs.
        changes: Vec<FieldChange>,
    },
}

/// What is to be done, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ActionKind {
    /// See [`Action::Create`].
    Create,
    /// See [`Action::Update`].
    Update,
    /// See [`Action::Replace`].
    Replace,
    /// See [`Action::Delete`].
    Delete,
    /// See [`Action::Wait`].
    Wait,
    /// See [`Action::Blocked`].
    Blocked,
    /// See [`Action::Nothing`].
    Nothing,
}

impl ActionKind {
    /// All of them, in the order in which they are counted.
    pub const ALL: &[Self] =
        &[Self::Create, Self::Update, Self::Replace, Self::Delete, Self::Wait, Self::Blocked, Self::Nothing];

    /// Its word in documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Wait => "wait",
            Self::Blocked => "blocked",
            Self::Nothing => "nothing",
        }
    }
}

impl fmt::Display for ActionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Action {
    /// In one word.
    #[must_use]
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::Nothing => ActionKind::Nothing,
            Self::Wait { .. } => ActionKind::Wait,
            Self::Create { .. } => ActionKind::Create,
            Self::Update { .. } => ActionKind::Update,
            Self::Replace { .. } => ActionKind::Replace,
            Self::Delete(_) => ActionKind::Delete,
            Self::Blocked { .. } => ActionKind::Blocked,
        }
    }

    /// The fields that it changes, or would.
    #[must_use]
    pub fn changes(&self) -> &[FieldChange] {
        match self {
            Self::Nothing | Self::Delete(_) => &[],
            Self::Create { fields } => fields,
            Self::Wait { changes, .. }
            | Self::Update { changes }
            | Self::Replace { changes, .. }
            | Self::Blocked { changes, .. } => changes,
        }
    }

    /// Why, where that is not seen from the fields.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Wait { reason, .. } | Self::Blocked { reason, .. } => Some(reason),
            Self::Replace { reason, .. } => reason.as_deref(),
            _ => None,
        }
    }
}
