//! The port of the engine, for AWS.

use std::time::Duration;

use airflow_eks_core::aws_resources::{AwsKind, AwsObject, Effect};
use airflow_eks_core::engine::{Failure, Owned, Ownership, Present, Provider, Readiness};
use airflow_eks_core::graph::{Body, ResourceId};
use airflow_eks_core::plan::{self, FieldChange};
use tokio::sync::SemaphorePermit;
use tokio::time::sleep;

use crate::clients::Aws;
use crate::error::{Class, Error, found};
use crate::resource::dispatch;
use crate::wait::until;

/// How often a resource is asked for anew when nobody knows whether the call before was carried out.
const ATTEMPTS: u32 = 5;
/// How long a resource is looked for before it is asked for anew.
const LOOK: Duration = Duration::from_secs(5);

impl Provider for Aws {
    async fn observe(&self, wanted: &Body) -> Result<Option<Present>, Failure> {
        let object = aws_object(wanted)?;
        dispatch::read(self, object).await.map_err(|error| error.failure)
    }

    async fn create(&self, wanted: &Body) -> Result<Present, Failure> {
        let object = aws_object(wanted)?;
        let _turn = self.turn(object.id.kind).await;
        self.make(object).await.map_err(|error| error.failure)?;
        let present = self.ready(object).await?;
        // A call without an answer may have left it half made.
        let mut left = plan::changes(object, &present);
        left.retain(|change| object.id.kind.effect(&change.path) == Effect::InPlace);
        if left.is_empty() { Ok(present) } else { self.change(object, &present, &left).await }
    }

    async fn update(
        &self,
        wanted: &Body,
        present: &Present,
        changes: &[FieldChange],
    ) -> Result<Present, Failure> {
        let object = aws_object(wanted)?;
        let _turn = self.turn(object.id.kind).await;
        self.change(object, present, changes).await
    }

    async fn wait(&self, wanted: &Body) -> Result<Present, Failure> {
        let object = aws_object(wanted)?;
        match dispatch::read(self, object).await {
            Ok(Some(_)) => self.ready(object).await,
            Ok(None) => Err(not_ready(object, "it was being deleted, and is gone")),
            Err(error) => Err(error.failure),
        }
    }

    async fn delete(&self, owned: &Owned) -> Result<(), Failure> {
        let ResourceId::Aws(id) = &owned.id else { return Err(not_aws(&owned.id.to_string())) };
        let _turn = self.turn(id.kind).await;
        let physical_id = owned.physical_id.as_str();
        let look = || async {
            let gone = dispatch::is_gone(self, id.kind, physical_id).await?;
            Ok::<_, Error>(gone.then_some(()))
        };
        let deleted = async {
            dispatch::delete(self, id.kind, physical_id).await?;
            until(deadline(id.kind), look).await
        };
        let deleted: Result<Option<()>, Error> = deleted.await;
        match deleted {
            Ok(Some(())) => Ok(()),
            Ok(None) => {
                Err(too_long(&format!("{id} ({physical_id})"), "is being deleted", deadline(id.kind)))
            }
            Err(error) => Err(error.failure),
        }
    }
}

impl Aws {
    /// Every resource that carries the marks of the stack.
    ///
    /// # Errors
    /// A kind could not be listed. What is not known to be gone is never taken for gone.
    pub async fn owned(&self) -> Result<Vec<Owned>, Failure> {
        dispatch::owned(self).await.map_err(|error| error.failure)
    }

    /// Waits where only a few of a kind are worked on at a time.
    async fn turn(&self, kind: AwsKind) -> Option<SemaphorePermit<'_>> {
        if kind == AwsKind::Role { self.limits.role().await } else { None }
    }

    async fn change(
        &self,
        object: &AwsObject,
        present: &Present,
        changes: &[FieldChange],
    ) -> Result<Present, Failure> {
        dispatch::update(self, object, &present.physical_id, changes).await.map_err(|error| error.failure)?;
        self.ready(object).await
    }

    /// Asks for a resource. After a call without an answer looks for it, before it asks again.
    async fn make(&self, object: &AwsObject) -> Result<(), Error> {
        let mut attempt = 1;
        loop {
            let error = match dispatch::create(self, object).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            let unsure = matches!(error.class, Class::Ambiguous | Class::AlreadyExists);
            if !unsure || attempt == ATTEMPTS {
                return Err(error);
            }
            let look = || async { found(dispatch::read(self, object).await).map(Option::flatten) };
            match until(LOOK, look).await? {
                Some(present) => match present.ownership {
                    Ownership::Ours => return Ok(()),
                    _ if object.shared => return Ok(()),
                    _ => return Err(error),
                },
                None => attempt += 1,
            }
            sleep(Duration::from_millis(500)).await;
        }
    }

    /// Looks until the resource is ready.
    async fn ready(&self, object: &AwsObject) -> Result<Present, Failure> {
        let look = || async {
            // What was made just now may be seen by one call and not yet by the next.
            let present = found(dispatch::read(self, object).await).map_err(|error| error.failure)?.flatten();
            match present {
                Some(present) => match &present.readiness {
                    Readiness::Ready => Ok(Some(present)),
                    Readiness::Failed(why) => Err(not_ready(object, why)),
                    _ => Ok(None),
                },
                None => Ok(None),
            }
        };
        let deadline = deadline(object.id.kind);
        until(deadline, look).await?.ok_or_else(|| too_long(&object.id.to_string(), "is not ready", deadline))
    }
}

/// How long AWS may take, to make or to delete: several times as long as it usually does, and where AWS itself gives up with
/// a reason, longer than that.
fn deadline(kind: AwsKind) -> Duration {
    let at_least = Duration::from_mins(match kind {
        AwsKind::NodeGroup | AwsKind::DbInstance => 60,
        AwsKind::Cluster => 45,
        AwsKind::Addon | AwsKind::FargateProfile => 30,
        _ => 10,
    });
    at_least.max(kind.expected_duration() * 4)
}

fn aws_object(wanted: &Body) -> Result<&AwsObject, Failure> {
    match wanted {
        Body::Aws(object) => Ok(object),
        other => Err(not_aws(&other.id().to_string())),
    }
}

fn not_aws(resource: &str) -> Failure {
    Error::other(resource, "aws", "is no AWS resource").failure
}

fn not_ready(object: &AwsObject, why: &str) -> Failure {
    let mut failure = Error::other(&object.id, "wait until ready", why).failure;
    failure.hint = Some(
        "mend what it says, and run again: what has failed is made anew where that loses nothing".into(),
    );
    failure
}

fn too_long(resource: &str, what: &str, deadline: Duration) -> Failure {
    let message = format!("{what} after {} minutes", deadline.as_secs() / 60);
    let mut failure = Error::other(resource, "wait", message).failure;
    failure.hint = Some("run again to go on waiting".into());
    failure
}
