//! What executing does, over any graph.

mod graphs;
mod presets;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use self::graphs::{Part, graph, parts};
use self::world::World;
use super::*;
use crate::graph::{Graph, ResourceId};
use crate::plan::{self, ActionKind, Observations, Plan, PlanOptions};

fn observe_all(world: &World, graph: &Graph) -> Observations {
    world.run(observe(graph, world, None)).with_owned(world.owned())
}

fn plan_of(world: &World, graph: &Graph) -> Plan {
    plan::plan(graph, &observe_all(world, graph), PlanOptions::default())
}

/// Plans and executes; gives the plan, the events and the outcome.
fn apply(world: &World, graph: &Graph) -> (Plan, Vec<Event>, Outcome) {
    let observed = observe_all(world, graph);
    let plan = plan::plan(graph, &observed, PlanOptions::default());
    let mut execution = Execution::of(plan.clone(), graph, &observed, world);
    let mut events = Vec::new();
    world.run(async {
        while let Some(event) = execution.next().await {
            events.push(event);
        }
    });
    (plan, events, execution.outcome())
}

/// A yes or no for each part.
fn flags(yes: f64) -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(prop::bool::weighted(yes), 16)
}

fn everything(_: usize) -> bool {
    true
}

/// The parts with other numbers in their texts where `changed` says so.
fn changed(parts: &[Part], changed: &[bool]) -> Vec<Part> {
    let change = |(part, changed): (&Part, &bool)| Part {
        number: part.number + 10 * u8::from(*changed),
        ..part.clone()
    };
    parts.iter().zip(changed.iter().chain(std::iter::repeat(&false))).map(change).collect()
}

