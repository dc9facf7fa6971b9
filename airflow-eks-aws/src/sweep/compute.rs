//! What Karpenter launches, and what it needs for that: instances, launch templates, instance profiles.

use aws_sdk_ec2::operation::describe_instances::DescribeInstancesOutput;
use aws_sdk_ec2::types::{Filter, Instance, InstanceStateName, Reservation};
use aws_sdk_iam::types::{InstanceProfile, Tag};

use super::marks::{EKS_CLUSTER, KARPENTER_CLUSTER, NODE_POOL};
use super::{Leftover, LeftoverKind, Search, until_gone};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::tags::ec2 as tags;

impl Search<'_> {
    /// Those that are shutting down too: what they hold is free only when they are gone.
    pub(super) async fn instances(self) -> Result<Vec<Leftover>, Error> {
        let (aws, subject) = (self.aws, self.subject());
        let filters = vec![tags::filter("tag-key", NODE_POOL)];
        let operation = Operation::read("ec2", "DescribeInstances");
        let send = |token| {
            aws.ec2.describe_instances().set_filters(Some(filters.clone())).set_next_token(token).send()
        };
        let reservations =
            aws.every_page(operation, &subject, send, |page| (page.reservations, page.next_token)).await?;
        let instances = reservations.iter().flat_map(Reservation::instances);
        Ok(instances
            .filter(|instance| !is_terminated(instance))
            .filter_map(|instance| {
                let tags = tags::read(instance.tags());
                self.judge(LeftoverKind::Instance, instance.instance_id(), &tags)
            })
            .collect())
    }

    pub(super) async fn launch_templates(self) -> Result<Vec<Leftover>, Error> {
        let (aws, subject) = (self.aws, self.subject());
        let keys = Filter::builder().name("tag-key").values(KARPENTER_CLUSTER).values(EKS_CLUSTER).build();
        let operation = Operation::read("ec2", "DescribeLaunchTemplates");
        let send =
            |token| aws.ec2.describe_launch_templates().filters(keys.clone()).set_next_token(token).send();
        let templates = aws
            .every_page(operation, &subject, send, |page| (page.launch_templates, page.next_token))
            .await?;
        Ok(templates
            .iter()
            .filter_map(|template| {
                let tags = tags::read(template.tags());
                self.judge(LeftoverKind::LaunchTemplate, template.launch_template_id(), &tags)
            })
            .collect())
    }

    /// IAM lists profiles without their tags.
    pub(super) async fn instance_profiles(self) -> Result<Vec<Leftover>, Error> {
        let (aws, subject) = (self.aws, self.subject());
        let operation = Operation::read("iam", "ListInstanceProfiles");
        let send = |marker| aws.iam.list_instance_profiles().set_marker(marker).send();
        let profiles = aws
            .every_page(operation, &subject, send, |page| {
                let next = page.marker.filter(|_| page.is_truncated);
                (page.instance_profiles, next)
            })
            .await?;
        let mut leftovers = Vec::new();
        for name in profiles.iter().map(InstanceProfile::instance_profile_name) {
            let Some(profile) = profile(aws, name).await? else { continue };
            let pair = |tag: &Tag| (tag.key().to_owned(), tag.value().to_owned());
            let tags = profile.tags().iter().map(pair).collect();
            leftovers.extend(self.judge(LeftoverKind::InstanceProfile, Some(name), &tags));
        }
        Ok(leftovers)
    }
}

fn is_terminated(instance: &Instance) -> bool {
    let state = instance.state().and_then(|state| state.name());
    state == Some(&InstanceStateName::Terminated)
}

/// Nothing where it has gone meanwhile.
async fn profile(aws: &Aws, name: &str) -> Result<Option<InstanceProfile>, Error> {
    let operation = Operation::read("iam", "GetInstanceProfile");
    let request = || aws.iam.get_instance_profile().instance_profile_name(name);
    let answer = found(aws.call(operation, name, || request().send()).await)?;
    Ok(answer.and_then(|answer| answer.instance_profile))
}

/// Terminates it, and waits until it is terminated: until then it holds its network interfaces and disks.
pub(super) async fn terminate(aws: &Aws, id: &str) -> Result<(), Error> {
    let operation = Operation::delete("ec2", "TerminateInstances");
    gone(aws.call(operation, id, || aws.ec2.terminate_instances().instance_ids(id).send()).await)?;
    until_gone(id, "ec2:TerminateInstances", "it is still shutting down", || async {
        let operation = Operation::read("ec2", "DescribeInstances");
        let answer = aws.call(operation, id, || aws.ec2.describe_instances().instance_ids(id).send()).await;
        let answer = found(answer)?;
        let reservations = answer.iter().flat_map(DescribeInstancesOutput::reservations);
        let mut instances = reservations.flat_map(Reservation::instances);
        Ok(instances.all(is_terminated))
    })
    .await
}

pub(super) async fn delete_launch_template(aws: &Aws, id: &str) -> Result<(), Error> {
    let operation = Operation::delete("ec2", "DeleteLaunchTemplate");
    gone(aws.call(operation, id, || aws.ec2.delete_launch_template().launch_template_id(id).send()).await)
}

/// Deletes it; first takes its role out of it.
pub(super) async fn delete_instance_profile(aws: &Aws, name: &str) -> Result<(), Error> {
    let Some(profile) = profile(aws, name).await? else { return Ok(()) };
    for role in profile.roles() {
        let operation = Operation::delete("iam", "RemoveRoleFromInstanceProfile");
        let request = || aws.iam.remove_role_from_instance_profile().instance_profile_name(name);
        gone(aws.call(operation, name, || request().role_name(role.role_name()).send()).await)?;
    }
    let operation = Operation::delete("iam", "DeleteInstanceProfile");
    let request = || aws.iam.delete_instance_profile().instance_profile_name(name);
    gone(aws.call(operation, name, || request().send()).await)
}
