//! What holds for the AWS side of every preset and of variants of it.

mod content;
mod iam;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::aws_resources::{AwsKind, AwsObject, AwsResource};
use crate::facts::Facts;
use crate::graph::{AwsId, Body, GeneratedSecret, Graph, Late, Output, ResourceId};
use crate::parse::Document;
use crate::presets;
use crate::stack::Stack;

/// Stacks that between them have everything a stack can have.
const MORE: &[(&str, &str)] = &[
    (
        "everything",
        "name: a-stack-of-long-name-x\nregion: ap-southeast-2\nsecrets: external-secrets\nenvironment: demo\n\
         tags: {team: data}\n\
         network: {zoneCount: 3, interfaceEndpoints: [ec2, ecr-api, ecr-dkr, sts, logs]}\n\
         nodeGroups: [{name: core, keyPair: ops}, {name: spot, capacityType: spot, amiFamily: bottlerocket, instanceTypes: [m7g.large]}]\n\
         fargateProfiles: [{name: one, selectors: [{namespace: one}]}, {name: two, selectors: [{namespace: two}]}]\n\
         karpenterNodePools: [{name: general}]\n\
         cluster: {accessEntries: [{principalArn: 'arn:aws:iam::111122223333:role/operators', policy: admin, namespaces: [airflow]}]}\n\
         spark: {enabled: true, teams: [{name: spark-team-a}]}\n",
    ),
    (
        "pod-identity",
        "name: demo\nregion: cn-north-1\nsecrets: external-secrets\nidentities: {provider: pod-identity}\n\
         nodeGroups: [{name: core}]\nairflow: {version: 2.11.2, logs: pods}\n",
    ),
    (
        "closed",
        "name: demo\nregion: us-gov-west-1\nnetwork: {natGateways: none, interfaceEndpoints: [ec2, ecr-api, ecr-dkr, eks-auth, sts]}\n\
         nodeGroups: [{name: core}]\n",
    ),
    (
        "in-an-existing-cluster",
        "name: demo\nregion: us-west-2\ncluster: {existing: {name: platform}}\n\
         network: {existing: {vpcId: vpc-0a1b2c3d4e5f60718, privateSubnetIds: [subnet-0a1b2c3d4e5f60718, subnet-0b1c2d3e4f5061728]}}\n\
         nodeGroups: [{name: core}]\nkarpenterNodePools: [{name: general}]\n",
    ),
    (
        "in-an-existing-network",
        "name: demo\nregion: us-west-2\nlogBucket: {existing: some-logs}\nfileSystem: {existing: fs-0a1b2c3d4e5f60718}\n\
         network: {existing: {vpcId: vpc-0a1b2c3d4e5f60718, privateSubnetIds: [subnet-0a1b2c3d4e5f60718, subnet-0b1c2d3e4f5061728]}}\n\
         nodeGroups: [{name: core}]\n",
    ),
];

/// Each preset and each stack above, with either way of giving pods their roles.
fn stacks() -> Vec<(String, Stack)> {
    let mut stacks = Vec::new();
    let presets = presets::ALL.iter().map(|preset| (preset.name, preset.text));
    for (name, text) in presets.chain(MORE.iter().copied()) {
        for provider in ["irsa", "pod-identity"] {
            let mut spec = Document::parse(text, name).unwrap().spec().unwrap();
            spec.identities.provider = serde_json::from_value(provider.into()).unwrap();
            let stack =
                Stack::validate(spec, &Facts::unknown()).unwrap_or_else(|problems| panic!("{problems}"));
            stacks.push((format!("{name} with {provider}"), stack));
        }
    }
    stacks
}

fn stack(yaml: &str) -> Stack {
    let document = Document::parse(yaml, "stack.yaml").unwrap();
    document.stack(&Facts::unknown()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn graph(yaml: &str) -> Graph {
    crate::desired(&stack(yaml))
}

fn object<'a>(graph: &'a Graph, kind: AwsKind, name: &str) -> Option<&'a AwsObject> {
    graph.aws().find(|object| object.id == AwsId::new(kind, name))
}

/// The fields of a resource, with marks as they read.
fn fields(graph: &Graph, kind: AwsKind, name: &str) -> Value {
    let object = object(graph, kind, name).unwrap_or_else(|| panic!("no {kind} {name}"));
    readable(object).to_value()
}

/// The resource with stand-ins of usual length in place of late values.
fn readable(object: &AwsObject) -> AwsResource {
    object.resolved(&|late| Some(format!("<{late}>"))).body
}

fn names(graph: &Graph, kind: AwsKind) -> Vec<&str> {
    graph.aws().filter(|object| object.id.kind == kind).map(|object| object.id.name.as_str()).collect()
}

/// Whatever a mark names is part of the stack, or was there before.
#[test]
fn every_mark_has_something_that_tells_it() {
    for (name, stack) in stacks() {
        let graph = crate::desired(&stack);
        for resource in graph.iter() {
            for late in resource.body.late_values() {
                let tellers = match &late {
                    Late::Attribute(id, _) => vec![id.clone()],
                    Late::Secret(GeneratedSecret::DatabasePassword)
                        if stack.spec().database.existing.is_some() =>
                    {
                        continue;
                    }
                    Late::Secret(secret) => vec![AwsId::new(AwsKind::Secret, secret.name())],
                    Late::Output(Output::AccountId) => continue,
                    Late::Output(output) => {
                        let (id, _) = output.source().unwrap();
                        vec![AwsId::new(AwsKind::ExistingCluster, id.name.clone()), id]
                    }
                };
                let known = tellers.iter().any(|id| graph.get(&id.clone().into()).is_some());
                assert!(known, "{name}: nothing tells {} its {late}", resource.body.id());
            }
        }
    }
}

