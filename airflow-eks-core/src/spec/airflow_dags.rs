//! Where DAGs come from.

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PodSettings;
use crate::types::{
    GitReference, GitUrl, GoDuration, ImageReference, Known as _, ObjectName, Quantity, RelativePath,
};

/// Where DAGs come from: a Git repository, a shared volume, or neither, which leaves those in the image.
///
/// With both, one pod keeps a clone on the volume and every other only reads it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct AirflowDags {
    /// A Git repository. The default is none.
    pub git_sync: Option<GitSync>,
    /// A volume that all pods share. The default is none.
    pub volume: Option<DagsVolume>,
}

/// A Git repository that is kept in step with a branch, tag or commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GitSync {
    /// The repository, over HTTPS or SSH.
    pub repository: GitUrl,
    /// The branch, tag or commit. The default is `main`.
    #[serde(default = "main_branch")]
    #[builder(default = main_branch())]
    pub reference: GitReference,
    /// The folder of the DAGs in the repository. The default is its root.
    pub sub_path: Option<RelativePath>,
    /// How many commits of history are fetched; 0 is all. The default is 1.
    #[serde(default = "one")]
    #[builder(default = one())]
    pub depth: u32,
    /// How long to wait between two looks. The default is `60s`.
    #[serde(default = "a_minute")]
    #[builder(default = a_minute())]
    pub period: GoDuration,
    /// How long one look may take, the first clone included. The default is `15m`: many small files take their time on a
    /// shared volume.
    #[serde(default = "a_quarter_of_an_hour")]
    #[builder(default = a_quarter_of_an_hour())]
    pub sync_timeout: GoDuration,
    /// How many failures in a row are borne before the container restarts; -1 is all. The default is 5.
    #[serde(default = "five")]
    #[builder(default = five())]
    pub max_failures: i32,
    /// A secret with the keys `username` and `password`, for HTTPS.
    pub credentials_secret: Option<ObjectName>,
    /// A secret with the key `gitSshKey`, for SSH.
    pub ssh_key_secret: Option<ObjectName>,
    /// The host keys to trust, as lines of `known_hosts`. Required with SSH.
    #[builder(into)]
    pub known_hosts: Option<String>,
    /// The image.
    #[serde(default = "git_sync_image")]
    #[builder(default = git_sync_image())]
    pub image: ImageReference,
    /// What its containers ask for and may use and, where it fills a shared volume, where its pod runs.
    #[serde(default)]
    #[builder(default)]
    pub pods: PodSettings,
}

fn main_branch() -> GitReference {
    GitReference::known("main")
}

fn one() -> u32 {
    1
}

fn a_minute() -> GoDuration {
    GoDuration::known("60s")
}

fn a_quarter_of_an_hour() -> GoDuration {
    GoDuration::known("15m")
}

fn five() -> i32 {
    5
}

fn git_sync_image() -> ImageReference {
    ImageReference::known("registry.k8s.io/git-sync/git-sync:v4.4.2")
}

/// A volume that all pods share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct DagsVolume {
    /// A claim that exists already. The default is a claim of the stack's own, on the EFS file system.
    pub existing_claim: Option<ObjectName>,
    /// The size of the stack's own claim. EFS does not enforce it. The default is `10Gi`.
    #[builder(default = Quantity::known("10Gi"))]
    pub size: Quantity,
    /// The folder of the DAGs on the volume. The default is its root.
    pub sub_path: Option<RelativePath>,
}

super::default_is_built!(DagsVolume);
