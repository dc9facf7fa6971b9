//! [`Stack`] → [`Graph`]: everything the stack is made of. Nothing here can fail: the stack has been validated.

mod aws;
mod kubernetes;
mod merge;
pub(crate) mod names;
mod web_access;

pub(crate) use names::Names;
pub use web_access::{Login, WebAccess, web_access};

use crate::graph::Graph;
use crate::stack::Stack;

/// Everything that the stack is made of.
///
/// ```
/// use airflow_eks_core::{desired, presets, Facts};
///
/// let stack = presets::DEFAULT.stack(&Facts::unknown()).unwrap();
/// let graph = desired(&stack);
/// assert!(graph.kubernetes().any(|object| object.id.to_string() == "Deployment airflow/airflow-scheduler"));
/// assert!(graph.aws().any(|object| object.id.to_string() == "Cluster cluster"));
/// ```
#[must_use]
pub fn desired(stack: &Stack) -> Graph {
    let (mut bodies, mut after) = kubernetes::parts(stack);
    let (aws, also_after) = aws::parts(stack, &bodies);
    bodies.extend(aws);
    after.extend(also_after);
    Graph::of(bodies, &after)
}
