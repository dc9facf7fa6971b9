//! Whether an object can be used.
//!
//! [`of`] judges an object by itself, [`assess`] also by what it depends on. The rules are those of
//! [kstatus](https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus), and of each custom resource's own
//! controller.

mod deadline;
mod judgement;
mod kinds;

pub use deadline::default_deadline;
pub use judgement::{Surroundings, assess, of, of_in};
