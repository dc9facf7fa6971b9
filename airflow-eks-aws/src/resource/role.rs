//! An IAM role with its policies.

use std::collections::BTreeMap;

use airflow_eks_core::aws_resources::{AwsKind, Role, STACK_TAG, Tags, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use aws_sdk_iam::types::InstanceProfile;

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::made::made;
use crate::policy;
use crate::tags::iam as tags;

/// What Karpenter writes on the instance profiles that it makes of a role.
/// See <https://karpenter.sh/docs/concepts/nodeclasses/#specrole>.
const KARPENTER_TAG: &str = "karpenter.k8s.aws/ec2nodeclass";

impl Manage for Role {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let name = wanted.body.role_name.as_str();
        if !is_known(name) {
            return Ok(None);
        }
        let operation = Operation::read("iam", "GetRole");
        let answer =
            found(aws.call(operation, wanted.id, || aws.iam.get_role().role_name(name).send()).await)?;
        let Some(role) = answer.and_then(|answer| answer.role) else { return Ok(None) };
        let (managed, inline) = tokio::try_join!(attached(aws, name), inline(aws, wanted))?;
        let trust = role.assume_role_policy_document().unwrap_or_default();
        let body = Self {
            role_name: name.to_owned(),
            description: role.description().unwrap_or_default().to_owned(),
            assume_role_policy_document: policy::read_encoded(
                Some(&wanted.body.assume_role_policy_document),
                trust,
            ),
            managed_policy_arns: managed.into_iter().collect(),
            inline_policies: inline,
            permissions_boundary: role
                .permissions_boundary()
                .and_then(|boundary| boundary.permissions_boundary_arn())
                .map(str::to_owned),
        };
        let tags = tags::read(role.tags());
        Ok(Some(Found {
            physical_id: name.to_owned(),
            body,
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([(Attribute::Arn, role.arn().to_owned())]),
            readiness: Readiness::Ready,
        }))
    }

    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let body = wanted.body;
        let answer = aws
            .call(Operation::repeatable("iam", "CreateRole"), wanted.id, || {
                aws.iam
                    .create_role()
                    .role_name(&body.role_name)
                    .description(&body.description)
                    .assume_role_policy_document(body.assume_role_policy_document.to_string())
                    .set_permissions_boundary(body.permissions_boundary.clone())
                    .set_tags(Some(tags::write(wanted.tags)))
                    .send()
            })
            .await;
        made(aws, wanted, answer).await?;
        // Inline policies first: what a role may do by its own is there before anything broader.
        for name in body.inline_policies.keys() {
            put_inline(aws, wanted, name).await?;
        }
        for arn in &body.managed_policy_arns {
            attach(aws, wanted, arn).await?;
        }
        Ok(())
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        name: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        let Wanted { id, body, .. } = wanted;
        if changes.touch("description") {
            // Not UpdateRole, which would also set the longest session.
            aws.call(Operation::repeatable("iam", "UpdateRoleDescription"), id, || {
                aws.iam.update_role_description().role_name(name).description(&body.description).send()
            })
            .await?;
        }
        if changes.touch("assumeRolePolicyDocument") {
            let document = body.assume_role_policy_document.to_string();
            aws.call(Operation::repeatable("iam", "UpdateAssumeRolePolicy"), id, || {
                aws.iam.update_assume_role_policy().role_name(name).policy_document(&document).send()
            })
            .await?;
        }
        if changes.touch("permissionsBoundary") {
            update_boundary(aws, wanted).await?;
        }
        if changes.touch("inlinePolicies") {
            update_inline(aws, wanted).await?;
        }
        if changes.touch("managedPolicyArns") {
            update_attached(aws, wanted).await?;
        }
        if changes.touch("tags") {
            aws.call(Operation::repeatable("iam", "TagRole"), id, || {
                aws.iam.tag_role().role_name(name).set_tags(Some(tags::write(wanted.tags))).send()
            })
            .await?;
        }
        Ok(())
    }

    /// A role goes only after everything that hangs on it.
    /// See <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html>.
    async fn delete(aws: &Aws, name: &str) -> Result<(), Error> {
        for arn in found(attached(aws, name).await)?.unwrap_or_default() {
            gone(detach(aws, name, &arn).await)?;
        }
        for policy in found(inline_names(aws, name).await)?.unwrap_or_default() {
            gone(delete_inline(aws, name, &policy).await)?;
        }
        leave_instance_profiles(aws, name).await?;
        let operation = Operation::delete("iam", "DeleteRole");
        gone(aws.call(operation, name, || aws.iam.delete_role().role_name(name).send()).await)
    }

    /// Roles belong to the account, not to a Region: only those named for this Region are asked for.
    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let operation = Operation::read("iam", "ListRoles");
        let send = |marker| aws.iam.list_roles().set_marker(marker).send();
        let roles = aws.every_page(operation, AwsKind::Role, send, |page| (page.roles, page.marker)).await?;
        let names = roles.into_iter().map(|role| role.role_name);
        let prefix = format!("{}-{}-", aws.stack, aws.region);
        let mut owned = Vec::new();
        for name in names.filter(|name| name.starts_with(&prefix)) {
            // One that was deleted in the meantime is none.
            let tags = found(role_tags(aws, &name).await)?.unwrap_or_default();
            owned.extend(aws.marked(&tags).filter(|id| id.kind == AwsKind::Role).map(|id| (id, name)));
        }
        Ok(owned)
    }
}

