//! One stack in one cluster.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use airflow_eks_core::engine::{Failure, Secrets};
use airflow_eks_core::graph::{ApplySet, ObjectId};
use kube::Client;
use tokio::sync::OnceCell;

use crate::access::Access;
use crate::apply_set::Parent;
use crate::connection::Connection;
use crate::discovery::Discovery;
use crate::error::other;
use crate::helm::Releases;
use crate::known_secrets::KnownSecrets;
use crate::object::{Absences, Listings};
use crate::readiness::{Waits, default_deadline};

/// How long it is taken for true that an object is not there.
const STILL_ABSENT: Duration = Duration::from_secs(60);

/// One stack in one cluster: a [`Provider`](airflow_eks_core::engine::Provider) of its objects. Cheap to clone; it connects
/// when it is first needed.
#[derive(Clone)]
pub struct Kubernetes {
    pub(crate) shared: Arc<Shared>,
    pub(crate) options: Options,
}

/// How a stack is applied.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// Whether objects and fields of others are taken over.
    pub(crate) adopt: bool,
    /// Whether volumes are deleted that are no object of the stack, but were made for one.
    pub(crate) delete_data: bool,
    /// Whether objects are waited for.
    pub(crate) wait: bool,
    /// How long, where that is not left to their kinds.
    pub(crate) deadline: Option<Duration>,
    /// Beyond which moment nothing is waited for.
    pub(crate) until: Option<Instant>,
}

impl Options {
    /// How long an object of a kind is given from now on.
    pub(crate) fn patience(&self, kind: &str) -> Duration {
        let usual = self.deadline.unwrap_or_else(|| default_deadline(kind));
        match self.until {
            Some(until) => usual.min(until.saturating_duration_since(Instant::now())),
            None => usual,
        }
    }
}

/// What all clones share.
pub(crate) struct Shared {
    pub(crate) set: ApplySet,
    pub(crate) connection: Connection,
    pub(crate) discovery: Discovery,
    pub(crate) listings: Listings,
    pub(crate) absences: Absences,
    pub(crate) parent: Parent,
    pub(crate) secrets: Arc<dyn Secrets>,
    pub(crate) known_secrets: KnownSecrets,
    pub(crate) releases: OnceCell<Arc<Releases>>,
    pub(crate) waits: OnceCell<Waits>,
    absent: Mutex<HashMap<ObjectId, Instant>>,
}

impl Kubernetes {
    /// The stack of this name, in the cluster that is reached like this, with secrets from there.
    #[must_use]
    pub fn new(stack: &str, access: Access, secrets: Arc<dyn Secrets>) -> Self {
        let set = ApplySet::of(stack);
        let shared = Shared {
            parent: Parent::of(&set),
            set,
            connection: Connection::new(access),
            discovery: Discovery::default(),
            listings: Listings::default(),
            absences: Absences::default(),
            secrets,
            known_secrets: KnownSecrets::default(),
            releases: OnceCell::new(),
            waits: OnceCell::new(),
            absent: Mutex::default(),
        };
        let options = Options { adopt: false, delete_data: false, wait: true, deadline: None, until: None };
        Self { shared: Arc::new(shared), options }
    }

    /// Whether objects and fields are taken over that others keep.
    #[must_use]
    pub fn adopting(mut self, adopt: bool) -> Self {
        self.options.adopt = adopt;
        self
    }

    /// Whether volumes are deleted that were made for what the stack runs, and go with a namespace or a release.
    #[must_use]
    pub fn deleting_data(mut self, delete_data: bool) -> Self {
        self.options.delete_data = delete_data;
        self
    }

    /// How long each object is given to become ready; otherwise as long as its kind usually takes.
    #[must_use]
    pub fn waiting(mut self, deadline: Option<Duration>) -> Self {
        self.options.deadline = deadline;
        self
    }

    /// Waits for no object beyond a moment, so that there is time left to say why it is not ready.
    #[must_use]
    pub fn until(mut self, until: Option<Instant>) -> Self {
        self.options.until = until;
        self
    }

    /// Waits for nothing to become ready.
    #[must_use]
    pub fn no_wait(mut self) -> Self {
        self.options.wait = false;
        self
    }

    /// The client; nothing while there is no cluster.
    ///
    /// # Errors
    /// The cluster cannot be reached, or it cannot be found out whether there is one.
    pub async fn client(&self) -> Result<Option<Client>, Failure> {
        self.shared.connection.client().await
    }

    /// The client, for what cannot be done without one.
    pub(crate) async fn connected(&self, resource: &str, operation: &str) -> Result<Client, Failure> {
        let there_is_none = || other(resource, operation, "there is no cluster yet");
        self.client().await?.ok_or_else(there_is_none)
    }

    /// Notes that an object is not there.
    pub(crate) fn note_absent(&self, id: &ObjectId) {
        let mut absent = self.shared.absent.lock().unwrap_or_else(PoisonError::into_inner);
        absent.insert(id.clone(), Instant::now());
    }

    /// Whether an object was just looked for in vain.
    pub(crate) fn is_just_absent(&self, id: &ObjectId) -> bool {
        let mut absent = self.shared.absent.lock().unwrap_or_else(PoisonError::into_inner);
        absent.remove(id).is_some_and(|since| since.elapsed() < STILL_ABSENT)
    }
}

impl fmt::Debug for Kubernetes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kubernetes")
            .field("stack", &self.shared.set.stack())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
