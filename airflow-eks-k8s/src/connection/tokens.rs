//! Tokens that end while a stack is being made.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use airflow_eks_core::engine::Failure;
use http::HeaderValue;
use tokio::sync::Mutex;

use crate::access::{ClusterCredentials, Token};

/// How long a token must still be good for: a request may wait its turn.
const MARGIN: Duration = Duration::from_secs(60);

/// The token of the moment.
pub(super) struct Tokens {
    credentials: Arc<dyn ClusterCredentials>,
    current: Mutex<Option<Token>>,
}

impl Tokens {
    pub(super) fn new(credentials: Arc<dyn ClusterCredentials>) -> Self {
        Self { credentials, current: Mutex::new(None) }
    }

    /// The header of a request.
    pub(super) async fn header(&self) -> Result<HeaderValue, Failure> {
        let mut current = self.current.lock().await;
        let token = match current.take().filter(|token| token.expires > SystemTime::now() + MARGIN) {
            Some(token) => token,
            None => self.credentials.token().await?,
        };
        let header = HeaderValue::from_str(&format!("Bearer {}", token.text.expose()));
        *current = Some(token);
        let mut header = header.map_err(|_| Failure {
            resource: "the cluster".to_owned(),
            operation: "authenticate".to_owned(),
            code: None,
            message: "its token holds characters that no header may hold".to_owned(),
            hint: None,
        })?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// Forgets the token, which was refused.
    pub(super) async fn forget(&self) {
        self.current.lock().await.take();
    }
}
