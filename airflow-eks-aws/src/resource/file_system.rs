//! An EFS file system.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, FileSystem, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_efs::types::{BackupPolicy, FileSystemDescription, LifeCycleState, Status};

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::tags::efs as tags;

const SERVICE: &str = "elasticfilesystem";

impl Manage for FileSystem {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let token = wanted.body.creation_token.as_str();
        if !is_known(token) {
            return Ok(None);
        }
        let send = || aws.efs.describe_file_systems().creation_token(token).send();
        let answer = found(aws.call(Operation::read(SERVICE, "DescribeFileSystems"), wanted.id, send).await)?;
        let there = answer.and_then(|answer| answer.file_systems?.into_iter().next());
        let there = there.filter(|there| *there.life_cycle_state() != LifeCycleState::Deleted);
        let Some(there) = there else { return Ok(None) };
        let id = there.file_system_id();
        let tags = tags::read(there.tags());
        Ok(Some(Found {
            physical_id: id.to_owned(),
            body: Self {
                creation_token: there.creation_token().to_owned(),
                encrypted: there.encrypted().unwrap_or_default(),
                performance_mode: there.performance_mode().as_str().to_owned(),
                throughput_mode: there.throughput_mode().map_or("bursting", |mode| mode.as_str()).to_owned(),
                backup: backup(aws, wanted.id, id).await?,
            },
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([
                (Attribute::Id, id.to_owned()),
                (Attribute::Arn, there.file_system_arn().unwrap_or_default().to_owned()),
            ]),
            readiness: readiness(there.life_cycle_state()),
        }))
    }

    /// The token is its name: one that was made by a call without an answer is found by it.
    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let request = aws
            .efs
            .create_file_system()
            .creation_token(&wanted.body.creation_token)
            .encrypted(wanted.body.encrypted)
            .performance_mode(wanted.body.performance_mode.as_str().into())
            .throughput_mode(wanted.body.throughput_mode.as_str().into())
            .backup(wanted.body.backup)
            .set_tags(Some(tags::write(wanted.id, wanted.tags)?));
        let operation = Operation::repeatable(SERVICE, "CreateFileSystem");
        aws.call(operation, wanted.id, || request.clone().send()).await?;
        Ok(())
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        physical_id: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch("throughputMode") {
            let mode = wanted.body.throughput_mode.as_str();
            let send = || {
                aws.efs.update_file_system().file_system_id(physical_id).throughput_mode(mode.into()).send()
            };
            aws.call(Operation::repeatable(SERVICE, "UpdateFileSystem"), wanted.id, send).await?;
        }
        if changes.touch("backup") {
            keep_backups(aws, wanted, physical_id).await?;
        }
        if changes.touch("tags") {
            tags::put(aws, wanted.id, wanted.tags, physical_id).await?;
        }
        Ok(())
    }

    /// EFS refuses while there are mount targets, the stack's or others': asked again until they are gone.
    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let send = || aws.efs.delete_file_system().file_system_id(physical_id).send();
        gone(aws.call(Operation::delete(SERVICE, "DeleteFileSystem"), physical_id, send).await)
    }

    async fn is_gone(aws: &Aws, physical_id: &str) -> Result<bool, Error> {
        let there = by_id(aws, physical_id, physical_id).await?;
        Ok(there.is_none_or(|there| *there.life_cycle_state() == LifeCycleState::Deleted))
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        owned(aws).await
    }
}

/// A file system by its id.
pub(super) async fn by_id(
    aws: &Aws,
    resource: impl ToString + Send,
    file_system: &str,
) -> Result<Option<FileSystemDescription>, Error> {
    let send = || aws.efs.describe_file_systems().file_system_id(file_system).send();
    let answer = found(aws.call(Operation::read(SERVICE, "DescribeFileSystems"), resource, send).await)?;
    Ok(answer.and_then(|answer| answer.file_systems?.into_iter().next()))
}

/// The file systems of the stack: the identity and the id of each.
pub(super) async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
    let kind = AwsKind::FileSystem;
    let operation = Operation::read(SERVICE, "DescribeFileSystems");
    let send = |marker| aws.efs.describe_file_systems().set_marker(marker).send();
    let all = aws.every_page(operation, kind, send, |page| (page.file_systems, page.next_marker)).await?;
    let owned = all.into_iter().filter_map(|there| {
        let id = aws.marked(&tags::read(there.tags())).filter(|id| id.kind == kind)?;
        Some((id, there.file_system_id))
    });
    Ok(owned.collect())
}

/// How far along a file system or a mount target is.
pub(super) fn readiness(state: &LifeCycleState) -> Readiness {
    match state {
        LifeCycleState::Available => Readiness::Ready,
        LifeCycleState::Error => Readiness::Failed(state.as_str().to_owned()),
        state => Readiness::InProgress(state.as_str().to_owned()),
    }
}

/// Whether AWS Backup keeps copies. Without a policy it does not.
async fn backup(aws: &Aws, id: &AwsId, file_system: &str) -> Result<bool, Error> {
    let send = || aws.efs.describe_backup_policy().file_system_id(file_system).send();
    let answer = found(aws.call(Operation::read(SERVICE, "DescribeBackupPolicy"), id, send).await)?;
    let status = answer.and_then(|answer| answer.backup_policy).map(|policy| policy.status);
    Ok(matches!(status, Some(Status::Enabled | Status::Enabling)))
}

async fn keep_backups(aws: &Aws, wanted: Wanted<'_, FileSystem>, file_system: &str) -> Result<(), Error> {
    let status = if wanted.body.backup { Status::Enabled } else { Status::Disabled };
    let policy: Result<BackupPolicy, _> = BackupPolicy::builder().status(status).build();
    let policy = policy
        .map_err(|error| Error::other(wanted.id, "elasticfilesystem:PutBackupPolicy", error.to_string()))?;
    let send =
        || aws.efs.put_backup_policy().file_system_id(file_system).backup_policy(policy.clone()).send();
    aws.call(Operation::repeatable(SERVICE, "PutBackupPolicy"), wanted.id, send).await?;
    Ok(())
}
