//! Spark History Servers, one a team: a server reads a single folder, and each team writes into its own.
//! See <https://spark.apache.org/docs/latest/monitoring.html#viewing-after-the-fact>.

mod folder;

use k8s_openapi::api::core::v1::ResourceRequirements;
use serde::Serialize;

use super::super::namespace::namespace;
use super::super::service_account::service_account;
use super::values::{ServiceAccount, resources};
use super::{AddonRelease, Addons, chart};
use crate::desired::Names;
use crate::desired::names::{addon_account, history_release};
use crate::spec::{AddonKind, SparkTeam};
use crate::stack::Stack;

const COMPONENT: &str = "spark-history-server";

/// The newest Spark of the chart's release, which reads the logs of older ones.
const IMAGE_TAG: &str = "1.5.2-aws-4.1.0";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Values {
    image: Image,
    service_account: ServiceAccount,
    log_store: LogStore,
    spark_conf: String,
    spark_daemon: SparkDaemon,
    resources: ResourceRequirements,
}

#[derive(Debug, Serialize)]
struct Image {
    tag: &'static str,
}

#[derive(Debug, Serialize)]
struct LogStore {
    r#type: &'static str,
    s3: S3,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct S3 {
    bucket: String,
    event_logs_path: String,
    /// The chart has a stand-in here.
    irsa_role_arn: &'static str,
}

#[derive(Debug, Serialize)]
struct SparkDaemon {
    memory: &'static str,
}

pub(super) fn add(stack: &Stack, addons: &mut Addons) {
    let spark = &stack.spec().spark;
    let Some(account) = addon_account(AddonKind::SparkHistoryServer).filter(|_| spark.enabled) else {
        return;
    };
    let Some(name) = account.service_accounts.first().filter(|_| !spark.teams.is_empty()) else { return };
    let reader = service_account(stack, account.namespace, name, COMPONENT, Some(account.role));
    let reader_id = reader.id.clone();
    addons.objects.extend([namespace(stack, account.namespace, COMPONENT), reader]);
    for team in &spark.teams {
        let folder = folder::job(stack, team);
        let release = AddonRelease::new(
            stack,
            AddonKind::SparkHistoryServer,
            chart::SPARK_HISTORY_SERVER,
            (account.namespace, &history_release(team)),
            &values(stack, team),
        );
        addons.releases.push(release.after(reader_id.clone()).after(folder.id.clone()));
        addons.objects.push(folder);
    }
}

fn values(stack: &Stack, team: &SparkTeam) -> Values {
    let names = Names::of(stack);
    Values {
        image: Image { tag: IMAGE_TAG },
        // All of them read with the account that the stack makes.
        service_account: ServiceAccount {
            create: false,
            ..ServiceAccount::without_role(AddonKind::SparkHistoryServer)
        },
        log_store: LogStore {
            r#type: "s3",
            s3: S3 {
                bucket: names.log_bucket(),
                event_logs_path: format!("{}/", names.event_logs(team)),
                irsa_role_arn: "",
            },
        },
        spark_conf: configuration(stack),
        spark_daemon: SparkDaemon { memory: "1g" },
        resources: resources("250m", "1536Mi", Some("2Gi")),
    }
}

/// Lines of spark-defaults.conf, of which the last of a key counts. The chart names a provider that knows IRSA only, of a
/// library that its own image no longer has; this one knows Pod Identity as well.
fn configuration(stack: &Stack) -> String {
    let provider = "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider";
    let region = &stack.spec().region;
    format!(
        "spark.hadoop.fs.s3a.aws.credentials.provider={provider}\nspark.hadoop.fs.s3a.endpoint.region={region}\n"
    )
}
