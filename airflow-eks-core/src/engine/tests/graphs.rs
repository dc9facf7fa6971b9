//! Any graph: resources of several kinds, each referring to some of those before it.

use proptest::prelude::*;

use crate::aws_resources::samples::{object_of, sample};
use crate::aws_resources::{AwsKind, AwsObject, AwsResource};
use crate::graph::{Attribute, AwsId, Body, Graph, Late};

/// Kinds of different durations, each with a text in which others can be mentioned.
const KINDS: &[AwsKind] = &[
    AwsKind::Role,
    // Twice: what it tells changes.
    AwsKind::LaunchTemplate,
    AwsKind::LaunchTemplate,
    AwsKind::VpcEndpoint,
    AwsKind::Addon,
    AwsKind::NodeGroup,
    AwsKind::EventRule,
];

/// A resource to be: its kind, those before it that it mentions, and a number that stands in its text.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) kind: AwsKind,
    pub(super) mentions: Vec<(usize, Attribute)>,
    pub(super) number: u8,
}

/// Any graph of up to `most` resources.
pub(super) fn parts(most: usize) -> impl Strategy<Value = Vec<Part>> {
    let attribute = prop::sample::select(vec![Attribute::Arn, Attribute::Id, Attribute::LatestVersion]);
    let mention = (any::<prop::sample::Index>(), attribute);
    let part = (prop::sample::select(KINDS), prop::collection::vec(mention, 0..3), 0..3_u8);
    prop::collection::vec(part, 1..most).prop_map(|parts| {
        let parts = parts.into_iter().enumerate().map(|(position, (kind, mentions, number))| {
            let earlier = mentions.into_iter().filter(|_| position > 0);
            let mentions = earlier.map(|(index, attribute)| (index.index(position), attribute)).collect();
            Part { kind, mentions, number }
        });
        parts.collect()
    })
}

/// The graph of those parts that `keep` says yes to. A part mentions only parts that are there.
pub(super) fn graph(parts: &[Part], keep: &dyn Fn(usize) -> bool) -> Graph {
    let objects = parts.iter().enumerate().filter(|(position, _)| keep(*position));
    Graph::of(objects.map(|(position, part)| Body::Aws(object(parts, position, part, keep))).collect(), &[])
}

fn object(parts: &[Part], position: usize, part: &Part, keep: &dyn Fn(usize) -> bool) -> AwsObject {
    let mentions = part.mentions.iter().filter(|(other, _)| keep(*other));
    let marks: String = mentions
        .filter_map(|(other, attribute)| {
            let kind = parts.get(*other)?.kind;
            Some(Late::Attribute(AwsId::new(kind, other.to_string()), *attribute).mark() + " ")
        })
        .collect();
    let text = format!("{} {marks}", part.number);
    let mut body = sample(part.kind);
    match &mut body {
        AwsResource::Role(role) => role.description = text,
        AwsResource::LaunchTemplate(template) => template.device_name = text,
        AwsResource::VpcEndpoint(endpoint) => endpoint.service_name = text,
        AwsResource::Addon(addon) => addon.configuration_values = Some(serde_json::json!({ text: 1 })),
        AwsResource::NodeGroup(group) => group.ami_type = text,
        AwsResource::EventRule(rule) => rule.targets = [("it".to_owned(), text)].into(),
        other => panic!("{:?} has no text", other.kind()),
    }
    object_of(&position.to_string(), body)
}
