//! Every preset, made on the stand-in, and then changed in every field by somebody else.

use serde_json::Value;

use super::world::World;
use super::*;
use crate::aws_resources::{AwsKind, Effect};
use crate::facts::Facts;
use crate::graph::Body;
use crate::plan::{FieldChange, Observed};
use crate::presets::{self, Preset};

fn graph_of(preset: &Preset) -> Graph {
    crate::desired(&preset.stack(&Facts::unknown()).unwrap()).only(|id| matches!(id, ResourceId::Aws(_)))
}

fn observe_all(world: &World, graph: &Graph) -> Observations {
    let account = "111122223333".parse().unwrap();
    world.run(observe(graph, world, Some(&account))).with_owned(world.owned())
}

/// A world in which the preset has been applied.
fn applied(preset: &Preset, graph: &Graph) -> (World, Observations) {
    let world = World::default();
    for resource in graph.iter() {
        if matches!(&resource.body, Body::Aws(object) if object.id.kind == AwsKind::ExistingCluster) {
            world.run(world.create(&resource.body)).unwrap();
        }
    }
    let before = observe_all(&world, graph);
    let plan = plan::plan(graph, &before, PlanOptions::default());
    assert_eq!(plan.blocked().count(), 0, "{}: {plan}", preset.name);
    let outcome = world.run(Execution::of(plan, graph, &before, &world).finish());
    assert!(outcome.is_complete(), "{}: {outcome:?}", preset.name);
    let observed = observe_all(&world, graph);
    (world, observed)
}

#[test]
fn every_preset_is_made_as_fast_as_it_can_be_and_then_destroyed() {
    for preset in presets::ALL {
        let graph = graph_of(preset);
        let (world, observed) = applied(preset, &graph);
        assert_eq!(world.state().now, critical_path(&graph).total, "{}", preset.name);
        let again = plan::plan(&graph, &observed, PlanOptions::default());
        assert!(again.is_empty(), "{}: {again}", preset.name);
        let owned = world.owned();
        let (nothing, unknown) = (Graph::default(), Observations::default());
        assert!(
            world
                .run(Execution::of(Plan::destroy(&owned), &nothing, &unknown, &world).finish())
                .is_complete()
        );
        let kept = |id: &ResourceId| id.kind() == "ExistingCluster";
        assert!(world.owned().iter().all(|owned| kept(&owned.id)), "{}: {:?}", preset.name, world.owned());
    }
}

/// Every field that can change is found, is one change, and does to the resource what its kind says.
#[test]
fn every_field_of_the_default_preset_that_somebody_changes_is_found() {
    let graph = graph_of(&presets::DEFAULT);
    let (_, observed) = applied(&presets::DEFAULT, &graph);
    for (id, there) in &observed.resources {
        let (ResourceId::Aws(aws), Observed::Present(there)) = (id, there) else { panic!("{id}") };
        let Value::Object(fields) = &there.fields else { panic!("{id}") };
        for (field, value) in fields {
            let mut changed = there.clone();
            changed.fields[field.as_str()] = other(value);
            let mut drifted = observed.clone();
            drifted.resources.insert(id.clone(), Observed::Present(changed));
            let plan = plan::plan(&graph, &drifted, PlanOptions::default());
            let action = &plan.steps().iter().find(|step| step.id == *id).unwrap().action;
            let expected = match aws.kind.effect(field) {
                Effect::Initial => ActionKind::Nothing,
                Effect::InPlace => ActionKind::Update,
                Effect::Replace => ActionKind::Replace,
                Effect::Blocked(_) => ActionKind::Blocked,
            };
            assert_eq!(action.kind(), expected, "{id}.{field}: {action:?}");
            let is_of_field = |change: &FieldChange| {
                let rest = change.path.strip_prefix(field.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            assert!(action.changes().iter().all(is_of_field), "{id}.{field}: {action:?}");
            assert_eq!(action.changes().is_empty(), expected == ActionKind::Nothing, "{id}.{field}");
        }
    }
}

/// Another value of the same shape.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(value) => Value::Bool(!value),
        Value::Number(number) => (number.as_i64().unwrap() - 1).into(),
        Value::Array(items) if items.is_empty() => serde_json::json!(["x"]),
        Value::Array(items) => items[1..].into(),
        Value::Object(entries) => {
            let mut entries = entries.clone();
            entries.insert("other".to_owned(), "x".into());
            Value::Object(entries)
        }
        Value::String(text) => format!("{text}x").into(),
        Value::Null => "x".into(),
    }
}
