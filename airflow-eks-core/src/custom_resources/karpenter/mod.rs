//! Karpenter: which nodes it may launch, and how EC2 starts them.
//!
//! Upstream: [node pools](https://karpenter.sh/docs/concepts/nodepools/) and
//! [node classes](https://karpenter.sh/docs/concepts/nodeclasses/).

mod ec2_instance;
mod ec2_node_class;
mod kubelet;
mod node_pool;

pub use ec2_instance::*;
pub use ec2_node_class::*;
pub use kubelet::*;
pub use node_pool::*;
