//! Karpenter: for each pool of the stack a node pool, and the node class that its nodes are made from.

mod node_class;
mod node_pool;

use crate::graph::KubernetesObject;
use crate::stack::Stack;

pub(super) fn objects(stack: &Stack) -> Vec<KubernetesObject> {
    let pools = stack.spec().karpenter_node_pools.iter();
    pools.flat_map(|pool| [node_class::object(stack, pool), node_pool::object(stack, pool)]).collect()
}
