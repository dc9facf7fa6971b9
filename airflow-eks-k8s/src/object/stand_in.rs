//! What stands in a dry run for values that are not known yet: visibly false, and of the right shape.

use airflow_eks_core::graph::{Attribute, Late, Output};

/// What stands in for a value that is not known yet.
pub(super) fn stand_in(late: &Late) -> String {
    let text = match late {
        Late::Output(Output::AccountId) => "000000000000",
        Late::Output(Output::ClusterCertificateAuthority) => "dW5rbm93bg==",
        Late::Output(Output::ClusterEndpoint | Output::PrometheusEndpoint) => "https://unknown.invalid",
        Late::Output(Output::DatabaseEndpoint) => "unknown.invalid",
        Late::Output(Output::FileSystemId) => "fs-00000000000000000",
        Late::Output(Output::VpcId) => "vpc-00000000000000000",
        Late::Attribute(_, Attribute::Arn) => "arn:aws:iam::000000000000:role/unknown",
        Late::Attribute(_, Attribute::Port) => "1",
        Late::Attribute(_, Attribute::Url) => "https://unknown.invalid",
        Late::Attribute(_, Attribute::Endpoint) => "unknown.invalid",
        Late::Attribute(_, Attribute::PublicIp) => "192.0.2.1",
        _ => "unknown",
    };
    text.to_owned()
}
