//! What holds data and is protected: deleting it has to be asked for by name.

use airflow_eks_core::aws_resources::AwsKind;
use airflow_eks_core::engine::{Failure, Owned};
use airflow_eks_core::graph::ResourceId;
use aws_sdk_s3::types::BucketVersioningStatus;

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found};

impl Aws {
    /// Says of each resource that is protected why: a database with deletion protection, a bucket that keeps old versions.
    ///
    /// # Errors
    /// A resource could not be read. What is not known to be unprotected is never deleted.
    pub async fn protected(&self, owned: &[Owned]) -> Result<Vec<String>, Failure> {
        let asked = owned.iter().map(|owned| self.protection(owned));
        let answers = futures::future::try_join_all(asked).await.map_err(|error| error.failure)?;
        Ok(answers.into_iter().flatten().collect())
    }

    async fn protection(&self, owned: &Owned) -> Result<Option<String>, Error> {
        let ResourceId::Aws(id) = &owned.id else { return Ok(None) };
        let name = owned.physical_id.as_str();
        match id.kind {
            AwsKind::DbInstance => {
                let answer = self
                    .call(Operation::read("rds", "DescribeDBInstances"), id, || {
                        self.rds.describe_db_instances().db_instance_identifier(name).send()
                    })
                    .await;
                let protected = found(answer)?.is_some_and(|answer| {
                    answer.db_instances().iter().any(|instance| instance.deletion_protection() == Some(true))
                });
                Ok(protected.then(|| format!("the database `{name}` has deletion protection")))
            }
            AwsKind::Bucket => {
                let answer = self
                    .call(Operation::read("s3", "GetBucketVersioning"), id, || {
                        self.s3.get_bucket_versioning().bucket(name).send()
                    })
                    .await;
                let status = found(answer)?.and_then(|answer| answer.status);
                Ok((status == Some(BucketVersioningStatus::Enabled))
                    .then(|| format!("the bucket `{name}` keeps old versions of objects")))
            }
            _ => Ok(None),
        }
    }
}
