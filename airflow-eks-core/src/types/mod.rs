//! Words that cannot be said wrongly: names, ARNs, CIDR blocks, quantities, versions.
//!
//! Every type carries its rule, an example and the source of the rule. A value that exists is a value that passed.

mod aws;
mod chart;
mod git;
mod image;
mod kubernetes;
mod network;
mod person;
mod quantity;
pub(crate) mod text;
mod version;

pub use aws::*;
pub use chart::*;
pub use git::*;
pub use image::*;
pub use kubernetes::*;
pub use network::*;
pub use person::*;
pub use quantity::*;
pub use text::InvalidText;
pub(crate) use text::{HINT_MARK, Known, shown, text_type};
pub use version::*;

#[cfg(test)]
mod tests;
