//! Tags: the only place that writes them.

use crate::aws_resources::{AwsKind, RESOURCE_TAG, STACK_TAG, Tags};
use crate::desired::Names;
use crate::graph::AwsId;
use crate::stack::Stack;

/// The tags of a resource: those of the user, the marks of the stack, and a name where people look for one.
pub(super) fn of(stack: &Stack, id: &AwsId) -> Tags {
    let mut tags = of_stack(stack);
    tags.insert(RESOURCE_TAG.to_owned(), id.tag());
    if let Some(name) = name(stack, id) {
        tags.entry("Name".to_owned()).or_insert(name);
    }
    tags
}

/// The tags of what a node group launches: instances come and go, and are no resources of the stack themselves.
pub(super) fn of_launched(stack: &Stack, name: &str) -> Tags {
    let mut tags = of_stack(stack);
    tags.entry("Name".to_owned()).or_insert_with(|| Names::of(stack).regional(name));
    tags
}

/// Tags from pairs.
pub(super) fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Tags {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn of_stack(stack: &Stack) -> Tags {
    let user = stack.spec().tags.iter().map(|(key, value)| (key.to_string(), value.to_string()));
    let mut tags: Tags = user.collect();
    tags.insert(STACK_TAG.to_owned(), Names::of(stack).stack().to_owned());
    tags
}

/// What the consoles of EC2 and EFS show as the name of a resource.
fn name(stack: &Stack, id: &AwsId) -> Option<String> {
    use AwsKind as Kind;
    match id.kind {
        Kind::Vpc => Some(Names::of(stack).stack().to_owned()),
        Kind::InternetGateway
        | Kind::Subnet
        | Kind::ElasticIp
        | Kind::NatGateway
        | Kind::RouteTable
        | Kind::SecurityGroup
        | Kind::VpcEndpoint
        | Kind::LaunchTemplate
        | Kind::FileSystem => Some(Names::of(stack).regional(&id.name)),
        _ => None,
    }
}
