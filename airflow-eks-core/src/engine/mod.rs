//! [`Plan`](crate::plan::Plan) and a [`Provider`] → what was done, told as it happens.
//!
//! Nothing here knows a runtime or a clock: whoever polls [`Execution::next`] decides where the work is done.

mod critical_path;
mod event;
mod execution;
mod observe;
mod outcome;
mod port;
mod secrets;
#[cfg(test)]
mod tests;
mod told;
mod work;

pub use critical_path::{CriticalPath, Slot, critical_path};
pub use event::{Because, Event};
pub use execution::Execution;
pub use observe::observe;
pub use outcome::Outcome;
pub use port::{Conflict, Differences, Failure, Owned, Ownership, Present, Provider, Readiness};
pub use secrets::{SecretText, Secrets};
pub(crate) use told::Told;