async fn role_tags(aws: &Aws, role: &str) -> Result<Tags, Error> {
    let operation = Operation::read("iam", "ListRoleTags");
    let send = |marker| aws.iam.list_role_tags().role_name(role).set_marker(marker).send();
    let tags = aws.every_page(operation, role, send, |page| (page.tags, page.marker)).await?;
    Ok(tags::read(&tags))
}

/// The ARNs of the managed policies that a role has.
async fn attached(aws: &Aws, role: &str) -> Result<Vec<String>, Error> {
    let operation = Operation::read("iam", "ListAttachedRolePolicies");
    let send = |marker| aws.iam.list_attached_role_policies().role_name(role).set_marker(marker).send();
    let policies =
        aws.every_page(operation, role, send, |page| (page.attached_policies, page.marker)).await?;
    Ok(policies.into_iter().filter_map(|policy| policy.policy_arn).collect())
}

async fn attach(aws: &Aws, wanted: Wanted<'_, Role>, arn: &str) -> Result<(), Error> {
    let role = &wanted.body.role_name;
    let operation = Operation::repeatable("iam", "AttachRolePolicy");
    aws.call(operation, wanted.id, || aws.iam.attach_role_policy().role_name(role).policy_arn(arn).send())
        .await?;
    Ok(())
}

async fn detach(aws: &Aws, role: &str, arn: &str) -> Result<(), Error> {
    let operation = Operation::delete("iam", "DetachRolePolicy");
    aws.call(operation, role, || aws.iam.detach_role_policy().role_name(role).policy_arn(arn).send()).await?;
    Ok(())
}

async fn update_attached(aws: &Aws, wanted: Wanted<'_, Role>) -> Result<(), Error> {
    let Role { role_name, managed_policy_arns, .. } = wanted.body;
    let attached = attached(aws, role_name).await?;
    for arn in managed_policy_arns.iter().filter(|arn| !attached.contains(arn)) {
        attach(aws, wanted, arn).await?;
    }
    for arn in attached.iter().filter(|arn| !managed_policy_arns.contains(*arn)) {
        gone(detach(aws, role_name, arn).await)?;
    }
    Ok(())
}

async fn inline_names(aws: &Aws, role: &str) -> Result<Vec<String>, Error> {
    let operation = Operation::read("iam", "ListRolePolicies");
    let send = |marker| aws.iam.list_role_policies().role_name(role).set_marker(marker).send();
    aws.every_page(operation, role, send, |page| (page.policy_names, page.marker)).await
}

/// The policies of the role's own, in the words of the wanted ones where they mean the same.
async fn inline(aws: &Aws, wanted: Wanted<'_, Role>) -> Result<BTreeMap<String, serde_json::Value>, Error> {
    let role = &wanted.body.role_name;
    let mut policies = BTreeMap::new();
    for name in inline_names(aws, role).await? {
        let operation = Operation::read("iam", "GetRolePolicy");
        let answer = aws
            .call(operation, wanted.id, || {
                aws.iam.get_role_policy().role_name(role).policy_name(&name).send()
            })
            .await?;
        let wanted = wanted.body.inline_policies.get(&name);
        let document = policy::read_encoded(wanted, answer.policy_document());
        policies.insert(name, document);
    }
    Ok(policies)
}

