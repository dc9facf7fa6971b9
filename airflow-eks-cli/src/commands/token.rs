//! `token`: a credential for kubectl.

use airflow_eks_aws::{Aws, Connection};
use jiff::Timestamp;
use serde_json::json;

use crate::args::{Global, Token};
use crate::error::Error;
use crate::session::{block_on, connect};
use crate::{input, output};

pub(crate) fn run(global: &Global, options: &Token) -> Result<(), Error> {
    let token = block_on(async {
        let (aws, cluster) = match (&options.cluster, &options.region) {
            (Some(cluster), Some(region)) => {
                let connection = Connection { stack: cluster.clone(), region: region.clone() };
                (Aws::connect(connection).await, cluster.clone())
            }
            _ => {
                let stack = input::stack(global)?;
                (connect(&stack).await, stack.cluster_name().to_owned())
            }
        };
        Ok(aws.token(&cluster).await?)
    })?;
    let expires = Timestamp::try_from(token.expires).map_err(|error| Error::Failed {
        message: format!("the clock of this machine is off: {error}"),
        hint: None,
    })?;
    // <https://kubernetes.io/docs/reference/config-api/client-authentication.v1/>
    output::data(&airflow_eks_core::render::json(&json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "spec": { "interactive": false },
        "status": {
            "expirationTimestamp": expires.round(jiff::Unit::Second).unwrap_or(expires).to_string(),
            "token": token.text,
        },
    })))
}
