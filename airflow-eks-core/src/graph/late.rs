//! Values that are not known when a stack is described: what only AWS can tell, and secrets.
//!
//! Inside the text of an object, a late value is a mark: its name between two private-use characters. Marks are resolved
//! where an object leaves core, and no user's text may hold them.

use std::fmt;

use serde_json::Value;

use super::AwsId;
use crate::aws_resources::AwsKind;

const OPEN: char = '\u{F0000}';
const CLOSE: char = '\u{F0001}';

/// A value that is not known when a stack is described.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Late {
    /// What the whole stack tells once AWS has made it.
    Output(Output),
    /// What one AWS resource tells once it is there.
    Attribute(AwsId, Attribute),
    /// Never printed.
    Secret(GeneratedSecret),
}

macro_rules! named {
    ($(#[$doc:meta])* $type:ident { $($(#[$item:meta])* $variant:ident => $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $type { $($(#[$item])* $variant,)+ }

        impl $type {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name, as files and messages have it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

named! {
    /// What the whole stack tells once AWS has made it.
    Output {
        /// The account that the stack belongs to.
        AccountId => "account.id",
        /// The certificate authority of the cluster's API, PEM in base64.
        ClusterCertificateAuthority => "cluster.certificateAuthority",
        /// The URL of the cluster's API.
        ClusterEndpoint => "cluster.endpoint",
        /// The host name of the metadata database.
        DatabaseEndpoint => "database.endpoint",
        /// The id of the EFS file system.
        FileSystemId => "fileSystem.id",
        /// The URL of the workspace of Amazon Managed Service for Prometheus.
        PrometheusEndpoint => "prometheus.endpoint",
        /// The id of the VPC.
        VpcId => "vpc.id",
    }
}

named! {
    /// What an AWS resource tells once it is there.
    Attribute {
        /// The id of an Elastic IP address.
        AllocationId => "allocationId",
        /// Its ARN.
        Arn => "arn",
        /// The certificate authority of a cluster's API, PEM in base64.
        CertificateAuthority => "certificateAuthority",
        /// Its host name, or its URL.
        Endpoint => "endpoint",
        /// Its id.
        Id => "id",
        /// The newest version of a launch template.
        LatestVersion => "latestVersion",
        /// The issuer of a cluster's tokens, without `https://`.
        OidcIssuer => "oidcIssuer",
        /// A port.
        Port => "port",
        /// A public address.
        PublicIp => "publicIp",
        /// The security group that EKS makes for a cluster.
        SecurityGroupId => "securityGroupId",
        /// Its URL.
        Url => "url",
        /// The VPC of a cluster.
        VpcId => "vpcId",
    }
}

impl Output {
    /// Which AWS resource tells it, and how. The account is known before anything is made. Where the cluster was there before
    /// the stack, [`AwsKind::ExistingCluster`] of the same name tells what the cluster would.
    #[must_use]
    pub fn source(self) -> Option<(AwsId, Attribute)> {
        let (kind, name, attribute) = match self {
            Self::AccountId => return None,
            Self::ClusterCertificateAuthority => {
                (AwsKind::Cluster, "cluster", Attribute::CertificateAuthority)
            }
            Self::ClusterEndpoint => (AwsKind::Cluster, "cluster", Attribute::Endpoint),
            Self::DatabaseEndpoint => (AwsKind::DbInstance, "database", Attribute::Endpoint),
            Self::FileSystemId => (AwsKind::FileSystem, "dags", Attribute::Id),
            Self::PrometheusEndpoint => (AwsKind::PrometheusWorkspace, "metrics", Attribute::Endpoint),
            Self::VpcId => (AwsKind::Vpc, "vpc", Attribute::Id),
        };
        Some((AwsId::new(kind, name), attribute))
    }
}

named! {
    /// A secret that is made once, and kept in AWS Secrets Manager.
    GeneratedSecret {
        /// The password of the first user.
        AdminPassword => "airflow/admin-password",
        /// The key that signs sessions of the Airflow 3 API server.
        ApiSecretKey => "airflow/api-secret-key",
        /// The password of the metadata database.
        DatabasePassword => "database/password",
        /// The key that Airflow encrypts connections with.
        FernetKey => "airflow/fernet-key",
        /// The password of Grafana's administrator.
        GrafanaPassword => "grafana/admin-password",
        /// The key that signs the tokens of Airflow 3's tasks.
        JwtSecret => "airflow/jwt-secret",
        /// The key that signs sessions of the Airflow 2 web server.
        WebserverSecretKey => "airflow/webserver-secret-key",
    }
}

impl Late {
    /// Its name, as files and messages have it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Output(output) => output.name().to_owned(),
            Self::Attribute(id, attribute) => format!("{}#{}", id.tag(), attribute.name()),
            Self::Secret(secret) => secret.name().to_owned(),
        }
    }

    /// What stands in an object's text until the value is known.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("{OPEN}{}{CLOSE}", self.name())
    }

    fn named(name: &str) -> Option<Self> {
        if let Some((id, attribute)) = name.split_once('#') {
            let attribute = Attribute::ALL.iter().find(|known| known.name() == attribute)?;
            return AwsId::from_tag(id).map(|id| Self::Attribute(id, *attribute));
        }
        let output =
            Output::ALL.iter().find(|output| output.name() == name).map(|output| Self::Output(*output));
        output.or_else(|| GeneratedSecret::ALL.iter().find(|s| s.name() == name).map(|s| Self::Secret(*s)))
    }
}

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// Whether a text holds a character that marks are made of.
pub(crate) fn holds_mark(text: &str) -> bool {
    text.contains([OPEN, CLOSE])
}

/// The late values in a text, in order.
pub(crate) fn in_text(text: &str) -> Vec<Late> {
    pieces(text).filter_map(|(_, late)| late).collect()
}

/// The text with every mark replaced.
pub(crate) fn resolve(text: &str, value: &dyn Fn(&Late) -> String) -> String {
    pieces(text)
        .map(|(before, late)| format!("{before}{}", late.as_ref().map(value).unwrap_or_default()))
        .collect()
}

/// A text taken apart: what stands before each mark, and the mark's value; last, what follows all marks.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<Late>)> {
    text.split(CLOSE).map(|piece| match piece.split_once(OPEN) {
        Some((before, name)) => (before, Late::named(name)),
        None => (piece, None),
    })
}

