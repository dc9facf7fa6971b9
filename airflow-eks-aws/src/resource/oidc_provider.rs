//! The OpenID Connect provider of a cluster.

use std::collections::{BTreeMap, BTreeSet};

use airflow_eks_core::aws_resources::{AwsKind, OidcProvider, RESOURCE_TAG, STACK_TAG, is_known};
use airflow_eks_core::engine::Readiness;
use airflow_eks_core::graph::{Attribute, AwsId};
use percent_encoding::percent_decode_str;

use super::{Changes, Found, Manage, Wanted};
use crate::call::Operation;
use crate::clients::Aws;
use crate::error::{Error, found, gone};
use crate::made::made;
use crate::tags::iam as tags;

impl Manage for OidcProvider {
    async fn read(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<Option<Found<Self>>, Error> {
        let url = &wanted.body.url;
        if !is_known(url) {
            return Ok(None);
        }
        // An account has one provider for an issuer, and its ARN is made of both.
        let caller = aws.identity().await?;
        let arn = format!("arn:{}:iam::{}:oidc-provider/{url}", caller.partition(), caller.account);
        let answer = aws
            .call(Operation::read("iam", "GetOpenIDConnectProvider"), wanted.id, || {
                aws.iam.get_open_id_connect_provider().open_id_connect_provider_arn(&arn).send()
            })
            .await;
        let Some(provider) = found(answer)? else { return Ok(None) };
        let body =
            Self { url: url.clone(), client_id_list: provider.client_id_list().iter().cloned().collect() };
        let tags = tags::read(provider.tags());
        Ok(Some(Found {
            physical_id: arn.clone(),
            body,
            ownership: aws.ownership(&tags),
            tags,
            attributes: BTreeMap::from([(Attribute::Arn, arn)]),
            readiness: Readiness::Ready,
        }))
    }

    /// No thumbprints: IAM knows the authorities that sign for EKS, and fetches the print itself.
    /// See <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html>.
    async fn create(aws: &Aws, wanted: Wanted<'_, Self>) -> Result<(), Error> {
        let ids: Vec<String> = wanted.body.client_id_list.iter().cloned().collect();
        let url = format!("https://{}", wanted.body.url);
        let answer = aws
            .call(Operation::repeatable("iam", "CreateOpenIDConnectProvider"), wanted.id, || {
                let create = aws.iam.create_open_id_connect_provider().url(&url);
                create.set_client_id_list(Some(ids.clone())).set_tags(Some(tags::write(wanted.tags))).send()
            })
            .await;
        made(aws, wanted, answer).await
    }

    async fn update(
        aws: &Aws,
        wanted: Wanted<'_, Self>,
        arn: &str,
        changes: Changes<'_>,
    ) -> Result<(), Error> {
        if changes.touch("clientIdList") {
            update_clients(aws, wanted, arn).await?;
        }
        if changes.touch("tags") {
            let operation = Operation::repeatable("iam", "TagOpenIDConnectProvider");
            aws.call(operation, wanted.id, || {
                let tag = aws.iam.tag_open_id_connect_provider().open_id_connect_provider_arn(arn);
                tag.set_tags(Some(tags::write(wanted.tags))).send()
            })
            .await?;
        }
        Ok(())
    }

    /// A provider that roles of others trust stays, without the stack's marks: they could not be assumed any more.
    async fn delete(aws: &Aws, arn: &str) -> Result<(), Error> {
        if let Some(role) = trusting_role_of_others(aws, arn).await? {
            tracing::warn!(role, "`{arn}` stays: a role that is not the stack's trusts it");
            return disown(aws, arn).await;
        }
        gone(
            aws.call(Operation::delete("iam", "DeleteOpenIDConnectProvider"), arn, || {
                aws.iam.delete_open_id_connect_provider().open_id_connect_provider_arn(arn).send()
            })
            .await,
        )
    }

    /// Providers belong to the account, not to a Region: only those of issuers in this Region are asked for, so that a
    /// stack of the same name in another Region keeps its own.
    async fn owned(aws: &Aws) -> Result<Vec<(AwsId, String)>, Error> {
        let answer = aws
            .call(Operation::read("iam", "ListOpenIDConnectProviders"), AwsKind::OidcProvider, || {
                aws.iam.list_open_id_connect_providers().send()
            })
            .await?;
        let arns = answer.open_id_connect_provider_list().iter().filter_map(|entry| entry.arn());
        let mut owned = Vec::new();
        for arn in arns.filter(|arn| is_in_region(arn, &aws.region)) {
            let operation = Operation::read("iam", "ListOpenIDConnectProviderTags");
            let send = |marker| {
                let list = aws.iam.list_open_id_connect_provider_tags();
                list.open_id_connect_provider_arn(arn).set_marker(marker).send()
            };
            let tags = aws.every_page(operation, arn, send, |page| (page.tags, page.marker)).await;
            // One that was deleted in the meantime is none.
            let id = aws.marked(&tags::read(&found(tags)?.unwrap_or_default()));
            owned.extend(id.filter(|id| id.kind == AwsKind::OidcProvider).map(|id| (id, arn.to_owned())));
        }
        Ok(owned)
    }
}

/// A role that lets a provider's tokens in and is not named like those of the stack, if there is one.
/// See <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html>.
async fn trusting_role_of_others(aws: &Aws, arn: &str) -> Result<Option<String>, Error> {
    let operation = Operation::read("iam", "ListRoles");
    let send = |marker| aws.iam.list_roles().set_marker(marker).send();
    let roles = aws.every_page(operation, arn, send, |page| (page.roles, page.marker)).await?;
    let ours = format!("{}-{}-", aws.stack, aws.region);
    let other = roles.into_iter().find(|role| {
        let trust = role.assume_role_policy_document().unwrap_or_default();
        !role.role_name().starts_with(&ours) && trusts(trust, arn)
    });
    Ok(other.map(|role| role.role_name))
}

/// Whether a trust document, encoded as in a URL, names a provider.
fn trusts(document: &str, arn: &str) -> bool {
    let document = percent_decode_str(document).decode_utf8_lossy();
    // JSON may have slashes escaped.
    document.replace("\\/", "/").contains(&format!("\"{arn}\""))
}

/// Takes the stack's marks off.
async fn disown(aws: &Aws, arn: &str) -> Result<(), Error> {
    let marks = vec![STACK_TAG.to_owned(), RESOURCE_TAG.to_owned()];
    gone(
        aws.call(Operation::delete("iam", "UntagOpenIDConnectProvider"), arn, || {
            let untag = aws.iam.untag_open_id_connect_provider().open_id_connect_provider_arn(arn);
            untag.set_tag_keys(Some(marks.clone())).send()
        })
        .await,
    )
}

/// Issuers of EKS lie at `oidc.eks.<region>.…` or `oidc-eks.<region>.…`.
/// See <https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html>.
fn is_in_region(arn: &str, region: &str) -> bool {
    let host = arn.split_once(":oidc-provider/").and_then(|(_, url)| url.split('/').next());
    host.is_some_and(|host| host.split('.').any(|part| part == region))
}

async fn update_clients(aws: &Aws, wanted: Wanted<'_, OidcProvider>, arn: &str) -> Result<(), Error> {
    let answer = aws
        .call(Operation::read("iam", "GetOpenIDConnectProvider"), wanted.id, || {
            aws.iam.get_open_id_connect_provider().open_id_connect_provider_arn(arn).send()
        })
        .await?;
    let present: BTreeSet<String> = answer.client_id_list().iter().cloned().collect();
    for client in wanted.body.client_id_list.difference(&present) {
        let operation = Operation::repeatable("iam", "AddClientIDToOpenIDConnectProvider");
        aws.call(operation, wanted.id, || {
            let add = aws.iam.add_client_id_to_open_id_connect_provider();
            add.open_id_connect_provider_arn(arn).client_id(client).send()
        })
        .await?;
    }
    for client in present.difference(&wanted.body.client_id_list) {
        let operation = Operation::delete("iam", "RemoveClientIDFromOpenIDConnectProvider");
        gone(
            aws.call(operation, wanted.id, || {
                let remove = aws.iam.remove_client_id_from_open_id_connect_provider();
                remove.open_id_connect_provider_arn(arn).client_id(client).send()
            })
            .await,
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trust_names_the_whole_provider() {
        let arn = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0A";
        let document = |arn: &str| {
            let text = format!(r#"{{"Statement":[{{"Principal":{{"Federated":"{arn}"}}}}]}}"#);
            percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        assert!(trusts(&document(arn), arn));
        assert!(!trusts(&document(&format!("{arn}B")), arn));
        assert!(!trusts("", arn));
    }

    #[test]
    fn the_issuer_tells_the_region() {
        let arn = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0A";
        assert!(is_in_region(arn, "eu-central-1"));
        assert!(!is_in_region(arn, "eu-central-2"));
        assert!(!is_in_region(
            "arn:aws:iam::123456789012:oidc-provider/example.com/eu-central-1",
            "eu-central-1"
        ));
    }
}
