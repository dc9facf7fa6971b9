//! What lies in clusters, and is ours.

use std::future::Future;

use airflow_eks_core::aws_resources::{AwsKind, Tags};
use airflow_eks_core::graph::AwsId;
use futures::{StreamExt as _, TryStreamExt as _};

use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Class, Error};

/// How many clusters are asked about at a time.
const AT_A_TIME: usize = 4;

/// The names of all clusters of the account in the Region.
pub(crate) async fn names(aws: &Aws, resource: AwsKind) -> Result<Vec<String>, Error> {
    let operation = Operation::read("eks", "ListClusters");
    let send = |token| aws.eks.list_clusters().set_next_token(token).send();
    aws.every_page(operation, resource, send, |page| (page.clusters, page.next_token)).await
}

/// Everything of a kind that carries the marks of the stack, in whatever cluster: a stack may use a cluster that is not
/// its own, and may have used another one before.
///
/// `tagged` tells tags and physical id of everything of that kind in a cluster.
pub(crate) async fn owned<'a, F, T>(
    aws: &'a Aws,
    kind: AwsKind,
    tagged: F,
) -> Result<Vec<(AwsId, String)>, Error>
where
    F: Fn(&'a Aws, String) -> T + Send + Sync,
    T: Future<Output = Result<Vec<(Tags, String)>, Error>> + Send,
{
    let names = names(aws, kind).await?;
    let asked = names.into_iter().map(|name| {
        let answer = tagged(aws, name.clone());
        async move { readable(aws, &name, answer.await) }
    });
    let found: Vec<Vec<(Tags, String)>> =
        futures::stream::iter(asked).buffer_unordered(AT_A_TIME).try_collect().await?;
    let ours = found.into_iter().flatten().filter_map(|(tags, physical_id)| {
        let id = aws.marked(&tags).filter(|id| id.kind == kind)?;
        Some((id, physical_id))
    });
    Ok(ours.collect())
}

/// What a cluster holds. One that was deleted since holds nothing, and one that the caller may not look into is somebody
/// else's: what the stack wants in a cluster is read there by name as well, and being refused that is an error.
fn readable(
    aws: &Aws,
    cluster: &str,
    answer: Result<Vec<(Tags, String)>, Error>,
) -> Result<Vec<(Tags, String)>, Error> {
    match answer {
        Err(error) if error.is_not_found() => Ok(Vec::new()),
        Err(error) if error.class == Class::Denied && cluster != aws.stack => {
            tracing::warn!(cluster, "not looked into: {}", error.failure);
            Ok(Vec::new())
        }
        answer => answer,
    }
}
