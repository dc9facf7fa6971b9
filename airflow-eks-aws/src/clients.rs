//! The connection to AWS: one client a service, and what all calls share.

use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};

use tokio::sync::OnceCell;

use crate::identity::Caller;
use crate::limits::Limits;

/// Where to connect to, and for which stack.
///
/// Credentials, profiles and endpoints come from the standard environment, as with the AWS command line.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The stack: the value of the tag that marks what is ours.
    pub stack: String,
    /// The Region.
    pub region: String,
}

/// The connection to AWS for one stack in one Region.
#[derive(Debug, Clone)]
pub struct Aws {
    pub(crate) stack: String,
    pub(crate) region: String,
    pub(crate) config: SdkConfig,
    /// Whether deleting may delete data that is protected.
    pub(crate) delete_data: bool,
    pub(crate) caller: Arc<OnceCell<Caller>>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) amp: aws_sdk_amp::Client,
    pub(crate) ec2: aws_sdk_ec2::Client,
    pub(crate) efs: aws_sdk_efs::Client,
    pub(crate) eks: aws_sdk_eks::Client,
    pub(crate) elb: aws_sdk_elasticloadbalancing::Client,
    pub(crate) elbv2: aws_sdk_elasticloadbalancingv2::Client,
    pub(crate) events: aws_sdk_eventbridge::Client,
    pub(crate) iam: aws_sdk_iam::Client,
    pub(crate) kms: aws_sdk_kms::Client,
    pub(crate) logs: aws_sdk_cloudwatchlogs::Client,
    pub(crate) quotas: aws_sdk_servicequotas::Client,
    pub(crate) rds: aws_sdk_rds::Client,
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) secrets: aws_sdk_secretsmanager::Client,
    pub(crate) sqs: aws_sdk_sqs::Client,
    pub(crate) sts: aws_sdk_sts::Client,
}

impl Aws {
    /// Reads the standard environment. Nothing is called yet.
    pub async fn connect(connection: Connection) -> Self {
        let Connection { stack, region } = connection;
        let config = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(region.clone()))
            // Retrying is done in one place, which knows what may be repeated.
            .retry_config(RetryConfig::disabled())
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(Duration::from_secs(10))
                    .operation_attempt_timeout(Duration::from_mins(1))
                    .build(),
            )
            .load()
            .await;
        // A stand-in has one address for all buckets.
        let path_style = config.endpoint_url().is_some();
        let s3 = aws_sdk_s3::config::Builder::from(&config).force_path_style(path_style).build();
        Self {
            amp: aws_sdk_amp::Client::new(&config),
            ec2: aws_sdk_ec2::Client::new(&config),
            efs: aws_sdk_efs::Client::new(&config),
            eks: aws_sdk_eks::Client::new(&config),
            elb: aws_sdk_elasticloadbalancing::Client::new(&config),
            elbv2: aws_sdk_elasticloadbalancingv2::Client::new(&config),
            events: aws_sdk_eventbridge::Client::new(&config),
            iam: aws_sdk_iam::Client::new(&config),
            kms: aws_sdk_kms::Client::new(&config),
            logs: aws_sdk_cloudwatchlogs::Client::new(&config),
            quotas: aws_sdk_servicequotas::Client::new(&config),
            rds: aws_sdk_rds::Client::new(&config),
            s3: aws_sdk_s3::Client::from_conf(s3),
            secrets: aws_sdk_secretsmanager::Client::new(&config),
            sqs: aws_sdk_sqs::Client::new(&config),
            sts: aws_sdk_sts::Client::new(&config),
            limits: Arc::new(Limits::of_aws()),
            delete_data: false,
            caller: Arc::new(OnceCell::new()),
            stack,
            region,
            config,
        }
    }

    /// Whether deleting may also delete what cannot be had back and was kept on purpose, such as the versions of objects
    /// in a versioned bucket. Otherwise deleting such a resource is refused.
    #[must_use]
    pub fn deleting_data(mut self, yes: bool) -> Self {
        self.delete_data = yes;
        self
    }
}
