//! Who pods are to AWS.

use std::collections::BTreeMap;

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::default_is_built;
use crate::types::{Arn, LabelName};

/// Who pods are to AWS: one IAM role for each Airflow component and each Spark team, with no more rights than it needs.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use airflow_eks_core::spec::{Identities, PodIdentity};
///
/// # fn main() -> Result<(), airflow_eks_core::types::InvalidText> {
/// let read_data = "arn:aws:iam::111122223333:policy/read-data".parse()?;
/// let identities = Identities::builder()
///     .provider(PodIdentity::PodIdentity)
///     .policies(BTreeMap::from([("airflow-worker".parse()?, vec![read_data])]))
///     .build();
/// assert_eq!(identities.policies.len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Identities {
    /// How pods get their IAM role. The default is `irsa`.
    #[builder(default)]
    pub provider: PodIdentity,
    /// A policy that bounds what any role of the stack may ever do. The default is none.
    /// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>.
    pub permissions_boundary: Option<Arn>,
    /// Managed policies besides those of the stack, by service account of Airflow or by Spark team, such as
    /// `airflow-worker` or `spark-team-a`.
    #[builder(default)]
    pub policies: BTreeMap<LabelName, Vec<Arn>>,
}

default_is_built!(Identities);

/// How pods get their IAM role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PodIdentity {
    /// IAM roles for service accounts: an annotation names the role.
    #[default]
    Irsa,
    /// EKS Pod Identity: an association names the role, service accounts carry no annotation.
    PodIdentity,
}
