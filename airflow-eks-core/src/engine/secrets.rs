//! Where generated secrets are kept: a port beside [`Provider`](super::Provider).

use std::fmt;

use futures::future::BoxFuture;
use zeroize::Zeroizing;

use super::Failure;
use crate::graph::GeneratedSecret;

/// Where generated secrets are kept. Core knows them by name only.
pub trait Secrets: Send + Sync {
    /// A secret; nothing where it has not been made yet.
    ///
    /// # Errors
    /// It cannot be read. That is never taken for not made.
    fn text(&self, secret: GeneratedSecret) -> BoxFuture<'_, Result<Option<SecretText>, Failure>>;
}

/// A secret. Its `Debug` hides it, there is no `Display`, and its memory is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes a secret in.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The secret itself: for the one place that has to hand it on.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_it() {
        assert_eq!(format!("{:?}", Some(SecretText::new("hunter2".to_owned()))), "Some(SecretText(hidden))");
    }
}
