//! A mount target of a file system: it has no tags of its own, and is whose the file system is.

use std::collections::{BTreeMap, BTreeSet};

use airflow_eks_core::aws_resources::{AwsKind, MountTarget, is_known};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_efs::types::{LifeCycleState, MountTargetDescription};

use super::{Changes, Found, Manage, Wanted, file_system};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::tags;

const SERVICE: &str = "elasticfilesystem";

impl Manage for MountTarget {
    /// A file system has at most one in a zone.
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let (file_system, subnet) = (&wanted.body.file_system_id, &wanted.body.subnet_id);
        if !is_known(file_system) || !is_known(subnet) {
            return Ok(None);
        }
        let Some(all) = found(list(aws, wanted.id, file_system).await)? else { return Ok(None) };
        let there = all.into_iter().find(|target| {
            target.subnet_id() == subnet && *target.life_cycle_state() != LifeCycleState::Deleted
        });
        let Some(there) = there else { return Ok(None) };
        let Some(parent) = file_system::by_id(aws, wanted.id, file_system).await? else { return Ok(None) };
        let ownership = aws.ownership(&tags::efs::read(parent.tags()));
        let id = there.mount_target_id();
        let Some(security_groups) = security_groups(aws, wanted.id, &there).await? else { return Ok(None) };
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body: Self { file_system_id: file_system.clone(), subnet_id: subnet.clone(), security_groups },
            // It can have none, so that none is missed.
            tags: wanted.tags.clone(),
            attributes: BTreeMap::from([(Attribute::Id, id.to_owned())]),
            readiness: file_system::readiness(there.life_cycle_state()),
            ownership,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let request = aws
            .efs
            .create_mount_target()
            .file_system_id(&wanted.body.file_system_id)
            .subnet_id(&wanted.body.subnet_id)
            .set_security_groups(Some(wanted.body.security_groups.iter().cloned().collect()));
        let operation = Operation::repeatable(SERVICE, "CreateMountTarget");
        aws.call(operation, wanted.id, || request.clone().send()).await?;
        Ok(())
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch("securityGroups") {
            let request = aws
                .efs
                .modify_mount_target_security_groups()
                .mount_target_id(physical_id)
                .set_security_groups(Some(wanted.body.security_groups.iter().cloned().collect()));
            let operation = Operation::repeatable(SERVICE, "ModifyMountTargetSecurityGroups");
            aws.call(operation, wanted.id, || request.clone().send()).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let send = || aws.efs.delete_mount_target().mount_target_id(physical_id).send();
        gone(aws.call(Operation::delete(SERVICE, "DeleteMountTarget"), physical_id, send).await)
    }

    async fn is_gone(aws: &Aws, physical_id: &str) -> Result<bool, Error> {
        let send = || aws.efs.describe_mount_targets().mount_target_id(physical_id).send();
        let operation = Operation::read(SERVICE, "DescribeMountTargets");
        let answer = found(aws.call(operation, physical_id, send).await)?;
        let there = answer.and_then(|answer| answer.mount_targets?.into_iter().next());
        Ok(there.is_none_or(|there| *there.life_cycle_state() == LifeCycleState::Deleted))
    }

    /// Those of the stack's file systems, named as the stack names them.
    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let mut owned = Vec::new();
        for (_, file_system) in file_system::owned(aws).await? {
            let Some(targets) = found(list(aws, AwsKind::MountTarget, &file_system).await)? else { continue };
            for target in targets {
                let name = name_of(aws, target.subnet_id()).await?;
                owned.push((AwsId::new(AwsKind::MountTarget, name), target.mount_target_id().to_owned()));
            }
        }
        Ok(owned)
    }
}

async fn list(
    aws: &Aws,
    resource: impl ToString + Send,
    file_system: &str,
) -> Result<Vec<MountTargetDescription>, Error> {
    let operation = Operation::read(SERVICE, "DescribeMountTargets");
    let send =
        |marker| aws.efs.describe_mount_targets().file_system_id(file_system).set_marker(marker).send();
    aws.every_page(operation, resource, send, |page| (page.mount_targets, page.next_marker)).await
}

/// Its security groups; nothing where it is gone by now. One that is being deleted has none to tell.
async fn security_groups(
    aws: &Aws,
    id: &AwsId,
    target: &MountTargetDescription,
) -> Result<Option<BTreeSet<String>>, Error> {
    if *target.life_cycle_state() == LifeCycleState::Deleting {
        return Ok(Some(BTreeSet::new()));
    }
    let operation = Operation::read(SERVICE, "DescribeMountTargetSecurityGroups");
    let target = target.mount_target_id();
    let send = || aws.efs.describe_mount_target_security_groups().mount_target_id(target).send();
    let answer = found(aws.call(operation, id, send).await)?;
    Ok(answer.map(|answer| answer.security_groups.into_iter().collect()))
}

/// Its name in the stack: the zone of a subnet of the stack's, and the id of a subnet that was there before.
async fn name_of(aws: &Aws, subnet: &str) -> Result<String, Error> {
    let send = || aws.ec2.describe_subnets().subnet_ids(subnet).send();
    let answer =
        found(aws.call(Operation::read("ec2", "DescribeSubnets"), AwsKind::MountTarget, send).await)?;
    let there = answer.and_then(|answer| answer.subnets?.into_iter().next());
    let ours = there.filter(|subnet| aws.marked(&tags::ec2::read(subnet.tags())).is_some());
    Ok(ours.and_then(|subnet| subnet.availability_zone).unwrap_or_else(|| subnet.to_owned()))
}
