//! A plan being executed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, FuturesUnordered, Stream, StreamExt};

use super::critical_path::expected;
use super::work::Work;
use super::{Because, Event, Failure, Outcome, Present, Provider, Told};
use crate::graph::{Graph, ResourceId};
use crate::plan::{Action, ActionKind, Observations, Plan, PlanOptions, Step};

/// A plan being executed: every step as soon as those are done that it depends on.
///
/// Where a step fails, what depends on it is skipped, and everything else goes on. Dropping it gives up what is running;
/// the next plan finds what there is by then.
pub struct Execution<'a, P> {
    provider: &'a P,
    graph: &'a Graph,
    observed: &'a Observations,
    options: PlanOptions,
    steps: Vec<Step>,
    /// The steps that are not begun, with how many others each still waits for.
    waiting: BTreeMap<usize, usize>,
    /// By step, those that wait for it.
    waiters: BTreeMap<usize, Vec<usize>>,
    /// By step, how long it and what waits for it usually take.
    urgency: Vec<Duration>,
    running: FuturesUnordered<BoxFuture<'a, Done>>,
    events: VecDeque<Event>,
    told: Told,
    outcome: Outcome,
}

type Done = (usize, Result<Option<Present>, Failure>);

impl<'a, P: Provider> Execution<'a, P> {
    /// Begins with the steps that wait for nothing. Nothing is done until [`Execution::next`] is polled.
    ///
    /// `graph` and `observed` are those that the plan was made of; for [`Plan::destroy`], empty ones.
    pub fn of(plan: Plan, graph: &'a Graph, observed: &'a Observations, provider: &'a P) -> Self {
        let options = plan.options();
        let steps = plan.into_steps();
        let mut told = Told::new(observed.account.as_ref());
        for step in steps.iter().filter(|step| step.action.kind() != ActionKind::Replace) {
            if let Some(present) = observed.present(&step.id) {
                told.tell(&step.id, &present.attributes);
            }
        }
        let (waiting, waiters) = waits(&steps);
        let urgency = urgency(&steps, &waiters);
        let mut execution = Self {
            provider,
            graph,
            observed,
            options,
            steps,
            waiting,
            waiters,
            urgency,
            running: FuturesUnordered::new(),
            events: VecDeque::new(),
            told,
            outcome: Outcome::default(),
        };
        let ready: Vec<usize> =
            execution.waiting.iter().filter(|(_, count)| **count == 0).map(|(step, _)| *step).collect();
        execution.begin_all(ready);
        execution
    }