/// Nothing begins before what it depends on has ended.
fn keeps_order(plan: &Plan, events: &[Event]) -> Result<(), TestCaseError> {
    let mut open: BTreeSet<&ResourceId> = plan.changes().map(|step| &step.id).collect();
    let needs: BTreeMap<&ResourceId, &BTreeSet<ResourceId>> =
        plan.steps().iter().map(|step| (&step.id, &step.depends_on)).collect();
    for event in events {
        match event {
            Event::Started { id, .. } => {
                let unmet: Vec<&ResourceId> = needs[id].iter().filter(|id| open.contains(id)).collect();
                prop_assert!(unmet.is_empty(), "{id} begins before {unmet:?}");
            }
            Event::Finished { id, .. } => {
                prop_assert!(open.remove(id), "{id} ends twice");
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }
    prop_assert!(open.is_empty(), "{open:?} never ends");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn making_keeps_the_order_takes_no_longer_than_it_must_and_leaves_nothing_to_do(parts in parts(24)) {
        let (world, graph) = (World::default(), graph(&parts, &everything));
        let (plan, events, outcome) = apply(&world, &graph);
        prop_assert_eq!(plan.counts(), BTreeMap::from([(ActionKind::Create, graph.len())]));
        keeps_order(&plan, &events)?;
        prop_assert!(outcome.is_complete());
        let critical = critical_path(&graph);
        prop_assert_eq!(world.state().now, critical.total);
        prop_assert_eq!(critical.path.iter().map(|(_, takes)| *takes).sum::<std::time::Duration>(), critical.total);
        let again = plan_of(&world, &graph);
        prop_assert!(again.is_empty(), "{}", again);
    }

    #[test]
    fn after_any_failure_a_second_run_finishes_and_makes_nothing_twice(
        parts in parts(16), at in any::<prop::sample::Index>(), fails_late: bool
    ) {
        let (world, graph) = (World::default(), graph(&parts, &everything));
        let failing = graph.iter().nth(at.index(graph.len())).unwrap().body.id();
        world.state().failing.insert(failing.clone());
        world.state().fails_late = fails_late;
        let (_, _, outcome) = apply(&world, &graph);
        prop_assert_eq!(outcome.failed.len(), 1);
        prop_assert_eq!(&outcome.failed[0].0, &failing);
        let behind = behind(&graph, &failing);
        let skipped: BTreeSet<ResourceId> = outcome.skipped.iter().map(|(id, _)| id.clone()).collect();
        prop_assert_eq!(&skipped, &behind);
        prop_assert!(outcome.skipped.iter().all(|(_, because)| *because == Because::Needs(failing.clone())));
        prop_assert_eq!(outcome.done.len() + 1 + behind.len(), graph.len());

        world.state().failing.clear();
        let (_, _, outcome) = apply(&world, &graph);
        prop_assert!(outcome.is_complete());
        prop_assert!(world.state().made.values().all(|count| *count == 1));
        prop_assert!(plan_of(&world, &graph).is_empty());
    }

    #[test]
    fn after_being_killed_at_any_point_a_second_run_finishes_and_makes_nothing_twice(
        parts in parts(16), after in 0..24_usize, settles: bool
    ) {
        let (world, graph) = (World::default(), graph(&parts, &everything));
        {
            let observed = observe_all(&world, &graph);
            let plan = plan::plan(&graph, &observed, PlanOptions::default());
            let mut execution = Execution::of(plan, &graph, &observed, &world);
            world.run(async {
                for _ in 0..after {
                    execution.next().await;
                }
            });
        }
        if settles {
            world.settle();
        }
        let (plan, events, outcome) = apply(&world, &graph);
        keeps_order(&plan, &events)?;
        prop_assert!(outcome.is_complete());
        prop_assert!(world.state().made.values().all(|count| *count == 1));
        prop_assert!(plan_of(&world, &graph).is_empty());
    }

    #[test]
    fn after_any_change_of_the_stack_everything_is_as_it_is_to_be(
        parts in parts(16), which in flags(0.3), kept in flags(0.9)
    ) {
        let world = World::default();
        apply(&world, &graph(&parts, &everything));
        let wanted = graph(&changed(&parts, &which), &|position| kept[position]);
        let (plan, events, outcome) = apply(&world, &wanted);
        keeps_order(&plan, &events)?;
        prop_assert!(outcome.is_complete(), "{:?}", outcome);
        let again = plan_of(&world, &wanted);
        prop_assert!(again.is_empty(), "{}\nthen\n{}", plan, again);
        let untouched: Vec<&ResourceId> =
            plan.steps().iter().filter(|step| step.action == plan::Action::Nothing).map(|step| &step.id).collect();
        prop_assert!(world.state().touched.iter().all(|id| !untouched.contains(&id)));
        prop_assert_eq!(world.owned().len(), wanted.len());
    }

    #[test]
    fn destroying_leaves_nothing_and_a_failure_keeps_only_what_it_lies_in(
        parts in parts(16), at in any::<prop::sample::Index>()
    ) {
        let (world, graph) = (World::default(), graph(&parts, &everything));
        apply(&world, &graph);
        let failing = graph.iter().nth(at.index(graph.len())).unwrap().body.id();
        world.state().failing.insert(failing.clone());
        let (nothing, unknown) = (Graph::default(), Observations::default());
        let destroy = || world.run(Execution::of(Plan::destroy(&world.owned()), &nothing, &unknown, &world).finish());
        let outcome = destroy();
        prop_assert_eq!(outcome.failed.len(), 1);
        let left: BTreeSet<ResourceId> = world.owned().into_iter().map(|owned| owned.id).collect();
        let skipped: BTreeSet<ResourceId> = outcome.skipped.into_iter().map(|(id, _)| id).collect();
        prop_assert_eq!(left, skipped.into_iter().chain([failing]).collect());
        world.state().failing.clear();
        prop_assert!(destroy().is_complete());
        prop_assert!(world.owned().is_empty());
    }
}

/// Everything that depends on a resource, maybe through others.
fn behind(graph: &Graph, id: &ResourceId) -> BTreeSet<ResourceId> {
    let mut behind = BTreeSet::new();
    for resource in graph.iter() {
        if resource.depends_on.iter().any(|needed| needed == id || behind.contains(needed)) {
            behind.insert(resource.body.id());
        }
    }
    behind
}

/// Three resources, each mentioning the one before.
fn chain() -> Graph {
    let part = |mentions| Part { kind: crate::aws_resources::AwsKind::Role, mentions, number: 0 };
    let arn = |position| vec![(position, crate::graph::Attribute::Arn)];
    graph(&[part(Vec::new()), part(arn(0)), part(arn(1))], &everything)
}

#[test]
fn what_is_stopped_ends_what_runs_and_begins_nothing_more() {
    let (world, graph) = (World::default(), chain());
    let observed = observe_all(&world, &graph);
    let plan = plan::plan(&graph, &observed, PlanOptions::default());
    let mut execution = Execution::of(plan, &graph, &observed, &world);
    world.run(async {
        execution.next().await;
        execution.stop();
        while execution.next().await.is_some() {}
    });
    let outcome = execution.outcome();
    assert_eq!(outcome.done.len(), 1);
    let because: Vec<&Because> = outcome.skipped.iter().map(|(_, because)| because).collect();
    assert_eq!(because, [&Because::Stopped, &Because::Stopped]);
}

#[test]
fn events_come_as_a_stream_too() {
    use futures::StreamExt;
    let (world, graph) = (World::default(), chain());
    let observed = observe_all(&world, &graph);
    let plan = plan::plan(&graph, &observed, PlanOptions::default());
    let stream = Execution::of(plan, &graph, &observed, &world).into_stream();
    let events: Vec<Event> = world.run(stream.collect());
    assert_eq!(events.len(), 6);
}

/// A value that nothing tells is never written as something else.
#[test]
fn nothing_is_made_with_a_value_missing() {
    let world = World::default();
    let whole = chain();
    let without_first = whole.only(|id| id.name() != "0");
    let (_, _, outcome) = apply(&world, &without_first);
    assert_eq!(outcome.failed.len(), 1);
    assert!(outcome.failed[0].1.message.contains("role/0#arn"), "{}", outcome.failed[0].1);
    assert_eq!(outcome.skipped.len(), 1);
    assert!(world.owned().is_empty());
}

#[test]
fn what_is_blocked_is_skipped_with_what_depends_on_it() {
    let (world, graph) = (World::default(), chain());
    let mut observed = observe_all(&world, &graph);
    let first = graph.iter().next().unwrap().body.id();
    observed.resources.remove(&first);
    let plan = plan::plan(&graph, &observed, PlanOptions::default());
    let outcome = world.run(Execution::of(plan, &graph, &observed, &world).finish());
    let skipped: Vec<String> =
        outcome.skipped.iter().map(|(id, because)| format!("{id}: {because}")).collect();
    assert_eq!(
        skipped,
        ["Role 0: it was not looked for", "Role 1: it needs Role 0", "Role 2: it needs Role 0"]
    );
    assert!(!outcome.is_complete());
}
