//! [`Graph`] and what is observed → the difference, field by field.

mod action;
mod change;
pub(crate) mod decide;
mod deletion;
mod diff;
mod json;
pub mod objects;
mod observations;
mod same;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;

pub use action::{Action, ActionKind, Step};
pub use change::{After, FieldChange};
pub use observations::{Observations, Observed};
pub use text::{Line, Marker};

use crate::aws_resources::AwsObject;
use crate::engine::{Owned, Present, Told};
use crate::graph::{Attribute, Body, Graph, Resource, ResourceId};

/// What a plan may do beyond making and changing what is the stack's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// Takes over what has the right name and lacks the stack's marks.
    pub adopt: bool,
    /// Deletes what the stack no longer wants even where data is lost with it.
    pub delete_data: bool,
}

/// What is to be done, in an order in which it can be done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    steps: Vec<Step>,
    options: PlanOptions,
}

/// The difference between what a stack wants and what there is.
///
/// ```
/// use airflow_eks_core::plan::{self, Observations, PlanOptions};
/// use airflow_eks_core::Graph;
///
/// let plan = plan::plan(&Graph::default(), &Observations::default(), PlanOptions::default());
/// assert!(plan.is_empty());
/// ```
#[must_use]
pub fn plan(graph: &Graph, observed: &Observations, options: PlanOptions) -> Plan {
    let mut told = Told::new(observed.account.as_ref());
    let mut steps = Vec::with_capacity(graph.len());
    for resource in graph.iter() {
        let step = step(graph, resource, observed, &told, options);
        if let Some(present) = observed.present(&step.id) {
            tell(&mut told, &step, present);
        }
        steps.push(step);
    }
    let unwanted = observed.unwanted(graph).cloned().collect();
    let deletions = deletion::steps(&unwanted, &steps, options);
    steps.extend(deletions);
    Plan { steps, options }
}

/// Where one resource differs from what is wanted, whatever that asks for.
#[must_use]
pub fn changes(wanted: &AwsObject, present: &Present) -> Vec<FieldChange> {
    differences(&Body::Aws(wanted.clone()), present)
}

/// Where one resource or object differs from what is wanted.
pub(crate) fn differences(wanted: &Body, present: &Present) -> Vec<FieldChange> {
    match &present.differences {
        Some(differences) => differences.changes.clone(),
        None => diff::between(wanted, &present.fields, &present.tags),
    }
}

fn step(
    graph: &Graph,
    resource: &Resource,
    observed: &Observations,
    told: &Told,
    options: PlanOptions,
) -> Step {
    let id = resource.body.id();
    let wanted = resource.body.resolved(&|late| told.value(late));
    let action = match observed.resources.get(&id) {
        Some(Observed::Present(present)) => decide::present(&wanted, present, options),
        Some(Observed::Absent) => match decide::lost(&id, graph, observed) {
            Some(blocked) => blocked,
            None => decide::absent(&wanted),
        },
        Some(Observed::Unreadable(failure)) => Action::Blocked {
            reason: format!("it cannot be read: {failure}"),
            hint: failure.hint.clone(),
            changes: Vec::new(),
        },
        None => {
            Action::Blocked { reason: "it was not looked for".to_owned(), hint: None, changes: Vec::new() }
        }
    };
    Step { id, action, depends_on: resource.depends_on.clone() }
}

/// What a resource that is there tells, as far as that stays true.
fn tell(told: &mut Told, step: &Step, present: &Present) {
    let mut attributes = present.attributes.clone();
    let changes = step.action.changes();
    match &step.action {
        Action::Replace { .. } => return,
        // Another version is made of a launch template whenever it changes; its tags are not part of it.
        Action::Update { .. } | Action::Wait { .. } if changes.iter().any(|change| !change.is_tag()) => {
            attributes.remove(&Attribute::LatestVersion);
        }
        _ => {}
    }
    told.tell(&step.id, &attributes);
}

impl Plan {
    /// The deletion of everything that is given, what lies in something before what it lies in.
    #[must_use]
    pub fn destroy(owned: &[Owned]) -> Self {
        let options = PlanOptions { adopt: false, delete_data: true };
        let steps = deletion::steps(&owned.iter().cloned().collect(), &[], options);
        Self { steps, options }
    }

    /// The same plan, in which nothing is done but what `keep` says yes to. What else there is still tells its values.
    #[must_use]
    pub fn only(mut self, keep: impl Fn(&ResourceId) -> bool) -> Self {
        for step in self.steps.iter_mut().filter(|step| !keep(&step.id)) {
            step.action = Action::Nothing;
        }
        self
    }

    /// Every step, each after those that it depends on.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The steps alone.
    pub(crate) fn into_steps(self) -> Vec<Step> {
        self.steps
    }

    /// What it was made with.
    #[must_use]
    pub fn options(&self) -> PlanOptions {
        self.options
    }

    /// The steps that do something.
    pub fn changes(&self) -> impl Iterator<Item = &Step> {
        let does = |step: &&Step| !matches!(step.action.kind(), ActionKind::Nothing | ActionKind::Blocked);
        self.steps.iter().filter(does)
    }

    /// The steps that cannot be done.
    pub fn blocked(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.action.kind() == ActionKind::Blocked)
    }

    /// Whether everything is as it is to be: nothing is to be done, and nothing is in the way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| step.action == Action::Nothing)
    }

    /// How many steps there are of each kind; none of a kind that there is none of.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<ActionKind, usize> {
        let mut counts = BTreeMap::new();
        for step in &self.steps {
            *counts.entry(step.action.kind()).or_default() += 1;
        }
        counts
    }
}
