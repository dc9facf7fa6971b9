//! From a resource to what manages its kind.

use airflow_eks_core::aws_resources::{self, AwsKind, AwsObject, AwsResource};
use airflow_eks_core::engine::{Owned, Present};
use airflow_eks_core::graph::ResourceId;
use airflow_eks_core::plan::FieldChange;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _};

use super::{Changes, Found, Manage, Wanted};
use crate::clients::Aws;
use crate::error::Error;

macro_rules! dispatch {
    ($($kind:ident),+ $(,)?) => {
        pub(crate) fn read<'a>(aws: &'a Aws, object: &'a AwsObject) -> BoxFuture<'a, Result<Option<Present>, Error>> {
            match &object.body { $(
                AwsResource::$kind(body) => async move {
                    Ok(Manage::read(aws, wanted(object, body)).await?.map(present))
                }.boxed(),
            )+ }
        }

        pub(crate) fn create<'a>(aws: &'a Aws, object: &'a AwsObject) -> BoxFuture<'a, Result<(), Error>> {
            match &object.body { $(
                AwsResource::$kind(body) => Manage::create(aws, wanted(object, body)).boxed(),
            )+ }
        }

        pub(crate) fn update<'a>(
            aws: &'a Aws,
            object: &'a AwsObject,
            physical_id: &'a str,
            changes: &'a [FieldChange],
        ) -> BoxFuture<'a, Result<(), Error>> {
            match &object.body { $(
                AwsResource::$kind(body) => {
                    Manage::update(aws, wanted(object, body), physical_id, Changes(changes)).boxed()
                }
            )+ }
        }

        pub(crate) fn delete<'a>(aws: &'a Aws, kind: AwsKind, physical_id: &'a str) -> BoxFuture<'a, Result<(), Error>> {
            match kind { $( AwsKind::$kind => aws_resources::$kind::delete(aws, physical_id).boxed(), )+ }
        }

        pub(crate) fn is_gone<'a>(aws: &'a Aws, kind: AwsKind, physical_id: &'a str) -> BoxFuture<'a, Result<bool, Error>> {
            match kind { $( AwsKind::$kind => aws_resources::$kind::is_gone(aws, physical_id).boxed(), )+ }
        }

        fn owned_of(aws: &Aws, kind: AwsKind) -> BoxFuture<'_, Result<Vec<(airflow_eks_core::graph::AwsId, String)>, Error>> {
            match kind { $( AwsKind::$kind => aws_resources::$kind::owned(aws).boxed(), )+ }
        }
    };
}

dispatch!(
    AccessEntry,
    Addon,
    Bucket,
    Cluster,
    DbInstance,
    DbParameterGroup,
    DbSubnetGroup,
    ElasticIp,
    EventRule,
    ExistingCluster,
    FargateProfile,
    FileSystem,
    InternetGateway,
    KmsKey,
    LaunchTemplate,
    LogGroup,
    MountTarget,
    NatGateway,
    NodeGroup,
    OidcProvider,
    PodIdentityAssociation,
    PrometheusWorkspace,
    Queue,
    Role,
    RouteTable,
    Secret,
    SecurityGroup,
    SecurityGroupRules,
    ServiceLinkedRole,
    Subnet,
    Vpc,
    VpcCidrBlock,
    VpcEndpoint,
);

/// How many kinds are listed at a time.
const AT_A_TIME: usize = 8;

/// Every resource, of whatever kind, that carries the marks of the stack.
pub(crate) async fn owned(aws: &Aws) -> Result<Vec<Owned>, Error> {
    let lists =
        futures::stream::iter(AwsKind::ALL).map(|kind| owned_of(aws, *kind)).buffer_unordered(AT_A_TIME);
    let lists: Vec<_> = lists.try_collect().await?;
    let owned = lists.into_iter().flatten();
    let mut owned: Vec<Owned> =
        owned.map(|(id, physical_id)| Owned { id: ResourceId::Aws(id), physical_id }).collect();
    owned.sort();
    Ok(owned)
}

fn wanted<'a, T>(object: &'a AwsObject, body: &'a T) -> Wanted<'a, T> {
    Wanted { id: &object.id, tags: &object.tags, body }
}

fn present<T: Manage>(found: Found<T>) -> Present {
    Present {
        physical_id: found.physical_id,
        fields: serde_json::to_value(&found.body).unwrap_or_default(),
        tags: found.tags,
        attributes: found.attributes,
        readiness: found.readiness,
        ownership: found.ownership,
        differences: None,
    }
}
