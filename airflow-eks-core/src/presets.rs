//! Stacks to begin with, as commented YAML.

use crate::facts::Facts;
use crate::parse::Document;
use crate::problem::Problems;
use crate::stack::Stack;

/// A stack to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preset {
    /// Its name, as `init --preset` takes it.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    /// The commented `stack.yaml`.
    pub text: &'static str,
}

macro_rules! preset {
    ($name:literal, $summary:literal) => {
        Preset { name: $name, summary: $summary, text: include_str!(concat!("../presets/", $name, ".yaml")) }
    };
}

/// What is used where there is no `stack.yaml`.
pub const DEFAULT: Preset = preset!(
    "self-managed-airflow",
    "Airflow on managed nodes, with Karpenter, RDS, EFS, S3 and every add-on"
);

/// All presets, the default first.
pub const ALL: &[Preset] = &[
    DEFAULT,
    preset!("minimal", "the least that runs Airflow: small, cheap, easy to throw away"),
    preset!("spark", "the default with Spark: operator, history server, a team and an application"),
    preset!("fargate", "Airflow on Fargate only, without nodes of your own"),
    preset!("existing-cluster", "Airflow in a cluster, network and database that exist already"),
];

impl Preset {
    /// The preset of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|preset| preset.name == name)
    }

    /// The preset as a document, to be changed and checked.
    ///
    /// # Errors
    /// None: a test reads every preset.
    pub fn document(&self) -> Result<Document, Problems> {
        Document::parse(self.text, &format!("<preset {}>", self.name))
    }

    /// The preset as a validated stack.
    ///
    /// # Errors
    /// Where it does not fit the facts, such as an account other than the preset's.
    pub fn stack(&self, facts: &Facts) -> Result<Stack, Problems> {
        self.document()?.stack(facts)
    }
}
