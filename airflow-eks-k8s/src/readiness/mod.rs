//! Whether an object can be used, and waiting until it can.
//!
//! [`of`] judges an object by itself, [`assess`] also by what it depends on, and [`Waits`] follows it by a watch.
//! The rules are those of [kstatus](https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus), and of
//! each custom resource's own controller.

mod deadline;
mod judgement;
mod kinds;
mod not_ready;
mod watching;

pub use deadline::default_deadline;
pub use judgement::{Surroundings, assess, of, of_in};
pub use not_ready::NotReady;
pub use watching::{DEFAULT_PATIENCE, Waits, wait};
