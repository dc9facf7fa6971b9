//! Who may do what in a cluster.

use std::collections::{BTreeMap, BTreeSet};

use airflow_eks_core::aws_resources::{AccessEntry, AccessScope, AwsKind, STACK_TAG, Tags, is_known};
use airflow_eks_core::engine::{Ownership, Readiness};
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_eks::types::{self as sdk, AccessScopeType};

use super::cluster::read as cluster;
use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::eks::{clusters, in_cluster, physical_id, request_token};
use crate::error::{Class, Error, found, gone};
use crate::tags::eks as tags;

type Policies = BTreeMap<String, AccessScope>;

impl Manage for AccessEntry {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let (cluster, principal) = (&wanted.body.cluster_name, &wanted.body.principal_arn);
        if !is_known(cluster) || !is_known(principal) {
            return Ok(None);
        }
        let Some(entry) = describe(aws, wanted.id, cluster, principal).await? else { return Ok(None) };
        let Some(policies) = found(policies(aws, wanted.id, cluster, principal).await)? else {
            return Ok(None);
        };
        let tags = tags::read(entry.tags());
        let ownership = match unclaimed(&tags) && entry.r#type() == Some(wanted.body.entry_type.as_str()) {
            true => ownership_of(aws, wanted).await?,
            false => aws.ownership(&tags),
        };
        let arn = entry.access_entry_arn().unwrap_or_default();
        Ok(Some(Found {
            physical_id: physical_id(cluster, principal),
            body: Self {
                cluster_name: cluster.clone(),
                principal_arn: principal.clone(),
                entry_type: entry.r#type().unwrap_or_default().to_owned(),
                access_policies: policies,
            },
            ownership,
            tags,
            attributes: BTreeMap::from([(Attribute::Arn, arn.to_owned())]),
            readiness: Readiness::Ready,
        }))
    }

    /// An entry without all of its policies shows as a change of them. The one that EKS made for whoever made the cluster
    /// is completed.
    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let token = request_token();
        let send = || {
            aws.eks
                .create_access_entry()
                .cluster_name(&wanted.body.cluster_name)
                .principal_arn(&wanted.body.principal_arn)
                .r#type(&wanted.body.entry_type)
                .set_tags(Some(tags::write(wanted.tags)))
                .client_request_token(&token)
                .send()
        };
        match aws.call(Operation::repeatable("eks", "CreateAccessEntry"), wanted.id, send).await {
            Err(error) if error.class == Class::AlreadyExists => match Self::read(aws, wanted).await? {
                Some(found) if found.ownership == Ownership::Ours => {
                    set_tags(aws, wanted).await?;
                    set_policies(aws, wanted).await
                }
                _ => Err(error),
            },
            answer => {
                answer?;
                associate(aws, wanted, &Policies::new()).await
            }
        }
    }

    async fn update(aws: &Aws, wanted: Wanted<'_, Self>, _: &str, changes: Changes<'_>) -> Result<(), Error> {
        if changes.touch("accessPolicies") {
            set_policies(aws, wanted).await?;
        }
        if changes.touch("tags") {
            set_tags(aws, wanted).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, physical_id: &str) -> Result<(), Error> {
        let (cluster, principal) = in_cluster(physical_id)?;
        let send = || aws.eks.delete_access_entry().cluster_name(cluster).principal_arn(principal).send();
        gone(aws.call(Operation::delete("eks", "DeleteAccessEntry"), physical_id, send).await)
    }

    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        clusters::owned(aws, AwsKind::AccessEntry, tagged).await
    }
}

/// Whether no stack says that an entry is its own.
fn unclaimed(tags: &Tags) -> bool {
    !tags.contains_key(STACK_TAG)
}

/// Whose an entry is that nobody claims: in a cluster of the stack, EKS makes one without tags for whoever makes the
/// cluster, and the stack may name that role itself. It is the stack's to complete; until then it is not among what the
/// stack owns.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessConfigRequest.html>.
async fn ownership_of(aws: &Aws, wanted: Wanted<'_, AccessEntry>) -> Result<Ownership, Error> {
    let cluster = cluster::describe(aws, wanted.id, &wanted.body.cluster_name).await?;
    let of_stack = cluster.map(|cluster| aws.ownership(&tags::read(cluster.tags())));
    Ok(match of_stack {
        Some(Ownership::Ours) => Ownership::Ours,
        _ => aws.ownership(&Tags::new()),
    })
}

async fn set_policies(aws: &Aws, wanted: Wanted<'_, AccessEntry>) -> Result<(), Error> {
    let (cluster, principal) = (&wanted.body.cluster_name, &wanted.body.principal_arn);
    let there = policies(aws, wanted.id, cluster, principal).await?;
    associate(aws, wanted, &there).await?;
    let unwanted = there.keys().filter(|policy| !wanted.body.access_policies.contains_key(*policy));
    for policy in unwanted {
        disassociate(aws, wanted, policy).await?;
    }
    Ok(())
}

async fn set_tags(aws: &Aws, wanted: Wanted<'_, AccessEntry>) -> Result<(), Error> {
    let (cluster, principal) = (&wanted.body.cluster_name, &wanted.body.principal_arn);
    let entry = describe(aws, wanted.id, cluster, principal).await?;
    let arn = entry.and_then(|entry| entry.access_entry_arn).unwrap_or_default();
    tags::put(aws, wanted.id, wanted.tags, &arn).await
}

