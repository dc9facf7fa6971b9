//! [`Stack`] → [`Graph`]: everything the stack is made of. Nothing here can fail: the stack has been validated.

mod kubernetes;
pub(crate) mod names;

pub(crate) use names::Names;

use crate::graph::Graph;
use crate::stack::Stack;

/// Everything that the stack is made of.
///
/// ```
/// use airflow_eks_core::{desired, presets, Facts};
///
/// let stack = presets::DEFAULT.stack(&Facts::unknown()).unwrap();
/// let graph = desired(&stack);
/// assert!(graph.iter().any(|resource| resource.object.id.to_string() == "Deployment airflow/airflow-scheduler"));
/// ```
#[must_use]
pub fn desired(stack: &Stack) -> Graph {
    kubernetes::graph(stack)
}
