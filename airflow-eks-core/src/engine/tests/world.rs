//! A stand-in for AWS, with a clock that is set by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use serde_json::Value;

use crate::aws_resources::{AwsKind, AwsObject, Tags};
use crate::engine::{Failure, Owned, Ownership, Present, Provider, Readiness};
use crate::graph::{Attribute, Body, ResourceId};
use crate::plan::FieldChange;

/// A stand-in for AWS. What it was asked for it goes on with, whether or not anybody waits for it.
#[derive(Default)]
pub(super) struct World(Mutex<State>);

#[derive(Default)]
pub(super) struct State {
    pub(super) now: Duration,
    sleepers: Vec<(Duration, Waker)>,
    things: BTreeMap<ResourceId, Thing>,
    serial: usize,
    /// How often each was made.
    pub(super) made: BTreeMap<ResourceId, usize>,
    /// Everything that was changed or deleted, in order.
    pub(super) touched: Vec<ResourceId>,
    /// What fails when it is made, changed or deleted.
    pub(super) failing: BTreeSet<ResourceId>,
    /// Whether what fails is made all the same.
    pub(super) fails_late: bool,
}

struct Thing {
    fields: Value,
    tags: Tags,
    physical_id: String,
    version: usize,
    ready_at: Duration,
}

impl World {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Everything that there is, as a listing by marks gives it.
    pub(super) fn owned(&self) -> Vec<Owned> {
        let state = self.state();
        let owned = state.things.iter();
        owned.map(|(id, thing)| Owned { id: id.clone(), physical_id: thing.physical_id.clone() }).collect()
    }

    /// Runs to the end, setting the clock to the next thing that happens whenever nothing else goes on.
    pub(super) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let waker = Waker::from(Arc::new(Nobody));
        let mut context = Context::from_waker(&waker);
        let mut work = pin!(work);
        loop {
            if let Poll::Ready(value) = work.as_mut().poll(&mut context) {
                return value;
            }
            let woken = self.next_moment();
            assert!(!woken.is_empty(), "nothing is going on, and it is not done");
            woken.into_iter().for_each(Waker::wake);
        }
    }

    /// Lets everything happen that was asked for.
    pub(super) fn settle(&self) {
        while !self.next_moment().is_empty() {}
        let mut state = self.state();
        state.now =
            state.things.values().map(|thing| thing.ready_at).max().unwrap_or_default().max(state.now);
    }

    fn next_moment(&self) -> Vec<Waker> {
        let mut state = self.state();
        let Some(next) = state.sleepers.iter().map(|(until, _)| *until).min() else { return Vec::new() };
        state.now = next;
        let (woken, asleep) =
            std::mem::take(&mut state.sleepers).into_iter().partition(|(until, _)| *until <= next);
        state.sleepers = asleep;
        let woken: Vec<(Duration, Waker)> = woken;
        woken.into_iter().map(|(_, waker)| waker).collect()
    }

    async fn sleep_until(&self, until: Duration) {
        poll_fn(|context| {
            let mut state = self.state();
            if state.now >= until {
                return Poll::Ready(());
            }
            state.sleepers.push((until, context.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    async fn ready(&self, id: &ResourceId) -> Result<Present, Failure> {
        let until = self.state().things.get(id).map(|thing| thing.ready_at);
        self.sleep_until(until.unwrap_or_default()).await;
        self.state().present(id).ok_or_else(|| failure(id))
    }
}

impl State {
    fn present(&self, id: &ResourceId) -> Option<Present> {
        let thing = self.things.get(id)?;
        let value = |attribute: Attribute| match attribute {
            Attribute::LatestVersion => thing.version.to_string(),
            // As with ARNs, the same after it was made again.
            Attribute::Arn => format!("arn:{id}"),
            other => format!("{}.{}", thing.physical_id, other.name()),
        };
        let is_ready = self.now >= thing.ready_at;
        Some(Present {
            physical_id: thing.physical_id.clone(),
            fields: thing.fields.clone(),
            tags: thing.tags.clone(),
            attributes: Attribute::ALL.iter().map(|attribute| (*attribute, value(*attribute))).collect(),
            readiness: if is_ready { Readiness::Ready } else { Readiness::InProgress("BUSY".to_owned()) },
            ownership: Ownership::Ours,
            differences: None,
        })
    }

    fn fails(&mut self, id: &ResourceId) -> Result<(), Failure> {
        if self.failing.contains(id) { Err(failure(id)) } else { Ok(()) }
    }
}

impl Provider for World {
    async fn observe(&self, wanted: &Body) -> Result<Option<Present>, Failure> {
        Ok(self.state().present(&wanted.id()))
    }

    async fn create(&self, wanted: &Body) -> Result<Present, Failure> {
        let (id, object) = aws(wanted);
        {
            let mut state = self.state();
            assert!(wanted.late_values().is_empty(), "{id} is made with {:?} missing", wanted.late_values());
            assert!(!state.things.contains_key(&id), "{id} is made twice");
            if !state.fails_late {
                state.fails(&id)?;
            }
            state.serial += 1;
            *state.made.entry(id.clone()).or_default() += 1;
            let thing = Thing {
                fields: object.body.to_value(),
                tags: object.tags.clone(),
                physical_id: format!("{}-{}", object.id.kind.word(), state.serial),
                version: 1,
                ready_at: state.now + object.id.kind.expected_duration(),
            };
            state.things.insert(id.clone(), thing);
        }
        let present = self.ready(&id).await?;
        self.state().fails(&id)?;
        Ok(present)
    }

    async fn update(
        &self,
        wanted: &Body,
        present: &Present,
        changes: &[FieldChange],
    ) -> Result<Present, Failure> {
        let (id, object) = aws(wanted);
        {
            let mut state = self.state();
            state.fails(&id)?;
            state.touched.push(id.clone());
            assert!(!changes.is_empty() && present.readiness == Readiness::Ready);
            let now = state.now;
            let thing = state.things.get_mut(&id).unwrap();
            thing.fields = object.body.to_value();
            thing.tags.clone_from(&object.tags);
            thing.ready_at = now + Duration::from_secs(1);
            if object.id.kind == AwsKind::LaunchTemplate && changes.iter().any(|change| !change.is_tag()) {
                thing.version += 1;
            }
        }
        self.ready(&id).await
    }

    async fn wait(&self, wanted: &Body) -> Result<Present, Failure> {
        self.ready(&wanted.id()).await
    }

    async fn delete(&self, owned: &Owned) -> Result<(), Failure> {
        let until = {
            let mut state = self.state();
            state.fails(&owned.id)?;
            state.touched.push(owned.id.clone());
            state.now + Duration::from_secs(1)
        };
        self.sleep_until(until).await;
        self.state().things.remove(&owned.id);
        Ok(())
    }
}

struct Nobody;

impl Wake for Nobody {
    fn wake(self: Arc<Self>) {}
}

fn aws(wanted: &Body) -> (ResourceId, &AwsObject) {
    let Body::Aws(object) = wanted else { panic!("{} is no AWS resource", wanted.id()) };
    (wanted.id(), object)
}

fn failure(id: &ResourceId) -> Failure {
    Failure {
        resource: id.to_string(),
        operation: "aws:Do".to_owned(),
        code: Some("AccessDenied".to_owned()),
        message: "no".to_owned(),
        hint: None,
    }
}