#[test]
fn identities_are_unique() {
    for (name, stack) in stacks() {
        let (kubernetes, _) = crate::desired::kubernetes::parts(&stack);
        let (aws, _) = super::parts(&stack, &kubernetes);
        let ids: BTreeSet<ResourceId> = aws.iter().map(Body::id).collect();
        assert_eq!(ids.len(), aws.len(), "{name}");
    }
}

/// Kinds that wait for another when they are made, while it can go before them: a policy may name what is no more, and a
/// program may lose the nodes that it ran on.
const ONLY_WHEN_MADE: &[(AwsKind, AwsKind)] = &[
    (AwsKind::Addon, AwsKind::FargateProfile),
    (AwsKind::Addon, AwsKind::NodeGroup),
    (AwsKind::Role, AwsKind::Cluster),
    (AwsKind::Role, AwsKind::ExistingCluster),
    (AwsKind::Role, AwsKind::KmsKey),
    (AwsKind::Role, AwsKind::OidcProvider),
    (AwsKind::Role, AwsKind::PrometheusWorkspace),
    (AwsKind::Role, AwsKind::Queue),
    (AwsKind::Role, AwsKind::Role),
    (AwsKind::Role, AwsKind::Secret),
    (AwsKind::FargateProfile, AwsKind::FargateProfile),
];

#[test]
fn kinds_know_what_their_resources_wait_for() {
    let closure = |kind: AwsKind| {
        let mut known: BTreeSet<AwsKind> = kind.needs().iter().copied().collect();
        loop {
            let more: BTreeSet<AwsKind> = known.iter().flat_map(|kind| kind.needs()).copied().collect();
            let before = known.len();
            known.extend(more);
            if known.len() == before {
                return known;
            }
        }
    };
    let mut missing: BTreeSet<(AwsKind, AwsKind)> = BTreeSet::new();
    let mut unused: BTreeSet<(AwsKind, AwsKind)> = ONLY_WHEN_MADE.iter().copied().collect();
    for (_, stack) in stacks() {
        for resource in crate::desired(&stack).iter() {
            let Body::Aws(object) = &resource.body else { continue };
            let kind = object.id.kind;
            for needed in &resource.depends_on {
                let ResourceId::Aws(needed) = needed else { panic!("{kind} waits for {needed}") };
                unused.remove(&(kind, needed.kind));
                if !closure(kind).contains(&needed.kind) && !ONLY_WHEN_MADE.contains(&(kind, needed.kind)) {
                    missing.insert((kind, needed.kind));
                }
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
    assert_eq!(unused, BTreeSet::new());
}

/// What a kind needs comes before it, so that there is no circle.
#[test]
fn kinds_stand_in_an_order_in_which_they_can_be_made() {
    let mut before = BTreeSet::new();
    for kind in AwsKind::ALL {
        for needed in kind.needs() {
            assert!(before.contains(needed), "{kind} stands before {needed}");
        }
        before.insert(*kind);
    }
}

/// A circle of waits would be broken somewhere in the order of the graph.
#[test]
fn nothing_waits_in_a_circle() {
    for (name, stack) in stacks() {
        let graph = crate::desired(&stack);
        let mut seen = BTreeSet::new();
        for resource in graph.iter() {
            for needed in &resource.depends_on {
                assert!(seen.contains(needed), "{name}: {} before {needed}", resource.body.id());
            }
            seen.insert(resource.body.id());
        }
    }
}

#[test]
fn everything_carries_the_marks_of_its_stack() {
    for (name, stack) in stacks() {
        for object in crate::desired(&stack).aws() {
            let tag = |key: &str| object.tags.get(key).map(String::as_str);
            if matches!(object.id.kind, AwsKind::ExistingCluster | AwsKind::ServiceLinkedRole) {
                assert!(object.tags.is_empty() && object.shared, "{name}: {}", object.id);
                continue;
            }
            assert_eq!(tag("airflow-eks/stack"), Some(stack.spec().name.as_str()), "{name}: {}", object.id);
            assert_eq!(tag("airflow-eks/resource"), Some(object.id.tag().as_str()), "{name}: {}", object.id);
            for (key, value) in &stack.spec().tags {
                assert_eq!(tag(key.as_str()), Some(value.as_str()), "{name}: {}", object.id);
            }
            assert!(object.tags.len() <= 50, "{name}: {}", object.id);
            let allowed = |c: char| c.is_alphanumeric() || " +-=._:/@".contains(c);
            for (key, value) in &object.tags {
                assert!(key.len() <= 128 && value.len() <= 256, "{name}: {}", object.id);
                assert!(value.chars().all(allowed), "{name}: {} has {value}", object.id);
            }
        }
    }
}

/// How many of each kind there are, in the preset that people begin with.
#[test]
fn the_default_stack_has_what_the_blueprint_has() {
    let graph = crate::desired(&presets::DEFAULT.stack(&Facts::unknown()).unwrap());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for object in graph.aws() {
        *counts.entry(object.id.kind.to_string()).or_default() += 1;
    }
    let counts: Vec<String> = counts.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    insta::assert_snapshot!(counts.join("\n"));
}