    /// What happens next; nothing once everything is done. May be dropped and called again without losing anything.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            match self.running.next().await {
                Some((step, result)) => self.end(step, result),
                None if self.waiting.is_empty() => return None,
                // Steps that wait for each other in a circle, which no plan has.
                None => self
                    .skip_rest(&|step| Because::Needs(step.depends_on.first().unwrap_or(&step.id).clone())),
            }
        }
    }

    /// Begins nothing more. What is running goes on, and is still told of.
    pub fn stop(&mut self) {
        self.skip_rest(&|_| Because::Stopped);
    }

    /// Everything that happens, as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Event> + use<'a, P> {
        stream::unfold(self, async |mut execution| execution.next().await.map(|event| (event, execution)))
    }

    /// What has come of it so far.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome {
            attributes: self.told.clone().into_attributes(),
            outputs: self.told.outputs(),
            ..self.outcome.clone()
        }
    }

    /// Executes everything, and tells of it only at the end.
    pub async fn finish(mut self) -> Outcome {
        while self.next().await.is_some() {}
        self.outcome()
    }

    fn begin(&mut self, index: usize) {
        self.waiting.remove(&index);
        let Some(Step { id, action, .. }) = self.steps.get(index) else { return };
        let (id, kind) = (id.clone(), action.kind());
        let work = match action {
            Action::Nothing => return self.release(index),
            Action::Blocked { reason, .. } => {
                let because = Because::Blocked(reason.clone());
                return self.skip(index, because);
            }
            Action::Delete(owned) => Some(Work::Delete(owned.clone())),
            _ => self.change(&id, kind),
        };
        // A plan of another graph: there is nothing to go by.
        let Some(work) = work else { return self.skip(index, Because::Needs(id)) };
        self.events.push_back(Event::Started { id, action: kind });
        let (provider, options) = (self.provider, self.options);
        self.running.push(Box::pin(async move { (index, work.run(provider, options).await) }));
    }

    fn change(&self, id: &ResourceId, planned: ActionKind) -> Option<Work> {
        let wanted = self.graph.get(id)?.body.resolved(&|late| self.told.value(late));
        if planned == ActionKind::Create {
            return Some(Work::Create(wanted));
        }
        let present = Box::new(self.observed.present(id)?.clone());
        Some(Work::Change { wanted, present, planned })
    }

    fn end(&mut self, index: usize, result: Result<Option<Present>, Failure>) {
        let Some(step) = self.steps.get(index) else { return };
        let (id, action) = (step.id.clone(), step.action.kind());
        match result {
            Ok(present) => {
                if let Some(present) = present {
                    self.told.tell(&id, &present.attributes);
                }
                self.outcome.done.push((id.clone(), action));
                self.events.push_back(Event::Finished { id, action });
                self.release(index);
            }
            Err(failure) => {
                self.outcome.failed.push((id.clone(), failure.clone()));
                self.events.push_back(Event::Failed { id: id.clone(), action, failure });
                self.skip_waiters(index, &id);
            }
        }
    }

    /// Begins steps, first those that most time hangs on: providers take requests in that order where they are many.
    fn begin_all(&mut self, mut steps: Vec<usize>) {
        steps.sort_by_key(|step| std::cmp::Reverse(self.urgency.get(*step).copied()));
        steps.into_iter().for_each(|step| self.begin(step));
    }

    /// Begins what waited for this step alone.
    fn release(&mut self, index: usize) {
        let mut ready = Vec::new();
        for waiter in self.waiters.remove(&index).unwrap_or_default() {
            let Some(count) = self.waiting.get_mut(&waiter) else { continue };
            *count = count.saturating_sub(1);
            if *count == 0 {
                ready.push(waiter);
            }
        }
        self.begin_all(ready);
    }

    fn skip(&mut self, index: usize, because: Because) {
        self.waiting.remove(&index);
        let Some(step) = self.steps.get(index) else { return };
        let (id, action) = (step.id.clone(), step.action.kind());
        let cause = match &because {
            Because::Needs(cause) => cause.clone(),
            Because::Blocked(_) | Because::Stopped => id.clone(),
        };
        if action != ActionKind::Nothing {
            self.outcome.skipped.push((id.clone(), because.clone()));
            self.events.push_back(Event::Skipped { id, action, because });
        }
        self.skip_waiters(index, &cause);
    }

    /// A step that does nothing passes on what it waited for, so that nothing goes on behind its back.
    fn skip_waiters(&mut self, index: usize, cause: &ResourceId) {
        for waiter in self.waiters.remove(&index).unwrap_or_default() {
            if self.waiting.contains_key(&waiter) {
                let because = match self.steps.get(waiter).map(|step| &step.action) {
                    Some(Action::Blocked { reason, .. }) => Because::Blocked(reason.clone()),
                    _ => Because::Needs(cause.clone()),
                };
                self.skip(waiter, because);
            }
        }
    }

    fn skip_rest(&mut self, because: &dyn Fn(&Step) -> Because) {
        self.waiters.clear();
        for index in std::mem::take(&mut self.waiting).into_keys() {
            if let Some(because) = self.steps.get(index).map(because) {
                self.skip(index, because);
            }
        }
    }
}

/// By step, how long it and what waits for it usually take. A step comes after those that it waits for.
fn urgency(steps: &[Step], waiters: &BTreeMap<usize, Vec<usize>>) -> Vec<Duration> {
    let mut urgency = vec![Duration::ZERO; steps.len()];
    for (index, step) in steps.iter().enumerate().rev() {
        let after = waiters.get(&index).into_iter().flatten();
        let longest = after.filter_map(|waiter| urgency.get(*waiter)).max().copied().unwrap_or_default();
        let own = if step.action.kind() == ActionKind::Nothing { Duration::ZERO } else { expected(&step.id) };
        if let Some(slot) = urgency.get_mut(index) {
            *slot = own + longest;
        }
    }
    urgency
}

/// How many steps each step waits for, and which wait for it.
fn waits(steps: &[Step]) -> (BTreeMap<usize, usize>, BTreeMap<usize, Vec<usize>>) {
    let mut by_id: BTreeMap<&ResourceId, BTreeSet<usize>> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        by_id.entry(&step.id).or_default().insert(index);
    }
    let mut waiting = BTreeMap::new();
    let mut waiters: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        let needed = step.depends_on.iter().filter_map(|id| by_id.get(id)).flatten();
        let needed: Vec<usize> = needed.copied().collect();
        waiting.insert(index, needed.len());
        needed.into_iter().for_each(|earlier| waiters.entry(earlier).or_default().push(index));
    }
    (waiting, waiters)
}
