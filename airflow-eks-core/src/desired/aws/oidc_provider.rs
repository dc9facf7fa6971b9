//! The OpenID Connect provider, by which IAM trusts the cluster's service accounts.
//! See <https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html>.

use super::parts::Parts;
use crate::aws_resources::OidcProvider;
use crate::graph::Attribute;
use crate::spec::PodIdentity;

/// Whom the tokens of service accounts are for.
pub(super) const AUDIENCE: &str = "sts.amazonaws.com";

pub(super) fn add(parts: &mut Parts<'_>) {
    if parts.spec().identities.provider != PodIdentity::Irsa {
        return;
    }
    let provider = OidcProvider {
        url: parts.of_cluster(Attribute::OidcIssuer),
        client_id_list: [AUDIENCE.to_owned()].into(),
    };
    if parts.spec().cluster.existing.is_some() {
        // An account has one provider for an issuer: who made the cluster may have made it too.
        parts.add_shared("cluster", provider);
    } else {
        parts.add("cluster", provider);
    }
}
