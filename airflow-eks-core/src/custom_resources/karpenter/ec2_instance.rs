//! The parts of an [`EC2NodeClass`](super::EC2NodeClass) of an instance: disks, network, processor.

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A disk of an instance.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlockDeviceMapping {
    /// Device, such as `/dev/xvda`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// The EBS volume behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ebs: Option<BlockDevice>,
    /// Whether it holds the kubelet's folder, and so gives the node its ephemeral storage; at most one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root_volume: Option<bool>,
}

/// An EBS volume.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BlockDevice {
    /// Size, such as `100Gi`. Needed without `snapshot_id`.
    // As text: what else a quantity can be written as, a bare number, is refused here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub volume_size: Option<Quantity>,
    /// Type of the volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume_type: Option<VolumeType>,
    /// Operations per second, for `gp3`, `io1` and `io2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iops: Option<i64>,
    /// Throughput of a `gp3` volume in MiB/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throughput: Option<i64>,
    /// Whether it is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted: Option<bool>,
    /// Identifier, alias or ARN of the KMS key that encrypts it. Default: that of the account for EBS.
    #[serde(rename = "kmsKeyID", skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Whether it goes with the instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_on_termination: Option<bool>,
    /// Snapshot that it is made from.
    #[serde(rename = "snapshotID", skip_serializing_if = "Option::is_none")]
    pub snapshot_id: Option<String>,
    /// How fast the snapshot is loaded from S3, 100 to 300 MiB/s. Needs `snapshot_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume_initialization_rate: Option<i32>,
}

/// Type of an EBS volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VolumeType {
    /// Magnetic disk of the previous generation.
    Standard,
    /// SSD with provisioned operations.
    Io1,
    /// SSD with provisioned operations, of the newer generation.
    Io2,
    /// General purpose SSD whose speed grows with its size.
    Gp2,
    /// Cold hard disk.
    Sc1,
    /// Hard disk for throughput.
    St1,
    /// General purpose SSD whose speed is independent of its size.
    Gp3,
}

/// What becomes of local NVMe disks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum InstanceStorePolicy {
    /// One array of all of them holds images, container layers, logs and `emptyDir` volumes.
    #[serde(rename = "RAID0")]
    Raid0,
}

/// The instance metadata service.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MetadataOptions {
    /// Whether it answers at all. Default: enabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_endpoint: Option<Toggle>,
    /// Whether it answers over IPv6. Default: disabled.
    #[serde(rename = "httpProtocolIPv6", skip_serializing_if = "Option::is_none")]
    pub http_protocol_ipv6: Option<Toggle>,
    /// How many network hops an answer may travel, 1 to 64. Default: 1, which keeps it from pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_put_response_hop_limit: Option<i64>,
    /// Whether a session token, IMDSv2, is needed. Default: required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_tokens: Option<HttpTokens>,
}

/// On or off, in the words of EC2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Toggle {
    /// On.
    Enabled,
    /// Off.
    Disabled,
}

/// Whether the instance metadata service needs a session token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HttpTokens {
    /// Only IMDSv2.
    Required,
    /// IMDSv1 too.
    Optional,
}

/// Options of the processor.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CpuOptions {
    /// Virtual machines inside of the instance; enabled, it leaves only instance types that can do that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nested_virtualization: Option<Toggle>,
}

/// A network interface of an instance.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkInterface {
    /// Which device on the card, from 0.
    pub device_index: i32,
    /// What it carries.
    pub interface_type: InterfaceType,
    /// Which network card, from 0.
    pub network_card_index: i32,
}

/// What a network interface carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InterfaceType {
    /// IP traffic.
    #[default]
    Interface,
    /// Only traffic of the Elastic Fabric Adapter.
    EfaOnly,
}

/// After how long idle connections are forgotten by security groups.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectionTracking {
    /// Established TCP connections, 60 to 432000 seconds. Default: that of EC2 for the instance type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tcp_established_timeout: Option<i32>,
    /// UDP flows with several requests and answers, 60 to 180 seconds. Default of EC2: 180.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub udp_stream_timeout: Option<i32>,
    /// UDP flows with one request and answer or in one direction, 30 to 60 seconds. Default of EC2: 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub udp_timeout: Option<i32>,
}

/// A placement group, by identifier or by name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlacementGroupSelector {
    /// Identifier, such as `pg-0123456789abcdef0`. Excludes `name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name. Excludes `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}