async fn put_inline(aws: &Aws, wanted: Wanted<'_, Role>, name: &str) -> Result<(), Error> {
    let Role { role_name, inline_policies, .. } = wanted.body;
    let Some(document) = inline_policies.get(name).map(ToString::to_string) else { return Ok(()) };
    let operation = Operation::repeatable("iam", "PutRolePolicy");
    aws.call(operation, wanted.id, || {
        let put = aws.iam.put_role_policy().role_name(role_name);
        put.policy_name(name).policy_document(&document).send()
    })
    .await?;
    Ok(())
}

async fn delete_inline(aws: &Aws, role: &str, name: &str) -> Result<(), Error> {
    let operation = Operation::delete("iam", "DeleteRolePolicy");
    aws.call(operation, role, || aws.iam.delete_role_policy().role_name(role).policy_name(name).send())
        .await?;
    Ok(())
}

async fn update_inline(aws: &Aws, wanted: Wanted<'_, Role>) -> Result<(), Error> {
    let present = inline(aws, wanted).await?;
    let policies = &wanted.body.inline_policies;
    for (name, _) in policies.iter().filter(|(name, document)| present.get(*name) != Some(document)) {
        put_inline(aws, wanted, name).await?;
    }
    for name in present.keys().filter(|name| !policies.contains_key(*name)) {
        gone(delete_inline(aws, &wanted.body.role_name, name).await)?;
    }
    Ok(())
}

async fn update_boundary(aws: &Aws, wanted: Wanted<'_, Role>) -> Result<(), Error> {
    let Role { role_name, permissions_boundary, .. } = wanted.body;
    match permissions_boundary {
        Some(arn) => {
            let operation = Operation::repeatable("iam", "PutRolePermissionsBoundary");
            aws.call(operation, wanted.id, || {
                let put = aws.iam.put_role_permissions_boundary();
                put.role_name(role_name).permissions_boundary(arn).send()
            })
            .await?;
            Ok(())
        }
        None => {
            let operation = Operation::delete("iam", "DeleteRolePermissionsBoundary");
            gone(
                aws.call(operation, wanted.id, || {
                    aws.iam.delete_role_permissions_boundary().role_name(role_name).send()
                })
                .await,
            )
        }
    }
}

/// Takes the role out of its instance profiles, and deletes those that the stack, or its Karpenter, has made: nodes need
/// them no more, and nothing else would delete them.
async fn leave_instance_profiles(aws: &Aws, role: &str) -> Result<(), Error> {
    let operation = Operation::read("iam", "ListInstanceProfilesForRole");
    let send = |marker| aws.iam.list_instance_profiles_for_role().role_name(role).set_marker(marker).send();
    let profiles = aws.every_page(operation, role, send, |page| (page.instance_profiles, page.marker)).await;
    for profile in found(profiles)?.unwrap_or_default() {
        let profile = profile.instance_profile_name();
        let operation = Operation::delete("iam", "RemoveRoleFromInstanceProfile");
        gone(
            aws.call(operation, role, || {
                let remove = aws.iam.remove_role_from_instance_profile();
                remove.instance_profile_name(profile).role_name(role).send()
            })
            .await,
        )?;
        let tags = found(instance_profile_tags(aws, profile).await)?.unwrap_or_default();
        if tags.get(STACK_TAG) == Some(&aws.stack) || tags.contains_key(KARPENTER_TAG) {
            let operation = Operation::delete("iam", "DeleteInstanceProfile");
            gone(
                aws.call(operation, role, || {
                    aws.iam.delete_instance_profile().instance_profile_name(profile).send()
                })
                .await,
            )?;
        }
    }
    Ok(())
}

async fn instance_profile_tags(aws: &Aws, profile: &str) -> Result<Tags, Error> {
    let operation = Operation::read("iam", "GetInstanceProfile");
    let answer = aws
        .call(operation, profile, || aws.iam.get_instance_profile().instance_profile_name(profile).send())
        .await?;
    Ok(tags::read(answer.instance_profile().map(InstanceProfile::tags).unwrap_or_default()))
}
