use std::collections::{BTreeMap, BTreeSet};

use super::super::group::{self, Grain};
use super::super::order::positions;
use super::{REPOSITORY, STACK, hand_made, stack};
use crate::graph::{Graph, ResourceId};
use crate::{desired, presets};

fn groups(graph: &Graph, grain: Grain) -> Vec<(String, Vec<String>, Vec<usize>)> {
    let parts = |group: &group::Group<'_>| {
        group.parts.iter().map(|(part, wave)| format!("{wave} {}", part.body.id().name())).collect()
    };
    let groups = group::of(graph, grain);
    groups.iter().map(|one| (one.name.clone(), parts(one), one.after.iter().copied().collect())).collect()
}

#[test]
fn releases_and_objects_take_turns() {
    let found = groups(&hand_made(), Grain::Stage);
    let expected: [(&str, &[&str], &[usize]); 4] = [
        ("objects-1", &["0 karpenter", "0 airflow/config", "0 airflow/web"], &[]),
        ("releases-1", &["0 karpenter/karpenter-crd", "1 karpenter/karpenter"], &[0]),
        (
            "objects-2",
            &["2 airflow/dags", "0 airflow/jobs", "1 airflow/migrate", "2 airflow/scheduler"],
            &[0, 1],
        ),
        ("add-ons", &["0 karpenter/metrics-server"], &[0]),
    ];
    let expected = expected.map(|(name, parts, after)| {
        (name.to_owned(), parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>(), after.to_vec())
    });
    assert_eq!(found, expected);
}

#[test]
fn a_tool_without_waves_gets_a_group_for_each() {
    let names: Vec<String> = groups(&hand_made(), Grain::Wave).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names, ["objects-1", "releases-1", "objects-2", "objects-3", "objects-4", "add-ons"]);
}

/// Of every preset, and of a stack for GitOps: what one waits for comes in an earlier group, or no later within its own.
#[test]
fn no_part_comes_before_what_it_waits_for() {
    let facts = crate::Facts::unknown();
    let mut stacks: Vec<_> = presets::ALL.iter().map(|preset| preset.stack(&facts).unwrap()).collect();
    stacks.push(stack(&format!("{STACK}{REPOSITORY}")));
    let graphs = stacks.iter().map(|stack| desired(stack).only(|id| !matches!(id, ResourceId::Aws(_))));
    for graph in graphs.chain([hand_made()]) {
        let positions = positions(&graph);
        for resource in graph.iter() {
            let (id, own) = (resource.body.id(), positions[&resource.body.id()]);
            for needed in &resource.depends_on {
                assert!(positions[needed] <= own, "{needed} after {id}");
            }
        }
        for grain in [Grain::Stage, Grain::Wave] {
            ordered(&graph, grain);
        }
    }
}

fn ordered(graph: &Graph, grain: Grain) {
    let groups = group::of(graph, grain);
    let mut group_of = BTreeMap::new();
    for (position, group) in groups.iter().enumerate() {
        assert!(!group.parts.is_empty());
        assert!(
            group.after.iter().all(|earlier| *earlier < position),
            "{} waits for a later one",
            group.name
        );
        group_of.extend(group.parts.iter().map(|(part, _)| (part.body.id(), position)));
    }
    assert_eq!(group_of.len(), graph.len());
    for resource in graph.iter() {
        let own = group_of[&resource.body.id()];
        let others: BTreeSet<usize> = resource.depends_on.iter().map(|id| group_of[id]).collect();
        assert!(others.iter().all(|group| *group == own || groups[own].after.contains(group)));
    }
}

/// The database is migrated before anything uses it.
#[test]
fn airflow_comes_in_four_waves() {
    let graph = desired(&stack(&format!("{STACK}{REPOSITORY}"))).only(|id| !matches!(id, ResourceId::Aws(_)));
    let wave = |kind: &str, name: &str| {
        let found =
            positions(&graph).into_iter().find(|(id, _)| id.kind() == kind && id.name().starts_with(name));
        found.unwrap_or_else(|| panic!("no {kind} {name}")).1.wave
    };
    assert_eq!(wave("ExternalSecret", "airflow/airflow-metadata"), 0);
    assert_eq!(wave("Deployment", "airflow/airflow-pgbouncer"), 1);
    assert_eq!(wave("Job", "airflow/airflow-run-airflow-migrations"), 2);
    assert_eq!(wave("Deployment", "airflow/airflow-scheduler"), 3);
}
