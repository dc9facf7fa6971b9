//! An EC2 launch template.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Effect, Kind, Tags};

/// An EC2 launch template. Gives `id` and `latestVersion`. A change makes a new version, which becomes the default one.
/// See <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html>.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LaunchTemplate {
    /// Its name.
    pub launch_template_name: String,
    /// The device that an instance starts from, such as `/dev/xvda`.
    pub device_name: String,
    /// The size of its disk in GiB.
    pub volume_size: i32,
    /// The kind of its disk, such as `gp3`.
    pub volume_type: String,
    /// Whether its disk is encrypted.
    pub encrypted: bool,
    /// `required`: instance metadata by IMDSv2 only.
    pub http_tokens: String,
    /// How far from the instance its metadata can be asked for: 1 keeps it from pods.
    pub http_put_response_hop_limit: i32,
    /// Whether CloudWatch gets metrics each minute.
    pub monitoring: bool,
    /// The security groups of instances.
    pub security_group_ids: BTreeSet<String>,
    /// The key pair for SSH.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key_name: Option<String>,
    /// Tags of what is launched, by what it is: `instance`, `volume`, `network-interface`.
    pub tag_specifications: BTreeMap<String, Tags>,
}

impl Kind for LaunchTemplate {
    const EFFECTS: &'static [(&'static str, Effect)] = &[("launchTemplateName", Effect::Replace)];
}