/// Shows every text in a value, keys included.
pub(crate) fn walk(value: &Value, see: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => see(text),
        Value::Array(items) => items.iter().for_each(|item| walk(item, see)),
        Value::Object(entries) => entries.iter().for_each(|(key, item)| {
            see(key);
            walk(item, see);
        }),
        _ => {}
    }
}

/// The value with every text in it replaced, keys included: conditions of IAM policies have marks in keys.
pub(crate) fn replace(value: &Value, text: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(old) => Value::String(text(old)),
        Value::Array(items) => items.iter().map(|item| replace(item, text)).collect(),
        Value::Object(entries) => {
            entries.iter().map(|(key, item)| (text(key), replace(item, text))).collect()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_and_replaced() {
        let endpoint = Late::Output(Output::DatabaseEndpoint);
        let password = Late::Secret(GeneratedSecret::DatabasePassword);
        let text = format!("postgresql://airflow:{}@{}:5432", password.mark(), endpoint.mark());
        assert_eq!(in_text(&text), [password, endpoint]);
        assert_eq!(
            resolve(&text, &|late| format!("<{late}>")),
            "postgresql://airflow:<database/password>@<database.endpoint>:5432"
        );
        assert!(holds_mark(&text));
    }

    #[test]
    fn every_name_is_found_again_and_is_its_own() {
        let all = Output::ALL
            .iter()
            .map(|o| Late::Output(*o))
            .chain(GeneratedSecret::ALL.iter().map(|s| Late::Secret(*s)));
        for late in all {
            assert_eq!(in_text(&late.mark()), [late]);
        }
        for attribute in Attribute::ALL {
            let late = Late::Attribute(AwsId::new(AwsKind::Subnet, "private-eu-central-1a"), *attribute);
            assert_eq!(in_text(&late.mark()), [late]);
        }
    }
}
