//! [`Graph`](crate::Graph) and what is observed → the difference, field by field.

mod change;

pub use change::{After, FieldChange};
