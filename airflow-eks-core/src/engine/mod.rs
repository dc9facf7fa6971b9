//! [`Plan`](crate::plan::Plan) and a [`Provider`] → what was done, told as it happens.

mod port;

pub use port::{Failure, Owned, Ownership, Present, Provider, Readiness};