async fn describe(
    aws: &Aws,
    resource: impl ToString + Send,
    cluster: &str,
    principal: &str,
) -> Result<Option<sdk::AccessEntry>, Error> {
    let send = || aws.eks.describe_access_entry().cluster_name(cluster).principal_arn(principal).send();
    let answer = aws.call(Operation::read("eks", "DescribeAccessEntry"), resource, send).await;
    Ok(found(answer)?.and_then(|answer| answer.access_entry))
}

async fn policies(aws: &Aws, id: &AwsId, cluster: &str, principal: &str) -> Result<Policies, Error> {
    let operation = Operation::read("eks", "ListAssociatedAccessPolicies");
    let send = |token| {
        let list = aws.eks.list_associated_access_policies().cluster_name(cluster);
        list.principal_arn(principal).set_next_token(token).send()
    };
    let policies = aws
        .every_page(operation, id, send, |page| (page.associated_access_policies, page.next_token))
        .await?;
    Ok(policies.iter().filter_map(associated).collect())
}

fn associated(policy: &sdk::AssociatedAccessPolicy) -> Option<(String, AccessScope)> {
    let scope = policy.access_scope().filter(|scope| scope.r#type() == Some(&AccessScopeType::Namespace));
    let namespaces: BTreeSet<String> =
        scope.map(|scope| scope.namespaces().iter().cloned().collect()).unwrap_or_default();
    Some((policy.policy_arn()?.to_owned(), AccessScope { namespaces }))
}

/// Associates what is not there, or counts elsewhere: associating a policy again gives it another scope.
/// See <https://docs.aws.amazon.com/eks/latest/APIReference/API_AssociateAccessPolicy.html>.
async fn associate(aws: &Aws, wanted: Wanted<'_, AccessEntry>, there: &Policies) -> Result<(), Error> {
    let missing =
        wanted.body.access_policies.iter().filter(|(policy, scope)| there.get(*policy) != Some(*scope));
    for (policy, scope) in missing {
        let kind =
            if scope.namespaces.is_empty() { AccessScopeType::Cluster } else { AccessScopeType::Namespace };
        let namespaces = (!scope.namespaces.is_empty()).then(|| scope.namespaces.iter().cloned().collect());
        let scope = sdk::AccessScope::builder().r#type(kind).set_namespaces(namespaces).build();
        let send = || {
            aws.eks
                .associate_access_policy()
                .cluster_name(&wanted.body.cluster_name)
                .principal_arn(&wanted.body.principal_arn)
                .policy_arn(policy)
                .access_scope(scope.clone())
                .send()
        };
        aws.call(Operation::repeatable("eks", "AssociateAccessPolicy"), wanted.id, send).await?;
    }
    Ok(())
}

async fn disassociate(aws: &Aws, wanted: Wanted<'_, AccessEntry>, policy: &str) -> Result<(), Error> {
    let send = || {
        aws.eks
            .disassociate_access_policy()
            .cluster_name(&wanted.body.cluster_name)
            .principal_arn(&wanted.body.principal_arn)
            .policy_arn(policy)
            .send()
    };
    gone(aws.call(Operation::delete("eks", "DisassociateAccessPolicy"), wanted.id, send).await)
}

async fn tagged(aws: &Aws, cluster: String) -> Result<Vec<(Tags, String)>, Error> {
    let kind = AwsKind::AccessEntry;
    let operation = Operation::read("eks", "ListAccessEntries");
    let send = |token| aws.eks.list_access_entries().cluster_name(&cluster).set_next_token(token).send();
    let principals =
        match aws.every_page(operation, kind, send, |page| (page.access_entries, page.next_token)).await {
            // A cluster that knows its callers by a config map has no entries.
            Err(error) if error.failure.message.contains("authentication mode") => return Ok(Vec::new()),
            answer => answer?,
        };
    let mut tagged = Vec::new();
    for principal in principals {
        let entry = describe(aws, kind, &cluster, &principal).await?;
        tagged.extend(entry.map(|entry| (tags::read(entry.tags()), physical_id(&cluster, &principal))));
    }
    Ok(tagged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_another_stack_is_claimed() {
        assert!(unclaimed(&Tags::new()));
        assert!(unclaimed(&Tags::from([("team".to_owned(), "data".to_owned())])));
        assert!(!unclaimed(&Tags::from([(STACK_TAG.to_owned(), "other".to_owned())])));
    }

    #[test]
    fn a_policy_of_the_whole_cluster_has_no_namespaces() {
        let of = |scope: sdk::AccessScope| {
            let policy =
                sdk::AssociatedAccessPolicy::builder().policy_arn("arn:p").access_scope(scope).build();
            associated(&policy).unwrap().1.namespaces
        };
        let scope = sdk::AccessScope::builder().r#type(AccessScopeType::Cluster);
        assert!(of(scope.build()).is_empty());
        let scope = sdk::AccessScope::builder().r#type(AccessScopeType::Namespace);
        assert_eq!(
            of(scope.namespaces("b").namespaces("a").build()).into_iter().collect::<Vec<_>>(),
            ["a", "b"]
        );
    }
}
