//! How the web interface is reached from outside the cluster.

use std::collections::BTreeMap;

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{appends, default_is_built};
use crate::types::{Arn, Cidr, HostName, LabelName};

/// An Application Load Balancer before the web interface: internal unless the stack says otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AirflowIngress {
    /// The address blocks that may reach an internet-facing load balancer. The default is none, which is refused there.
    #[builder(field)]
    pub inbound_cidrs: Vec<Cidr>,
    /// Whether there is one. The default is true.
    #[builder(default = true)]
    pub enabled: bool,
    /// Who reaches it. The default is `internal`.
    #[builder(default)]
    pub scheme: IngressScheme,
    /// The certificate in ACM for HTTPS. Required where it is internet-facing.
    pub certificate_arn: Option<Arn>,
    /// The host name. The default is any.
    pub host: Option<HostName>,
    /// A group of ingresses that share one load balancer. The default is the stack's name.
    pub group: Option<LabelName>,
    /// Annotations besides those that the stack sets.
    #[builder(default)]
    pub annotations: BTreeMap<String, String>,
}

default_is_built!(AirflowIngress);

appends!(AirflowIngressBuilder in airflow_ingress_builder {
    /// Adds an address block that may reach the load balancer.
    inbound_cidr(Cidr) => inbound_cidrs;
});

/// Who reaches a load balancer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IngressScheme {
    /// The VPC and what is connected to it.
    #[default]
    Internal,
    /// The internet.
    InternetFacing,
}

impl IngressScheme {
    /// The word that the AWS Load Balancer Controller uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::InternetFacing => "internet-facing",
        }
    }
}
